"""The limits of ordinary variation: Laney p′ for a rate, XmR for a stock. metrics/signals.py says what lies beyond.

Sources: D. B. Laney, "Improved control charts for attributes", Quality Engineering 14 (2002); D. J. Wheeler,
"Understanding Variation" (2000); L. S. Nelson, "Control charts for individual measurements", Journal of Quality
Technology 14 (1982). Limits come from earlier periods only, never from the one that is judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import sqrt
from statistics import median, stdev
from typing import Final

from config.insight import Signal

_D2: Final = 1.128  # mean moving range of two → standard deviation
_D4: Final = 0.954  # median moving range of two → standard deviation
_XMR: Final = 2.66  # 3 / d2
_RULE_OF_THREE: Final = 3


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


def rate_chart(earlier: Sequence[tuple[int, int] | None], rules: Signal) -> RateChart | None:
    """Make a Laney p′ chart of (numerator, denominator) per earlier period; those without figures are None or d = 0.

    None when fewer than ``rules.fewest`` have figures. Two guards keep rare events from raising false alarms:
    limits are never tighter than counting alone allows (sigma_z ≥ 1), and the spread of a rate at or near
    100 % is that of three misses (rule of three), for "none of 360 late" does not prove that none ever is.
    A period that was itself beyond the usual (Tết, a storm) is left out, or it would hide the twelve after it.
    """
    told = known_rates(earlier, rules)
    if len(told) < rules.fewest:
        return None
    usual = _usual(told, rules)
    center, spread = _center(usual)
    z = _standardised(usual, center, spread)
    return RateChart(center, spread, max(1.0, _mean(_steps(z)) / _D2))


def known_rates(earlier: Sequence[tuple[int, int] | None], rules: Signal) -> list[tuple[int, int]]:
    """Give those of the last ``rules.before`` periods that have figures."""
    return [pair for pair in earlier[-rules.before :] if pair is not None and pair[1] > 0]


def _usual(weeks: Sequence[tuple[int, int]], rules: Signal) -> Sequence[tuple[int, int]]:
    """Leave out weeks beyond three median moving ranges of the median: neither is moved by the wild week itself."""
    center, spread = _center(weeks)
    z = _standardised(weeks, center, spread)
    middle = median(z)
    reach = 3 * max(1.0, median(_steps(z)) / _D4)
    kept = [week for week, value in zip(weeks, z, strict=True) if abs(value - middle) <= reach]
    return kept if len(kept) >= rules.fewest else weeks


def _center(weeks: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """Give the share of all weeks together, and the standard deviation of one dossier at it."""
    met, due = sum(n for n, _ in weeks), sum(d for _, d in weeks)
    center, edge = met / due, min(0.5, _RULE_OF_THREE / due)
    share = min(max(center, edge), 1 - edge)
    return center, sqrt(share * (1 - share))


def _standardised(weeks: Sequence[tuple[int, int]], center: float, spread: float) -> list[float]:
    return [(n / d - center) * sqrt(d) / spread for n, d in weeks]


def stock_limits(earlier: Sequence[int | None], rules: Signal) -> Limits | None:
    """Make XmR limits of a stock at the end of each earlier period; unknown ones are None. None: too few of them.

    Limits lie at least three dossiers from the centre: one more than never before is not yet a signal. A stock carries
    its dossiers over, so one week is like the next and moving ranges alone would be too tight: never tighter than three
    standard deviations of the same periods, the farthest of them left out.
    """
    stocks = [float(s) for s in earlier[-rules.before :] if s is not None]
    if len(stocks) < rules.fewest:
        return None
    center, reach = moving_range_limits(stocks, screen=rules.screen)
    usual = sorted(stocks, key=lambda stock: abs(stock - center))[:-1]
    reach = max(reach, 3 * stdev(usual), float(_RULE_OF_THREE))
    return Limits(max(0.0, center - reach), center, center + reach)


def moving_range_limits(values: Sequence[float], *, screen: float | None) -> tuple[float, float]:
    """Give mean and reach (2.66 mean moving ranges) of an XmR chart of two values or more.

    ``screen``: moving ranges of so many times their mean or more are left out of it (Nelson 1982); None: none is.
    """
    steps = _steps(values)
    usual = [step for step in steps if screen is None or step < screen * _mean(steps)]
    return _mean(values), _XMR * _mean(usual)


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


def _steps(values: Sequence[float]) -> list[float]:
    return [abs(b - a) for a, b in pairwise(values)]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
