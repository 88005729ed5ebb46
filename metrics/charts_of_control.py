"""Is this week's figure a signal, or ordinary variation? Laney p′ for a rate, XmR for a stock.

Sources: D. B. Laney, "Improved control charts for attributes", Quality Engineering 14 (2002); D. J. Wheeler,
"Understanding Variation" (2000). Limits come from earlier weeks only, never from the week that is judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from math import sqrt
from statistics import median
from typing import Final, Literal

#: Earlier weeks that the limits are taken from, and the fewest that allow any (domain: the Friday report).
WEEKS_BEFORE: Final = 12
FEWEST_WEEKS: Final = 8
#: Below this denominator a rate is printed as a count and never called better or worse.
SMALL: Final = 30

#: A smaller growth of a stock is not worth anybody's first look.
FEWEST_MORE: Final = 3

_D2: Final = 1.128  # mean moving range of two → standard deviation
_D4: Final = 0.954  # median moving range of two → standard deviation
_XMR: Final = 2.66  # 3 / d2
_RULE_OF_THREE: Final = 3


class Verdict(StrEnum):
    """The only words a change may be given; everything else would be an adjective the numbers do not carry."""

    WORSE = "worse"  # outside the limit, on the bad side
    BETTER = "better"  # outside the limit, on the good side
    NORMAL = "normal"  # inside the limits
    SMALL = "small"  # denominator below SMALL
    UNKNOWN = "unknown"  # no history, no figure, or a source is silent


@dataclass(frozen=True, slots=True)
class Limits:
    """Centre line and control limits, in the unit of the figure (shares 0–1, or dossiers)."""

    lower: float
    center: float
    upper: float

    def holds(self, value: float) -> bool:
        """Say whether ``value`` is ordinary; a figure on a limit is."""
        return self.lower <= value <= self.upper


@dataclass(frozen=True, slots=True)
class RateChart:
    """What the earlier weeks say about a rate; ``at`` gives the limits for one week's denominator."""

    center: float
    spread: float  # standard deviation of one dossier
    sigma_z: float

    def at(self, denominator: int) -> Limits:
        """Give the limits of a week with ``denominator`` dossiers, kept within 0 and 1."""
        reach = 3 * self.sigma_z * self.spread / sqrt(max(1, denominator))
        return Limits(max(0.0, self.center - reach), self.center, min(1.0, self.center + reach))


def rate_chart(earlier: Sequence[tuple[int, int] | None]) -> RateChart | None:
    """Make a Laney p′ chart of (numerator, denominator) per earlier week; weeks without figures are None or d = 0.

    None when fewer than FEWEST_WEEKS weeks have figures. Two guards keep rare events from raising false alarms:
    limits are never tighter than counting alone allows (sigma_z ≥ 1), and the spread of a rate at or near
    100 % is that of three misses (rule of three), for "none of 360 late" does not prove that none ever is.
    A week that was itself beyond the usual (Tết, a storm) is left out, or it would hide the twelve after it.
    """
    weeks = [w for w in earlier[-WEEKS_BEFORE:] if w is not None and w[1] > 0]
    if len(weeks) < FEWEST_WEEKS:
        return None
    usual = _usual(weeks)
    center, spread = _center(usual)
    z = _standardised(usual, center, spread)
    return RateChart(center, spread, max(1.0, _mean_moving_range(z) / _D2))


def _usual(weeks: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """Leave out weeks beyond three median moving ranges of the median: neither is moved by the wild week itself."""
    center, spread = _center(weeks)
    z = _standardised(weeks, center, spread)
    middle = median(z)
    reach = 3 * max(1.0, median(abs(b - a) for a, b in pairwise(z)) / _D4)
    kept = [week for week, value in zip(weeks, z, strict=True) if abs(value - middle) <= reach]
    return kept if len(kept) >= FEWEST_WEEKS else weeks


def _center(weeks: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """Give the share of all weeks together, and the standard deviation of one dossier at it."""
    met, due = sum(n for n, _ in weeks), sum(d for _, d in weeks)
    center, edge = met / due, min(0.5, _RULE_OF_THREE / due)
    share = min(max(center, edge), 1 - edge)
    return center, sqrt(share * (1 - share))


def _standardised(weeks: Sequence[tuple[int, int]], center: float, spread: float) -> list[float]:
    return [(n / d - center) * sqrt(d) / spread for n, d in weeks]


def stock_limits(earlier: Sequence[int | None]) -> Limits | None:
    """Make XmR limits of a stock at the end of each earlier week; unknown weeks are None. None: too few weeks.

    Limits lie at least three dossiers from the centre: one more than never before is not yet a signal.
    """
    stocks = [s for s in earlier[-WEEKS_BEFORE:] if s is not None]
    if len(stocks) < FEWEST_WEEKS:
        return None
    center = sum(stocks) / len(stocks)
    reach = max(_XMR * _mean_moving_range([float(s) for s in stocks]), float(_RULE_OF_THREE))
    return Limits(max(0.0, center - reach), center, center + reach)


def grown_by(stocks: Sequence[int | None]) -> int:
    """Give by how many the last of these weekly stocks grew, 0 where that is usual or too few to speak of."""
    now, before = stocks[-1], stocks[-2] if len(stocks) > 1 else None
    if now is None or before is None:
        return 0
    worse = judge(now, stock_limits(stocks[:-1]), better="lower") is Verdict.WORSE
    return now - before if worse and now - before >= FEWEST_MORE else 0


def growing(stocks: Sequence[int | None]) -> tuple[int, int]:
    """Give by how many a stock grew beyond the usual, and how many weeks ago; 0 where it did not.

    The last week still runs and is short, so what grew in the one before is said until it falls.
    """
    if more := grown_by(stocks):
        return more, 0
    now, before = stocks[-1], stocks[-2] if len(stocks) > 1 else None
    stays = now is not None and before is not None and now >= before
    return (grown_by(stocks[:-1]) if stays else 0), 1


def begun_at(starts: Sequence[date], at: int, days: int, breaks: Sequence[date]) -> int:
    """Give the index of the first stretch of ``days`` that may serve as an earlier one for the stretch ``at``.

    Limits restart at a break (a merger, a new law): only stretches wholly after the last break up to the end of ``at``
    are its like; in the stretch that a break cuts through, nothing is.
    """
    end = starts[at] + timedelta(days=days - 1)
    last = max((day for day in breaks if day <= end), default=None)
    if last is None:
        return 0
    return next((i for i, start in enumerate(starts[:at]) if start >= last), at)


def _mean_moving_range(values: Sequence[float]) -> float:
    steps = [abs(b - a) for a, b in pairwise(values)]
    return sum(steps) / len(steps)


def judge(value: float | None, limits: Limits | None, *, better: Literal["higher", "lower"]) -> Verdict:
    """Compare one figure with its limits. Judge unrounded figures: what is printed is only their wording."""
    if value is None or limits is None:
        return Verdict.UNKNOWN
    if limits.holds(value):
        return Verdict.NORMAL
    return Verdict.BETTER if (value > limits.upper) == (better == "higher") else Verdict.WORSE


def judge_rate(
    numerator: int | None,
    denominator: int | None,
    chart: RateChart | None,
    *,
    better: Literal["higher", "lower"] = "higher",
) -> Verdict:
    """Compare one week's rate with its chart; a small denominator is said before anything else."""
    if numerator is None or not denominator:
        return Verdict.UNKNOWN
    if denominator < SMALL:
        return Verdict.SMALL
    limits = chart.at(denominator) if chart else None
    return judge(numerator / denominator, limits, better=better)
