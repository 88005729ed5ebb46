"""How many of the pending will be late: the sum of their chances, and an interval that past forecasts have widened.

Each dossier is late or not with its own chance, so their number is Poisson-binomial. A storm or an officer away moves
many at once, and chances are estimates themselves: the back-test says how many times wider the interval has to be to
hold what really came as often as it promises (``stretch``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt
from typing import Final

import numpy as np
import polars as pl

from metrics.survival import Floats

#: With more dossiers than this, or a larger variance, the normal distribution is as good.
_EXACT_UP_TO: Final = 400
_EXACT_VARIANCE: Final = 60.0
#: Of a dossier: no interval is taken to be narrower on a side before it is stretched.
_LEAST: Final = 0.05
#: Standard normal quantile by |z| of the share held inside, for the few that are asked for; others are interpolated.
_Z: Final = ((0.5, 0.6745), (0.8, 1.2816), (0.9, 1.6449), (0.95, 1.9600), (0.99, 2.5758))


@dataclass(frozen=True, slots=True)
class Number:
    """Of ``n`` dossiers ``expected`` will be late, between ``low`` and ``high``; ``variance`` as if each went its own
    way."""

    n: int
    expected: float
    variance: float
    low: int
    high: int


def number(chances: Floats, *, stretch: float, within: float) -> Number:
    """Give the number expected of dossiers with these chances, and the interval that holds ``within`` of the cases."""
    mean, low, high = _plain(chances, within)
    low, high = mean - max(mean - low, _LEAST) * stretch, mean + max(high - mean, _LEAST) * stretch
    variance = float((chances * (1 - chances)).sum())
    return Number(len(chances), mean, variance, max(0, floor(low + 1e-9)), min(len(chances), ceil(high - 1e-9)))


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


def stretch(found: Sequence[tuple[Floats, int]], within: float) -> float:
    """Give how many times as wide, 1 at least, intervals have to be to hold ``within`` of what was seen: of (chances,
    number seen late) of past forecasts."""
    needed = sorted(_needed(chances, seen, within) for chances, seen in found)
    if not needed:
        return 1.0
    return max(1.0, needed[min(len(needed) - 1, ceil(within * len(needed)) - 1)])


def _needed(chances: Floats, seen: int, within: float) -> float:
    mean, low, high = _plain(chances, within)
    half = max(mean - low if seen < mean else high - mean, _LEAST)
    # The ends are whole dossiers: what lies less than one beyond is held.
    return max(0.0, abs(seen - mean) - 1 + 1e-6) / half


def by_department(
    rows: pl.DataFrame, ahead: Sequence[int], *, stretch: float, within: float, keys: Sequence[str]
) -> pl.DataFrame:
    """Count for each group of ``keys`` and horizon what is expected late: ``keys``, ahead (working days), n, expected,
    variance, low, high. ``rows``: ``keys``, left, chance. What will yet be received is in none of it."""
    found = []
    for days in ahead:
        due = rows.filter(pl.col("left") <= days)
        for key, part in due.group_by(keys, maintain_order=True):
            told = number(part["chance"].to_numpy(), stretch=stretch, within=within)
            found.append((*key, days, told.n, told.expected, told.variance, told.low, told.high))
    schema = {key: rows.schema[key] for key in keys} | {
        "ahead": pl.Int64(), "n": pl.Int64(), "expected": pl.Float64(), "variance": pl.Float64(), "low": pl.Int64(),
        "high": pl.Int64(),
    }  # fmt: skip
    return pl.DataFrame(found, schema=schema, orient="row").sort(*keys, "ahead", nulls_last=True)
