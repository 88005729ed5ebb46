"""What two stores must have in common to be called the same, table by table, as frames and as hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Final

import polars as pl
import sqlalchemy as sa

from metrics.dossier import KEY
from store import frames, tables
from store.database import Store, reading

#: Numbers that a database hands out; they say which row it is, and nothing of what it holds.
NUMBERS: Final = frozenset({"id", "seq", "run_id"})
#: When we looked: differs between two stores that were filled at different times.
WHEN: Final = frozenset(
    {"seen_at", "first_seen_at", "last_seen_at", "mended_at", "swept_at", "missing_since", "gone_at"}
)
#: How often we looked before the last state: an order in which states were left out has seen fewer of them.
HOW_OFTEN: Final = frozenset({"versions"})
#: Table → what its rows are sorted by; within a dossier the ledger's and the steps' own order counts.
_ORDER: Final = {
    "sources": ("name",),
    "dossiers": KEY,
    "ledger": (*KEY, "seq"),
    "steps": (*KEY, "seq"),
    "quarantine": ("source", "fingerprint"),
}


def contents(store: Store, source: str, *, less: Collection[str] = ()) -> dict[str, pl.DataFrame]:
    """Give all that is stored of ``source``, less the columns ``less`` and the numbers of rows."""
    with reading(store) as connection:
        return {name: _table(connection, name, source, frozenset(less)) for name in _ORDER}


def _table(connection: sa.Connection, name: str, source: str, less: frozenset[str]) -> pl.DataFrame:
    table = tables.metadata.tables[name]
    mine = table.c.name if name == "sources" else table.c.source
    rows = frames.select(connection, sa.select(table).where(mine == source))
    # Sorted here: two databases do not agree on the order of letters.
    return rows.sort(_ORDER[name]).drop([c for c in rows.columns if c in NUMBERS | less])


def hashes(store: Store, source: str, *, less: Collection[str] = ()) -> dict[str, str]:
    """Give a hash of every table's contents."""
    told = contents(store, source, less=less)
    return {name: hashlib.sha256(frame.write_csv().encode()).hexdigest()[:16] for name, frame in told.items()}


def runs_of(store: Store, source: str) -> pl.DataFrame:
    """Give the runs of ``source``, oldest first: all columns."""
    with reading(store) as connection:
        return frames.select(connection, sa.select(tables.runs).where(tables.runs.c.source == source)).sort("id")


def counts_add_up(store: Store, source: str) -> None:
    """Assert that every run's rows are accounted for, and that all runs together tell how the tables came to be."""
    runs, held = runs_of(store, source), contents(store, source)
    parts = runs.select(pl.sum_horizontal("new", "changed", "unchanged", "merged", "quarantined")).to_series()
    assert runs["read"].to_list() == parts.to_list()
    entries = held["ledger"]["change"]
    assert runs["new"].sum() == held["dossiers"].height == entries.eq("new").sum()
    assert runs["changed"].sum() == entries.eq("changed").sum()
