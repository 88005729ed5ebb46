"""What readings tell of the software of a source: its runs, how late it speaks, what was refused, what is missing."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import polars as pl
import sqlalchemy as sa

from metrics.scope import Scope
from store import frames
from store.database import Store, reading, seeing
from store.tables import dossiers, ledger, quarantine
from store.tables import runs as runs_table

#: What a dossier should tell of itself.
FIELDS: Final = ("due_at", "procedure", "field", "department", "channel")
#: Runs by which nobody asked the source: a person put a file in.
_LOADED: Final = "load"


def runs(store: Store, since: datetime) -> pl.DataFrame:
    """Give the runs that asked a source and began at ``since`` (aware) or later, oldest first: id, source, state,
    started_at, finished_at, read, quarantined, error."""
    names = ("id", "source", "state", "started_at", "finished_at", "read", "quarantined", "error")
    asked = runs_table.c.kind != _LOADED
    question = sa.select(*(runs_table.c[name] for name in names)).where(asked, runs_table.c.started_at >= since)
    with reading(store) as connection:
        return frames.select(connection, question.order_by(runs_table.c.id))


def delays(store: Store, since: datetime) -> pl.DataFrame:
    """Give what sources stamped and we saw at ``since`` or later: source, happened_at, seen_at.

    Without files, and without all up to a source's first good run: what was read then had long happened.
    """
    others = runs_table.alias()
    good = sa.select(sa.func.min(others.c.id)).where(others.c.source == runs_table.c.source, others.c.state == "ok")
    later = sa.select(runs_table.c.id).where(
        runs_table.c.kind != _LOADED, runs_table.c.started_at >= since,
        runs_table.c.id > good.correlate(runs_table).scalar_subquery(),
    )  # fmt: skip
    told = ledger.c.happened_at.is_not(None), ledger.c.seen_at >= since, ledger.c.run_id.in_(later)
    question = sa.select(ledger.c.source, ledger.c.happened_at, ledger.c.seen_at).where(*told)
    with seeing(store, Scope.province()) as connection:  # moments tell of no dossier
        return frames.select(connection, question)


def refused(store: Store, since: datetime) -> pl.DataFrame:
    """Give the rows refused at ``since`` or later, mended since or not: source, seen_at, reasons (list)."""
    question = sa.select(quarantine.c.source, quarantine.c.seen_at, quarantine.c.reasons)
    with seeing(store, Scope.province()) as connection:  # reasons tell of no dossier
        rows = frames.select(connection, question.where(quarantine.c.seen_at >= since))
    return rows.with_columns(pl.col("reasons").str.json_decode(pl.List(pl.String)))


def received(store: Store, since: datetime) -> pl.DataFrame:
    """Give a row for each dossier received at ``since`` or later: source, received_at, of each of FIELDS 1 where it is
    missing, ``due_before_receipt`` and ``finished_before_receipt`` 1 where it is so; else 0."""
    flags: dict[str, sa.ColumnElement[bool]] = {name: dossiers.c[name].is_(None) for name in FIELDS}
    flags["due_before_receipt"] = dossiers.c.due_at < dossiers.c.received_at
    flags["finished_before_receipt"] = dossiers.c.resolved_at < dossiers.c.received_at
    told = [sa.case((flag, 1), else_=0).label(name) for name, flag in flags.items()]
    question = sa.select(dossiers.c.source, dossiers.c.received_at, *told).where(dossiers.c.received_at >= since)
    with seeing(store, Scope.province()) as connection:  # counts of a source tell of no dossier
        return frames.select(connection, question)
