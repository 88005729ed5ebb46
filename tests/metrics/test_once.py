"""A thing is made once, whoever asks for it at once, and nobody waits for what he did not ask for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from metrics.once import Once

PATIENCE = 30


def test_who_asks_for_the_same_waits_for_the_one_that_is_made() -> None:
    once, going, made = Once[str, int](), Event(), []

    def make() -> int:
        assert going.wait(PATIENCE)
        made.append(1)
        return len(made)

    with ThreadPoolExecutor(4) as hands:
        asked = [hands.submit(once.get, "a", make) for _ in range(4)]
        going.set()
        assert [each.result(PATIENCE) for each in asked] == [1, 1, 1, 1]


def test_who_asks_for_another_does_not_wait() -> None:
    once, begun, going = Once[str, str](), Event(), Event()

    def slow() -> str:
        begun.set()
        assert going.wait(PATIENCE)
        return "slow"

    with ThreadPoolExecutor(2) as hands:
        first = hands.submit(once.get, "a", slow)
        assert begun.wait(PATIENCE)
        assert once.get("b", lambda: "quick") == "quick"
        assert list(once) == ["b"]
        going.set()
        assert first.result(PATIENCE) == "slow"


def test_what_is_made_may_ask_for_what_it_is_made_of() -> None:
    once = Once[int, int]()

    def sum_to(n: int) -> int:
        return n + once.get(n - 1, lambda: sum_to(n - 1)) if n else 0

    assert once.get(5, lambda: sum_to(5)) == 15
    assert set(once) == {0, 1, 2, 3, 4, 5}


def test_where_making_fails_the_next_one_tries() -> None:
    once = Once[str, int]()
    with pytest.raises(ZeroDivisionError):
        once.get("a", lambda: 1 // 0)
    assert once.get("a", lambda: 2) == 2
