"""Counts laid out since a mark, and summed over what a question does not tell apart, answer as all counts do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, get_args

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from metrics import laid
from metrics.cube import durations
from metrics.evaluate import Map, figures
from metrics.laid import Laid, Lengths
from metrics.scope import Filters, Period, Scope
from metrics.took import took
from tests.metrics.province import cube_of, dossier, facts_of
from tests.metrics.test_figures import DAYS, START, dossiers

ALL = Scope.province()


def test_marks_are_the_first_of_months_the_latest_first() -> None:
    assert laid.marks(date(2026, 1, 15)) == (
        date(2026, 1, 1), date(2025, 12, 1), date(2025, 9, 1), date(2025, 7, 1), date(2025, 1, 1), date(2024, 1, 1),
        date(2023, 1, 1),
    )  # fmt: skip
    assert laid.marks(date(2026, 11, 23)) == (
        date(2026, 10, 1), date(2026, 7, 1), date(2026, 5, 1), date(2026, 1, 1), date(2025, 1, 1), date(2024, 1, 1),
        date(2023, 1, 1),
    )  # fmt: skip


@pytest.mark.parametrize(("weeks", "months"), [(13, 4), (26, 6)])
def test_weeks_that_pages_show_lie_within_the_mark_made_for_them(weeks: int, months: int) -> None:
    for n in range(366):
        today = date(2027, 3, 1) + timedelta(days=n)
        monday = today - timedelta(days=today.weekday() + 7 * (weeks - 1))
        year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
        assert date(year, month + 1, 1) <= monday
        assert date(year, month + 1, 1) in laid.marks(today)


@pytest.mark.parametrize(
    ("start", "found"),
    [
        (date(2026, 11, 16), date(2026, 10, 1)),
        (date(2026, 10, 1), date(2026, 10, 1)),
        (date(2026, 9, 30), date(2026, 7, 1)),
        (date(2026, 4, 30), date(2026, 1, 1)),
        (date(2025, 1, 1), date(2025, 1, 1)),
        (date(2022, 12, 31), None),
    ],
)
def test_a_question_is_asked_of_the_latest_mark_that_it_does_not_reach_behind(start: date, found: date | None) -> None:
    assert Laid(pl.LazyFrame(), date(2026, 11, 23)).mark(start) == found


def test_a_question_reads_what_it_tells_apart_and_what_it_chooses_by() -> None:
    assert laid.needed(ALL, Filters(), ("week", "procedure")) == {"procedure"}
    assert laid.needed(ALL, Filters(receiving_unit=("Quầy 1",)), ("field",)) == {"receiving_unit", "field"}
    assert laid.needed(Scope.of("Sở Y tế"), Filters(channel=("online",)), ("month",)) == {"department", "channel"}


@settings(max_examples=40, deadline=None)
@given(
    dossiers(),
    st.sampled_from([-400, -200, -40, -5, 0]),
    st.sampled_from([(), ("week",), ("department", "field"), ("day", "channel"), ("source", "level"), ("procedure",)]),
    st.sampled_from(
        [
            Filters(),
            Filters(channel=("online",)),
            Filters(procedure=("1.000001",)),
            Filters(field=("Đất đai",)),
            Filters(department=("Sở X",), level=("3",)),
        ]
    ),
    st.sampled_from([ALL, Scope.of("Sở X"), Scope.of("Sở X", "Sở Y")]),
)
def test_counts_that_are_laid_out_answer_as_all_do(
    rows: list[dict[str, Any]], back: int, by: tuple[str, ...], filters: Filters, scope: Scope
) -> None:
    whole = cube_of(*rows)
    today = START + timedelta(days=DAYS)
    laid_out = Laid(whole.lazy(), today)
    period = Period(start := today + timedelta(days=back), start + timedelta(days=6))
    for on_map in get_args(Map):
        few = laid_out.of(scope, filters, on_map, start, by)
        told = [
            figures(frame, period=period, as_of=today, scope=scope, by=by, filters=filters, on_map=on_map)
            for frame in (few, whole)
        ]
        assert_frame_equal(*told)


def test_each_layer_is_made_once_from_the_one_before() -> None:
    whole = cube_of(dossier("A", "processing", received="2026-01-05", due="2026-01-12"))
    laid_out = Laid(whole.lazy(), date(2026, 11, 23))
    latest = laid_out.since(date(2026, 10, 1), fine=False)
    assert latest is laid_out.since(date(2026, 10, 1), fine=False)
    assert set(laid_out._layers) == {(day, False) for day in laid.marks(laid_out.today)}  # nothing fine is held
    assert latest["day"].min() == date(2026, 9, 30)
    assert latest["procedure"].null_count() == latest.height


@settings(max_examples=30, deadline=None)
@given(
    dossiers(),
    st.sampled_from([-400, -40, -5]),
    st.sampled_from([(), ("field",), ("department", "week")]),
    st.sampled_from([Filters(), Filters(field=("Đất đai",)), Filters(department=("",)), Filters(channel=("online",))]),
    st.sampled_from([ALL, Scope.of("Sở X"), Scope.of("Sở X", "Sở Y")]),
)
def test_lengths_that_are_laid_out_answer_as_all_do(
    rows: list[dict[str, Any]], back: int, by: tuple[str, ...], filters: Filters, scope: Scope
) -> None:
    whole = durations(facts_of(*rows))
    today = START + timedelta(days=DAYS)
    start = today + timedelta(days=back)
    period = Period(start, start + timedelta(days=60))
    few = Lengths(whole.lazy(), today).of(scope, filters, "today", start)
    told = [took(frame, period=period, as_of=today, scope=scope, by=by, filters=filters) for frame in (few, whole)]
    assert_frame_equal(*told)
