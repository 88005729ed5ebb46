"""What was read, when, with what result; and the rows that were refused."""

from __future__ import annotations

import polars as pl
import sqlalchemy as sa

from store import frames
from store.database import Store, reading
from store.tables import dossiers, quarantine, runs, sources


def latest(store: Store) -> pl.DataFrame:
    """Give one row per source: name, title, kind, time_zone, cadence_minutes, cursor, dossiers, refused (rows in
    quarantine), last_run_at, last_state, last_error, last_ok_at (end of the last good run)."""
    others = runs.alias()
    mine = others.c.source == sources.c.name
    newest = sa.select(sa.func.max(others.c.id)).where(mine).correlate(sources).scalar_subquery()
    good = (
        sa.select(sa.func.max(others.c.finished_at))
        .where(mine, others.c.state == "ok")
        .correlate(sources)
        .scalar_subquery()
    )
    held = sa.select(sa.func.count()).where(dossiers.c.source == sources.c.name).scalar_subquery()
    refused = sa.select(sa.func.count()).where(quarantine.c.source == sources.c.name).scalar_subquery()
    question = (
        sa.select(
            *(c for c in sources.c),
            sa.type_coerce(held, sa.Integer).label("dossiers"),
            sa.type_coerce(refused, sa.Integer).label("refused"),
            runs.c.started_at.label("last_run_at"),
            runs.c.state.label("last_state"),
            runs.c.error.label("last_error"),
            sa.type_coerce(good, runs.c.finished_at.type).label("last_ok_at"),
        )
        .select_from(sources)
        .join(runs, runs.c.id == newest, isouter=True)
        .order_by(sources.c.name)
    )
    with reading(store) as connection:
        return frames.select(connection, question)


def history(store: Store, source: str | None = None, *, limit: int = 200) -> pl.DataFrame:
    """Give runs, newest first: all columns of the table ``runs``."""
    question = sa.select(runs).order_by(runs.c.id.desc()).limit(limit)
    if source is not None:
        question = question.where(runs.c.source == source)
    with reading(store) as connection:
        return frames.select(connection, question)


def quarantined(store: Store, source: str | None = None, *, limit: int = 10_000) -> pl.DataFrame:
    """Give refused rows, newest first: columns of the table ``quarantine``, ``reasons`` as a list of rule names."""
    question = sa.select(quarantine).order_by(quarantine.c.id.desc()).limit(limit)
    if source is not None:
        question = question.where(quarantine.c.source == source)
    with reading(store) as connection:
        rows = frames.select(connection, question)
    return rows.with_columns(pl.col("reasons").str.json_decode(pl.List(pl.String)))
