"""Signal or ordinary variation: limits worked out by hand."""

from __future__ import annotations

from itertools import pairwise
from math import sqrt

import pytest

from config.insight import Signal
from metrics.charts_of_control import rate_chart, stock_limits
from metrics.signals import Verdict, judge_rates, judge_stocks

RULES = Signal()


def test_limits_of_a_stock_are_mean_and_moving_range() -> None:
    # mean 103, moving ranges 10 each: 103 ± 2.66 · 10 (alternating 98, 108)
    limits = stock_limits([98, 108] * 6, RULES)
    assert limits is not None
    assert (limits.lower, limits.center, limits.upper) == pytest.approx((76.4, 103, 129.6))


def test_a_stock_has_no_limits_below_nothing() -> None:
    limits = stock_limits([0, 10] * 6, RULES)
    assert limits is not None
    assert limits.lower == 0


def test_a_jump_does_not_widen_the_limits_of_a_stock() -> None:
    # moving ranges: ten of 0 and two of 40, mean 6.67; 40 > 3.267 · 6.67, so only the noughts are left: the least reach
    limits = stock_limits([100] * 6 + [140] + [100] * 5, RULES)
    assert limits is not None
    assert limits.upper - limits.center == pytest.approx(3)
    wide = stock_limits([100] * 6 + [140] + [100] * 5, Signal(screen=100))
    assert wide is not None and wide.upper - wide.center == pytest.approx(2.66 * 80 / 11)


def test_limits_of_a_stock_that_drifts_are_those_of_its_spread() -> None:
    # 100 to 111: moving ranges of 1, so 2.66 alone; of these the farthest, 100, is left out: 3 · √11 = 9.95
    limits = stock_limits(list(range(100, 112)), RULES)
    assert limits is not None
    assert limits.upper - limits.center == pytest.approx(3 * sqrt(11))


def test_laney_limits_by_the_formula() -> None:
    weeks = [(90, 100), (96, 100)] * 6
    chart = rate_chart(weeks, RULES)
    assert chart is not None
    center = 93 / 100
    sigma = sqrt(center * (1 - center) / 100)
    z = [(n / d - center) / sigma for n, d in weeks]
    sigma_z = sum(abs(b - a) for a, b in pairwise(z)) / 11 / 1.128
    assert chart.sigma_z == pytest.approx(sigma_z)
    assert chart.at(100).lower == pytest.approx(center - 3 * sigma * sigma_z)
    assert chart.at(100).upper == 1.0
    assert chart.at(400).lower == pytest.approx(center - 3 * sigma / 2 * sigma_z)


def test_laney_by_hand_where_weeks_differ_in_size() -> None:
    # 180/200 and 468/520 are 90 %, 342/360 is 95 %, 256/320 is 80 %: together 3 · 1246 / (3 · 1400) = 0.89.
    # One dossier's spread √(0.89 · 0.11) = 0.312890. z = (p − 0.89) · √n / 0.312890:
    # 0.45198, 0.72880, 3.63842, −5.14563. Steps 0.27682, 2.90962, 8.78405 and 5.59761 back to the first:
    # three rounds have nine of the first three and two of the last; mean 4.28462 → sigma_z 3.79842 …
    weeks = [(180, 200), (468, 520), (342, 360), (256, 320)] * 3
    chart = rate_chart(weeks, RULES)
    assert chart is not None
    assert chart.center == pytest.approx(0.89)
    steps = [0.27682, 2.90962, 8.78405] * 3 + [5.59761] * 2
    assert chart.sigma_z == pytest.approx(sum(steps) / 11 / 1.128, abs=1e-4)
    assert chart.at(250).lower == pytest.approx(0.89 - 3 * chart.sigma_z * 0.312890 / sqrt(250), abs=1e-5)


def test_limits_are_never_tighter_than_counting_alone_allows() -> None:
    chart = rate_chart([(90, 100)] * 12, RULES)
    assert chart is not None
    assert chart.at(100).lower == pytest.approx(0.9 - 3 * sqrt(0.9 * 0.1 / 100))


def test_one_late_dossier_after_twelve_clean_weeks_is_no_signal() -> None:
    clean = [(30, 30)] * 12
    assert judge_rates([*clean, (29, 30)], RULES).verdict == Verdict.NORMAL
    assert judge_rates([*clean, (27, 30)], RULES).verdict == Verdict.WORSE


def test_eight_earlier_weeks_are_needed() -> None:
    assert rate_chart([(38, 40)] * 7, RULES) is None
    assert rate_chart([(38, 40)] * 7 + [None, (0, 0)], RULES) is None
    assert rate_chart([(38, 40)] * 8, RULES) is not None
    assert stock_limits([None] * 5 + [3] * 7, RULES) is None


def test_only_the_last_twelve_weeks_count() -> None:
    assert rate_chart([(1, 40)] * 5 + [(38, 40)] * 12, RULES) == rate_chart([(38, 40)] * 12, RULES)


def test_verdicts_know_which_side_is_bad() -> None:
    earlier = [98, 108] * 6
    for now, verdict in ((130, Verdict.WORSE), (70, Verdict.BETTER), (129, Verdict.NORMAL), (None, Verdict.UNKNOWN)):
        assert judge_stocks([*earlier, now], RULES).verdict == verdict
    assert judge_stocks([5], RULES).verdict == Verdict.UNKNOWN
    assert judge_stocks([], RULES).verdict == Verdict.UNKNOWN


def test_small_denominators_are_never_judged() -> None:
    earlier = [(90, 100)] * 12
    assert judge_rates([*earlier, (0, RULES.small - 1)], RULES).verdict == Verdict.SMALL
    assert judge_rates([*earlier, (0, RULES.small)], RULES).verdict == Verdict.WORSE
    assert judge_rates([*earlier, (0, 0)], RULES).verdict == Verdict.UNKNOWN
    assert judge_rates([*earlier, None], RULES).verdict == Verdict.UNKNOWN


def test_a_stock_that_never_moved_allows_three_more() -> None:
    assert judge_stocks([0] * 12 + [3], RULES).verdict == Verdict.NORMAL
    assert judge_stocks([0] * 12 + [4], RULES).verdict == Verdict.WORSE


def test_one_wild_week_does_not_hide_the_weeks_after_it() -> None:
    calm = [(975, 1000), (970, 1000), (978, 1000), (972, 1000), (976, 1000), (971, 1000)] * 2
    wild = [*calm[:5], (700, 1000), *calm[6:]]
    chart, undisturbed = rate_chart(wild, RULES), rate_chart([*calm[:5], *calm[6:]], RULES)
    assert chart == undisturbed
    assert judge_rates([*wild, (940, 1000)], RULES).verdict is Verdict.WORSE
