"""A vendor's table of dossiers: as an SQLite file, or as a script of SQL that PostgreSQL, MariaDB and SQLite read."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import polars as pl

from connectors.simulator.exports import office

TABLE: Final = "HO_SO"
KEY, CURSOR = "MaHoSo", "NgayCapNhat"
COLUMNS: Final = tuple(office.COLUMNS.values())
_ROWS_A_STATEMENT: Final = 500
#: A TIMESTAMP of MariaDB is an instant: what is written is wall time of the province.
IN_MARIADB: Final = "SET time_zone = '+07:00'"
#: Comments to everybody else: texts in UTF-8, names in double quotes.
_MARIADB_ONLY: Final = f"""/*!40101 SET NAMES utf8mb4 */;
/*!40101 SET sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES') */;
/*!40101 {IN_MARIADB} */;
"""


def rows(frame: pl.DataFrame) -> pl.DataFrame:
    """Give the rows of the table: wall times of the province as yyyy-MM-dd HH:mm:ss, null where there are none."""
    plain = [office.iso(c).str.slice(0, 19).str.replace("T", " ", literal=True).alias(c) for c in office.STAMPS]
    texts = [pl.when(pl.col(c) != "").then(c).alias(c) for c in COLUMNS if c not in office.STAMPS]
    return office.told(frame).select(COLUMNS).with_columns(*plain, *texts)


def _double_quoted(name: str) -> str:
    return f'"{name}"'


def create(quoted: Callable[[str], str] = _double_quoted) -> str:
    """Give the statement that makes the table; ``quoted`` keeps the capitals of its columns' names."""
    kinds = [f"  {quoted(c)} {'TIMESTAMP NULL' if c in office.STAMPS else 'VARCHAR(400)'}" for c in COLUMNS]
    return f"CREATE TABLE IF NOT EXISTS {TABLE} (\n" + ",\n".join(kinds) + "\n)"


def index(quoted: Callable[[str], str] = _double_quoted) -> str:
    """Give the statement that lets the table be read by its cursor."""
    columns = ", ".join(quoted(c) for c in (CURSOR, KEY))
    return f"CREATE INDEX {TABLE}_{CURSOR} ON {TABLE} ({columns})"


def into_sqlite(parts: Iterator[pl.DataFrame], path: Path) -> int:
    """Put the rows into the table of an SQLite file; what was in the table goes first. Gives their number."""
    written = 0
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f"DROP TABLE IF EXISTS {TABLE}")
        database.execute(create())
        marks = ", ".join("?" * len(COLUMNS))
        for part in parts:
            database.executemany(f"INSERT INTO {TABLE} VALUES ({marks})", rows(part).iter_rows())  # nosec B608
            written += part.height
        database.execute(index())
    return written


def as_sql(parts: Iterator[pl.DataFrame], path: Path) -> int:
    """Write the table as a script: psql -f FILE, or mariadb DATABASE < FILE. Gives the number of rows."""
    written = 0
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{_MARIADB_ONLY}DROP TABLE IF EXISTS {TABLE};\n{create()};\n")
        for part in parts:
            for some in rows(part).iter_slices(_ROWS_A_STATEMENT):
                values = ",\n".join(f"({', '.join(map(_quoted, row))})" for row in some.iter_rows())
                file.write(f"INSERT INTO {TABLE} VALUES\n{values};\n")  # nosec B608
            written += part.height
        file.write(f"{index()};\n")
    return written


def _quoted(value: Any) -> str:
    # A backslash ends a text in MariaDB; nothing made up has one, and a real one would be lost rather than run.
    return "NULL" if value is None else "'" + str(value).replace("\\", "").replace("'", "''") + "'"


def source(name: str, title: str, url: str, mapping: str, *, signed_in: bool = False) -> str:
    """Give the lines of sources.toml that read the table; ``signed_in``: by an account that two secrets name."""
    secrets = 'user_secret = "VENDOR_USER"\npassword_secret = "VENDOR_PASSWORD"\n' if signed_in else ""
    return f"""[[source]]
name = "{name}"
title = "{title}"
kind = "database"
url = "{url}"
mapping = "{mapping}"
{secrets}
[source.database]
query = "SELECT * FROM {TABLE}"
cursor = "{CURSOR}"
key = "{KEY}"
"""
