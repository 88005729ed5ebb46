"""Corrections: a due date that an operator recorded with a reason. Never changed, never deleted; the last one holds."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.errors import StoreError
from metrics.dossier import INSTANT, KEY
from store import frames
from store.database import Store, writing
from store.tables import corrections, dossiers

CORRECTIONS: Final = pl.List(pl.Struct({"due_at": INSTANT, "at": INSTANT, "reason": pl.String, "by": pl.String}))


def record(store: Store, source: str, code: str, *, due_at: datetime, reason: str, by: str, at: datetime) -> None:
    """Keep one correction, made by ``by`` at ``at`` (both instants aware).

    Raises StoreError when there is no such dossier or no reason.
    """
    if not reason.strip():
        raise StoreError(f"dossier {code}", "a correction needs a reason.", "Say why the due date is another.")
    with writing(store) as connection:
        here = sa.select(dossiers.c.code).where(dossiers.c.source == source, dossiers.c.code == code)
        if connection.scalar(here) is None:
            raise StoreError(f'source "{source}"', f"it has no dossier {code}.", "Check code and source.")
        connection.execute(
            corrections.insert().values(
                source=source, code=code, due_at=due_at, reason=reason.strip(), recorded_by=by, recorded_at=at
            )
        )


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
