"""How many of the pending will be late: the sum of their chances, and an interval that past forecasts have widened.

Each dossier is late or not with its own chance, so their number is Poisson-binomial. A storm or an officer away moves
many at once, and chances are estimates themselves: past evenings say how much wider that makes the interval
(metrics.dispersion).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt
from typing import Final

import numpy as np
import polars as pl

from metrics.dispersion import Apart
from metrics.survival import Floats

#: With more dossiers than this, or a larger variance, the normal distribution is as good.
_EXACT_UP_TO: Final = 400
_EXACT_VARIANCE: Final = 60.0
#: Of a dossier: no interval is taken to be narrower on a side before it is widened.
_LEAST: Final = 0.05
#: Standard normal quantile by |z| of the share held inside, for the few that are asked for; others are interpolated.
_Z: Final = ((0.5, 0.6745), (0.8, 1.2816), (0.9, 1.6449), (0.95, 1.9600), (0.99, 2.5758))


@dataclass(frozen=True, slots=True)
class Counted:
    """Of ``n`` dossiers ``expected`` will be late, between ``low`` and ``high`` if each went its own way; ``variance``:
    Σp(1 − p), ``root``: Σ√p(1 − p)."""

    n: int
    expected: float
    low: float
    high: float
    variance: float
    root: float

    def ends(self, apart: Apart) -> tuple[int, int]:
        """Give the nearest whole dossiers to the ends of the interval of those that do not go their own way."""
        times = apart.times(self.variance, self.root)
        below, above = max(self.expected - self.low, _LEAST), max(self.high - self.expected, _LEAST)
        return whole(self.expected, below * times, above * times, self.n)


def whole(mean: float, below: float, above: float, n: int) -> tuple[int, int]:
    """Give the nearest whole numbers to ``mean`` less ``below`` and more ``above``, of 0 to ``n``."""
    return max(0, floor(mean - below + 0.5)), min(n, ceil(mean + above - 0.5))


def counted(chances: Floats, within: float) -> Counted:
    """Count what is expected of dossiers with these chances, and what holds ``within`` of the cases."""
    own = chances * (1 - chances)
    mean, low, high = _plain(chances, within)
    return Counted(len(chances), mean, low, high, float(own.sum()), float(np.sqrt(own).sum()))


def _plain(chances: Floats, within: float) -> tuple[float, float, float]:
    """Give the mean, and the interval as if each dossier went its own way."""
    mean, variance = float(chances.sum()), float((chances * (1 - chances)).sum())
    if len(chances) <= _EXACT_UP_TO and variance <= _EXACT_VARIANCE:
        low, high = _exact(chances, within)
        return mean, min(low, mean), max(high, mean)
    half = reach(within) * sqrt(variance)
    return mean, mean - half, mean + half


def _exact(chances: Floats, within: float) -> tuple[float, float]:
    """Give the quantiles of the Poisson-binomial distribution, one dossier folded in after the other."""
    shares = np.ones(1)
    for chance in chances[(chances > 0) & (chances < 1)]:
        shares = np.append(shares * (1 - chance), 0.0) + np.append(0.0, shares * chance)
    passed: Floats = np.cumsum(shares)
    sure = float((chances >= 1).sum())
    tail = (1 - within) / 2
    low, high = (int(np.searchsorted(passed, share)) for share in (tail, 1 - tail))
    return sure + low, sure + min(high, len(shares) - 1)


def reach(within: float) -> float:
    """Give how many standard deviations to either side hold ``within`` of a normal distribution."""
    shares, z = zip(*_Z, strict=True)
    return float(np.interp(within, shares, z))


def by_department(
    rows: pl.DataFrame, ahead: Sequence[int], *, apart: Apart, within: float, keys: Sequence[str]
) -> pl.DataFrame:
    """Count for each group of ``keys`` and horizon what is expected late: ``keys``, ahead (working days), n, expected,
    variance, root, low, high. ``rows``: ``keys``, left, chance. What will yet be received is in none of it."""
    found = []
    for days in ahead:
        due = rows.filter(pl.col("left") <= days)
        for key, part in due.group_by(keys, maintain_order=True):
            told = counted(part["chance"].to_numpy(), within)
            found.append((*key, days, told.n, told.expected, told.variance, told.root, *told.ends(apart)))
    schema = {key: rows.schema[key] for key in keys} | {
        "ahead": pl.Int64(), "n": pl.Int64(), "expected": pl.Float64(), "variance": pl.Float64(), "root": pl.Float64(),
        "low": pl.Int64(), "high": pl.Int64(),
    }  # fmt: skip
    return pl.DataFrame(found, schema=schema, orient="row").sort(*keys, "ahead", nulls_last=True)
