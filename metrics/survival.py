"""Kaplan–Meier in many groups at once: what left when, what was still there, and hazards leant on those of a larger
group.

Source: E. L. Kaplan, P. Meier, "Nonparametric estimation from incomplete observations", JASA 53 (1958). Time is counted
in whole working days from 1; what is last seen still open is censored, and counts as long as it was seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Seen:
    """Of each group (rows) and day 0 … horizon (columns): how many left on that day, how many could have."""

    left: Floats
    at_risk: Floats


def seen(group: Ints, time: Ints, left: Bools, *, groups: int, horizon: int) -> Seen:
    """Count who left on which day and who was there to leave; day 0 has nobody.

    ``group``: 0 … groups − 1. ``time``: days until it left (``left``) or was last seen open. What lasts beyond
    ``horizon`` is seen open up to it. Who was last seen open on a day could have left on it.
    """
    until = np.clip(time, 0, horizon)
    ends = left & (time <= horizon)
    size, width = groups * (horizon + 1), horizon + 1
    place = group * width + until
    every = np.bincount(place, minlength=size).reshape(groups, width)
    leaving = np.bincount(place[ends], minlength=size).reshape(groups, width)
    at_risk = np.cumsum(every[:, ::-1], axis=1)[:, ::-1].astype(np.float64)
    at_risk[:, 0] = 0.0  # nothing leaves before the first day
    leaving[:, 0] = 0
    return Seen(leaving.astype(np.float64), at_risk)


def hazards(own: Seen, prior: Floats | None = None, weight: float = 0.0) -> Floats:
    """Give for each group and day the chance to leave on it, of those still there.

    With ``prior`` (hazards of the larger group of each) the own experience is leant on it as if ``weight`` more
    dossiers of the larger group had been seen: none seen gives the prior, very many give the own. Without, 0 where
    nobody was.
    """
    base = np.zeros_like(own.left) if prior is None else prior
    added = 0.0 if prior is None else weight
    total = own.at_risk + added
    leaving = np.where(total > 0, own.left + added * base, base)
    return leaving / np.where(total > 0, total, 1.0)


def survival(hazard: Floats) -> Floats:
    """Give for each group the chance to be still there after day 0, 1, 2 …: never rising, 1 after day 0."""
    return np.cumprod(1.0 - hazard, axis=1).astype(np.float64)


def kaplan_meier(time: Ints, left: Bools, *, horizon: int) -> Floats:
    """Give the chance to be still there after day 0 … horizon, of one group and with nothing to lean on."""
    one = np.zeros(len(time), dtype=np.int64)
    found: Floats = survival(hazards(seen(one, time, left, groups=1, horizon=horizon)))[0]
    return found
