"""Who holds a dossier sees it and may record; who has received it does not; and sight goes when the dossier goes."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from config import units
from config.units import Units
from dashboard.answers import worklist
from jobs.rebuild import rebuild
from metrics import rulebook, whose
from metrics.scope import Filters, Scope
from store import ledger, recorded, records, snapshot
from store.database import Store, reading
from store.ingest import begin_run
from store.people import Person
from store.records import Cause, Kind, Letter, RecordError, Why, Words
from store.sight import sight
from store.steps import STEPS
from tests.access.planted import NOW, ONE_STOP, at, framed

#: Dossiers of Draco: one that its export says lies with Cygnus, one whose running step is there under an old code,
#: one that Cygnus took in and has done its step of, one that Cygnus holds no more for it is closed.
EXPORT, STEP, RECEIVED, CLOSED = "EXPORT-1", "STEP-2", "RECEIVED-3", "CLOSED-4"
HEAD = Person("truong", "Trưởng", "head", ("Sở Cygnus",))
OTHER = Person("khac", "Khác", "head", ("Sở Aquila",))
OLD = "H99.07"


@pytest.fixture
def held(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(units, "load", lambda: Units({OLD: "Sở Cygnus"}, {}))
    row = {
        "source": ONE_STOP.name, "status": "processing", "department": "Sở Draco", "receiving_unit": "Sở Cygnus",
        "submitted_at": at(30), "received_at": at(30), "due_at": at(4),
    }  # fmt: skip
    closed = {"code": CLOSED, "holding_unit": "Sở Cygnus", "status": "returned", "resolved_at": at(2)}
    rows = [row | told for told in ({"code": EXPORT, "holding_unit": OLD}, {"code": STEP}, {"code": RECEIVED}, closed)]
    with begin_run(store, ONE_STOP, kind="sync", origin="here", seen_at=NOW - timedelta(hours=1)) as run:
        run.batch(framed(rows), told_steps=steps(STEP, ("Sở Draco", 20, 9), (OLD, 9, None)))
    again = steps(RECEIVED, ("Sở Cygnus", 30, 20), ("Sở Draco", 20, None))
    with begin_run(store, ONE_STOP, kind="sync", origin="here", seen_at=NOW) as run:
        run.batch(framed(rows), told_steps=again)
    rebuild(store)
    return store


def steps(code: str, *told: tuple[str, int, int | None]) -> pl.DataFrame:
    """Make steps: the unit, when it began and when it ended, in days ago."""
    rows = [
        {"code": code, "step": f"Bước {n}", "unit": unit, "started_at": at(start), "ended_at": at(end) if end else None}
        for n, (unit, start, end) in enumerate(told)
    ]
    return pl.DataFrame(rows, schema_overrides=STEPS).match_to_schema(STEPS, missing_columns="insert")


def facts(store: Store) -> pl.DataFrame:
    state = snapshot.read_manifest(store)
    assert state is not None
    return snapshot.facts(store, state).sort("code").collect()


def test_the_holder_is_told_by_the_export_else_by_the_step_that_runs_under_todays_name(held: Store) -> None:
    told = facts(held).select("code", "holding_unit").rows()
    assert told == [(CLOSED, None), (EXPORT, "Sở Cygnus"), (RECEIVED, "Sở Draco"), (STEP, "Sở Cygnus")]


def test_who_holds_sees_and_who_received_does_not(held: Store) -> None:
    seen = {code: not ledger.history(held, ONE_STOP.name, code, HEAD.scope).is_empty() for code in facts(held)["code"]}
    assert seen == {CLOSED: False, EXPORT: True, RECEIVED: False, STEP: True}
    mine = facts(held).filter(HEAD.scope.sees())["code"].to_list()
    assert mine == [EXPORT, STEP], "files of figures and questions of the database say the same"
    assert facts(held).filter(OTHER.scope.sees()).is_empty()


def test_figures_are_the_resolving_units_and_what_is_held_is_a_list_of_its_own(held: Store) -> None:
    assert facts(held).filter(HEAD.scope.expr()).is_empty()
    lies = whose.held(facts(held).lazy(), HEAD.scope, Filters()).collect()
    assert lies["code"].to_list() == [EXPORT, STEP]
    assert whose.held(facts(held).lazy(), Scope.of("Sở Draco"), Filters()).collect().is_empty(), "its own are no list"
    chosen = Filters(department=("Sở Cygnus",))
    assert whose.held(facts(held).lazy(), Scope.province(), chosen).collect()["code"].to_list() == [EXPORT, STEP]
    assert whose.held(facts(held).lazy(), Scope.province(), Filters()).collect().is_empty()
    assert whose.held(facts(held).lazy(), OTHER.scope, chosen).collect().is_empty(), "a unit out of scope is guessed"


def test_the_tab_is_there_while_something_is_held(held: Store) -> None:
    assert worklist.HELD in worklist.opened("qua-han", facts(held))
    assert worklist.HELD not in worklist.opened("qua-han", facts(held).clear())
    assert worklist.opened(worklist.HELD, facts(held).clear())[-1] == worklist.HELD


def test_who_holds_records_cause_answer_and_note_and_no_letter(held: Store) -> None:
    calendar = rulebook.load().calendar

    def keep(entry: records.Entry, by: Person = HEAD, code: str = STEP) -> None:
        records.record(held, ONE_STOP.name, code, entry, by=by, at=NOW, calendar=calendar)

    for entry in (Cause("T02"), Words(Kind.ANSWER, "Đã báo"), Words(Kind.NOTE, "Gọi lại")):
        keep(entry)
    letter = Letter("1/XL", at(1).date(), at(-4).date())
    with pytest.raises(RecordError, match="for Sở Draco to promise") as refused:
        keep(letter)
    assert refused.value.why is Why.ONLY_HOLDS
    for code, by in ((RECEIVED, HEAD), (CLOSED, HEAD), (STEP, OTHER)):
        with pytest.raises(RecordError, match="has no dossier"):
            keep(Words(Kind.NOTE, "x"), by, code)
    assert recorded.of_dossier(held, ONE_STOP.name, STEP, HEAD.scope)["kind"].to_list() == ["note", "answer", "cause"]
    keep(letter, Person("draco", "Draco", "head", ("Sở Draco",)))


def test_sight_goes_on_with_the_dossier(held: Store) -> None:
    with begin_run(held, ONE_STOP, kind="sync", origin="here", seen_at=NOW + timedelta(hours=1)) as run:
        run.batch(framed([]), told_steps=steps(STEP, ("Sở Draco", 20, 9), (OLD, 9, 1), ("Sở Aquila", 1, None)))
    with reading(held) as connection:
        assert sight(connection, ONE_STOP.name, STEP, HEAD.scope) is None
        found = sight(connection, ONE_STOP.name, STEP, OTHER.scope)
    assert found is not None and (found.unit, found.resolves) == ("Sở Draco", False)
