"""Alerts as they stand: raised once, told, acknowledged by a person, risen, ended; nothing of them is deleted."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl
import sqlalchemy as sa

from config.errors import StoreError
from metrics.dossier import INSTANT
from metrics.ladder import ACKNOWLEDGED, ENDED, OPEN, UNKNOWN, Changes
from metrics.scope import Scope
from store import audit, frames, outbox
from store.database import Store, see, seeing, writing
from store.people import Person
from store.tables import alerts

#: Who may acknowledge; each only what the own scope holds.
MAY: Final = frozenset({"head", "director", "operator"})
LONGEST_NOTE: Final = 1_000
#: The mark that a source is watched: what was late before it is told in one line of its unit.
WATCHED: Final = "watched"
COLUMNS: Final = tuple(c.name for c in alerts.c)
_STANDS: Final = alerts.c.ended_at.is_(None)


class AlertError(StoreError):
    """An alert that is not there to be acknowledged, or not by this person."""


def settle(store: Store, decide: Callable[[pl.DataFrame], Changes], *, watch: Collection[str], at: datetime) -> Changes:
    """Read what stands, ask ``decide`` what becomes of it (metrics.ladder), and keep that, in one transaction.

    ``watch``: sources that are watched from now on. An alert that another process raised meanwhile is refused by the
    database, and nothing of this pass is kept.
    """
    with writing(store) as connection:
        all_standing = sa.select(alerts).where(_STANDS).order_by(alerts.c.id).with_for_update()
        found = decide(frames.select(connection, all_standing))
        frames.replace(connection, alerts, found.changed, ("id",))
        stamps = {"raised_at": pl.lit(at, INSTANT), "level_at": pl.lit(at, INSTANT), "told": pl.lit(0, pl.Int64)}
        frames.insert(connection, alerts, found.raised.with_columns(state=pl.lit(OPEN), **stamps))
        marks = [
            {"rule": WATCHED, "subject": name, "source": name, "state": ENDED, "level": 0, "raised_at": at,
             "level_at": at, "told": 0, "ended_at": at}
            for name in sorted(watch)
        ]  # fmt: skip
        if marks:
            connection.execute(sa.insert(alerts), marks)
    return found


def watched(store: Store, zone: ZoneInfo) -> dict[str, date]:
    """Give each watched source and the day, in ``zone``, since when it is."""
    question = sa.select(alerts.c.source, sa.func.min(alerts.c.id)).where(alerts.c.rule == WATCHED)
    first = question.group_by(alerts.c.source).subquery()
    told = sa.select(alerts.c.source, alerts.c.raised_at).join(first, first.c[1] == alerts.c.id)
    with seeing(store, Scope.province()) as connection:
        return {str(row.source): row.raised_at.astimezone(zone).date() for row in connection.execute(told)}


def newest(store: Store) -> datetime | None:
    """Give the latest moment at which any alert was raised or ended, None before any."""
    with seeing(store, Scope.province()) as connection:
        told = connection.execute(sa.select(sa.func.max(alerts.c.raised_at), sa.func.max(alerts.c.ended_at))).one()
    return max((moment for moment in told if moment is not None), default=None)


def standing(store: Store, scope: Scope) -> pl.DataFrame:
    """Give the alerts that have not ended and are about units in ``scope``: COLUMNS, the oldest first.

    What is about no unit is the province's alone.
    """
    with seeing(store, scope) as connection:
        rows = frames.select(connection, sa.select(alerts).where(_STANDS).order_by(alerts.c.raised_at, alerts.c.id))
    return rows.filter(scope.expr())


def acknowledge(store: Store, number: int, *, by: Person, note: str, at: datetime) -> None:
    """Keep that ``by`` knows of an alert and sees to it; the audit log says so too.

    Raises AlertError for one that is not there, has ended, or is out of the person's scope: in the same words.
    """
    told = note.strip()
    if by.role not in MAY:
        raise AlertError(f"alert {number}", f"{by.name} may not acknowledge ({by.role}).", "Ask the head of the unit.")
    if len(told) > LONGEST_NOTE:
        raise AlertError(f"alert {number}", f"the note is longer than {LONGEST_NOTE}.", "Shorten it.")
    with writing(store) as connection:
        see(connection, by.scope)
        row = connection.execute(
            sa.select(alerts).where(alerts.c.id == number, _STANDS).with_for_update()
        ).one_or_none()
        if row is None or not _of(row.department, by.scope):
            raise AlertError(f"alert {number}", "no such alert stands.", "See dunghan alerts list.")
        state = UNKNOWN if row.state == UNKNOWN else ACKNOWLEDGED
        new = {"state": state, "acknowledged_by": by.name, "acknowledged_at": at, "note": told or None}
        connection.execute(sa.update(alerts).where(alerts.c.id == number).values(new))
        what = f"{row.source} {row.code}" if row.code else row.subject
        audit.keep_in(connection, person=by.name, act="acknowledge", at=at, what=what, detail=f"{row.rule}: {told}")


def _of(department: str | None, scope: Scope) -> bool:
    return scope.departments is None or department in scope.departments


def post(store: Store, message: outbox.Message, numbers: Sequence[int], *, at: datetime) -> bool:
    """Put a message that tells of alerts into the outbox and count that they were told, both or neither.

    False, and nothing is counted, where the same message is there already.
    """
    with writing(store) as connection:
        if not outbox.put(connection, message, at=at):
            return False
        again = sa.update(alerts).where(alerts.c.id == sa.bindparam("number"))
        if numbers:
            told = again.values(told=alerts.c.told + 1, told_at=at)
            connection.execute(told, [{"number": number} for number in numbers])
    return True


def detail_of(text: str | None) -> dict[str, str | int | float | None]:
    """Read the figures of an alert."""
    return json.loads(text) if text else {}
