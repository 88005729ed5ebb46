"""Write states of dossiers: rows of the table ``dossiers``, and beside each an entry of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from metrics.dossier import INSTANT, KEY
from store import frames, seals, tables
from store.refusals import Reading

#: What is shown is there, in whatever reading: only what two sweeps miss with nothing between them is gone.
THERE: Final = dict.fromkeys(("missing_since", "gone_at"), pl.lit(None, INSTANT))
#: A part is a month of receipt; a dossier not yet accepted stands in the month it was submitted.
_PART: Final = pl.coalesce("received_at", "submitted_at").dt.strftime("%Y-%m").alias("part")
#: SQLite writes an index anew when its column is set, changed or not: a third of what an increment writes.
_INDEXED: Final = ("part", "other_code")


def insert_new(connection: Connection, rows: pl.DataFrame, run: Reading) -> None:
    """Write dossiers seen for the first time (metrics.dossier.COLUMNS), and append them to the ledger."""
    seen = pl.lit(run.seen_at, INSTANT)
    rows = rows.with_columns(_PART)
    frames.insert(
        connection,
        tables.dossiers,
        rows.with_columns(versions=pl.lit(1), first_seen_at=seen, seen_at=seen, stamped_at="changed_at"),
    )
    append(connection, rows.with_columns(part_before=pl.lit(None, pl.String)), "new", run)


def write_changed(connection: Connection, rows: pl.DataFrame, unlike: Sequence[str], run: Reading) -> None:
    """Write changed dossiers and append them to the ledger; of those that stay in their indexes only what differs."""
    rows = rows.with_columns(_PART, pl.col("versions") + 1, seen_at=pl.lit(run.seen_at, INSTANT), **THERE)
    stays = pl.all_horizontal(pl.col(c).eq_missing(pl.col(f"{c}_before")) for c in _INDEXED)
    told = rows.with_columns(stamped_at="changed_at")
    less = [c for c in unlike if c not in _INDEXED]
    moved = told.filter(~stays).drop(f"{c}_before" for c in _INDEXED)
    frames.replace(connection, tables.dossiers, moved, KEY)
    rest = told.filter(stays).select(*KEY, *less, "versions", "seen_at", "stamped_at", *THERE)
    frames.replace(connection, tables.dossiers, rest, KEY)
    append(connection, rows.drop("versions", "other_code_before", "seen_at", *THERE), "changed", run)


def restamp(connection: Connection, rows: pl.DataFrame, run: Reading) -> None:
    """Keep new stamps of unchanged states, apart from the state's own: what is derived goes by the ledger alone."""
    frames.replace(connection, tables.dossiers, rows, KEY)
    newest = rows.select(pl.col("stamped_at").filter(pl.col("stamped_at") <= pl.lit(run.seen_at, INSTANT)).max()).item()
    if newest is None:
        return
    table = tables.sources
    later = sa.or_(table.c.stamped_at.is_(None), table.c.stamped_at < newest)
    connection.execute(sa.update(table).where(table.c.name == run.source.name, later).values(stamped_at=newest))


def append(connection: Connection, rows: pl.DataFrame, change: str, run: Reading) -> None:
    """Write observations into the ledger: COLUMNS, part, part_before."""
    entries = rows.with_columns(
        run_id=pl.lit(run.id), change=pl.lit(change), seen_at=pl.lit(run.seen_at, INSTANT), happened_at="changed_at"
    )
    frames.insert(connection, tables.ledger, entries)
    seals.keep(connection, tables.ledger, entries, run.id)
