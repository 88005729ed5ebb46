"""The rules against NHSRplotthedots (github.com/nhs-r-community/NHSRplotthedots, MIT): its numbers, retyped as facts.

Sources there: vignettes/deviations.Rmd and its rendered page, tests/testthat/_snaps/ptd_spc.md and
ptd_spc_standard.md, tests/testthat/test-ptd_calculate_point_type.R, test-ptd_spc_standard.R.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from config.insight import Rule, Signal
from metrics.charts_of_control import moving_range_limits
from metrics.signals import Point, point, spoken

RULES = Signal()
#: The vignette on deviations: eighteen days of which the fifth is wild.
DEVIATIONS = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
#: Its test data, twenty numbers of a normal distribution, as the snapshot prints them.
TWENTY = [
    -0.560, -0.230, 1.56, 0.0705, 0.129, 1.72, 0.461, -1.27, -0.687, -0.446,
    1.22, 0.360, 0.401, 0.111, -0.556, 1.79, 0.498, -1.97, 0.701, -0.473,
]  # fmt: skip


def charted(values: Sequence[float], screen: float | None = RULES.screen) -> list[Point]:
    center, reach = moving_range_limits(values, screen=screen)
    return [point(value, center, reach) for value in values]


def special(points: Sequence[Point], rules: Sequence[Rule] = RULES.rates) -> list[int]:
    """Give the points that belong to any signal, numbered from one: NHSRplotthedots marks them all afterwards."""
    found: set[int] = set()
    for end in range(len(points)):
        for rule in rules:
            told = spoken(points[: end + 1], [rule], RULES)
            if told is None:
                continue
            row = range(end - told.row + 1, end + 1) if rule in ("shift", "trend") else range(end - 2, end + 1)
            near = [i for i in row if i >= 0 and points[i].near == told.way] if rule == "near" else row
            found |= {end} if rule == "beyond" else set(near)
    return sorted(i + 1 for i in found)


def ends(points: Sequence[Point], rule: Rule) -> list[int]:
    return [i + 1 for i in range(len(points)) if spoken(points[: i + 1], [rule], RULES)]


def sided(*sides: int) -> list[Point]:
    return [Point(0.0, side, 0, 0) for side in sides]


def near(*flags: int) -> list[Point]:
    return [Point(0.0, 1, 0, flag) for flag in flags]


def valued(*values: float) -> list[Point]:
    return [Point(value, 0, 0, 0) for value in values]


@pytest.mark.parametrize(
    ("screen", "lower", "upper"),
    [(RULES.screen, -0.72, 4.60), (None, -3.06, 6.95)],
    ids=["outliers screened, the package's way", "not screened, the way of the spreadsheet of NHS England"],
)
def test_limits_of_the_vignette_and_its_one_special_point(screen: float | None, lower: float, upper: float) -> None:
    center, reach = moving_range_limits(DEVIATIONS, screen=screen)
    assert [center, center - reach, center + reach] == [
        pytest.approx(1.94, abs=0.005), pytest.approx(lower, abs=0.005), pytest.approx(upper, abs=0.005)
    ]  # fmt: skip
    assert special(charted(DEVIATIONS, screen)) == [5]


@pytest.mark.parametrize(
    ("values", "mean", "lower", "upper"),
    [(TWENTY, 0.142, -3.01, 3.29), (TWENTY[:10], 0.0746, -2.60, 2.75), (TWENTY[10:], 0.209, -3.28, 3.70)],
    ids=["whole", "first facet", "second facet"],
)
def test_limits_of_its_test_data_and_no_special_point(
    values: list[float], mean: float, lower: float, upper: float
) -> None:
    center, reach = moving_range_limits(values, screen=RULES.screen)
    assert (center, center - reach, center + reach) == pytest.approx((mean, lower, upper), abs=0.01)  # three digits
    assert special(charted(values)) == []


def test_seven_on_one_side() -> None:
    assert ends(sided(*[1] * 6), "shift") == []
    assert ends(sided(*[1] * 6, -1), "shift") == []
    assert ends(sided(*[1] * 8, -1), "shift") == [7, 8]
    assert ends(sided(*[-1] * 8, 1), "shift") == [7, 8]


def test_seven_rising_or_falling() -> None:
    assert ends(valued(*range(1, 7)), "trend") == []
    assert ends(valued(1, 2, 3, 3, 4, 5, 6), "trend") == []  # equal ones break it
    assert ends(valued(*range(1, 8)), "trend") == [7]
    assert ends(valued(2, *range(1, 8), 3), "trend") == [8]
    assert ends(valued(*range(7, 0, -1)), "trend") == [7]
    assert ends(valued(2, *range(7, 0, -1), 3), "trend") == [8]


def test_two_of_three_in_the_outer_third() -> None:
    for flags, found in (
        ((1, 0, 1), [1, 3]),
        ((0, 1, 1), [2, 3]),
        ((0, 0, 1, 0, 1, 0, 0), [3, 5]),
        ((0, 0, 1, 1, 0, 0, 0), [3, 4]),
        ((1, 0, 0, 1), []),
        ((1, 0, 0, 1, 1), [4, 5]),
    ):
        assert special(near(*flags), ["near"]) == found


def test_two_near_different_limits_are_ordinary() -> None:
    assert special(charted([1, -1] * 7 + [5.5, -5.5]))[-2:] != [15, 16]
    assert special(charted([1, -1] * 7 + [5.5, -5.5])) == []


def test_of_one_point_each_rule_says_its_own() -> None:
    """At a point, the length of the row is told; of two rules the first in the order of RULES."""
    told = spoken(sided(*[-1] * 9), RULES.rates, RULES)
    assert told is not None and (told.rule, told.way, told.row) == ("shift", -1, 9)
    gone = [Point(0.0, -1, 0, 0)] * 6 + [Point(0.0, -1, -1, 0)]
    first = spoken(gone, RULES.rates, RULES)
    assert first is not None and (first.rule, first.row) == ("beyond", 1)
    assert spoken(gone, ["shift"], RULES) is not None
    assert spoken([*gone[:-1], None], RULES.rates, RULES) is None
    assert spoken([*gone[:3], None, *gone[3:-1]], ["shift"], RULES) is None  # a gap breaks the row
    assert spoken([], RULES.rates, RULES) is None
