"""A list of any period is as long as its number: every column and note of form II.06, every figure of service."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, Final

import polars as pl
import pytest
from hypothesis import given, settings

from dashboard.answers.desk import OWED
from dashboard.listing import by_code
from dashboard.lists import LISTS
from dashboard.period_lists import COLUMNS, NOTES, column_code, note_code
from metrics.behind import EVENTS, behind, of_form, unlettered
from metrics.cube import cube
from metrics.evaluate import figures
from metrics.events import Event
from metrics.form_ii06 import form
from metrics.scope import Period, Scope
from metrics.standing import standing
from tests.metrics.province import BOOK, CALENDAR, dossier, facts_of, halt, letter
from tests.metrics.test_figures import DAYS, START, dossiers

ALL: Final = Scope.province()
PERIODS: Final = [
    Period(START + timedelta(days=n), START + timedelta(days=n + long)) for n in (0, 9, 20) for long in (0, 6, 30)
]


@settings(max_examples=6, deadline=None)
@given(dossiers())
def test_every_number_of_the_form_is_the_length_of_its_list(rows: list[dict[str, Any]]) -> None:
    facts = facts_of(*rows)
    counts = cube(facts, BOOK)
    for period in PERIODS:
        as_of = min(period.end, START + timedelta(days=DAYS // 2))
        told = form(counts, period=period, as_of=as_of, rows="field", scope=ALL)
        listed = standing(of_form(facts, period, as_of).lazy(), min(period.end, as_of), CALENDAR).collect()
        numbers = {column_code(c): n for c, n in told.total.items()}
        numbers |= {note_code(name): n for name, n in asdict(told.notes).items() if name in NOTES}
        assert {code: listed.filter(LISTS[code].keep).height for code in numbers} == numbers, period


@settings(max_examples=5, deadline=None)
@given(dossiers())
def test_every_event_is_counted_once_for_each_row_of_its_list(rows: list[dict[str, Any]]) -> None:
    facts = facts_of(*rows)
    counts = cube(facts, BOOK)
    for period in PERIODS[::2]:
        for as_of in (period.end, period.start + timedelta(days=3)):
            told = figures(counts, period=period, as_of=as_of, scope=ALL).row(0, named=True)
            lengths = {e.value: behind(facts, e, period, as_of).height for e in EVENTS}
            numbers = told | {"fees": told["charged"] + told["charged_unknown"]}  # counted in đồng
            assert lengths == {name: numbers[name] for name in lengths}, (period, as_of)
            late = (
                standing(facts.lazy(), min(period.end, as_of), CALENDAR)
                .collect()
                .filter(pl.col("standing") == "overdue")
            )
            assert late.filter(unlettered(min(period.end, as_of))).height == told["overdue_without_letter"]


def test_all_eleven_columns_and_seven_notes_have_a_list() -> None:
    assert [column_code(f"c{n}") in LISTS for n in range(3, 14)] == [True] * 11
    assert len(COLUMNS) == 11
    assert [note_code(name) in LISTS for name in NOTES] == [True] * 7


def test_the_lists_of_service_by_hand() -> None:
    """Week of 2/11/2026. A is answered after 8 working hours, B in time; C is asked twice, once with a notice. D is due
    on Tue 3/11, apologised for on Wed 4/11 (the first day overdue), closed on Fri; E is due on 3/11, without one."""
    noticed = halt("2026-11-03", "2026-11-04") | {"notice": True}
    oral = halt("2026-11-05", None) | {"notice": False}
    facts = facts_of(
        dossier("A", "processing", channel="online", submitted="2026-11-02", received="2026-11-05", due="2026-12-01"),
        dossier("B", "processing", channel="online", submitted="2026-11-02", received="2026-11-03", due="2026-12-01"),
        dossier("C", "supplement", received="2026-11-02", due="2026-12-01", halts=[noticed, oral]),
        dossier("D", "resolved", received="2026-10-01", due="2026-11-03", resolved="2026-11-06",
                letters=[letter("2026-11-04", "2026-11-03", "2026-11-10")]),
        dossier("E", "processing", received="2026-10-01", due="2026-11-03"),
    )  # fmt: skip
    week, day = Period(date(2026, 11, 2), date(2026, 11, 8)), date(2026, 11, 8)

    def codes(event: Event, less: Event | None = None) -> list[str]:
        return behind(facts, event, week, day, less=less)["code"].to_list()

    assert codes(Event.ACCEPTANCE_DUE) == ["A", "B"]
    assert codes(Event.ACCEPTANCE_LATE) == ["A"]
    assert Counter(codes(Event.SUPPLEMENTS)) == {"C": 2}
    assert (codes(Event.SUPPLEMENTED), codes(Event.SUPPLEMENTS_NOTICED)) == (["C"], ["C"])
    assert codes(Event.SUPPLEMENTS_UNNOTICED) == ["C"]
    assert codes(Event.LETTERS_OWED) == ["D", "E"]
    assert codes(Event.LETTERS_OWED, Event.LETTERS_IN_TIME) == ["E"]
    assert codes(Event.EXTENSIONS_REFUSED) == ["D"]
    late = standing(facts.lazy(), day, CALENDAR).collect().filter(pl.col("standing") == "overdue", unlettered(day))
    assert late["code"].to_list() == ["E"]


def test_the_letters_owed_today_by_hand() -> None:
    """On Friday 6/11/2026. F and H are due on Monday, one working day ahead; H was apologised for. G is due on Tuesday.
    O was asked by word of mouth, N with a notice after that; of U nobody says how; A came back."""
    oral, noticed = (halt("2026-11-04", None) | {"notice": told} for told in (False, True))
    told = [halt("2026-11-02", "2026-11-03") | {"notice": False}]
    facts = facts_of(
        dossier("F", "processing", received="2026-10-01", due="2026-11-09"),
        dossier("G", "processing", received="2026-10-01", due="2026-11-10"),
        dossier("H", "processing", received="2026-10-01", due="2026-11-09",
                letters=[letter("2026-11-05", "2026-11-09", "2026-11-09")]),
        dossier("O", "supplement", received="2026-11-02", due="2026-12-01", halts=[oral]),
        dossier("N", "supplement", received="2026-11-02", due="2026-12-01", halts=[*told, noticed]),
        dossier("U", "supplement", received="2026-11-02", due="2026-12-01", halts=[halt("2026-11-04", None)]),
        dossier("A", "processing", received="2026-11-02", due="2026-12-01", halts=told),
    )  # fmt: skip
    day = date(2026, 11, 6)
    rows = standing(facts.lazy(), day, CALENDAR).collect().with_columns(unlettered=unlettered(day))
    listed = {code: rows.filter(LISTS[code].keep)["code"].to_list() for code in OWED}
    assert listed == {"sap-han-chua-xin-loi": ["F"], "qua-han-chua-xin-loi": [], "cho-bo-sung-khong-van-ban": ["O"]}


def test_two_lists_of_one_code_are_refused() -> None:
    with pytest.raises(ValueError, match="two lists are called bo-sung"):
        by_code([LISTS["bo-sung"], LISTS["rut"], LISTS["bo-sung"]])
