"""Why a figure changed: its change split over cells (units, fields, procedures) into volume, mix and performance.

A rate moves because each cell keeps more or fewer of its promises (performance), or because work moves between cells
that keep more and cells that keep fewer (mix). A count moves also because there is more work in all (volume). Both
formulas are symmetric (Kitagawa 1955 for two factors, Shapley 1953 for three): neither period is the yardstick, and
nothing is left over, so no part is found by taking the others away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

import polars as pl

from metrics.definitions import RATES
from metrics.evaluate import figures
from metrics.heard import Question

#: Counts that are a share of a base: id → what is counted, of what. Where both are one, only work moves it.
COUNTS: Final[dict[str, tuple[pl.Expr, pl.Expr]]] = {
    "due_missed": (pl.col("due") - pl.col("due_met"), pl.col("due")),
    "resolved_overdue": (
        pl.col("resolved_overdue"), pl.col("resolved_early") + pl.col("resolved_on_time") + pl.col("resolved_overdue")
    ),
    "received": (pl.col("received"), pl.col("received")),
}  # fmt: skip
Pair = tuple[int, int]
Both = tuple[Fraction, Fraction]  # now, before


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit, field or procedure: (numerator, denominator) now and before. ``several``: of how many it is made."""

    name: str | None
    now: Pair
    before: Pair
    several: int = 1


@dataclass(frozen=True, slots=True)
class Part:
    """What one cell contributed to the change, in the unit of the figure (shares 0–1, or dossiers)."""

    cell: Cell
    volume: Fraction
    mix: Fraction
    performance: Fraction

    @property
    def total(self) -> Fraction:
        """All that the cell contributed."""
        return self.volume + self.mix + self.performance


@dataclass(frozen=True, slots=True)
class Change:
    """A change and its parts, which sum to it: ``now`` and ``before`` are the pairs of all cells together."""

    parts: tuple[Part, ...]
    now: Pair
    before: Pair
    change: Fraction

    @property
    def volume(self) -> Fraction:
        """What is due to more or less work in all."""
        return sum((part.volume for part in self.parts), Fraction(0))

    @property
    def mix(self) -> Fraction:
        """What is due to work that moved between cells."""
        return sum((part.mix for part in self.parts), Fraction(0))

    @property
    def performance(self) -> Fraction:
        """What is due to cells that did better or worse."""
        return sum((part.performance for part in self.parts), Fraction(0))


class Factor(StrEnum):
    """What a change is made of."""

    PERFORMANCE = "performance"
    MIX = "mix"
    VOLUME = "volume"


@dataclass(frozen=True, slots=True)
class Most:
    """The one contribution that did most of a change, in its direction."""

    part: Part
    factor: Factor
    value: Fraction


def mainly(change: Change) -> Most | None:
    """Name what did most of a change; None where it did not move, or where only small cells taken together did it."""
    if not change.parts or not change.change or (len(change.parts) == 1 and change.parts[0].cell.several > 1):
        return None
    sign = 1 if change.change > 0 else -1
    found = [Most(part, each, getattr(part, each.value)) for part in change.parts for each in Factor]
    top = max(found, key=lambda most: sign * most.value)
    return top if sign * top.value > 0 else None


def of_rate(cells: Sequence[Cell]) -> Change | None:
    """Split the change of a rate into mix and performance; its volume is 0. None: there was nothing to rate.

    With share s of all and rate r of a cell: performance = mean s × change of r; mix = change of s × (mean r − mean
    rate of all), so that a cell which grew counts by how far it lies from the rest. A cell with nothing in one of the
    periods has no rate to change: all of it is mix.
    """
    (n1, d1), (n0, d0) = now, before = _whole(cells)
    if d1 <= 0 or d0 <= 0:
        return None
    rate1, rate0 = Fraction(n1, d1), Fraction(n0, d0)
    middle = (rate1 + rate0) / 2
    return Change(tuple(_rated(cell, d1, d0, middle) for cell in cells), now, before, rate1 - rate0)


def _rated(cell: Cell, d1: int, d0: int, middle: Fraction) -> Part:
    share1, share0 = Fraction(cell.now[1], d1), Fraction(cell.before[1], d0)
    rate1, rate0 = _rates(cell)
    apart = _apart(cell.now, d1) - _apart(cell.before, d0)
    return Part(
        cell,
        volume=Fraction(0),
        mix=(share1 - share0) * ((rate1 + rate0) / 2 - middle) + apart,
        performance=(share1 + share0) / 2 * (rate1 - rate0),
    )


def _rates(cell: Cell) -> Both:
    """Give a cell's rate now and before; where one period had nothing, that of the other, for it did not change."""
    now, before = (Fraction(n, d) if d else None for n, d in (cell.now, cell.before))
    return _known(now, before)


def _known(now: Fraction | None, before: Fraction | None) -> Both:
    usual = now if now is not None else before if before is not None else Fraction(0)
    return (usual if now is None else now), (usual if before is None else before)


def _apart(pair: Pair, whole: int) -> Fraction:
    """Give what stands above the line without anything below it (supplements asked of what came in earlier)."""
    return Fraction(0) if pair[1] else Fraction(pair[0], whole)


def of_count(cells: Sequence[Cell]) -> Change:
    """Split the change of a count into volume, mix and performance; each cell's parts sum to its own change.

    A cell's count is D × s × r: all work, its share of it, and the share of that which is counted. Each factor gets
    what it adds, averaged over every order in which the three could have moved. Raises ValueError for a cell that
    counts dossiers without any in its base.
    """
    (n1, d1), (n0, d0) = now, before = _whole(cells)
    for cell in cells:
        if any(n and not d for n, d in (cell.now, cell.before)):
            raise ValueError(f"{cell.name}: {cell.now}, {cell.before} counts dossiers that its base does not hold")
    parts = tuple(_counted(cell, d1, d0) for cell in cells)
    return Change(parts, now, before, Fraction(n1) - Fraction(n0))


def _counted(cell: Cell, d1: int, d0: int) -> Part:
    work = Fraction(d1), Fraction(d0)
    # With nothing at all in one period there was no mix to change, as a cell without work has no rate.
    share = _known(Fraction(cell.now[1], d1) if d1 else None, Fraction(cell.before[1], d0) if d0 else None)
    rate = _rates(cell)
    return Part(cell, _moved(work, share, rate), _moved(share, work, rate), _moved(rate, work, share))


def _moved(factor: Both, one: Both, other: Both) -> Fraction:
    """Give what the change of one of three factors adds, on the mean over the orders: a third of the times it moves
    first, a third last, and in between after either of the others."""
    alike = (one[0] * other[0] + one[1] * other[1]) / 3
    crossed = (one[0] * other[1] + one[1] * other[0]) / 6
    return (factor[0] - factor[1]) * (alike + crossed)


def _whole(cells: Sequence[Cell]) -> tuple[Pair, Pair]:
    now = sum(cell.now[0] for cell in cells), sum(cell.now[1] for cell in cells)
    return now, (sum(cell.before[0] for cell in cells), sum(cell.before[1] for cell in cells))


def cells_of(now: pl.DataFrame, before: pl.DataFrame, by: str, metric: str) -> list[Cell]:
    """Lay two answers of metrics.evaluate.figures side by side, those of ``by`` first that have the most work.

    Raises ValueError for a ``metric`` that is neither of RATES nor of COUNTS.
    """
    top, bottom = _parts_of(metric)
    told = [frame.select(by, n=top.cast(pl.Int64), d=bottom.cast(pl.Int64)) for frame in (now, before)]
    both = told[0].join(told[1], on=by, how="full", coalesce=True, nulls_equal=True, suffix="_before")
    names = both[by].to_list()
    rows = both.select(pl.col("n", "d", "n_before", "d_before").fill_null(0)).rows()
    found = [
        Cell(name, (n, d), (n0, d0)) for name, (n, d, n0, d0) in zip(names, rows, strict=True) if n or d or n0 or d0
    ]
    return sorted(found, key=lambda cell: (-max(cell.now[1], cell.before[1]), cell.name is None, cell.name or ""))


def _parts_of(metric: str) -> tuple[pl.Expr, pl.Expr]:
    if metric in RATES:
        return RATES[metric].numerator, RATES[metric].denominator
    if metric not in COUNTS:
        raise ValueError(f'cannot split "{metric}"; known: {", ".join((*RATES, *COUNTS))}')
    return COUNTS[metric]


def asked(cube: pl.DataFrame, question: Question, before: Question, by: str, metric: str) -> list[Cell]:
    """Ask the cube for the cells of two periods (``before`` differs from ``question`` by its days alone)."""
    told = [
        figures(
            cube, period=each.period, as_of=each.as_of, scope=each.scope, by=[by], filters=each.filters,
            on_map=each.on_map,
        )
        for each in (question, before)
    ]  # fmt: skip
    return cells_of(told[0], told[1], by, metric)


def merged(cells: Sequence[Cell], fewest: int) -> list[Cell]:
    """Take the cells with fewer than ``fewest`` in both periods together, as one without a name, at the end: their
    rates are chance. One such cell alone stays as it is."""
    few = [cell for cell in cells if max(cell.now[1], cell.before[1]) < fewest]
    if len(few) < 2:
        return list(cells)
    now, before = _whole(few)
    return [*(cell for cell in cells if cell not in few), Cell(None, now, before, len(few))]
