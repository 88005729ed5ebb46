"""Daily counts as questions read them: of ten years of days a question needs a few months, and what stood before.

Days before the first that is asked about add up to one (metrics.evaluate.since), and what a question does not tell
apart is one row: both leave every answer as it was.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from threading import RLock
from typing import Final

import polars as pl

from metrics.evaluate import Map, mine, since
from metrics.scope import Filters, Scope

#: What few questions tell apart, and what makes most of the rows.
FINE: Final = ("procedure", "receiving_unit")
_MONTHS_BACK: Final = (1, 4, 6)
#: Of which a question mostly asks for one alone: its rows lie together.
_ALONE: Final = ("department", "field")


def marks(today: date) -> tuple[date, ...]:
    """Give the days since which counts are laid out, the latest first: the first of the last month, of those four and
    six months ago (13 and 26 weeks reach no further), of this year and of last year."""
    months = [divmod(today.year * 12 + today.month - 1 - back, 12) for back in _MONTHS_BACK]
    days = {date(year, month + 1, 1) for year, month in months}
    return tuple(sorted(days | {date(today.year - back, 1, 1) for back in (0, 1)}, reverse=True))


def is_fine(filters: Filters, by: Collection[str]) -> bool:
    """Say whether a question tells apart what ``coarse`` adds up."""
    return any(getattr(filters, name) or name in by for name in FINE)


def _alone(scope: Scope, filters: Filters) -> tuple[str, str] | None:
    """Give the column, and its value, of which a question asks one alone; of a reader of one unit that unit."""
    for column in _ALONE:
        chosen: tuple[str, ...] = getattr(filters, column)
        if len(chosen) == 1:
            return column, chosen[0]
    units = scope.departments
    return ("department", next(iter(units))) if units is not None and len(units) == 1 else None


def coarse(cube: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    """Add up what only FINE tells apart: the columns of the cube, those of FINE null."""
    rows = cube.lazy().with_columns(pl.col("n").cast(pl.Int64))
    schema = rows.collect_schema()
    summed = rows.group_by(pl.exclude("n", *FINE)).agg(pl.col("n").sum())
    nothing = [pl.lit(None, schema[name]).alias(name) for name in FINE]
    return summed.with_columns(nothing).select(schema.names()).collect()


@dataclass(frozen=True, slots=True)
class Laid:
    """The daily counts of one state of the figures, laid out as ``today`` asks. ``every``: all of them, not read yet.

    Each layer is made once, when it is first asked for, from the layer before it.
    """

    every: pl.LazyFrame
    today: date
    _layers: dict[tuple[date | None, bool], pl.DataFrame] = field(default_factory=dict, repr=False)
    _parts: dict[tuple[date, str], dict[str, pl.DataFrame]] = field(default_factory=dict, repr=False)
    _one: RLock = field(default_factory=RLock, repr=False)

    def of(
        self, scope: Scope, filters: Filters, on_map: Map, start: date | None, by: Collection[str] = ()
    ) -> pl.DataFrame:
        """Keep the counts that questions read whose periods begin on ``start`` or later (None: any), and that tell
        ``by`` apart: rows for metrics.evaluate.figures, within scope and filters, on one map."""
        mark, fine, one = self.mark(start) if start else None, is_fine(filters, by), _alone(scope, filters)
        if mark is None or fine or one is None:
            return mine(self.since(mark, fine=fine), (), scope, filters, on_map)
        return mine(self._part(mark, *one), (), scope, filters, on_map)

    def _part(self, mark: date, column: str, value: str) -> pl.DataFrame:
        """Give the rows of a coarse layer that have ``value`` in a column ("": none)."""
        rows = self.since(mark, fine=False)
        with self._one:
            if (mark, column) not in self._parts:
                parts = rows.partition_by(column, as_dict=True)
                self._parts[mark, column] = {str(name or ""): part for (name,), part in parts.items()}
            return self._parts[mark, column].get(value, rows.clear())

    def mark(self, start: date) -> date | None:
        """Give the latest mark that ``start`` does not lie before; None: it lies before all."""
        return next((day for day in marks(self.today) if day <= start), None)

    def since(self, mark: date | None, *, fine: bool) -> pl.DataFrame:
        """Give a layer: the counts of the days since ``mark`` (None: all days) and what stood before it."""
        with self._one:
            if (mark, fine) not in self._layers:
                self._layers[mark, fine] = self._made(mark, fine)
            return self._layers[mark, fine]

    def _made(self, mark: date | None, fine: bool) -> pl.DataFrame:
        if mark is None:
            return self.every.collect() if fine else coarse(self.every)
        if not fine:
            return coarse(self.since(mark, fine=True))
        before = next((day for day in marks(self.today) if day < mark), None)
        return since(self.every if before is None else self.since(before, fine=True), mark)
