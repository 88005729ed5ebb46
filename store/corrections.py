"""Corrections: a due date that an operator recorded with a reason. Never changed, never deleted; the last one holds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.errors import StoreError, nearest
from metrics.dossier import CLOSED, INSTANT, KEY
from store import frames, seals
from store.database import Store, writing
from store.ingest import in_turn
from store.tables import corrections, dossiers, people, sources

CORRECTIONS: Final = pl.List(pl.Struct({"due_at": INSTANT, "at": INSTANT, "reason": pl.String, "by": pl.String}))


YEARS: Final = range(1990, 2101)  # a due date in any other year is a slip of the pen


def record(store: Store, source: str, code: str, *, due_at: datetime, reason: str, by: str, at: datetime) -> None:
    """Keep one correction, made by ``by`` at ``at`` (both instants aware).

    Raises StoreError when there is no such dossier, it is closed, no reason is given, the due date cannot be meant, or
    ``by`` names nobody (where the store has people: none of them).
    """
    if not reason.strip():
        raise StoreError(f"dossier {code}", "a correction needs a reason.", "Say why the due date is another.")
    with writing(store) as connection:
        _known(connection, by.strip())
        dossier = connection.execute(_dossier(source, code)).one_or_none()
        if dossier is None:
            raise StoreError(f'source "{source}"', f"it has no dossier {code}.", "Check code and source.")
        _open(dossier)
        _possible(dossier, due_at)
        told = {"due_at": due_at, "reason": reason.strip(), "recorded_by": by.strip(), "recorded_at": at}
        row = {"source": source, "code": code, **told}
        in_turn(connection)
        connection.execute(corrections.insert().values(row))
        seals.keep(connection, corrections, pl.DataFrame([row], infer_schema_length=None), None)


def _dossier(source: str, code: str) -> sa.Select[tuple[object, ...]]:
    of = dossiers.c
    told = (of.code, of.status, of.received_at, of.resolved_at, of.returned_at, sources.c.time_zone)
    mine = sa.select(*told).join(sources, sources.c.name == of.source)
    return mine.where(of.source == source, of.code == code)


def _known(connection: Connection, by: str) -> None:
    if not by:
        raise StoreError("--by", "nobody is named.", "Name who records the correction.")
    known = list(connection.scalars(sa.select(people.c.name).order_by(people.c.name)))
    if known and by not in known:
        found = f"nobody of that name signs in here.{nearest(by, known)}"
        raise StoreError(f"--by {by}", found, "Give the name as it is typed at sign-in (dunghan person list).")


def _open(dossier: sa.Row[tuple[object, ...]]) -> None:
    if dossier.status not in CLOSED:
        return
    closed_on = _day(dossier.resolved_at or dossier.returned_at, dossier.time_zone)
    found = f"it was closed on {closed_on}: a correction after the closing changes nothing."
    raise StoreError(f"dossier {dossier.code}", found, "Correct the due date in the source itself.")


def _possible(dossier: sa.Row[tuple[object, ...]], due_at: datetime) -> None:
    place, due_on = f"dossier {dossier.code}", _day(due_at, dossier.time_zone)
    if due_on.year not in YEARS:
        raise StoreError(place, f"the due date {due_on} cannot be meant.", "Check the year.")
    if dossier.received_at and due_on < (received_on := _day(dossier.received_at, dossier.time_zone)):
        raise StoreError(place, f"the due date {due_on} lies before the receipt, {received_on}.", "Check the day.")


def _day(stamp: datetime, zone: str) -> date:
    return stamp.astimezone(ZoneInfo(zone)).date()


def last(connection: Connection) -> int:
    """Give the number of the newest correction, 0 when there is none."""
    return connection.scalar(sa.select(sa.func.max(corrections.c.seq))) or 0


def changed_months(connection: Connection, *, after: int) -> set[str]:
    """Give the parts that corrections later than ``after`` touch, by month."""
    mine = sa.and_(*(dossiers.c[k] == corrections.c[k] for k in KEY))
    return set(connection.scalars(sa.select(dossiers.c.part).join(corrections, mine).where(corrections.c.seq > after)))


def of_month(connection: Connection, month: str, known_at: datetime | None = None) -> pl.DataFrame:
    """Give source, code, corrections (CORRECTIONS, oldest first) of the dossiers of a month, as known at a moment."""
    mine = sa.and_(*(dossiers.c[k] == corrections.c[k] for k in KEY))
    told = (corrections.c.due_at, corrections.c.recorded_at, corrections.c.reason, corrections.c.recorded_by)
    question = sa.select(*(corrections.c[k] for k in KEY), *told).join(dossiers, mine)
    if known_at is not None:
        question = question.where(corrections.c.recorded_at <= known_at)
    elsewhere = dossiers.c.part == month if known_at is None else sa.true()
    rows = frames.select(connection, question.where(elsewhere).order_by(corrections.c.seq))
    one = pl.struct("due_at", at="recorded_at", reason="reason", by="recorded_by")
    listed = rows.group_by(KEY, maintain_order=True).agg(corrections=one)
    return listed.with_columns(pl.col("corrections").cast(CORRECTIONS))
