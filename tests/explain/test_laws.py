"""Laws of the explanation: it says what the figures count, and leaves no day out, on random histories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.procedures import Allowed
from metrics.explain import allowed, explain
from metrics.explanation import Explanation
from metrics.rulebook import Rulebook
from metrics.standing import standing
from metrics.terms import Terms
from tests.metrics.province import BOOK, CALENDAR, TERMS, facts_of, part
from tests.metrics.test_figures import DAYS, START, dossiers

LIMITED = Rulebook(
    BOOK.time, BOOK.rules,
    (
        Allowed("", "1.000001", date(1990, 1, 1), "10wd", "7wd", None, None, "QĐ 1", "procedures.csv, 1"),
        Allowed("", "1.000002", date(1990, 1, 1), "20d", "", None, "restart", "QĐ 2", "procedures.csv, 2"),
        Allowed("test", "1.000002", date(2026, 2, 10), "24wh", "16wh", None, None, "QĐ 3", "procedures.csv, 3"),
    ),
    BOOK.units,
)  # fmt: skip
TAKEN = st.builds(
    Terms,
    counting=st.sampled_from(["days", "minutes"]),
    precision=st.sampled_from(["day", "minute"]),
    promise=st.sampled_from(["source", "computed"]),
    moves=st.sampled_from(["judged", "as_told"]),
)
FEW = dossiers().map(lambda rows: rows[:4])
A_DAY = st.integers(-5, DAYS + 30).map(lambda n: START + timedelta(days=n))


def explained(row: dict[str, Any], on: date, terms: Terms = TERMS["test"], book: Rulebook = BOOK) -> Explanation | None:
    return explain(part(row), {"test": terms}, book, on)


@settings(max_examples=20, deadline=None)
@given(FEW, TAKEN, A_DAY)
def test_the_explanation_stands_where_the_list_of_all_dossiers_stands(
    rows: list[dict[str, Any]], terms: Terms, on: date
) -> None:
    frame = standing(facts_of(*rows, terms=terms, book=LIMITED).lazy(), on, CALENDAR).collect()
    listed = {row["code"]: row for row in frame.to_dicts()}
    for row in rows:
        told = explained(row, on, terms, LIMITED)
        stands = listed.get(row["code"])
        assert (told is None) == (stands is None)
        if told is None or stands is None:
            continue
        same = ("standing", "suspended", "due_on", "first_due_on", "days_late", "days_left", "department")
        assert {name: getattr(told, name) for name in same} == {name: stands[name] for name in same}
        in_force = [promise.due_on for promise in told.promises if promise.in_force]
        assert in_force == ([] if told.first_due_on is None else [told.due_on])


@settings(max_examples=20, deadline=None)
@given(FEW, TAKEN, A_DAY)
def test_every_day_from_receipt_to_the_end_is_listed_once(rows: list[dict[str, Any]], terms: Terms, on: date) -> None:
    for told in filter(None, (explained(row, on, terms, LIMITED) for row in rows)):
        if told.received_at is None:
            assert told.days == ()
            continue
        received = told.received_at.date()
        end = max(d for d in (received, told.due_on, told.closed_on or on) if d is not None)
        assert [day.on for day in told.days] == [received + timedelta(n) for n in range((end - received).days + 1)]
        counted = [day for day in told.days if day.counted]
        assert [day.number for day in counted] == list(range(1, len(counted) + 1))
        assert all(day.reason and day.rule for day in told.days if not day.counted)


@settings(max_examples=20, deadline=None)
@given(FEW, A_DAY)
def test_as_many_days_count_as_there_are_working_days_less_those_waited(rows: list[dict[str, Any]], on: date) -> None:
    for row in rows:
        told = explained(row, on)
        if told is None or told.received_at is None:
            continue
        received, until = told.received_at.date(), told.closed_on or on
        used = [day for day in told.days if day.counted and day.on <= until]
        if until >= received:
            assert told.passed == CALENDAR.between(received, until) == len(used) + told.waited
        taken = facts_of(row)["taken_days"].item()
        if taken is not None and told.closed_on and told.closed_on >= received:
            assert len(used) == taken


@settings(max_examples=20, deadline=None)
@given(FEW, TAKEN)
def test_our_own_due_day_is_the_one_that_figures_use(rows: list[dict[str, Any]], terms: Terms) -> None:
    frame = facts_of(*rows, terms=terms, book=LIMITED)
    for row, fact in zip(rows, frame.to_dicts(), strict=True):
        told = explained(row, START + timedelta(days=DAYS + 60), terms, LIMITED)
        assert told is not None
        ours = told.expectation
        days = (ours.due_first_on, ours.due_on) if ours else (None, None)
        assert days == (fact["expected_first_on"], fact["expected_on"])
        if ours and fact["committed"]["unit"] == ours.limit.unit:
            assert ours.limit.size == fact["committed"]["size"]
        answer = told.acceptance
        assert (answer and (answer.due_on, answer.late)) == (
            (fact["acceptance_due_on"], fact["accepted_late"]) if fact["acceptance_due_on"] else None
        )


@settings(max_examples=20, deadline=None)
@given(FEW, TAKEN, A_DAY)
def test_a_promise_counts_exactly_where_its_verdict_says_so(rows: list[dict[str, Any]], terms: Terms, on: date) -> None:
    for told in filter(None, (explained(row, on, terms, LIMITED) for row in rows)):
        for promise in told.promises:
            assert promise.why.startswith("Tính" if promise.counts else "Không tính")
            assert promise.rule
        assert sum(promise.in_force for promise in told.promises) == bool(told.promises)


@pytest.mark.parametrize(
    ("source", "on", "basis"),
    [("test", date(2026, 2, 9), "QĐ 2"), ("test", date(2026, 2, 10), "QĐ 3"), ("other", date(2026, 3, 1), "QĐ 2")],
)
def test_the_own_line_of_a_source_goes_before_the_common_one(source: str, on: date, basis: str) -> None:
    line = allowed(LIMITED.procedures, source, "1.000002", on)
    assert line is not None
    assert line.basis == basis


def test_one_dossier_is_explained_at_a_time() -> None:
    with pytest.raises(ValueError, match="not 0"):
        explain(part(), TERMS, BOOK, START)
