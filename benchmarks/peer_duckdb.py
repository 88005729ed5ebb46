"""DuckDB reading Parquet: from plain columns, and from our own snapshot."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from benchmarks.questions import Question
from benchmarks.sql import Dialect, text

if TYPE_CHECKING:
    import polars as pl


def _dialect(source: str) -> Dialect:
    return Dialect(
        dossiers="dossiers_on_disk",
        day="CAST({} AS DATE)",
        week="CAST(DATE_TRUNC('week', {}) AS DATE)",
        later="GREATEST({}, {})",
        percentile="QUANTILE_DISC({}, {})",
        plain=source == "plain",
    )


def open_(folder: Path, source: str) -> Any:
    """Give a connection in memory with the files as views: every question reads them from disk."""
    connection = duckdb.connect()
    piece = "plain" if source == "plain" else "facts"
    connection.execute(f"CREATE VIEW dossiers_on_disk AS FROM read_parquet('{folder}/{piece}/*.parquet')")
    connection.execute(f"CREATE VIEW working_days AS FROM read_parquet('{folder}/working_days.parquet')")
    return connection


def ask(connection: Any, question: Question, source: str) -> Any:
    """Answer as an Arrow table."""
    return connection.sql(text(question, _dialect(source))).to_arrow_table()


def told(answer: Any) -> pl.DataFrame:
    """Give an answer as the comparison reads it."""
    import polars as pl

    return pl.DataFrame(pl.from_arrow(answer))
