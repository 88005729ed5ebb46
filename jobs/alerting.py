"""Alerts as the worker keeps them: look at everything, raise, end and escalate; one morning mail a reader and day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from config import alerts as settings_of
from config import breaks, insight, sources
from config import calendar as calendar_file
from config.alerts import Alerts
from jobs import digests
from jobs.digests import Reader
from jobs.moments import HOME_ZONE, zone_of
from metrics import alerts as rules
from metrics import freshness, ladder, rulebook, standing
from metrics.freshness import State
from metrics.ladder import Changes, Pass
from metrics.rulebook import Rulebook
from metrics.scope import Scope
from store import alerts, heard, people, runs, snapshot, urgings
from store.database import Store, locked
from store.outbox import Message
from store.snapshot import Manifest

LOCK: Final = "alerts"
#: Clocks of two machines differ by so much without one of them having been set back.
APART: Final = timedelta(minutes=5)
_DAY: Final = timedelta(days=1)
#: Where the office is.
ZONE: Final = ZoneInfo(HOME_ZONE)


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look found. ``held``: why nothing was done, "" when something was."""

    raised: int = 0
    changed: int = 0
    mailed: int = 0
    held: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything there is to tell at a moment, and what is needed to compare it with what was told before."""

    told: pl.DataFrame
    now: Pass
    watch: frozenset[str]


def alert(store: Store, now: datetime) -> Looked:
    """Raise, hold, escalate and end alerts as things stand at ``now`` (aware), then mail what cannot wait.

    Nothing is done before there are figures, while another process looks, and by a clock that was set back.
    """
    state, last = snapshot.read_manifest(store), alerts.newest(store)
    if state is None or not state.parts:
        return Looked(held="no figures yet")
    if last is not None and last > now + APART:
        return Looked(held="the clock was set back")
    with locked(store, LOCK) as free:
        if not free:
            return Looked(held="another process looks")
        seen = look(store, state, now)
        done = alerts.settle(store, lambda known: ladder.changes(known, seen.told, seen.now), watch=seen.watch, at=now)
    return replace(_counted(done), mailed=at_once(store, now))


def _counted(done: Changes) -> Looked:
    return Looked(done.raised.height, done.changed.height)


def look(store: Store, state: Manifest, now: datetime, today: date | None = None) -> Seen:
    """Find everything there is to tell at ``now``, dossiers as they stand on ``today`` (that of ``now``)."""
    book, told, zone = rulebook.load(), settings_of.load(), zone_of(state.zones.values())
    day = today or now.astimezone(zone).date()
    known = alerts.watched(store, zone)
    asked = rules.Asked(day, told, book.calendar, zone, known, insight.load().signal)
    days = {source.name: source.unit_days for source in sources.load()}
    stands = freshness.standings(heard.told(store, state, now, unit_days=days, units=book.units), now, book.calendar)
    silent = freshness.silent(stands)
    opened = _opened(store, state, day, book)
    fed = opened.filter(pl.any_horizontal(pl.lit(False), *(s.expr() for s in silent)))["department"]
    found = [
        rules.of_dossiers(opened, asked),
        rules.of_units(snapshot.cube(store, state), asked, silent, breaks.load(book.units).days),
        rules.of_feeds(stands, _refused(store, now), _ends(told, day), told),
    ]
    whole = {s.told.source for s in stands if s.told.department is None and s.state in (State.OK, State.LATE)}
    unheard = frozenset(fed.drop_nulls().cast(pl.String).unique())
    return Seen(pl.concat(found), Pass(now, silent, unheard, book.time, zone, told), frozenset(whole - known.keys()))


_NEEDED: Final = (
    "source", "code", "department", "due_on", "standing", "days_left", "answer_overdue", "acceptance_due_on",
)  # fmt: skip


def _opened(store: Store, state: Manifest, day: date, book: Rulebook) -> pl.DataFrame:
    """Give what is open on ``day``, and when each dossier was first seen."""
    rows = standing.opened(snapshot.facts(store, state), day, book.calendar).select(_NEEDED)
    seen = snapshot.read(store, state, "observed").select("source", "code", "first_seen_at")
    return rows.join(seen, on=("source", "code"), how="left", maintain_order="left").collect()


def _refused(store: Store, now: datetime) -> dict[str, tuple[int, int]]:
    """Count by source the rows that wait in quarantine, and those that came within a day."""
    rows = runs.quarantined(store, Scope.province(), limit=100_000)
    fresh = pl.col("seen_at") > now - _DAY
    counts = rows.group_by("source").agg(n=pl.len(), new=fresh.sum())
    return {source: (int(n), int(new)) for source, n, new in counts.iter_rows()}


def _ends(told: Alerts, day: date) -> calendar_file.RunsOut | None:
    return calendar_file.runs_out(calendar_file.load(), day, told.calendar.warn_days)


def digest(store: Store, now: datetime) -> Looked:
    """Put the morning mail of ``now``'s day into the outbox: one a reader, of a working day, from the set hour on and
    before the quiet ones; with nothing to tell there is none."""
    told, zone = settings_of.load(), ZONE
    here = now.astimezone(zone)
    if not rulebook.load().calendar.opens(here.date()):
        return Looked(held="a day off")
    if here.time() < told.digest.at or told.quiet.holds(here.time()):
        return Looked(held="not at this hour")
    rows, slips = alerts.standing(store, Scope.province()), urgings.issued(store, Scope.province())
    sent = 0
    for reader in digests.readers(people.with_mail(store)):
        mine = digests.of(reader, rows, told, channel="mail")
        message = digests.morning(reader, mine, slips, here.date())
        sent += message is not None and alerts.post(store, message, _open(mine), at=now)
    return Looked(mailed=sent)


def _open(rows: pl.DataFrame) -> list[int]:
    return list(rows.filter(pl.col("state") == ladder.OPEN)["id"])


def at_once(store: Store, now: datetime) -> int:
    """Mail by itself what may not wait for the morning, in working hours alone; each alert once to each reader."""
    told, zone, book = settings_of.load(), ZONE, rulebook.load()
    here = now.astimezone(zone)
    urgent = [name for name, rule in told.rules.items() if rule.at_once and rule.channel == "mail"]
    works = any(s <= here.hour * 60 + here.minute < e for s, e in book.time.sessions(here.date()).sessions)
    if not urgent or not works or told.quiet.holds(here.time()):
        return 0
    rows = alerts.standing(store, Scope.province()).filter(pl.col("rule").is_in(urgent), pl.col("told") == 0)
    return sum(_mailed(store, message, numbers, now) for message, numbers in _notices(store, rows, told))


def _notices(store: Store, rows: pl.DataFrame, told: Alerts) -> list[tuple[Message, list[int]]]:
    if rows.is_empty():
        return []
    found = []
    for reader in digests.readers(people.with_mail(store)):
        mine = digests.of(reader, rows, told, channel="mail")
        for row in mine.filter(pl.col("state") == ladder.OPEN).to_dicts():
            found.append((digests.notice(reader, row), [int(row["id"])]))
    return found


def _mailed(store: Store, message: Message, numbers: list[int], now: datetime) -> bool:
    return alerts.post(store, message, numbers, at=now)


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be told on a day: everything by rule, and each reader's mail (None: nothing to tell)."""

    told: pl.DataFrame
    mails: Mapping[Reader, Message | None]
    counts: Counter[str]


def preview(store: Store, day: date, *, now: datetime | None = None) -> Preview:
    """Say what would be told to whom on the morning of ``day``; nothing is written. Raises StoreError without figures.

    What stands already is told as it stands; what would be raised is told as new.
    """
    from jobs.answers import ready

    told, zone = settings_of.load(), ZONE
    morning = datetime.combine(day, told.digest.at, zone).astimezone(UTC)
    seen = look(store, ready(store), min(morning, now or datetime.now(UTC)), day)
    known = alerts.standing(store, Scope.province())
    done = ladder.changes(known, seen.told, seen.now)
    rows = digests.after(known, done, morning)
    slips = urgings.issued(store, Scope.province())
    mails = {
        reader: digests.morning(reader, digests.of(reader, rows, told, channel="mail"), slips, day)
        for reader in digests.readers(people.with_mail(store))
    }
    if not seen.now.time.calendar.opens(day):
        mails = dict.fromkeys(mails)
    return Preview(rows, mails, Counter(rows["rule"].to_list()))
