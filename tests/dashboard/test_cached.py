"""What a dashboard process keeps of its answers: those about the newest states of the figures, no heap of old ones."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from functools import partial

from dashboard import cached


class Answer:
    """What was answered; whether it is still kept is told by a reference that does not keep it."""


def kept(answers: list[Callable[[], Answer]]) -> list[bool]:
    asked = [weakref.ref(answer()) for answer in answers]
    gc.collect()
    return [one() is not None for one in asked]


def test_answers_about_states_that_have_passed_are_forgotten() -> None:
    @cached.resource(max_entries=64)
    def answer(number: int, version: str) -> Answer:  # noqa: ARG001 - what is told apart
        return Answer()

    still = kept([partial(answer, n, f"v{v}") for v in range(9) for n in range(5)])
    assert sum(still) <= 5 * cached.STATES
    assert all(still[-5:])


def test_two_states_in_use_at_once_are_both_kept_however_they_are_named() -> None:
    made: list[str] = []

    @cached.resource(max_entries=64)
    def answer(state: tuple[str, int]) -> Answer:
        made.append(state[0])
        return Answer()

    for _ in range(5):
        answer(("old", 1))
        answer(state=("new", 1))
    assert made == ["old", "new"]


def test_what_is_about_no_state_is_kept_up_to_its_bound() -> None:
    @cached.resource(max_entries=8)
    def answer(number: int) -> Answer:  # noqa: ARG001 - what is told apart
        return Answer()

    assert sum(kept([partial(answer, n) for n in range(20)])) == 8
