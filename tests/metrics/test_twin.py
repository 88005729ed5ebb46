"""The clocks against their slow twin: every dossier, every day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.cube import cube
from metrics.evaluate import figures
from metrics.scope import Period, Scope
from metrics.standing import standing
from tests.metrics.province import BOOK, CALENDAR, facts_of
from tests.metrics.slow import AMOUNTS, Slow
from tests.metrics.test_figures import DAYS, START, dossiers

IN_SETTLEMENT = (
    "in_term",
    "overdue",
    "undetermined",
    "resolved_early",
    "resolved_on_time",
    "resolved_overdue",
    "resolved_undetermined",
)


def told_by_twin(rows: list[dict[str, Any]], today: date) -> dict[str, str]:
    stands = {row["code"]: Slow(row).stands(today) for row in rows}
    return {code: value for code, value in stands.items() if value is not None}


@settings(max_examples=150, deadline=None)
@given(dossiers())
def test_every_dossier_stands_every_day_as_its_slow_twin_says(rows: list[dict[str, Any]]) -> None:
    told = facts_of(*rows).lazy()
    for n in range(-3, DAYS + 10, 3):
        today = START + timedelta(days=n)
        listed = standing(told, today, CALENDAR).filter(pl.col("standing").is_in(IN_SETTLEMENT)).collect()
        assert dict(listed.select("code", "standing").iter_rows()) == told_by_twin(rows, today), today


@settings(max_examples=60, deadline=None)
@given(dossiers())
def test_the_stock_of_every_past_day_is_the_slow_replay_of_that_day(rows: list[dict[str, Any]]) -> None:
    frame = cube(facts_of(*rows), BOOK)
    twins = [Slow(row) for row in rows]
    for n in range(0, DAYS + 10, 7):
        today = START + timedelta(days=n)
        found = figures(frame, period=Period(today, today), as_of=today, scope=Scope.province()).row(0, named=True)
        stands = [twin.stands(today) for twin in twins]
        assert found["pending_overdue"] == stands.count("overdue")
        assert found["pending_in_term"] == stands.count("in_term")


@settings(max_examples=100, deadline=None)
@given(dossiers(), st.integers(-5, DAYS), st.integers(0, 30))
def test_fees_papers_and_results_of_any_days_are_those_of_the_slow_twin(
    rows: list[dict[str, Any]], first: int, more: int
) -> None:
    start, end = START + timedelta(days=first), START + timedelta(days=first + more)
    found = figures(cube(facts_of(*rows), BOOK), period=Period(start, end), as_of=end, scope=Scope.province())
    told = [Slow(row).amounts(start, end) for row in rows]
    assert found.select(AMOUNTS).row(0, named=True) == {name: sum(one[name] for one in told) for name in AMOUNTS}
