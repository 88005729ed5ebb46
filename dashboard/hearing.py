"""Who is heard now: every source, and every unit that a rhythm is declared for (metrics.freshness)."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

import polars as pl

from config import sources
from config.errors import ConfigError
from dashboard import cached, filters, moments, wording
from metrics import freshness, rulebook
from metrics.dossier import INSTANT
from metrics.freshness import Silent, Standing
from metrics.scope import Scope
from store import heard, runs
from store.database import Store
from store.file_times import BY_RECORD
from store.snapshot import Manifest


def standings(store: Store, state: Manifest, as_of: date | None = None) -> tuple[Standing, ...]:
    """Judge every source and declared unit now, or for figures of ``as_of``."""
    now, book = filters.now(), rulebook.load()
    told = heard.told(store, state, now, unit_days=_unit_days(), units=book.units)
    moment = now if as_of is None else freshness.moment_of(as_of, now, wording.LOCAL.key)
    return freshness.standings(told, moment, book.calendar)


def told_of(store: Store, state: Manifest | None) -> pl.DataFrame:
    """Give one row per source: store.runs.latest with ``with_heard``, as known a moment ago."""
    version = state.data_version if state else ""
    return moments.within(("sources", store.engine, version), lambda: with_heard(store, state, runs.latest(store)))


def silent_now(store: Store, state: Manifest, as_of: date) -> tuple[Silent, ...]:
    """Give what ``silent`` gives, as known a moment ago."""
    return moments.within(("silent", store.engine, state.data_version, as_of), lambda: silent(store, state, as_of))


def silent(store: Store, state: Manifest, as_of: date) -> tuple[Silent, ...]:
    """Give who is silent for figures of ``as_of``."""
    return freshness.silent(standings(store, state, as_of))


def within(store: Store, state: Manifest | None, scope: Scope) -> tuple[Standing, ...]:
    """Judge now what a reader may see: all sources, and the declared units within scope."""
    told = standings(store, state) if state else ()
    return tuple(s for s in told if _may_know(s.told.department, scope))


def known_to(silent: tuple[Silent, ...], scope: Scope) -> tuple[Silent, ...]:
    """Keep of those who are silent whom a reader may know of: all sources, and the declared units within scope."""
    return tuple(s for s in silent if _may_know(s.department, scope))


def _may_know(department: str | None, scope: Scope) -> bool:
    return department is None or scope.departments is None or department in scope.departments


def with_heard(store: Store, state: Manifest | None, rows: pl.DataFrame) -> pl.DataFrame:
    """Add to store.runs.latest ``heard_at``, the end of the last good run, of files no later than their last record;
    and ``uncounted``: the figures do not yet hold all of its first whole reading."""
    of_files = pl.col("kind").is_in(BY_RECORD) & pl.col("cadence_minutes").is_not_null()
    names = tuple(rows.filter(of_files)["name"])
    newest = _newest(store, state, state.data_version, names) if state and names else {}
    told = pl.DataFrame(list(newest.items()), {"name": pl.String, "heard_at": INSTANT}, orient="row")
    both = rows.join(told, on="name", how="left", maintain_order="left")
    left = runs.uncounted(store, state.ledger_seq) if state else []
    return both.with_columns(
        heard_at=pl.min_horizontal("last_ok_at", "heard_at"), uncounted=pl.col("name").is_in(left)
    )  # fmt: skip


@cached.resource(max_entries=4)
def _newest(_store: Store, _state: Manifest, version: str, names: tuple[str, ...]) -> dict[str, datetime]:
    return heard.newest_records(_store, _state, list(names))


def last_day() -> date:
    """Give the last working day whose offices have closed."""
    return freshness.last_ended(filters.now(), wording.LOCAL.key, rulebook.load().calendar)


@cache
def _unit_days() -> dict[str, dict[str, int]]:
    try:
        return {source.name: source.unit_days for source in sources.load()}
    except ConfigError:  # the doctor says what is wrong with the file; figures do not need it
        return {}
