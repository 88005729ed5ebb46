"""The daily counts of a state of the figures, laid out so that a question reads few of them (metrics.laid)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import polars as pl

from dashboard import cached, filters, stored, wording
from dashboard.keys import HASH
from metrics.cube import DIMENSIONS
from metrics.evaluate import Map
from metrics.events import Event
from metrics.freshness import Silent
from metrics.heard import Question
from metrics.laid import TOLD, Laid, Lengths
from metrics.scope import Filters, Scope
from store import snapshot


def cube(version: str) -> pl.DataFrame:
    """Give all daily counts of one state of the figures, of all days: as large as it gets. Whoever asks of them needs a
    scope."""
    return _laid(version, _day(version)).since(None, fine=True)


def _day(version: str) -> date:
    """Give the day from which is counted back: today, or the newest that anything tells of where nothing comes now."""
    newest = stored.of_version(version).newest_at
    return min(filters.today(), newest.astimezone(wording.LOCAL).date()) if newest else filters.today()


@cached.resource(max_entries=2)
def _laid(version: str, today: date) -> Laid:
    return Laid(snapshot.counts(stored.store(), stored.of_version(version)), today)


def of(
    version: str, asked: Question, *, since: date | None = None, by: Collection[str] = (),
    silent: Collection[Silent] | None = None,
) -> pl.DataFrame:  # fmt: skip
    """Give the counts that a question reads, within its scope and filters, on its map; ``since``: of a day before its
    period too, ``by``: told apart by more than it says itself. ``silent``: whoever asks nothing of them but this, of
    those who are not silent, reads fewer rows (metrics.laid)."""
    start = min(asked.period.start, since or asked.period.start)
    apart = TOLD if silent is None else ("source", "department") if silent else ()
    return _of(version, asked.scope, asked.filters, asked.on_map, start, (*asked.by, *by, *apart))


def mine(
    version: str, scope: Scope, chosen: Filters, on_map: Map, start: date | None, *, by: Collection[str] = ()
) -> pl.DataFrame:  # fmt: skip
    """Keep of the daily counts what a choice is about: a page asks a dozen questions of the same few of them.
    ``start``: no period of these questions begins earlier (None: any may); ``by``: what they tell apart."""
    return _of(version, scope, chosen, on_map, start, (*by, *TOLD))


def _of(
    version: str, scope: Scope, chosen: Filters, on_map: Map, start: date | None, by: tuple[str, ...]
) -> pl.DataFrame:  # fmt: skip
    today = _day(version)
    mark = _laid(version, today).mark(start) if start else None
    return _mine(version, today, scope, chosen, on_map, mark, tuple(name for name in DIMENSIONS if name in by))


@cached.resource(max_entries=16, hash_funcs=HASH)  # of a province a copy may weigh 100 MB
def _mine(
    version: str, today: date, scope: Scope, chosen: Filters, on_map: Map, mark: date | None, by: tuple[str, ...]
) -> pl.DataFrame:  # fmt: skip
    return _laid(version, today).of(scope, chosen, on_map, mark, by)


@cached.resource(max_entries=2)
def _lengths(version: str, today: date) -> Lengths:
    return Lengths(snapshot.lengths(stored.store(), stored.of_version(version)), today)


def lengths(version: str, asked: Question) -> pl.DataFrame:
    """Give how long results took (metrics.cube.durations), as far as a question reads it: within its scope and filters,
    on its map."""
    return _lengths(version, _day(version)).of(asked.scope, asked.filters, asked.on_map, asked.period.start)


def every(version: str, event: Event, scope: Scope, chosen: Filters, on_map: Map) -> pl.LazyFrame:
    """Give the counts of one event of all days, not read yet, for what reads a column or two of them."""
    rows = snapshot.counts(stored.store(), stored.of_version(version)).filter(pl.col("event") == event.value)
    return rows.filter(pl.col("map").is_null() | (pl.col("map") == on_map), scope.expr(), chosen.expr())


@cached.resource(max_entries=2)
def names(version: str) -> pl.DataFrame:
    """Give source, department, field (text) of all counts, and ``day``, the first of each; whoever asks of it needs a
    scope."""
    rows = snapshot.counts(stored.store(), stored.of_version(version)).group_by("source", "department", "field")
    return rows.agg(pl.col("day").min()).with_columns(pl.exclude("day").cast(pl.String)).collect()
