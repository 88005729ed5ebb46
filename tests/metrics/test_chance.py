"""Tails and many tests: numbers worked out by hand, slow twins, and what must hold of all."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as some

from metrics import chance

SHARES = some.floats(0.001, 0.999)


def test_the_tails_are_those_of_the_tables() -> None:
    assert chance.normal_tail(0) == pytest.approx(0.5)
    assert chance.normal_tail(1.959964) == pytest.approx(0.025, abs=1e-6)
    assert chance.binomial_tail(2, 3, 0.5) == pytest.approx(4 / 8)  # three ways of two, one of three
    assert (chance.binomial_tail(0, 3, 0.5), chance.binomial_tail(1, 3, 0.0)) == (1.0, 0.0)


@given(some.integers(0, 30), some.integers(0, 30), SHARES)
def test_a_binomial_tail_is_the_sum_of_its_terms(n: int, whole: int, share: float) -> None:
    slow = sum(comb(whole, k) * share**k * (1 - share) ** (whole - k) for k in range(n, whole + 1))
    assert chance.binomial_tail(n, whole, share) == pytest.approx(slow, abs=1e-9)


@pytest.mark.parametrize(
    ("n", "whole", "share"), [(5, 400, 0.85), (10, 1000, 0.8), (5, 1_000_000, 0.5), (1, 5000, 0.9)]
)
def test_far_fewer_than_expected_of_many_are_no_more_than_chance(n: int, whole: int, share: float) -> None:
    assert chance.binomial_tail(n, whole, share) == pytest.approx(1.0)
    assert chance.binomial_tail(whole, whole, share) < 1e-6


def test_what_was_seen_seldom_proves_no_small_share() -> None:
    """One trial after h hits of b: (h + ½) / (b + 1)."""
    assert chance.tail_after(1, 1, 3, 9) == pytest.approx(3.5 / 10)
    assert chance.tail_after(5, 80, 6, 900) > chance.binomial_tail(5, 80, 6 / 900)
    assert chance.tail_after(5, 80, 600, 90_000) == pytest.approx(chance.binomial_tail(5, 80, 1 / 150), rel=0.05)


def test_the_last_place_under_the_line_decides() -> None:
    """Benjamini and Hochberg 1995: lines 0.01, 0.02, 0.03, 0.04, 0.05; the fourth is under its line, the fifth is not.
    The second is above its own and stands all the same."""
    assert chance.found([0.5, 0.005, 0.025, 0.029, 0.04], 0.05) == [False, True, True, True, True]
    assert chance.found([0.02, 0.5], 0.05) == [True, False]
    assert chance.found([0.03, 0.5], 0.05) == [False, False]
    assert chance.found([], 0.05) == []


@given(some.lists(some.floats(0, 1), max_size=40), some.floats(0.001, 0.4))
def test_no_test_stands_while_a_stronger_one_falls(p: list[float], share: float) -> None:
    stands = chance.found(p, share)
    strongest = max((value for value, ok in zip(p, stands, strict=True) if ok), default=-1.0)
    assert stands == [value <= strongest for value in p]
    assert all(ok for value, ok in zip(p, stands, strict=True) if value <= share / max(len(p), 1))
