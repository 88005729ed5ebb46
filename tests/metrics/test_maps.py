"""Units with history: what changed hands counts with whom it was then, and with whom it is today."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.calendar import Closure
from config.hours import Hours, HoursOf
from config.units import Units
from metrics.calendar import WorkingCalendar
from metrics.cube import cube
from metrics.evaluate import Map, figures
from metrics.form_ii06 import form
from metrics.places import with_own_name
from metrics.rulebook import Rulebook
from metrics.scope import Period, Scope
from metrics.worktime import WorkTime
from tests.metrics.province import BOOK, cube_of, day, dossier, facts_of
from tests.metrics.slow import Slow
from tests.metrics.test_figures import DAYS, START, dossiers, on

ALL = Scope.province()


def merged(first: int, second: int) -> Rulebook:
    """Let X pass to Z on the day after ``first``, and Z to Y after ``second``."""
    ends = {"Sở X": (START + timedelta(days=first), "Sở Z"), "Sở Z": (START + timedelta(days=second), "Sở Y")}
    return replace(BOOK, units=Units(own_name={"Sở X cũ": "Sở X"}, handed=ends))


#: The successor ends after, or has ended before, the unit that it takes over from.
MERGED = st.sampled_from([merged(20, 40), merged(40, 20)])


def of(frame: pl.DataFrame, start: str, end: str, on_map: Map) -> dict[str | None, dict[str, Any]]:
    rows = figures(
        frame, period=Period(day(start), day(end)), as_of=day(end), scope=ALL, by=["department"], on_map=on_map
    )
    return {row["department"]: row for row in rows.rows(named=True)}


def handed(**told: Any) -> dict[str, Any]:
    """Received by A on Mon 2/3, handed to B on Mon 9/3, due Fri 6/3."""
    return dossier("H", "processing", received="2026-03-02", due="2026-03-06", department="B",
                   places=[("2026-03-02", "A"), ("2026-03-09", "B")], **told)  # fmt: skip


def test_a_handover_keeps_the_clock_and_moves_the_stock() -> None:
    frame = cube_of(handed())
    then = of(frame, "2026-03-02", "2026-03-08", "then")
    assert list(then) == ["A"]
    assert (then["A"]["received"], then["A"]["pending_overdue"]) == (1, 1)
    later = of(frame, "2026-03-09", "2026-03-15", "then")
    assert (later["A"]["carried_over"], later["A"]["transferred_out"], later["A"]["pending"]) == (1, 1, 0)
    assert (later["B"]["transferred_in"], later["B"]["pending_overdue"], later["B"]["received"]) == (1, 1, 0)
    today = of(frame, "2026-03-02", "2026-03-08", "today")
    assert list(today) == ["B"]
    assert (today["B"]["received"], today["B"]["pending_overdue"], today["B"]["transferred_in"]) == (1, 1, 0)


def test_what_was_kept_or_missed_stays_with_whom_it_happened() -> None:
    frame = cube_of(handed())
    then = of(frame, "2026-03-02", "2026-03-31", "then")
    assert (then["A"]["due"], then["A"]["due_met"]) == (1, 0)
    assert then["B"]["due"] == 0
    assert of(frame, "2026-03-02", "2026-03-31", "today")["B"]["due"] == 1


def test_a_closed_unit_s_pending_dossiers_pass_to_its_successor_on_the_day_after() -> None:
    units = Units(own_name={"TN&MT": "Sở cũ"}, handed={"Sở cũ": (date(2026, 3, 10), "Sở mới")})
    book = replace(BOOK, units=units)
    open_ = dossier("A", "processing", received="2026-03-02", due="2026-03-31", department="TN&MT")
    closed = dossier(
        "B", "resolved", received="2026-03-02", due="2026-03-31", resolved="2026-03-05", department="Sở cũ"
    )
    own = dossier("C", "processing", received="2026-03-12", due="2026-03-31", department="Sở mới")
    frame = cube_of(open_, closed, own, book=book)
    march = of(frame, "2026-03-01", "2026-03-31", "then")
    assert (march["Sở cũ"]["received"], march["Sở cũ"]["resolved"], march["Sở cũ"]["transferred_out"]) == (2, 1, 1)
    assert (march["Sở mới"]["received"], march["Sở mới"]["transferred_in"], march["Sở mới"]["pending"]) == (1, 1, 2)
    assert of(frame, "2026-03-10", "2026-03-10", "then")["Sở cũ"]["pending"] == 1
    assert of(frame, "2026-03-11", "2026-03-11", "then")["Sở cũ"]["transferred_out"] == 1
    assert "Sở cũ" not in of(frame, "2026-03-12", "2026-03-12", "then")
    today = of(frame, "2026-03-01", "2026-03-31", "today")
    assert list(today) == ["Sở mới"]
    assert (today["Sở mới"]["received"], today["Sở mới"]["resolved"]) == (3, 1)
    assert facts_of(open_, book=book)["department_told"][0] == "TN&MT"


def places_of(units: Units, *places: tuple[str, str], **told: Any) -> list[tuple[str, str]]:
    """Give where a dossier was and from when, of one received by the first of ``places``."""
    row = dossier("H", told.pop("status", "processing"), received="2026-03-02", due="2026-03-31",
                  department=places[-1][1], places=list(places), **told)  # fmt: skip
    stays = facts_of(row, book=replace(BOOK, units=units))["places"].item()
    return [(stay["from_on"].isoformat(), stay["department"]) for stay in stays.to_list()]


FIRST = "1900-01-01"
A_TO_C = Units(own_name={}, handed={"a": (date(2026, 3, 15), "c")})


def test_what_is_handed_to_a_unit_that_has_ended_goes_to_its_successor_that_day() -> None:
    stays = places_of(A_TO_C, ("2026-03-02", "x"), ("2026-03-20", "a"))
    assert stays == [(FIRST, "x"), ("2026-03-20", "c")]
    row = dossier("H", "processing", received="2026-03-02", due="2026-03-31", department="a",
                  places=[("2026-03-02", "x"), ("2026-03-20", "a")])  # fmt: skip
    then = of(cube_of(row, book=replace(BOOK, units=A_TO_C)), "2026-03-01", "2026-03-31", "then")
    assert {name: (row["transferred_in"], row["transferred_out"], row["pending"]) for name, row in then.items()} == {
        "c": (1, 0, 1),
        "x": (0, 1, 0),
    }


def test_a_successor_that_ended_earlier_passes_on_at_once() -> None:
    units = Units(own_name={}, handed={"a": (date(2026, 3, 15), "b"), "b": (date(2026, 3, 10), "c")})
    assert places_of(units, ("2026-03-02", "a")) == [(FIRST, "a"), ("2026-03-16", "c")]
    assert places_of(units, ("2026-03-02", "x"), ("2026-03-20", "a")) == [(FIRST, "x"), ("2026-03-20", "c")]
    assert places_of(units, ("2026-03-02", "x"), ("2026-03-12", "a")) == [
        (FIRST, "x"),
        ("2026-03-12", "a"),
        ("2026-03-16", "c"),
    ]


def test_a_successor_that_the_source_names_later_is_not_handed_its_own_dossier() -> None:
    assert places_of(A_TO_C, ("2026-03-02", "a"), ("2026-03-20", "c")) == [(FIRST, "a"), ("2026-03-16", "c")]
    assert places_of(A_TO_C, ("2026-03-02", "a"), ("2026-03-20", "c"), ("2026-03-23", "a"), ("2026-03-25", "x")) == [
        (FIRST, "a"),
        ("2026-03-16", "c"),
        ("2026-03-25", "x"),
    ]


def test_what_was_closed_before_its_unit_ended_stays_with_it() -> None:
    told = {"status": "resolved", "resolved": "2026-03-13"}
    assert places_of(A_TO_C, ("2026-03-02", "x"), ("2026-03-09", "a"), **told) == [(FIRST, "x"), ("2026-03-09", "a")]


def test_the_form_says_what_was_taken_over() -> None:
    table = form(cube_of(handed()), period=Period(day("2026-03-09"), day("2026-03-15")), as_of=day("2026-03-15"),
                 rows="department", scope=ALL, on_map="then")  # fmt: skip
    rows = {row["name"]: row for row in table.rows.rows(named=True)}
    assert table.balanced
    assert (rows["B"]["c6"], rows["B"]["c11"]) == (1, 1)
    assert (rows["A"]["c3"], rows["A"]["handed_out"], rows["B"]["handed_in"]) == (0, 1, 1)
    assert (table.notes.handed_in, table.notes.handed_out) == (1, 1)


NN_MT = Units(own_name={"H99.01": "Sở NN&MT"}, handed={"Sở NN&MT": (date(2026, 12, 31), "Sở mới")})


def closed_for_a_flood(unit: str) -> WorkTime:
    flood = Closure((unit,), date(2026, 3, 10), date(2026, 3, 13), "lũ")
    hours = HoursOf(BOOK.time.hours.default, {})
    return WorkTime(WorkingCalendar(replace(BOOK.calendar.days, closures=(flood,))), hours)


@pytest.mark.parametrize("written", ["Sở NN&MT", "H99.01"])
def test_a_closure_holds_for_its_unit_under_every_name(written: str) -> None:
    rows = with_own_name(pl.DataFrame({"department": ["Sở NN&MT", "H99.01", "Sở mới", None]}), NN_MT)
    time = closed_for_a_flood(written).under(NN_MT.own_name)
    # 5 working days from Mon 9/3: 16/3; with Tue 10/3 to Fri 13/3 closed: Mon 16/3 to Fri 20/3.
    due = {name: work.calendar.add(day("2026-03-09"), 5).day
           for work, cut in time.groups(rows, "department_own") for name in cut["department"]}  # fmt: skip
    assert due == {"Sở NN&MT": 20, "H99.01": 20, "Sở mới": 16, None: 16}


def test_hours_written_for_an_alias_are_its_unit_s_unless_it_has_its_own() -> None:
    usual = BOOK.time.hours.default
    early, late = (replace(usual, usual=Hours(((start, start + 240),))) for start in (420, 480))
    of_alias = WorkTime(BOOK.calendar, HoursOf(usual, {"H99.01": early})).under(NN_MT.own_name)
    assert of_alias.of("Sở NN&MT").hours.default == early
    both = WorkTime(BOOK.calendar, HoursOf(usual, {"Sở NN&MT": late, "H99.01": early})).under(NN_MT.own_name)
    assert both.of("Sở NN&MT").hours.default == late


@st.composite
def moved(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Random histories in which dossiers change hands, up to three times, and departments merge."""
    rows = draw(dossiers())
    names = st.sampled_from(["Sở X", "Sở X cũ", "Sở Y", "Sở Z", None])
    for row in rows:
        row["department"] = draw(names)
        days = sorted(draw(st.lists(st.integers(-2, DAYS + 5), max_size=3, unique=True)))
        if days:
            stays = [(on(-30), draw(names)), *((on(n), draw(names)) for n in days)]
            made = dossier("x", "processing", received=on(0), places=stays)
            row["places"], row["department"] = made["places"], stays[-1][1]
    return rows


def holder(row: dict[str, Any], today: date, units: Units) -> str | None:
    """Say with whom a dossier was on a day, as it was: stay by stay, successor by successor."""
    places = row["places"] or [{"department": row["department"], "at": None}]
    began, name = date(1900, 1, 1), ""
    for n, place in enumerate(places):
        own = units.own_name.get(place["department"], place["department"] or "")
        if n == 0:
            name = own
        elif place["at"].date() <= today and own != name:
            began, name = place["at"].date(), own
    twin = Slow(row)
    while name in units.handed and units.handed[name][0] < today:
        began = max(began, units.handed[name][0] + timedelta(days=1))
        if twin.closed and twin.closed < began:
            break
        name = units.handed[name][1]
    return name or None


@settings(max_examples=60, deadline=None)
@given(moved(), MERGED)
def test_the_stock_of_every_past_day_is_the_slow_replay_with_whom_it_then_was(
    rows: list[dict[str, Any]], book: Rulebook
) -> None:
    frame = cube(facts_of(*rows, book=book), book)
    twins = [(Slow(row), row) for row in rows]
    for n in range(0, DAYS + 10, 6):
        today = START + timedelta(days=n)
        found = figures(frame, period=Period(today, today), as_of=today, scope=ALL, by=["department"], on_map="then")
        told = {
            row["department"]: (row["pending_overdue"], row["pending_in_term"])
            for row in found.rows(named=True)
            if row["pending_overdue"] or row["pending_in_term"]
        }
        slow: dict[str | None, list[int]] = {}
        for twin, row in twins:
            stands = twin.stands(today)
            if stands in ("overdue", "in_term"):
                slow.setdefault(holder(row, today, book.units), [0, 0])[stands == "in_term"] += 1
        assert told == {name: (late, running) for name, (late, running) in slow.items()}, today


@settings(max_examples=40, deadline=None)
@given(moved(), MERGED)
def test_both_maps_have_one_total_and_every_unit_adds_up(rows: list[dict[str, Any]], book: Rulebook) -> None:
    frame = cube(facts_of(*rows, book=book), book)
    period = Period(START, START + timedelta(days=DAYS))
    asked: dict[str, Any] = {"period": period, "as_of": period.end, "scope": ALL}
    today, then = (figures(frame, **asked, on_map=m).row(0, named=True) for m in ("today", "then"))
    apart = ("transferred_in", "transferred_out", "form_handed")
    assert {k: v for k, v in today.items() if k not in apart} == {k: v for k, v in then.items() if k not in apart}
    assert then["transferred_in"] == then["transferred_out"]
    for row in figures(frame, **asked, by=["department"], on_map="then").rows(named=True):
        came = row["carried_over"] + row["received"] + row["transferred_in"]
        assert came == row["resolved"] + row["pending"] + row["transferred_out"]
        assert row["pending"] == row["pending_in_term"] + row["pending_overdue"] + row["pending_undetermined"]
        assert min(row["pending_in_term"], row["pending_overdue"], row["pending_suspended"]) >= 0
    assert form(frame, **asked, rows="department", on_map="then").balanced
