"""DuckDB reading Parquet: from plain columns, and from our own snapshot, its facts or its weekly counts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb

from benchmarks.questions import COUNTS, TOOK, Question
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


#: Rows of the map "as it was" count a dossier a second time.
_TODAY: Final = "(map IS NULL OR map = 'today')"
_NAMES: Final = ("received", "resolved_early", "resolved_on_time", "resolved_overdue", "resolved_undetermined")
_SUMS: Final = ", ".join(
    f"SUM(CASE WHEN event = '{event}' THEN n ELSE 0 END) AS {name}"
    for event, name in zip(_NAMES, COUNTS.values, strict=True)
)
#: The questions that weekly counts answer.
_OF_WEEKS: Final = {
    COUNTS.name: f"""
        SELECT department, field, week, {_SUMS}
        FROM weeks WHERE event IN {_NAMES} AND {_TODAY} GROUP BY department, field, week""",
    TOOK.name: f"""
        WITH told AS (
            SELECT department, field, week, days, SUM(n) AS n
            FROM weeks_taken WHERE {_TODAY} GROUP BY department, field, week, days
        ),
        placed AS (
            SELECT department, field, week, days, SUM(n) OVER g AS whole, SUM(n) OVER (g ORDER BY days) AS up_to
            FROM told WINDOW g AS (PARTITION BY department, field, week)
        )
        SELECT department, field, week, MAX(whole) AS n,
            MIN(days) FILTER (up_to * 10 >= whole * 5) AS p50, MIN(days) FILTER (up_to * 10 >= whole * 9) AS p90
        FROM placed GROUP BY department, field, week""",
}


def open_(folder: Path, source: str) -> Any:
    """Give a connection in memory with the files as views: every question reads them from disk."""
    connection = duckdb.connect()
    views = {
        "dossiers_on_disk": "plain" if source == "plain" else "facts",
        "weeks": "weeks",
        "weeks_taken": "weeks_taken",
    }
    for name, piece in views.items():
        connection.execute(f"CREATE VIEW {name} AS FROM read_parquet('{folder}/{piece}/*.parquet')")
    connection.execute(f"CREATE VIEW working_days AS FROM read_parquet('{folder}/working_days.parquet')")
    return connection


def ask(connection: Any, question: Question, source: str) -> Any:
    """Answer as an Arrow table."""
    statement = _OF_WEEKS[question.name] if source == "weeks" else text(question, _dialect(source))
    return connection.sql(statement).to_arrow_table()


def told(answer: Any) -> pl.DataFrame:
    """Give an answer as the comparison reads it."""
    import polars as pl

    return pl.DataFrame(pl.from_arrow(answer))
