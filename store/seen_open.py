"""What the ledger tells of when a dossier stood open: its entries, and the readings at which it could have changed."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from metrics.dossier import KEY
from store import frames
from store.tables import ledger, runs

_AT_ONCE: Final = 5_000  # dossiers whose entries are read together
_LOADED: Final = "load"
_ENTRY: Final = ("seq", "run_id", *KEY, "status", "seen_at")


def entries(connection: Connection, dossiers: pl.DataFrame) -> pl.DataFrame:
    """Give every ledger entry of ``dossiers`` (source, code), oldest first: seq, run_id, source, code, status, seen_at.

    By the index of dossiers: whoever asks of few reads few, however long the ledger is.
    """
    found = [frames.select(connection, sa.select(*(ledger.c[n] for n in _ENTRY)).where(sa.false()))]
    for (source,), mine in dossiers.select(KEY).unique().sort(KEY).partition_by("source", as_dict=True).items():
        for some in mine.iter_slices(_AT_ONCE):
            codes = frames.matching(connection, ledger.c.code, some["code"])
            question = sa.select(*(ledger.c[n] for n in _ENTRY)).where(ledger.c.source == source, codes)
            found.append(frames.select(connection, question))
    return pl.concat(found).sort("seq")


def readings(connection: Connection, since: datetime) -> pl.DataFrame:
    """Give the good runs that asked a source for all that had changed, begun at ``since`` (aware) or later: id, source,
    started_at. A file tells of nothing but what is in it, so loading one is no such run."""
    asked = sa.select(runs.c.id, runs.c.source, runs.c.started_at)
    good = (runs.c.state == "ok", runs.c.kind != _LOADED, runs.c.started_at >= since)
    return frames.select(connection, asked.where(*good).order_by(runs.c.id))
