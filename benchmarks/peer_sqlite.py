"""SQLite, as Python brings it: plain columns as text stamps, our own snapshot as numbers of days."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.questions import Question
from benchmarks.sql import Dialect, text

if TYPE_CHECKING:
    import polars as pl

PLAIN = Dialect("dossiers", "DATE({})", "DATE({}, 'weekday 0', '-6 days')", "MAX({}, {})", "", True)
#: Day 0 (1/1/1970) was a Thursday.
SNAPSHOT = Dialect("dossiers", "{}", "{0} - ({0} + 3) % 7", "MAX({}, {})", "", False)


def open_(folder: Path, source: str) -> sqlite3.Connection:
    """Open the database file that benchmarks.layout filled."""
    return sqlite3.connect(folder / f"{source}.sqlite")


def ask(connection: sqlite3.Connection, question: Question, source: str) -> Any:
    """Answer as column names and rows."""
    cursor = connection.execute(text(question, PLAIN if source == "plain" else SNAPSHOT))
    return [c[0] for c in cursor.description], cursor.fetchall()


def told(answer: Any) -> pl.DataFrame:
    """Give an answer as the comparison reads it: days as days, whether they were texts or numbers."""
    import polars as pl

    names, rows = answer
    frame = pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)
    days = [name for name in ("day", "week") if name in names]
    texts = [name for name in days if frame.schema[name] == pl.String]
    numbers = [name for name in days if name not in texts]
    return frame.with_columns(pl.col(texts).str.to_date(), pl.col(numbers).cast(pl.Int32).cast(pl.Date))
