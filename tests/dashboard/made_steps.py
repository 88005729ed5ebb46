"""Steps of the made-up dossiers: appraised, signed; every seventh goes back once, every fifth tells its ends alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from store.database import Store
from store.ingest import Source, begin_run
from store.steps import STEPS

#: Of the time from receipt to the result: where each visit ends, of a plain way and of one that goes back.
_PLAIN, _BACK = (0.6, 1.0), (0.3, 0.5, 0.8, 1.0)


def steps(rows: pl.DataFrame, now: datetime, names: Sequence[str] = ("Thẩm định", "Trình ký")) -> pl.DataFrame:
    """Give the steps of the received dossiers of ``rows`` (metrics.dossier.COLUMNS): STEPS."""
    found = []
    mine = rows.filter(pl.col("received_at").is_not_null()).sort("code")
    for n, one in enumerate(mine.select("code", "received_at", "resolved_at", "returned_at").iter_rows(named=True)):
        begin, closed = one["received_at"], one["resolved_at"] or one["returned_at"]
        life, before = (closed or now) - begin, begin
        for place, share in enumerate(_BACK if n % 7 == 0 else _PLAIN):
            end = begin + life * share
            done = end if closed or share < 1.0 else None
            begun = None if n % 5 == 0 and done else before
            found.append((one["code"], names[place % 2], f"cb-{n % 4}{place % 2}", begun, done))
            before = end
    told = pl.DataFrame(found, schema=["code", "step", "handler", "started_at", "ended_at"], orient="row")
    instant = pl.col("started_at", "ended_at").cast(pl.Datetime("us", "UTC"))
    none = {name: pl.lit(None, STEPS[name]) for name in ("unit", "state", "due_at")}
    return told.with_columns(instant, **none).match_to_schema(STEPS)


def tell(store: Store, source: Source, rows: pl.DataFrame, now: datetime, names: Sequence[str] = ()) -> None:
    """Let ``source`` tell the steps of its dossiers ``rows``."""
    told = steps(rows, now, *([names] if names else []))
    with begin_run(store, source, kind="sync", origin="http://127.0.0.1/buoc", seen_at=now) as run:
        run.batch(rows.clear().with_columns(source=pl.lit(source.name)), told_steps=told)
