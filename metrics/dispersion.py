"""How much farther from what was expected numbers of late ones lie than if each dossier went its own way.

Dossiers of one department share their officers and their weather, and their chances are estimates that err together. So
two of them are taken to be late together with a correlation ``share``, and the number has the variance
Σp(1 − p) + share · ((Σ√p(1 − p))² − Σp(1 − p)): small offices hardly feel it, of a thousand dossiers it is nearly all.
The share is measured on past evenings by moments, each evening counting once at most: a storm is one thing that
happened, however many it moved. What few evenings tell of a spread is itself unsure, so the ends are Student's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

#: Taken before anything was seen, as if one evening had told it: two hundredths (chosen on the earlier evenings of the
#: sets in docs/evidence.md, where later ones were kept apart).
_PRIOR: Final = 0.02
_PRIOR_EVENINGS: Final = 1.0
#: A number tells of the share as far as a share of so much would show in it.
_SHOWS: Final = 0.1
#: Student's ends with fewer degrees of freedom have no variance.
_FEWEST: Final = 2.0


@dataclass(frozen=True, slots=True)
class Apart:
    """``share``: 0, each dossier goes its own way, to 1, all of a department go one way. ``wider``: how many times
    farther than those of a normal distribution the ends lie, for the share was learnt from few evenings."""

    share: float = 0.0
    wider: float = 1.0

    def times(self, variance: float, root: float) -> float:
        """Give how many times wider than if each went its own way; ``variance``: Σp(1 − p), ``root``: Σ√p(1 − p)."""
        return self.wider * float(np.sqrt(1 + self.share * (root**2 / variance - 1))) if variance > 0 else self.wider


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of a department on an evening: expected late, variance and root as in ``Apart.times``, and really late."""

    evening: int
    expected: float
    variance: float
    root: float
    late: int


def learned(past: Sequence[Outcome], z: float) -> Apart:
    """Learn from past numbers. ``z``: ends of the interval on a normal distribution, in standard deviations."""
    told = np.array([(o.evening, o.late, o.expected, o.variance, o.root) for o in past], dtype=np.float64)
    evening, late, mean, own, root = told.reshape(-1, 5).T
    # Of one dossier nothing is common; asked of the number that is divided by: squares are rounded in two ways.
    shows = (own > 0) & (root * root - own > 0)
    evening, late, mean, own, root = (each[shows] for each in (evening, late, mean, own, root))
    common = root * root - own
    tells = (_SHOWS * common / (own + _SHOWS * common)) ** 2
    # Of a few dossiers that were nearly sure it can come out at any size; no two are correlated by more than 1.
    found = np.minimum(((late - mean) ** 2 - own) / common, 1.0)
    _, place, many = np.unique(evening, return_inverse=True, return_counts=True)
    tells = tells / many[place]
    evenings = np.bincount(place, weights=tells)
    weight = _PRIOR_EVENINGS + float(tells.sum())
    share = (_PRIOR * _PRIOR_EVENINGS + float((tells * found).sum())) / weight
    freedom = weight**2 / (_PRIOR_EVENINGS**2 + float((evenings**2).sum()))
    return Apart(float(np.clip(share, 0.0, 1.0)), student(z, max(freedom, _FEWEST)) / z)


def student(z: float, freedom: float) -> float:
    """Give the quantile of Student's distribution where the normal one has ``z`` (Cornish and Fisher 1938; with two
    degrees of freedom and 95 % 2.77 for 2.92, with five 2.01 for 2.02)."""
    first, second = (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96
    return z + first / freedom + second / freedom**2
