"""The analyses of the night: worked out once for a state of the figures, read by pages, never waited for."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

import polars as pl

from config import insight as settings
from config.diary import diary
from config.errors import DunghanError
from jobs import insight_integrity, insight_risk, insight_steps
from jobs.insight_world import World
from jobs.mailing import ZONE
from metrics import rulebook
from store import insight, runs, snapshot
from store.database import Store, locked, reading
from store.insight import Made
from store.snapshot import Manifest

log = diary("insight")
Maker = Callable[[World], Mapping[str, pl.DataFrame]]
#: Each gives tables by their names; those with rows of units have a column ``department`` on today's map.
MAKERS: Final[Mapping[str, Maker]] = {
    "integrity": insight_integrity.make,
    "steps": insight_steps.make,
    "risk": insight_risk.make,
}
#: Raise when an analysis finds something else in the same figures.
VERSION: Final = 3
#: In a first load the state changes all the time: it is told anew when it has grown by so much.
GROWN: Final = 1.05
#: No state is worked out sooner after the last than so many times what that took.
REST: Final = 20
SHORTEST_REST: Final = timedelta(seconds=45)


def make(store: Store, *, now: datetime) -> Made | None:
    """Work out every analysis for the figures as they stand; None while another process does, or there are none.

    One that fails is said (``Made.failed``), keeps its tables of before and stops no other. Raises StoreError.
    """
    with locked(store, "insight") as free:
        state = snapshot.read_manifest(store)
        if not free or state is None or not state.parts:
            return None
        return _made(store, state, now)


def _made(store: Store, state: Manifest, now: datetime) -> Made:
    before, world = insight.read_made(store), world_of(store, state, now)
    tables: dict[str, pl.DataFrame] = {}
    seconds: dict[str, float] = {}
    failed: list[str] = []
    for name, maker in MAKERS.items():
        begun = time.monotonic()
        try:
            tables |= maker(world)
        except DunghanError as error:
            failed.append(name)
            log.warning("insight_failed", analysis=name, place=error.place, found=error.found, then=error.next_step)
        except Exception:
            failed.append(name)
            log.exception("insight_broken", analysis=name)
        seconds[name] = round(time.monotonic() - begun, 3)
    made = Made(
        data_version=state.data_version, ledger_seq=state.ledger_seq, as_of=world.as_of, made_at=now,
        rules=_rules(state), seconds=seconds, failed=tuple(failed),
        tables=before.tables if before and failed else {},
    )  # fmt: skip
    kept = insight.keep(store, made, tables, before)
    log.info("insight", data_version=state.data_version, as_of=str(world.as_of), seconds=sum(seconds.values()))
    return kept


def world_of(store: Store, state: Manifest, now: datetime) -> World:
    """Give what an analysis is given, for the figures as they stand and the evening that is known."""
    with reading(store) as connection:
        terms = snapshot.terms(connection)
    today = now.astimezone(ZONE).date()
    awaited = runs.latest(store)["cadence_minutes"].is_not_null().any()
    # A store that only files feed is judged by the day of its newest observation, as its pages are.
    newest = state.newest_at.astimezone(ZONE).date() if state.newest_at and not awaited else today
    return World(store, state, min(today, newest), rulebook.load(), terms, settings.load())


def _rules(state: Manifest) -> str:
    told = settings.load().model_dump_json(exclude={"night"})
    return f"{VERSION}-{state.rules}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def is_due(store: Store, *, now: datetime) -> bool:
    """Say whether it is time: nothing was made yet, rules or settings are others, the figures have grown much, or
    they changed and a night has begun since. Raises ConfigError."""
    state, made = snapshot.read_manifest(store), insight.read_made(store)
    if state is None or not state.parts:
        return False
    if made is None:
        return True
    rest = max(SHORTEST_REST, REST * timedelta(seconds=sum(made.seconds.values())))
    if timedelta(0) <= now - made.made_at < rest:
        return False
    if made.rules != _rules(state) or state.ledger_seq > made.ledger_seq * GROWN:
        return True
    return made.made_at < _last_night(now) or made.made_at > now  # a clock was set back


def _last_night(now: datetime) -> datetime:
    here = now.astimezone(ZONE)
    night = datetime.combine(here.date(), settings.load().night.at, ZONE)
    return (night if night <= here else night - timedelta(days=1)).astimezone(UTC)
