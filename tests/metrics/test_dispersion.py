"""Numbers of late ones: intervals worked by hand, and how much wider past evenings say they have to be."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.dispersion import Apart, Outcome, learned, student
from metrics.expected import counted, reach
from metrics.risk_backtest import _held, _Number, _number

SHARES = st.lists(st.floats(0, 1), max_size=30)
Z = reach(0.9)


@given(SHARES, st.floats(0, 1), st.floats(1, 3))
def test_an_interval_holds_its_mean_and_widens(shares: list[float], share: float, wider: float) -> None:
    told = counted(np.array(shares), 0.9)
    low, high = told.ends(Apart())
    far_low, far_high = told.ends(Apart(share, wider))
    assert told.expected == pytest.approx(sum(shares))
    assert 0 <= far_low <= low <= told.expected + 0.5
    assert told.expected - 0.5 <= high <= far_high <= len(shares)


def test_the_interval_of_ten_coins() -> None:
    """Ten halves: at most 1 with 1.1 %, at most 2 with 5.5 %: 90 % lie between 2 and 8."""
    told = counted(np.full(10, 0.5), 0.9)
    assert (told.ends(Apart()), told.expected, told.variance, told.root) == ((2, 8), 5.0, 2.5, 5.0)
    assert counted(np.full(1000, 0.5), 0.9).ends(Apart()) == (474, 526)  # 500 ± 1.645 · 15.81


def test_coins_that_fall_together_worked_by_hand() -> None:
    """A hundred halves with a share of 0.09: variance 25 + 0.09 · (50² − 25) = 247.75 beside 25, so 3.148 times as far:
    50 ± 1.645 · 5 = ± 8.22 becomes ± 25.9. Of one coin nothing changes."""
    told = counted(np.full(100, 0.5), 0.9)
    assert told.low == 42 and told.high == 58  # exact quantiles
    assert Apart(0.09).times(told.variance, told.root) == pytest.approx(3.148, abs=0.001)
    assert told.ends(Apart(0.09)) == (25, 75)  # 50 ± 8 · 3.148
    assert Apart(0.09).times(0.25, 0.5) == 1.0
    assert Apart(0.5, 1.2).times(0.0, 0.0) == 1.2


def evenings(share: float, seed: int = 3, many: int = 400, n: int = 60) -> list[Outcome]:
    """Draw numbers late of ``n`` dossiers whose chances move together: all by one Beta of correlation ``share``."""
    draw = np.random.default_rng(seed)
    found = []
    for evening in range(many):
        chance = draw.uniform(0.2, 0.6)
        moved = draw.beta(chance * (1 / share - 1), (1 - chance) * (1 / share - 1)) if share else chance
        own = chance * (1 - chance)
        found.append(Outcome(evening, n * chance, n * own, n * own**0.5, int(draw.binomial(n, moved))))
    return found


@pytest.mark.parametrize("share", [0.0, 0.05, 0.2])
def test_the_share_that_was_planted_is_found(share: float) -> None:
    found = learned(evenings(share), Z)
    assert found.share == pytest.approx(share, abs=0.02)
    assert 1.0 < found.wider < 1.02  # four hundred evenings leave nothing unsure


def test_intervals_hold_what_they_promise_of_dossiers_that_move_together() -> None:
    past, later = evenings(0.2, seed=5), evenings(0.2, seed=6, many=1000)

    def held(apart: Apart) -> float:
        return float(np.mean([
            low <= one.late <= high for one in later
            for low, high in [counted(np.full(60, one.expected / 60), 0.9).ends(apart)]
        ]))  # fmt: skip

    assert held(Apart()) < 0.5
    assert held(learned(past, Z)) == pytest.approx(0.9, abs=0.04)


def test_before_anything_was_seen_little_is_taken_to_be_common_and_the_ends_are_far() -> None:
    found = learned([], Z)
    assert found.share == 0.02
    assert found.wider == pytest.approx(1.68, abs=0.01)
    sure = [Outcome(n, 3.0, 0.0, 0.0, 2) for n in range(9)]  # of the sure nothing can be learnt
    assert learned(sure, Z) == found


def test_a_number_tells_of_the_share_as_far_as_it_would_show_worked_by_hand() -> None:
    """Two halves, both late: found 1, but a share of 0.1 would make 0.55 of a variance of 0.5: (0.05 / 0.55)² = 0.00826
    of an evening beside the 0.02 that is taken of one."""
    assert learned([Outcome(0, 1.0, 0.5, 1.0, 2)], Z).share == pytest.approx((0.02 + 0.00826) / 1.00826, abs=1e-5)


def test_an_evening_counts_once_however_many_it_moved() -> None:
    storm = [Outcome(0, 30.0, 15.0, 30.0, 58)] * 50
    calm = evenings(0.0, many=19)
    moved = [Outcome(one.evening + 1, one.expected, one.variance, one.root, one.late) for one in calm]
    assert learned([*storm, *moved], Z).share == pytest.approx(learned([storm[0], *moved], Z).share)
    alone = learned(storm, Z)
    assert alone.share < 0.8 and alone.wider > 1.5  # one evening is one evening


def test_no_two_dossiers_are_more_than_alike() -> None:
    """One late of forty that were nearly sure not to be: (1 − 0.04)² is many times the variance that it could have."""
    own = 0.001 * 0.999
    odd = [Outcome(0, 0.04, 40 * own, 40 * own**0.5, 30)]
    assert learned(odd, Z).share <= 1.0
    assert learned([*odd, *evenings(0.0, many=60)], Z).share < 0.1


def test_students_ends_are_those_of_the_tables() -> None:
    """t of 95 % with 2, 5, 10 and 30 degrees of freedom: 2.920, 2.015, 1.812, 1.697."""
    for freedom, told, apart in ((2, 2.920, 0.16), (5, 2.015, 0.01), (10, 1.812, 0.003), (30, 1.697, 0.001)):
        assert student(1.6449, freedom) == pytest.approx(told, abs=apart)


def test_a_number_is_known_when_the_last_of_its_dossiers_is() -> None:
    due = [date(2026, 1, 9), date(2026, 1, 7), date(2026, 1, 8)]
    rows = pl.DataFrame({"chance": [0.5, 0.5, 0.5], "missed": [True, False, True], "due": due})
    told = _number(rows, 4, date(2026, 1, 5), 0.9)
    assert (told.origin, told.known_on) == (date(2026, 1, 5), date(2026, 1, 9))
    assert told.outcome == Outcome(4, 1.5, 0.75, 1.5, 2)


def test_an_evening_is_judged_by_what_was_known_on_it_alone() -> None:
    """Eight evenings; of the fifth a storm came. It widens the intervals from the day on which it was known."""
    first = date(2026, 1, 5)
    told = counted(np.full(60, 0.5), 0.9)

    def one(evening: int, late: int, known: int) -> _Number:
        outcome = Outcome(evening, told.expected, told.variance, told.root, late)
        return _Number(first + timedelta(days=evening), first + timedelta(days=known), told, outcome)

    calm = [one(n, 30, n + 1) for n in range(4)]
    known_late = _held([*calm, one(4, 58, 9), one(5, 45, 9), one(6, 45, 9), one(7, 45, 9)], 4, Z)
    known_soon = _held([*calm, one(4, 58, 5), one(5, 45, 9), one(6, 45, 9), one(7, 45, 9)], 4, Z)
    assert known_late == [False, False, False, False]
    assert known_soon == [False, True, True, True]


def test_dossiers_that_stand_alone_tell_nothing_of_what_is_common() -> None:
    chances = np.random.default_rng(5).random(40_000) / 2
    own = chances * (1 - chances)
    alone = [
        Outcome(n, float(p), float(v), float(np.sqrt(v)), 0) for n, (p, v) in enumerate(zip(chances, own, strict=True))
    ]
    found = learned(alone, Z)  # squared in two ways, some have a common part of 0 and of the last digit
    assert (found.share, found.wider) == pytest.approx((learned([], Z).share, learned([], Z).wider))
