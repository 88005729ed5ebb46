"""A million made-up dossiers in our store, and the same in one SQLite table for the page written the ordinary way."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from dashboard import wording
from jobs.flows import Flow, play
from jobs.rebuild import rebuild
from metrics import cohorts, rulebook
from metrics.evaluate import figures
from metrics.scope import Period, Scope
from metrics.standing import Standing, standing
from store import people, snapshot
from store.database import Store, open_store

NAME, PASSWORD = "nguoi-do", "mot mat khau that dai de do"
_COLUMNS: Final = (
    "code", "department", "field", "procedure", "status", "received_on", "due_on", "fell_due_on", "closed_on", "kept",
    "late",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Laid:
    """Where both stand, the day they are of, and our counts by unit: due, kept, overdue."""

    store_url: str
    table: Path
    today: date
    counts: dict[str, tuple[int, int, int]]

    @property
    def whole(self) -> tuple[int, int, int]:
        """The counts of everybody."""
        due, met, late = (sum(told[i] for told in self.counts.values()) for i in range(3))
        return due, met, late


def lay_out(rows: int, folder: Path, *, tell: Callable[[str], None], flow: str = "muoi-nam") -> Laid:
    """Fill both from a flow, that of ten years; what stands in ``folder`` already is used again."""
    folder.mkdir(parents=True, exist_ok=True)
    url, table = f"sqlite:///{folder / 'dunghan.db'}", folder / "plain.sqlite"
    store = open_store(url, home=folder)
    state = snapshot.read_manifest(store)
    if state is None or not table.exists():
        play(store, Flow(flow, rows=rows))
        state = rebuild(store)
        people.add(store, NAME, PASSWORD, role="director", title="Người đo")
        tell(f"{rows:,} dossiers in our store")
    assert state.newest_at is not None
    today = state.newest_at.astimezone(wording.LOCAL).date()
    if not table.exists():
        _plain(store, state, today, table)
        tell("and in a table for pandas")
    counts = _counts(snapshot.cube(store, state), today)
    store.engine.dispose()
    return Laid(url, table, today, counts)


def _counts(cube: pl.DataFrame, today: date) -> dict[str, tuple[int, int, int]]:
    monday = today - timedelta(days=today.weekday())
    asked = Period(monday, monday + timedelta(days=6))
    told = figures(cube, period=asked, as_of=today, scope=Scope.province(), by=["department"])
    rows = told.select(pl.col("department").cast(pl.String), "due", "due_met", "pending_overdue")
    return {name: (due, met, late) for name, due, met, late in rows.iter_rows()}


def _plain(store: Store, state: snapshot.Manifest, today: date, table: Path) -> None:
    calendar, begun = rulebook.load().calendar, date(1990, 1, 1)
    facts = snapshot.facts(store, state).collect()
    due = cohorts.due(facts, Period(begun, today), today).select("source", "code", "cohort_on", "met")
    stood = standing(facts.lazy(), today, calendar).collect()
    told = stood.join(due, on=["source", "code"], how="left").with_columns(
        pl.col(("department", "field", "procedure", "status")).cast(pl.String),
        fell_due_on="cohort_on",
        kept=pl.col("met").cast(pl.Int8),
        late=(pl.col("standing") == Standing.OVERDUE.value).cast(pl.Int8),
    )
    part = table.with_suffix(".part")
    part.unlink(missing_ok=True)
    with sqlite3.connect(part) as connection:
        connection.execute(f"CREATE TABLE dossiers ({', '.join(_COLUMNS)})")
        marks = ", ".join("?" for _ in _COLUMNS)
        for some in told.select(_COLUMNS).with_columns(pl.col(pl.Date).cast(pl.String)).iter_slices(100_000):
            connection.executemany(f"INSERT INTO dossiers VALUES ({marks})", some.iter_rows())
        connection.execute("CREATE INDEX by_department ON dossiers (department)")
    connection.close()
    part.replace(table)
