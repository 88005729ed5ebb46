"""PostgreSQL with sensible indexes: plain columns as stamps, our own snapshot as days; answers come by COPY.

The server runs already (benchmarks.postgres); COPY is the quickest way that rows leave it, quicker than a cursor's.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psycopg

from benchmarks.questions import Question
from benchmarks.sql import Dialect, text

if TYPE_CHECKING:
    import polars as pl

#: In the folder of a province: how to reach the server, in the words of libpq.
ADDRESS: Final = "postgres.address"


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection, and the process of the server that works for it."""

    connection: psycopg.Connection[Any]
    pid: int

    def close(self) -> None:
        """Let the server's process end."""
        self.connection.close()


def dialect(source: str) -> Dialect:
    """Say how PostgreSQL writes days, weeks and percentiles of ``source``."""
    return Dialect(
        dossiers=f"{source}.dossiers",
        day="CAST({} AS DATE)",
        week="CAST(DATE_TRUNC('week', CAST({} AS TIMESTAMP)) AS DATE)",
        later="GREATEST({}, {})",
        percentile="PERCENTILE_DISC({1}) WITHIN GROUP (ORDER BY {0})",
        plain=source == "plain",
    )


def open_(folder: Path, source: str) -> Opened:
    """Connect to the server that benchmarks.postgres runs and has filled."""
    connection = psycopg.connect((folder / ADDRESS).read_text(encoding="utf-8"), autocommit=True)
    return Opened(connection, connection.info.backend_pid)


def ask(opened: Opened, question: Question, source: str) -> io.BytesIO:
    """Answer as CSV with a head."""
    answer = io.BytesIO()
    statement = f"COPY ({text(question, dialect(source))}) TO STDOUT (FORMAT csv, HEADER)"
    with opened.connection.cursor() as cursor, cursor.copy(statement.encode()) as rows:
        for block in rows:
            answer.write(block)
    return answer


def peak(opened: Opened) -> int:
    """Give the most memory that the server's process held for us, shared buffers that it touched among it."""
    from benchmarks.worker import peak_bytes

    return peak_bytes(opened.pid)


def told(answer: io.BytesIO) -> pl.DataFrame:
    """Give an answer as the comparison reads it."""
    import polars as pl

    answer.seek(0)
    days = {"day": pl.Date, "week": pl.Date}
    head = answer.readline().decode().strip().split(",")
    answer.seek(0)
    return pl.read_csv(answer, schema_overrides={n: days.get(n, pl.String) for n in head if n not in _NUMBERS})


_NUMBERS: Final = ("received", "early", "on_time", "overdue", "undetermined", "n", "p50", "p90")
