"""``python -m benchmarks.sizes``: what a dossier takes up in the store, and what each change of it adds.

A first load of ``--rows`` dossiers, then every one of them once more as it was handed over (a change is an entry of the
ledger and the seal of its batch), on SQLite and PostgreSQL. Sizes are
of the database alone, after VACUUM.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import polars as pl
import sqlalchemy as sa

from benchmarks import loading
from store.database import Store, open_store
from store.ingest import Source, begin_run

SOURCE: Final = Source("mot-cua", "Asia/Ho_Chi_Minh")
_NOW: Final = datetime(2026, 11, 20, 6, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes a dossier: as first loaded, and for each later change; what an empty store has is left out."""

    database: str
    first: float
    change: float


def measured(database: str, url: str, rows: int, folder: Path) -> Sizes:
    """Fill an empty database and measure it twice."""
    store = open_store(url, home=folder)
    empty = _bytes(store)
    _load(store, loading.batches(rows), _NOW)
    loaded = _bytes(store)
    later = pl.lit(_NOW + timedelta(hours=1)).cast(pl.Datetime("us", "UTC"))
    handed = (
        part.with_columns(status=pl.lit("returned"), returned_at=later, changed_at=later)
        for part in loading.batches(rows)
    )
    _load(store, handed, _NOW + timedelta(hours=2))
    changed = _bytes(store)
    store.engine.dispose()
    return Sizes(database, (loaded - empty) / rows, (changed - loaded) / rows)


def _load(store: Store, parts: Iterator[pl.DataFrame], at: datetime) -> None:
    with begin_run(store, SOURCE, kind="load", origin="bench", seen_at=at) as run:
        for number, part in enumerate(parts):
            run.batch(part, cursor=str(number))


def _bytes(store: Store) -> int:
    """Give the size without the room that changed rows left behind."""
    if store.engine.dialect.name == "sqlite":
        file = Path(str(store.engine.url.database))
        store.engine.dispose()
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("VACUUM")
        return file.stat().st_size
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as there:
        there.exec_driver_sql("VACUUM FULL")
        return int(there.execute(sa.text("SELECT pg_database_size(current_database())")).scalar_one())


def main(words: Sequence[str] | None = None) -> int:
    """Print a line for each database; 2 when there is no PostgreSQL here."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sizes", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="dossiers (100_000)")
    rows = parser.parse_args(words).rows
    with tempfile.TemporaryDirectory(prefix="dunghan-sizes-") as name, loading.server(Path(name)) as address:
        for database in ("SQLite", "PostgreSQL") if address else ("SQLite",):
            with loading.database(database, address or "", Path(name)) as url:
                told = measured(database, url, rows, Path(name))
            sys.stdout.write(f"{told.database}: {told.first:,.0f} bytes a dossier, {told.change:,.0f} each change\n")
    return 0 if address else 2


if __name__ == "__main__":
    sys.exit(main())
