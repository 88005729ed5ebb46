"""Lay a province out on disk: snapshot parts as the store writes them, and the same dossiers as plain columns."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from benchmarks.ours import calendar, derive
from benchmarks.province import FIRST_YEAR, Province
from benchmarks.questions import DIMENSIONS

STAMPS: Final = ("submitted_at", "received_at", "due_at", "resolved_at", "returned_at", "rejected_at")
DAYS: Final = ("submitted_on", "rejected_on", "received_on", "closed_on", "due_on")
_ZONE: Final = "Asia/Ho_Chi_Minh"


def lay_out(province: Province, folder: Path, *, tell: Callable[[str], None] = lambda _: None) -> None:
    """Write the pieces of all parts, the plain files, the table of working days and two SQLite databases."""
    for month, observed in province.parts():
        pieces = {"observed": observed, **derive(observed)}
        for piece, frame in (*pieces.items(), ("plain", plain(observed, pieces["facts"]))):
            _write(folder / piece / f"{month}.parquet", frame)
        if month.endswith("-12"):
            tell(f"laid out up to {month}")
    days = working_days()
    _write(folder / "working_days.parquet", days)
    fill_sqlite(folder / "plain.sqlite", folder / "plain", ("status", *STAMPS), days)
    tell("SQLite holds the plain columns")
    fill_sqlite(folder / "snapshot.sqlite", folder / "facts", ("status", "with_result", "taken_days", *DAYS), days)
    tell("SQLite holds our snapshot")


def _write(file: Path, frame: pl.DataFrame) -> None:
    """Write as store.snapshot.put does."""
    file.parent.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(file, compression="zstd", compression_level=3)


def plain(observed: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Give the dossiers the ordinary way: local stamps, and one due date, the promise that counts at the end.

    That promise is given to the peers: working it out from halts, letters and moves is what only we do.
    """
    zone = [pl.col(s).dt.convert_time_zone(_ZONE).dt.replace_time_zone(None) for s in STAMPS]
    counted = facts.select("source", "code", due=pl.col("due_on").cast(pl.Datetime("us")) + pl.duration(hours=17))
    told = observed.with_columns(zone).join(counted, on=["source", "code"], how="left", maintain_order="left")
    return told.with_columns(due_at="due").select("code", *DIMENSIONS, "status", *STAMPS)


def working_days() -> pl.DataFrame:
    """Give a table of days with the working days up to each, the way an ordinary database keeps a calendar."""
    days = pl.select(day=pl.date_range(date(FIRST_YEAR - 1, 1, 1), date(FIRST_YEAR + 15, 12, 31)))
    since = pl.lit(date(FIRST_YEAR - 2, 12, 31))
    return days.with_columns(worked=calendar().working_days_between(since, pl.col("day")).cast(pl.Int32))


def fill_sqlite(database: Path, parts: Path, columns: tuple[str, ...], days: pl.DataFrame) -> None:
    """Copy the parts into one table ``dossiers``, stamps as text and days as numbers, beside ``working_days``."""
    plain = "due_at" in columns
    names = (*DIMENSIONS, *columns)
    database.unlink(missing_ok=True)
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(f"CREATE TABLE dossiers ({', '.join(names)})")
        connection.execute("CREATE TABLE working_days (day PRIMARY KEY, worked INTEGER)")
        marks = ", ".join("?" for _ in names)
        for file in sorted(parts.glob("*.parquet")):
            rows = _for_sqlite(pl.read_parquet(file, columns=list(names)).select(names))
            connection.executemany(f"INSERT INTO dossiers VALUES ({marks})", rows.iter_rows())
        day = pl.col("day").cast(pl.String) if plain else pl.col("day").cast(pl.Int32)
        connection.executemany("INSERT INTO working_days VALUES (?, ?)", days.with_columns(day).iter_rows())
    connection.close()


def _for_sqlite(rows: pl.DataFrame) -> pl.DataFrame:
    stamps = pl.col(pl.Datetime("us")).dt.strftime("%Y-%m-%d %H:%M:%S")
    return rows.with_columns(pl.col(pl.Date).cast(pl.Int32), stamps, pl.col(pl.Boolean).cast(pl.Int8))
