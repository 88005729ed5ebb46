"""Signal or ordinary variation: limits worked out by hand."""

from __future__ import annotations

from itertools import pairwise
from math import sqrt

import pytest

from metrics.charts_of_control import SMALL, Verdict, judge, judge_rate, rate_chart, stock_limits


def test_limits_of_a_stock_are_mean_and_moving_range() -> None:
    # mean 103, moving ranges 10 each: 103 ± 2.66 · 10 (alternating 98, 108)
    limits = stock_limits([98, 108] * 6)
    assert limits is not None
    assert (limits.lower, limits.center, limits.upper) == pytest.approx((76.4, 103, 129.6))


def test_a_stock_has_no_limits_below_nothing() -> None:
    limits = stock_limits([0, 10] * 6)
    assert limits is not None
    assert limits.lower == 0


def test_laney_limits_by_the_formula() -> None:
    weeks = [(90, 100), (96, 100)] * 6
    chart = rate_chart(weeks)
    assert chart is not None
    center = 93 / 100
    sigma = sqrt(center * (1 - center) / 100)
    z = [(n / d - center) / sigma for n, d in weeks]
    sigma_z = sum(abs(b - a) for a, b in pairwise(z)) / 11 / 1.128
    assert chart.sigma_z == pytest.approx(sigma_z)
    assert chart.at(100).lower == pytest.approx(center - 3 * sigma * sigma_z)
    assert chart.at(100).upper == 1.0
    assert chart.at(400).lower == pytest.approx(center - 3 * sigma / 2 * sigma_z)


def test_limits_are_never_tighter_than_counting_alone_allows() -> None:
    chart = rate_chart([(90, 100)] * 12)
    assert chart is not None
    assert chart.at(100).lower == pytest.approx(0.9 - 3 * sqrt(0.9 * 0.1 / 100))


def test_one_late_dossier_after_twelve_clean_weeks_is_no_signal() -> None:
    clean = rate_chart([(30, 30)] * 12)
    assert judge_rate(29, 30, clean) == Verdict.NORMAL
    assert judge_rate(27, 30, clean) == Verdict.WORSE


def test_eight_earlier_weeks_are_needed() -> None:
    assert rate_chart([(38, 40)] * 7) is None
    assert rate_chart([(38, 40)] * 7 + [None, (0, 0)]) is None
    assert rate_chart([(38, 40)] * 8) is not None
    assert stock_limits([None] * 5 + [3] * 7) is None


def test_only_the_last_twelve_weeks_count() -> None:
    assert rate_chart([(1, 40)] * 5 + [(38, 40)] * 12) == rate_chart([(38, 40)] * 12)


def test_verdicts_know_which_side_is_bad() -> None:
    limits = stock_limits([98, 108] * 6)
    assert judge(130, limits, better="lower") == Verdict.WORSE
    assert judge(70, limits, better="lower") == Verdict.BETTER
    assert judge(129.6, limits, better="lower") == Verdict.NORMAL
    assert judge(None, limits, better="lower") == Verdict.UNKNOWN
    assert judge(5, None, better="lower") == Verdict.UNKNOWN


def test_small_denominators_are_never_judged() -> None:
    chart = rate_chart([(90, 100)] * 12)
    assert judge_rate(0, SMALL - 1, chart) == Verdict.SMALL
    assert judge_rate(0, SMALL, chart) == Verdict.WORSE
    assert judge_rate(0, 0, chart) == Verdict.UNKNOWN
    assert judge_rate(None, None, chart) == Verdict.UNKNOWN


def test_a_stock_that_never_moved_allows_three_more() -> None:
    limits = stock_limits([0] * 12)
    assert judge(3, limits, better="lower") == Verdict.NORMAL
    assert judge(4, limits, better="lower") == Verdict.WORSE


def test_one_wild_week_does_not_hide_the_weeks_after_it() -> None:
    calm = [(975, 1000), (970, 1000), (978, 1000), (972, 1000), (976, 1000), (971, 1000)] * 2
    wild = [*calm[:5], (700, 1000), *calm[6:]]
    chart, undisturbed = rate_chart(wild), rate_chart([*calm[:5], *calm[6:]])
    assert chart == undisturbed
    assert chart is not None
    assert judge_rate(940, 1000, chart) is Verdict.WORSE
