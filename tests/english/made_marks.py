"""Marks of every kind, as the night keeps them: each with all that its sentence can say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from metrics import integrity
from metrics.integrity import OF_GROUP, Flag
from store import insight, snapshot
from store.database import Store

#: What a mark may go by besides its days, by kind.
_KINDS: dict[Flag, tuple[str, ...]] = {
    Flag.MOVED: ("counts",), Flag.SEEN_OPEN: ("in_time", ""), Flag.PAUSED: ("supplement", "payment", "other"),
    Flag.BACK: ("processing", "supplement"), Flag.PEAK: ("withdrawn", "refused"), Flag.WITHDRAWN: ("refused",),
}  # fmt: skip


def of_every_mark(store: Store, rows: pl.DataFrame, today: date, now: datetime, source: str) -> None:
    """Keep marks of some of the dossiers ``rows``, some of them of several kinds, tested groups and quiet sources."""
    state = snapshot.read_manifest(store)
    assert state is not None
    who = rows.filter(pl.col("received_at").is_not_null()).select("code", "department", "field", "procedure")
    some = who.with_columns(source=pl.lit(source)).head(12)
    marks = [_mark(some, flag, kind, n, today) for flag in Flag for n, kind in enumerate(_KINDS.get(flag, ("",)))]
    cells = [_cell(some, flag, today, marked=marked) for flag in OF_GROUP for marked in (True, False)]
    looked = [
        integrity.looked(some, flag, pl.col("code").is_not_null() * 0.2 if flag is Flag.PAUSED else None)
        for flag in Flag
    ]
    quiet = [("due_moved", source, "no_forms"), ("closed_at_night", source, "machine_hours")]
    tables = {
        "integrity_marks": pl.concat(marks).unique(["flag", "code"], keep="last", maintain_order=True),
        "integrity_cells": pl.concat(cells), "integrity_looked": pl.concat(looked),
        "integrity_quiet": pl.DataFrame(quiet, schema=integrity.QUIET, orient="row"),
    }  # fmt: skip
    before = insight.read_made(store)
    made = before or insight.Made(state.data_version, state.ledger_seq, today, now, "planted")
    insight.keep(store, replace(made, tables=dict(made.tables)), tables, before)


def _mark(some: pl.DataFrame, flag: Flag, kind: str, n: int, today: date) -> pl.DataFrame:
    mine = some.slice(3 * n, 3 if n else 6)
    day = today - timedelta(days=3)
    told: dict[str, Any] = {"day": day, "from_on": day - timedelta(days=2), "kind": kind, "days": 4, "n": 12}
    to_on = pl.when(pl.int_range(pl.len()) > 0).then(pl.lit(today))
    at = datetime(day.year, day.month, day.day, 22, 5)  # noqa: DTZ001 - the time of its place
    return integrity.marks(
        mine.with_columns(**{k: pl.lit(v) for k, v in told.items()}, to_on=to_on, at=pl.lit(at)), flag
    )


def _cell(some: pl.DataFrame, flag: Flag, today: date, *, marked: bool) -> pl.DataFrame:
    told = {
        "from_on": today - timedelta(days=6),
        "to_on": today,
        "n": 9,
        "whole": 40,
        "expected": 2.5,
        "marked": marked,
    }
    field = pl.col("field") if flag in (Flag.BUNCHED, Flag.EVENING) else pl.lit(None, pl.String)
    mine = some.head(2).with_columns(
        **{k: pl.lit(v) for k, v in told.items()}, field=field, p=pl.Series([0.0001, 0.02])
    )
    return integrity.cells(mine, flag)
