"""Ten years of a made-up province as a dashboard reads them: derived parts, and a database that knows the people.

Beside it the dossiers that count on the last day, in plain tables for the pages written the ordinary way.

The dossiers themselves are in no table of ours: pages read what is derived. The plain tables hold what came or went in
the last year and all that is open, a tenth of all: the numbers on the pages are the same, and the peers read less.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from benchmarks import ours
from benchmarks.province import Province
from benchmarks.questions import SOURCES
from dashboard import wording
from jobs.deriving import Given, part_of
from jobs.rebuild import version_of
from metrics import cohorts
from metrics.definitions import AGES
from metrics.evaluate import figures
from metrics.scope import Period, Scope
from metrics.standing import Standing, standing
from store import people, snapshot
from store.database import Store, open_store
from store.ingest import Source, begin_run

if TYPE_CHECKING:
    from config.access import Role

PASSWORD: Final = "mot mat khau that dai de do"
HEADS: Final = 10
COLUMNS: Final = (
    "code", "department", "field", "procedure", "status", "received_on", "due_on", "fell_due_on", "closed_on", "kept",
    "late",
)  # fmt: skip
_SHOWN: Final = ("due", "due_met", *AGES)


@dataclass(frozen=True, slots=True)
class Laid:
    """Where it stands, the day it is of, and our counts by unit: due, kept, overdue."""

    folder: Path
    today: date
    counts: dict[str, tuple[int, int, int]]

    @property
    def store_url(self) -> str:
        return f"sqlite:///{self.folder / 'dunghan.db'}"

    @property
    def table(self) -> Path:
        return self.folder / "plain.sqlite"

    @property
    def whole(self) -> tuple[int, int, int]:
        """The counts of everybody."""
        due, met, late = (sum(told[i] for told in self.counts.values()) for i in range(3))
        return due, met, late

    def open(self) -> Store:
        """Open the database that knows the people."""
        return open_store(self.store_url, home=self.folder)


def lay_out(rows: int, folder: Path, *, tell: Callable[[str], None]) -> Laid:
    """Lay out so many dossiers; what stands in ``folder`` already is used again."""
    folder.mkdir(parents=True, exist_ok=True)
    store = Laid(folder, date.min, {}).open()
    state = snapshot.read_manifest(store)
    if state is None:
        _house(store)
        state = _derived(store, Province(rows), tell)
    assert state.newest_at is not None
    today = state.newest_at.astimezone(wording.LOCAL).date()
    laid = Laid(folder, today, _counts(store, state, today))
    if not laid.table.exists():
        _plain(store, state, laid)
        tell("and in a plain table for the others")
    store.engine.dispose()
    return laid


def _house(store: Store) -> None:
    """Let the database know the sources, and people of four roles."""
    for name in SOURCES:
        with begin_run(
            store, Source(name, "Asia/Ho_Chi_Minh"), kind="load", origin="made up", seen_at=datetime.now(UTC)
        ):
            pass
    roles: dict[str, Role] = {"giam-doc": "director", "chu-tich": "chairman", "kiem-tra": "auditor"}
    for name, role in roles.items():
        people.add(store, name, PASSWORD, role=role, title=name)
    for n in range(HEADS):
        people.add(store, f"truong-{n}", PASSWORD, role="head", title=f"truong-{n}", departments=(f"Đơn vị {n:02}",))


def _derived(store: Store, province: Province, tell: Callable[[str], None]) -> snapshot.Manifest:
    parts, given = {}, Given(ours.TERMS, ours.book())
    for month, observed in province.parts():
        part = part_of(store, observed, month, given)
        if part is not None:
            parts[month] = part
        if month.endswith("-12"):
            tell(f"derived up to {month}")
    rules, terms = "made up", {name: {"zone": "Asia/Ho_Chi_Minh"} for name in SOURCES}
    manifest = snapshot.Manifest(version_of(parts, rules, terms), 0, rules, terms, datetime.now(UTC), parts)
    snapshot.write_manifest(store, manifest, None)
    return manifest


def _counts(store: Store, state: snapshot.Manifest, today: date) -> dict[str, tuple[int, int, int]]:
    cube = snapshot.read(store, state, "cube").filter(pl.col("event").is_in(_SHOWN)).collect()
    monday = today - timedelta(days=today.weekday())
    asked = Period(monday, monday + timedelta(days=6))
    told = figures(cube, period=asked, as_of=today, scope=Scope.province(), by=["department"])
    rows = told.select(pl.col("department").cast(pl.String), "due", "due_met", "pending_overdue")
    return {name: (due, met, late) for name, due, met, late in rows.iter_rows()}


def _plain(store: Store, state: snapshot.Manifest, laid: Laid) -> None:
    calendar, year = ours.calendar(), laid.today - timedelta(days=365)
    recent = (pl.col("closed_on") >= year) | pl.col("closed_on").is_null() | (pl.col("received_on") >= year)
    facts = snapshot.facts(store, state).filter(recent).collect()
    due = cohorts.due(facts, Period(date(1990, 1, 1), laid.today), laid.today).select(
        "source", "code", "cohort_on", "met"
    )
    stood = standing(facts.lazy(), laid.today, calendar).collect()
    told = stood.join(due, on=["source", "code"], how="left").with_columns(
        pl.col(("department", "field", "procedure", "status")).cast(pl.String),
        fell_due_on="cohort_on",
        kept=pl.col("met").cast(pl.Int8),
        late=(pl.col("standing") == Standing.OVERDUE.value).cast(pl.Int8),
    )
    rows = told.select(COLUMNS).with_columns(pl.col(pl.Date).cast(pl.String))
    rows.write_csv(laid.folder / "plain.csv", include_header=False)
    part = laid.table.with_suffix(".part")
    part.unlink(missing_ok=True)
    with sqlite3.connect(part) as connection:
        connection.execute(f"CREATE TABLE dossiers ({', '.join(COLUMNS)})")
        marks = ", ".join("?" for _ in COLUMNS)
        for some in rows.iter_slices(100_000):
            connection.executemany(f"INSERT INTO dossiers VALUES ({marks})", some.iter_rows())
        connection.execute("CREATE INDEX by_department ON dossiers (department)")
    connection.close()
    part.replace(laid.table)
