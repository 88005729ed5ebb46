"""Numbers under sums: what the solver says is held against trying every possibility."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.simulator.balance import Balance, Clash, Name, NothingFits, Sum

NAMES = ("a", "b", "c", "d", "e")
MOST = 3


def holds(one: Sum, values: Mapping[Any, int]) -> bool:
    return sum(values[n] for n in one.left) == sum(values[n] for n in one.right)


def solved(sums: list[Sum], held: dict[Name, int]) -> dict[Name, int] | None:
    """Let the solver find numbers, each wished to be one; None where it finds none."""
    balance = Balance(sums)
    try:
        for name, value in held.items():
            balance.hold(name, value)
        balance.choose(balance.low, lambda name: 1)
    except (Clash, NothingFits):
        return None
    return dict(balance.low)


@st.composite
def problems(draw: st.DrawFn) -> tuple[list[Sum], dict[Any, int]]:
    """Give sums over at most five numbers that hold for some numbers up to three, and some of those numbers."""
    truth = {name: draw(st.integers(0, MOST)) for name in NAMES}
    sums = [Sum(("a", "b", "c", "d", "e"), ("all",))]
    for _ in range(draw(st.integers(1, 4))):
        members = draw(st.permutations(NAMES))
        cut = draw(st.integers(1, 3))
        one = Sum(tuple(members[:cut]), tuple(members[cut : cut + draw(st.integers(1, 5 - cut))]))
        sums += [one] if holds(one, dict(truth)) else []
    held = {name: truth[name] for name in NAMES if draw(st.booleans())}
    return sums, held | {"all": sum(truth.values())}


@given(problems())
def test_where_numbers_exist_they_are_found_and_satisfy_every_sum(problem: tuple[list[Sum], dict[Any, int]]) -> None:
    sums, held = problem
    found = solved(sums, held)
    assert found is not None
    assert all(holds(one, found) for one in sums)
    assert held.items() <= found.items()


@given(problems(), st.sampled_from(NAMES), st.integers(0, MOST))
def test_where_no_numbers_exist_none_are_found(
    problem: tuple[list[Sum], dict[Any, int]], name: str, value: int
) -> None:
    sums, held = problem
    held = held | {name: value}
    ranges = [[held[n]] if n in held else range(held["all"] + 1) for n in NAMES]
    tries = (dict(zip(NAMES, numbers, strict=True)) | {"all": held["all"]} for numbers in product(*ranges))
    assert (solved(sums, held) is not None) == any(all(holds(one, tried) for one in sums) for tried in tries)


def test_a_clash_names_the_sum_that_broke_with_what_was_known() -> None:
    balance = Balance([Sum(("a",), ("b", "c"))])
    balance.hold("a", 5)
    balance.hold("b", 2)
    with pytest.raises(Clash) as clash:
        balance.hold("c", 4)
    assert clash.value.ranges == {"a": (5, 5), "b": (2, 2), "c": (4, 4)}


def test_what_was_narrowed_can_be_taken_back() -> None:
    balance = Balance([Sum(("a",), ("b", "c"))])
    balance.hold("a", 5)
    mark = len(balance.trail)
    balance.hold("b", 2)
    assert balance.known("c") == 3
    balance.back(mark)
    assert (balance.known("c"), balance.high["c"]) == (None, 5)
