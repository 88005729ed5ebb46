"""Who is heard now: every source, and every unit that a rhythm is declared for (metrics.freshness)."""

from __future__ import annotations

from datetime import date
from functools import cache

from config import sources
from config.errors import ConfigError
from dashboard import filters, wording
from metrics import freshness, rulebook
from metrics.freshness import Silent, Standing
from metrics.scope import Scope
from store import heard
from store.database import Store
from store.snapshot import Manifest


def standings(store: Store, state: Manifest, as_of: date | None = None) -> tuple[Standing, ...]:
    """Judge every source and declared unit now, or for figures of ``as_of``."""
    now, book = filters.now(), rulebook.load()
    told = heard.told(store, state, now, unit_days=_unit_days(), units=book.units)
    moment = now if as_of is None else freshness.moment_of(as_of, now, wording.LOCAL.key)
    return freshness.standings(told, moment, book.calendar)


def silent(store: Store, state: Manifest, as_of: date) -> tuple[Silent, ...]:
    """Give who is silent for figures of ``as_of``."""
    return freshness.silent(standings(store, state, as_of))


def within(store: Store, state: Manifest | None, scope: Scope) -> tuple[Standing, ...]:
    """Judge now what a reader may see: all sources, and the declared units within scope."""
    told = standings(store, state) if state else ()
    mine = scope.departments
    return tuple(s for s in told if s.told.department is None or mine is None or s.told.department in mine)


def last_day() -> date:
    """Give the last working day whose offices have closed."""
    return freshness.last_ended(filters.now(), wording.LOCAL.key, rulebook.load().calendar)


@cache
def _unit_days() -> dict[str, dict[str, int]]:
    try:
        return {source.name: source.unit_days for source in sources.load()}
    except ConfigError:  # the doctor says what is wrong with the file; figures do not need it
        return {}
