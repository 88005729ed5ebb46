"""Rows that were refused: they wait until their dossier is read well, and are kept for ever."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Protocol

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from metrics.dossier import INSTANT, REJECTS
from store import frames, tables


class Named(Protocol):
    """A source, by its name."""

    @property
    def name(self) -> str: ...


class Reading(Protocol):
    """What is asked of a run."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def source(self) -> Named: ...
    @property
    def seen_at(self) -> datetime: ...


def keep(connection: Connection, rejects: pl.DataFrame | None, run: Reading) -> int:
    """Keep refused rows; one that was refused before for the same reasons keeps its entry, seen again."""
    if rejects is None or rejects.is_empty():
        return 0
    entries = frames.storable(rejects.match_to_schema(REJECTS)).with_columns(
        reasons=pl.struct("reasons").struct.json_encode().str.json_path_match("$.reasons"),
        run_id=pl.lit(run.id),
        source=pl.lit(run.source.name),
        seen_at=pl.lit(run.seen_at, INSTANT),
        last_seen_at=pl.lit(run.seen_at, INSTANT),
        mended_at=pl.lit(None, INSTANT),
    )
    prints = [hashlib.sha256("\x1f".join(row).encode()).hexdigest() for row in entries.select("reasons", "raw").rows()]
    entries = entries.with_columns(pl.Series("fingerprint", prints, pl.String)).unique(
        "fingerprint", keep="first", maintain_order=True
    )
    table = tables.quarantine
    kept = sa.and_(
        table.c.source == run.source.name, frames.matching(connection, table.c.fingerprint, entries["fingerprint"])
    )
    known = frames.select(connection, sa.select(table.c.source, table.c.fingerprint).where(kept))
    again = entries.join(known, on=["source", "fingerprint"], how="semi")
    seen_again = again.select("source", "fingerprint", "last_seen_at", "mended_at")
    frames.replace(connection, table, seen_again, ("source", "fingerprint"))
    frames.insert(
        connection, table, entries.join(known, on=["source", "fingerprint"], how="anti", maintain_order="left")
    )
    return rejects.height


def settle(connection: Connection, good: pl.Series, rejects: pl.DataFrame | None, run: Reading) -> None:
    """Mark what waits no longer: its dossier was read well now, or its very file was read without refusing it."""
    waiting = _waiting(connection, run)
    again = [] if rejects is None else rejects["code"].drop_nulls().to_list()
    read_well = pl.col("code").is_in(good.implode()) & ~pl.col("code").is_in(again)
    mended = waiting.filter((pl.col("same_file") == 1) | read_well.fill_null(False))["id"].to_list()
    table = tables.quarantine
    for start in range(0, len(mended), 500):
        these = table.c.id.in_(mended[start : start + 500])
        connection.execute(sa.update(table).where(these).values(mended_at=run.seen_at))


def _waiting(connection: Connection, run: Reading) -> pl.DataFrame:
    """Give id, code and same_file (1: first refused in a run of this very file) of what this run did not refuse."""
    table, runs = tables.quarantine, tables.runs
    this = runs.alias()
    alike = sa.and_(*(runs.c[n] == this.c[n] for n in ("source", "origin", "origin_sha256")))  # a sheet is an origin
    same = sa.select(runs.c.id).join(this, alike).where(this.c.id == run.id)
    same_file = sa.case((table.c.run_id.in_(same), 1), else_=0).label("same_file")
    not_now = (table.c.source == run.source.name, table.c.last_seen_at < run.seen_at, table.c.mended_at.is_(None))
    return frames.select(connection, sa.select(table.c.id, table.c.code, same_file).where(*not_now))
