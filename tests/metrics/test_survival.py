"""Curves: a hand-worked one to the digit, the slow way beside the quick one, and what leaning may and may not do."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.survival import Ints, hazards, kaplan_meier, seen, survival

HORIZON = 12
#: (group, working days, left or last seen open)
Case = tuple[int, int, bool]
CASES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 15), st.booleans()), max_size=40)


def arrays(cases: list[Case]) -> tuple[Ints, Ints, np.ndarray]:
    group, days, left = (np.array([case[n] for case in cases]) for n in range(3))
    return group.astype(np.int64), days.astype(np.int64), left.astype(np.bool_)


def slow(cases: list[tuple[int, bool]], horizon: int) -> list[Fraction]:
    """Kaplan–Meier as it is taught: day by day, who left of those who could."""
    stays, found = Fraction(1), [Fraction(1)]
    for day in range(1, horizon + 1):
        could = sum(time >= day for time, _ in cases)
        went = sum(time == day and left for time, left in cases)
        stays *= 1 - Fraction(went, could) if could else 1
        found.append(stays)
    return found


def test_the_hand_worked_curve() -> None:
    """Five dossiers: results on days 2, 3 and 5; one last seen open on day 3, one on day 8.

    Day 2: 1 of 5 left, 4/5 stay. Day 3: 1 of 4 (the one last seen open that day could have left), 4/5 · 3/4 = 3/5.
    Day 5: 1 of 2, 3/5 · 1/2 = 3/10; then nothing is known to change.
    """
    days, left = np.array([2, 3, 3, 5, 8]), np.array([True, True, False, True, False])
    found = kaplan_meier(days, left, horizon=8)
    assert found.tolist() == pytest.approx([1, 1, 0.8, 0.6, 0.6, 0.3, 0.3, 0.3, 0.3], abs=1e-15)
    # The chance to miss a day two days on, of one that is open after three days: S(5) / S(3).
    assert found[5] / found[3] == pytest.approx(0.5)


@given(CASES)
def test_every_group_is_what_the_slow_way_says(cases: list[Case]) -> None:
    group, days, left = arrays(cases)
    found = survival(hazards(seen(group, days, left, groups=4, horizon=HORIZON)))
    for number in range(4):
        mine = [(d, went) for g, d, went in cases if g == number]
        assert found[number].tolist() == pytest.approx([float(s) for s in slow(mine, HORIZON)], abs=1e-12)


@given(CASES, st.floats(0, 1e6))
def test_a_curve_begins_at_one_never_rises_and_stays_a_share(cases: list[Case], weight: float) -> None:
    group, days, left = arrays(cases)
    every = seen(np.zeros_like(group), days, left, groups=1, horizon=HORIZON)
    prior = np.repeat(hazards(every), 4, axis=0)
    stays = survival(hazards(seen(group, days, left, groups=4, horizon=HORIZON), prior, weight))
    assert (stays[:, 0] == 1).all()
    assert (np.diff(stays, axis=1) <= 1e-12).all()
    assert ((stays >= 0) & (stays <= 1)).all()


@given(CASES)
def test_leaning_ends_at_the_own_curve_and_at_that_of_the_larger_group(cases: list[Case]) -> None:
    group, days, left = arrays(cases)
    own = seen(group, days, left, groups=4, horizon=HORIZON)
    prior = np.repeat(hazards(seen(np.zeros_like(group), days, left, groups=1, horizon=HORIZON)), 4, axis=0)
    assert hazards(own, prior, 1e12) == pytest.approx(prior, abs=1e-9)
    told = own.at_risk > 0
    assert hazards(own, prior, 0.0)[told] == pytest.approx(hazards(own)[told])
    assert hazards(own, prior, 5.0)[~told] == pytest.approx(prior[~told])
    between = hazards(own, prior, 5.0)
    low, high = np.minimum(hazards(own), prior), np.maximum(hazards(own), prior)
    assert ((low[told] - 1e-12 <= between[told]) & (between[told] <= high[told] + 1e-12)).all()


def test_what_lasts_beyond_the_horizon_is_open_up_to_it() -> None:
    found = seen(np.zeros(2, np.int64), np.array([3, 50]), np.array([True, True]), groups=1, horizon=10)
    assert found.left.sum() == 1
    assert found.at_risk[0, 1:].tolist() == [2, 2, 2, 1, 1, 1, 1, 1, 1, 1]
