"""Which units lie outside what chance makes of their size: a funnel instead of a league table.

Source: D. J. Spiegelhalter, "Funnel plots for comparing institutional performance", Statistics in Medicine 24 (2005):
limits of 95 % and 99.8 % round the common rate, widened by the over-dispersion of the units, a tenth of their z-scores
winsorised at each end. Units differ in their work, so more differ than counting alone allows: what widens the limits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor, sqrt
from typing import Final, Literal

from metrics.charts_of_control import Limits

#: Two-sided: of units that differ by chance alone, one of 20 lies beyond the first, one of 500 beyond the second.
LIKELY: Final = 1.959964
SURE: Final = 3.090232
#: With fewer units there is no funnel: nobody could be told from the others.
FEWEST: Final = 5
_TAIL: Final = 0.1
Where = Literal["usual", "likely", "sure"]


@dataclass(frozen=True, slots=True)
class Placed:
    """A unit in the funnel: within the limits (usual), beyond those of 95 % (likely), or of 99.8 % (sure)."""

    name: str
    met: int
    due: int
    where: Where
    above: bool


@dataclass(frozen=True, slots=True)
class Funnel:
    """``center``: the common rate; ``spread``: standard deviation of one dossier at it; ``dispersion``: 1 where units
    differ by chance alone; ``few``: how many units are too small to be placed."""

    met: int
    due: int
    spread: float
    dispersion: float
    placed: tuple[Placed, ...]
    few: int

    @property
    def center(self) -> float:
        """The rate of all that are placed together."""
        return self.met / self.due

    def at(self, due: int, sure: float) -> Limits:
        """Give the limits of a unit with ``due`` dossiers, kept within 0 and 1. ``sure``: LIKELY or SURE."""
        reach = sure * self.spread * sqrt(self.dispersion / max(1, due))
        return Limits(max(0.0, self.center - reach), self.center, min(1.0, self.center + reach))


def funnel(counts: Iterable[tuple[str, int, int]], *, small: int) -> Funnel | None:
    """Place units by (name, met, due), in their order; None of fewer than FEWEST that have ``small`` dossiers or more.

    A rate at or near 100 % has the spread of three misses (rule of three), as in charts of control.
    """
    known = [(name, met, due) for name, met, due in counts if due > 0]
    units = [each for each in known if each[2] >= small]
    if len(units) < FEWEST:
        return None
    met, due = sum(each[1] for each in units), sum(each[2] for each in units)
    center, edge = met / due, min(0.5, 3 / due)
    share = min(max(center, edge), 1 - edge)
    spread = sqrt(share * (1 - share))
    z = [(m / d - center) * sqrt(d) / spread for _, m, d in units]
    dispersion = _dispersion(z)
    wide = sqrt(dispersion)
    placed = [Placed(*unit, _where(abs(each) / wide), each > 0) for unit, each in zip(units, z, strict=True)]
    return Funnel(met, due, spread, dispersion, tuple(placed), len(known) - len(units))


def _dispersion(z: Sequence[float]) -> float:
    """Give the mean square of winsorised z-scores; 1 where it is no more than chance makes of so few units."""
    ordered, tail = sorted(z), floor(_TAIL * len(z))
    low, high = ordered[tail], ordered[-1 - tail]
    found = sum(min(max(each, low), high) ** 2 for each in z) / len(z)
    return found if found > 1 + 2 * sqrt(2 / len(z)) else 1.0


def _where(z: float) -> Where:
    return "sure" if z > SURE else "likely" if z > LIKELY else "usual"
