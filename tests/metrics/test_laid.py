"""Counts laid out since a mark, and summed over what a question does not tell apart, answer as all counts do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from metrics import laid
from metrics.evaluate import figures, since
from metrics.scope import Filters, Period, Scope
from tests.metrics.province import cube_of
from tests.metrics.test_figures import DAYS, START, dossiers

ALL = Scope.province()


def test_marks_are_the_first_of_months_the_latest_first() -> None:
    assert laid.marks(date(2026, 1, 15)) == (date(2025, 12, 1), date(2025, 7, 1), date(2025, 1, 1))
    assert laid.marks(date(2026, 11, 23)) == (date(2026, 10, 1), date(2026, 5, 1), date(2025, 1, 1))


@pytest.mark.parametrize(
    ("start", "found"),
    [
        (date(2026, 11, 16), date(2026, 10, 1)),
        (date(2026, 10, 1), date(2026, 10, 1)),
        (date(2026, 9, 30), date(2026, 5, 1)),
        (date(2025, 1, 1), date(2025, 1, 1)),
        (date(2024, 12, 31), None),
    ],
)
def test_a_question_is_asked_of_the_latest_mark_that_it_does_not_reach_behind(start: date, found: date | None) -> None:
    assert laid.mark(start, date(2026, 11, 23)) == found


def test_each_mark_is_made_from_the_one_before_it() -> None:
    latest, middle, first = laid.marks(today := date(2026, 11, 23))
    assert [laid.wider(day, today) for day in (latest, middle, first)] == [middle, first, None]


def test_what_is_told_apart_by_procedure_is_asked_of_all_that_is_told_apart() -> None:
    assert laid.is_fine(Filters(), ("week", "procedure"))
    assert laid.is_fine(Filters(receiving_unit=("Quầy 1",)), ())
    assert not laid.is_fine(Filters(department=("Sở Y tế",)), ("field", "source", "channel", "level"))


@settings(max_examples=60, deadline=None)
@given(
    dossiers(),
    st.integers(0, DAYS),
    st.integers(0, 12),
    st.sampled_from([[], ["week"], ["department", "field"], ["day", "channel"], ["source", "level"]]),
    st.booleans(),
)
def test_counts_laid_out_twice_and_summed_answer_as_all_do(
    rows: list[dict[str, Any]], first: int, later: int, by: list[str], coarse: bool
) -> None:
    whole = cube_of(*rows)
    mark = START + timedelta(days=first + later)
    few = since(since(whole.lazy(), START + timedelta(days=first)), mark)
    few = laid.coarse(few) if coarse else few
    for length in (6, DAYS):
        period = Period(mark, mark + timedelta(days=length))
        told = [figures(frame, period=period, as_of=period.end, scope=ALL, by=by) for frame in (few, whole)]
        assert_frame_equal(*told)
