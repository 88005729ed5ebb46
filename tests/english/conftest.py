"""A province whose every name is plain ASCII: whatever Vietnamese letter a page shows is a word of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from config import english as catalogue
from dashboard import english, scope, stored
from dashboard.shapes import OVERVIEW
from jobs import insights as nightly
from jobs.rebuild import rebuild
from metrics import rulebook
from metrics.dossier import REJECTS
from store import people, records, tokens
from store.database import Store, open_store
from store.ingest import Source, begin_run
from store.people import Role
from store.records import Cause, Kind, Letter, Words
from store.sessions import open_for
from tests.dashboard import made_steps, made_up
from tests.dashboard.conftest import NOW, TODAY
from tests.dashboard.made_up import instant, workday
from tests.english import made_slips
from tests.english.made_alerts import of_every_rule, of_every_slip
from tests.english.made_marks import of_every_mark
from tests.english.made_reports import in_every_state
from tests.fresh import Databases

MAIN: Final = Path(__file__).parents[2] / "dashboard" / "main.py"
SOURCE: Final = Source("one", "Asia/Ho_Chi_Minh", "Source one", kind="rest", cadence_minutes=15)
OTHER: Final = Source("two", "Asia/Ho_Chi_Minh", "Source two", kind="national_portal", cadence_minutes=15)
HEADED: Final = "Unit 3"
PEOPLE: Final[dict[str, tuple[Role, tuple[str, ...] | None]]] = {
    "director": ("director", None), "head": ("head", (HEADED,)), "operator": ("operator", None),
    "administrator": ("administrator", None),
}  # fmt: skip
Visit = Callable[..., AppTest]


def named(rows: pl.DataFrame) -> pl.DataFrame:
    """Name units, fields, procedures and steps so that no Vietnamese letter is left in them."""
    for column, word in (("department", "Unit"), ("field", "Field"), ("procedure", "P"), ("step", "Stage")):
        names = {name: f"{word} {n}" for n, name in enumerate(sorted(rows[column].drop_nulls().unique()), start=1)}
        rows = rows.with_columns(pl.col(column).replace(names))
    return rows.with_columns(procedure_name="procedure", receiving_unit=pl.lit("Counter 1"))


def _fill(store: Store) -> None:
    rows = named(made_up.dossiers(TODAY, weeks=16, a_day=30))
    seen = NOW - timedelta(days=9)
    bad = pl.DataFrame(
        [{"place": "row 2", "code": "X-1", "reasons": ["started", "unknown_status"], "found": "", "raw": "{}"}],
        schema=REJECTS,
    )
    for source, told, at in ((SOURCE, rows, seen), (SOURCE, _later(rows), NOW), (OTHER, _elsewhere(rows), NOW)):
        with begin_run(store, source, kind="sync", origin="http://127.0.0.1/x", seen_at=at) as run:
            run.batch(told.with_columns(source=pl.lit(source.name)), bad)
    for name, (role, units) in PEOPLE.items():
        people.add(store, name, made_up.PASSWORD, role=role, title=f"Title of {name}", departments=units)
    _record(store, rows)
    in_every_state(store, NOW)
    tokens.issue(store, "screen", kind="wall", departments=None, by="administrator", at=NOW)
    made_steps.tell(store, SOURCE, rows, NOW, ("Stage 1", "Stage 2"))
    rebuild(store)
    nightly.make(store, now=NOW)
    of_every_mark(store, rows, TODAY, NOW, SOURCE.name)
    of_every_rule(store, HEADED, NOW)
    of_every_slip(store, HEADED, SOURCE.name, recorded(rows), NOW)
    made_slips.slips(store, (None, "Unit 1", HEADED), TODAY, NOW)
    made_slips.values(store, "director", HEADED, TODAY, NOW)


def _later(rows: pl.DataFrame) -> pl.DataFrame:
    """Move the due date of some open dossiers, hand some over, suspend some: time lines with something in them."""
    some = rows.filter(pl.col("resolved_at").is_null() & pl.col("received_at").is_not_null()).gather_every(3)
    return some.with_columns(
        due_at=pl.lit(instant(workday(TODAY, 6), 17)), step=pl.lit("Stage 2"), handler=pl.lit("CB-999"),
        changed_at=pl.lit(NOW),
    )  # fmt: skip


def _elsewhere(rows: pl.DataFrame) -> pl.DataFrame:
    """Give the second source a part of the same dossiers, some with other days."""
    moved = pl.when(pl.int_range(pl.len()) % 4 == 0).then(pl.col("due_at") - pl.duration(days=6)).otherwise("due_at")
    return rows.gather_every(2).with_columns(due_at=moved)


def _record(store: Store, rows: pl.DataFrame) -> None:
    """Record one of each kind at the dossier that ``recorded`` names."""
    told = recorded(rows)
    who = people.by_name(store, "director")
    assert who is not None
    days = rulebook.load().calendar
    for entry in (Cause("T01", "Note"), Words(Kind.ANSWER, "Answer"), Words(Kind.NOTE, "Note"),
                  Letter("12/XL", TODAY, workday(TODAY, 4), "")):  # fmt: skip
        records.record(store, SOURCE.name, told, entry, by=who, at=NOW, calendar=days)


def recorded(rows: pl.DataFrame) -> str:
    """Name an overdue dossier."""
    late = rows.filter(pl.col("resolved_at").is_null() & (pl.col("due_at") < NOW))
    return str(late["code"][-1])


@pytest.fixture(scope="package")
def plain(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Store]:
    """The store."""
    folder = tmp_path_factory.mktemp("english")
    store = open_store(databases.migrated(folder), home=folder)
    _fill(store)
    yield store
    store.engine.dispose()


@pytest.fixture(scope="package")
def sessions(plain: Store) -> dict[str, str]:
    """An open session of each person, by name."""
    found = {name: people.by_name(plain, name) for name in PEOPLE}
    return {name: open_for(plain, who, now=NOW) for name, who in found.items() if who}


@pytest.fixture
def visit(plain: Store, sessions: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Visit:
    """Open a page in English as somebody. The first run, which says what pages there are, is nobody's: it is short."""
    monkeypatch.setattr(stored, "store", lambda: plain)
    monkeypatch.setattr("dashboard.filters.now", lambda: NOW)
    monkeypatch.setattr("dashboard.components.NUMBERS_SECONDS", 0)  # no browser waits to show them

    def open_page(page: str, *, who: str = "director", **query: str) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        app.query_params["ngon_ngu"] = "en"
        monkeypatch.setattr(scope, "token", (lambda: sessions[who]) if page == OVERVIEW else str)
        for name, value in query.items() if page == OVERVIEW else ():
            app.query_params[name] = value
        app.run()
        if page == OVERVIEW:  # where a session begins
            return app
        monkeypatch.setattr(scope, "token", lambda: sessions[who])
        app.switch_page(page)
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()

    return open_page


def _forget() -> None:
    for kept in (english._text, english._phrases, english._names, english._one, english._singular):
        kept.cache_clear()


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Take an entry out of the catalogue for one test."""
    told = catalogue.load()

    def taken(entry: str) -> None:
        phrases = {vietnamese: words for vietnamese, words in told.phrase.items() if vietnamese != entry}
        assert len(phrases) == len(told.phrase) - 1
        less = told.model_copy(update={"phrase": phrases})
        monkeypatch.setattr(catalogue, "load", lambda: less)
        _forget()

    yield taken
    monkeypatch.undo()
    _forget()
