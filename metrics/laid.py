"""Daily counts as questions read them: of ten years of days a question needs a few months, and what stood before.

Days before the first that is asked about add up to one (metrics.evaluate.since), and what a question does not tell
apart is one row: both leave every answer as it was. Few questions tell procedures apart: what all others read is added
up on the way from the disk, and the fine rows, ten times as many, are held only where they are asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import polars as pl

from metrics.cube import DIMENSIONS
from metrics.evaluate import Map, mine, since, told_since
from metrics.events import Event
from metrics.once import Once
from metrics.scope import Filters, Scope

#: What few questions tell apart, and what makes most of the rows.
FINE: Final = ("procedure", "receiving_unit")
_MONTHS_BACK: Final = (1, 4, 6)
#: Of this year, the last, and those before it that trends of two and a half years reach into.
_YEARS_BACK: Final = (0, 1, 2, 3)
#: What coarse rows tell apart, and of how few of them rows are added up once more: of more it saves nothing.
TOLD: Final = ("source", "department", "field", "level", "channel")
_FEW: Final = 2
#: Of which a question mostly asks for one alone: its rows lie together.
_ALONE: Final = ("department", "field")


def marks(today: date) -> tuple[date, ...]:
    """Give the days since which counts are laid out, the latest first: the first of the last month, of those four and
    six months ago (13 and 26 weeks reach no further), of this year and of the three before it."""
    months = [divmod(today.year * 12 + today.month - 1 - back, 12) for back in _MONTHS_BACK]
    days = {date(year, month + 1, 1) for year, month in months}
    return tuple(sorted(days | {date(today.year - back, 1, 1) for back in _YEARS_BACK}, reverse=True))


def mark_of(today: date, start: date) -> date | None:
    """Give the latest of ``marks`` that ``start`` does not lie before; None: it lies before all."""
    return next((day for day in marks(today) if day <= start), None)


def _alone(scope: Scope, filters: Filters) -> tuple[str, str] | None:
    """Give the column, and its value, of which a question asks one alone; of a reader of one unit that unit."""
    for column in _ALONE:
        chosen: tuple[str, ...] = getattr(filters, column)
        if len(chosen) == 1:
            return column, chosen[0]
    units = scope.departments
    return ("department", next(iter(units))) if units is not None and len(units) == 1 else None


def needed(scope: Scope, filters: Filters, by: Collection[str]) -> frozenset[str]:
    """Give the dimensions that a question reads: those it tells apart, and those that scope and filters ask of."""
    asked = {name for name in DIMENSIONS if name in by or getattr(filters, name)}
    return frozenset(asked if scope.departments is None else {*asked, "department"})


def _added(rows: pl.LazyFrame, left_out: Sequence[str]) -> pl.LazyFrame:
    """Add up what only ``left_out`` tells apart: the columns of the cube, those null. Of what was received its channel
    stays, for it is told of every question."""
    schema = rows.collect_schema()
    nothing = {name: pl.lit(None, schema[name]) for name in left_out}
    if "channel" in nothing:
        nothing["channel"] = pl.when(pl.col("event") == Event.RECEIVED.value).then("channel")
    told = rows.with_columns(n=pl.col("n").cast(pl.Int64), **nothing)
    return told.group_by(pl.exclude("n")).agg(pl.col("n").sum()).select(schema.names())


def coarse(cube: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    """Add up what only FINE tells apart: the columns of the cube, those of FINE null."""
    return _added(cube.lazy(), FINE).collect()


@dataclass(frozen=True, slots=True)
class Laid:
    """The daily counts of one state of the figures, laid out as ``today`` asks. ``every``: all of them, not read yet.

    Each layer is made once, when it is first asked for, a coarse one from the coarse one before it.
    """

    every: pl.LazyFrame
    today: date
    _layers: Once[tuple[date | None, bool], pl.DataFrame] = field(default_factory=Once, repr=False)
    _rolls: Once[tuple[date, frozenset[str]], pl.DataFrame] = field(default_factory=Once, repr=False)
    _parts: Once[tuple[date, frozenset[str], str], dict[str, pl.DataFrame]] = field(default_factory=Once, repr=False)

    def of(
        self, scope: Scope, filters: Filters, on_map: Map, start: date | None, by: Collection[str] = ()
    ) -> pl.DataFrame:
        """Keep the counts that questions read whose periods begin on ``start`` or later (None: any), and that tell
        ``by`` apart: rows for metrics.evaluate.figures, within scope and filters, on one map."""
        mark, one = self.mark(start) if start else None, _alone(scope, filters)
        asked = needed(scope, filters, by)
        if mark is None:
            rows = self.since(None, fine=not asked.isdisjoint(FINE))
        elif one is None:
            rows = self._rolled(mark, asked)
        else:
            rows = self._part(mark, asked, *one)
        return mine(rows, (), scope, filters, on_map)

    def _rolled(self, mark: date, asked: frozenset[str]) -> pl.DataFrame:
        """Give a layer, of which only ``asked`` is told apart where that is little."""
        layer = self.since(mark, fine=not asked.isdisjoint(FINE))
        if len(asked) > _FEW:
            return layer
        left_out = [name for name in DIMENSIONS if name not in asked]
        return self._rolls.get((mark, asked), lambda: _added(layer.lazy(), left_out).collect())

    def _part(self, mark: date, asked: frozenset[str], column: str, value: str) -> pl.DataFrame:
        """Give the rows of ``_rolled`` that have ``value`` in a column ("": none)."""
        if len(asked) > _FEW:
            asked = frozenset(DIMENSIONS if not asked.isdisjoint(FINE) else TOLD)
        rows = self._rolled(mark, asked)
        return self._parts.get((mark, asked, column), lambda: _by(rows, column)).get(value, rows.clear())

    def mark(self, start: date) -> date | None:
        """Give the latest mark that ``start`` does not lie before; None: it lies before all."""
        return mark_of(self.today, start)

    def since(self, mark: date | None, *, fine: bool) -> pl.DataFrame:
        """Give a layer: the counts of the days since ``mark`` (None: all days) and what stood before it."""
        return self._layers.get((mark, fine), lambda: self._made(mark, fine))

    def _made(self, mark: date | None, fine: bool) -> pl.DataFrame:
        if mark is None:
            return self.every.collect() if fine else coarse(self.every)
        if fine:
            return since(self.every, mark)
        before = next((day for day in marks(self.today) if day < mark), None)
        if before is not None:
            return since(self.since(before, fine=False), mark)
        # On the way from the disk: the fine rows of ten years are never held.
        return coarse(told_since(self.every, mark)).filter(pl.col("n") != 0)


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long results took (metrics.cube.durations), of one state of the figures, laid out as ``today`` asks: since a
    mark, and by unit and by field. Of results nothing stands over, so that none before the mark is read."""

    every: pl.LazyFrame
    today: date
    _layers: Once[date | None, pl.DataFrame] = field(default_factory=Once, repr=False)
    _parts: Once[tuple[date | None, str], dict[str, pl.DataFrame]] = field(default_factory=Once, repr=False)

    def of(self, scope: Scope, filters: Filters, on_map: Map, start: date) -> pl.DataFrame:
        """Keep what questions read whose periods begin on ``start`` or later: rows for metrics.took.took, within scope
        and filters, on one map."""
        mark, one = mark_of(self.today, start), _alone(scope, filters)
        rows = self._layers.get(mark, lambda: self._since(mark))
        if one is not None:
            parts = self._parts.get((mark, one[0]), lambda: _by(rows, one[0]))
            return mine(parts.get(one[1], rows.clear()), (), scope, filters, on_map)
        return mine(rows, (), scope, filters, on_map)

    def _since(self, mark: date | None) -> pl.DataFrame:
        return (self.every if mark is None else self.every.filter(pl.col("day") >= mark)).collect()


def _by(rows: pl.DataFrame, column: str) -> dict[str, pl.DataFrame]:
    """Part rows by the values of a column ("": none)."""
    return {str(name or ""): part for (name,), part in rows.partition_by(column, as_dict=True).items()}
