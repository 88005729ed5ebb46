"""Who is silent for a question of the command line, and how that is said beside its figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from config import insight, sources
from jobs.moments import zone_of
from metrics import freshness, rulebook
from metrics.freshness import Silent, Standing
from metrics.heard import Left
from metrics.outages import Outage
from store import heard
from store.database import Store
from store.snapshot import Manifest


@dataclass(frozen=True, slots=True)
class Judged:
    """Every source and unit at a moment."""

    moment: datetime
    standings: tuple[Standing, ...]

    @property
    def silent(self) -> tuple[Silent, ...]:
        return freshness.silent(self.standings)


def judged(store: Store, state: Manifest, *, as_of: date | None, known_at: datetime | None = None) -> Judged:
    """Judge freshness for figures of ``as_of``: at the close of that day, at the latest now, or then.

    Without ``as_of`` figures are told for the newest observation, and so is freshness. ``known_at``: nothing that was
    heard later counts; ``state`` is what was known then (jobs.known.past).
    """
    now = known_at or datetime.now(UTC)
    zone = str(zone_of(state.zones.values()))
    newest = min(state.newest_at or now, now)
    moment = newest if as_of is None else freshness.moment_of(as_of, now, zone)
    return _at(store, state, moment, now)


def judged_now(store: Store, state: Manifest) -> Judged:
    """Judge freshness at this very moment: for those who look after the sources."""
    now = datetime.now(UTC)
    return _at(store, state, now, now)


def outages(store: Store, state: Manifest, *, since: date, known_at: datetime) -> tuple[Outage, ...]:
    """Give when sources were not heard since the beginning of a day, as it was known at a moment (aware)."""
    book, least = rulebook.load(), insight.load().outages.minutes
    begun = datetime.combine(since, time(), zone_of(state.zones.values()))
    return heard.outages(
        store, state, since=begun, until=known_at, time=book.time, units=book.units, least=least
    )  # fmt: skip


def _at(store: Store, state: Manifest, moment: datetime, now: datetime) -> Judged:
    book = rulebook.load()
    days = {source.name: source.unit_days for source in sources.load()}
    told = heard.told(store, state, now, unit_days=days, units=book.units)
    return Judged(moment, freshness.standings(told, moment, book.calendar))


def named(left: Sequence[Left], zone: ZoneInfo) -> list[dict[str, Any]]:
    """Give who left the rates, since when, and what they hold, as JSON values."""
    return [
        {
            "source": each.silent.source,
            "department": each.silent.department,
            "heard_at": _here(each.silent.heard_at, zone),
            "heard_to_the_end_of": each.silent.until.isoformat() if each.silent.until else None,
            "pending": each.pending,
            "received": each.received,
        }
        for each in left
    ]


def _here(stamp: datetime | None, zone: ZoneInfo) -> str | None:
    return stamp.astimezone(zone).isoformat(timespec="minutes") if stamp else None
