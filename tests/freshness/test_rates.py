"""What is silent leaves the rates and keeps its counts; weeks before its silence keep it. Worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from config.calendar import load
from metrics.calendar import WorkingCalendar
from metrics.cube import DIMENSIONS
from metrics.evaluate import figures
from metrics.freshness import Silent
from metrics.heard import Question, lasted, left_out, told
from metrics.maps import MAP
from metrics.scope import Filters, Period, Scope

CALENDAR = WorkingCalendar(load())
A, B = "Sở Xây dựng", "UBND xã Hòa Lam"
#: Two working weeks; the 20th is a Friday.
PERIOD, TODAY = Period(date(2026, 11, 9), date(2026, 11, 20)), date(2026, 11, 20)
HEARD = datetime(2026, 11, 17, 3, tzinfo=UTC)  # Tuesday 10:00: to the end of Monday 16/11
SOURCE_GONE = Silent("dat-dai", None, date(2026, 11, 16), HEARD)
UNIT_GONE = Silent("mot-cua", B, date(2026, 11, 16), HEARD)


def events(day: int, source: str, department: str, **counts: int) -> list[dict[str, Any]]:
    """Count events of one day of November."""
    return [
        dict.fromkeys(DIMENSIONS)
        | {"day": date(2026, 11, day), "source": source, "department": department, "event": name, "n": n}
        for name, n in counts.items()
    ]


@pytest.fixture(scope="module")
def cube() -> pl.DataFrame:
    """Two sources; in each week ten promises fall due for each of three groups; nine, eight and two are kept."""
    rows = []
    for day in (10, 17):
        rows += events(day - 1, "mot-cua", A, received=10) + events(day, "mot-cua", A, due=10, due_met=9)
        rows += events(day - 1, "mot-cua", B, received=10) + events(day, "mot-cua", B, due=10, due_met=8)
        rows += events(day - 1, "dat-dai", B, received=10) + events(day, "dat-dai", B, due=10, due_met=2)
        rows += events(day, "mot-cua", A, resolved_early=9) + events(day, "dat-dai", B, resolved_on_time=2)
    schema = {"day": pl.Date, **dict.fromkeys(DIMENSIONS, pl.String), "event": pl.String, "n": pl.Int32}
    return pl.DataFrame(rows, schema=schema).with_columns(map=pl.lit(None, MAP), has_due=pl.lit(True))


def asked(*by: str, scope: Scope | None = None, filters: Filters | None = None, period: Period = PERIOD) -> Question:
    return Question(period, TODAY, scope or Scope.province(), by, filters or Filters())


def on_time(cube: pl.DataFrame, question: Question, *silent: Silent) -> list[tuple[int, int]]:
    rows = told(cube, question, silent, CALENDAR)["on_time_due"].to_list()
    return [(rate["numerator"], rate["denominator"]) for rate in rows]


def test_while_everybody_is_heard_figures_and_rates_are_those_of_all(cube: pl.DataFrame) -> None:
    assert on_time(cube, asked()) == [(38, 60)]
    whole = told(cube, asked(), (), CALENDAR)
    assert whole.select(figures(cube, period=PERIOD, as_of=TODAY, scope=Scope.province()).columns).height == 1


def test_a_silent_source_leaves_the_rate_and_keeps_its_counts(cube: pl.DataFrame) -> None:
    row = told(cube, asked(), [SOURCE_GONE], CALENDAR).row(0, named=True)
    assert (row["on_time_due"]["numerator"], row["on_time_due"]["denominator"]) == (34, 40)
    assert (row["due_met"], row["due"]) == (34, 40)
    # 9 + 9 early in mot-cua, nothing on time there; with dat-dai it would be 22
    assert row["on_time_resolved"]["denominator"] == 18
    assert (row["received"], row["resolved_on_time"], row["resolved"], row["pending"]) == (60, 4, 22, 38)


def test_a_silent_unit_leaves_with_its_own_source_only(cube: pl.DataFrame) -> None:
    assert on_time(cube, asked(), UNIT_GONE) == [(22, 40)]
    assert on_time(cube, asked(), UNIT_GONE, SOURCE_GONE) == [(18, 20)]


def test_a_group_of_which_nobody_is_heard_has_a_share_of_nothing(cube: pl.DataFrame) -> None:
    rows = told(cube, asked("department"), [UNIT_GONE, SOURCE_GONE], CALENDAR)
    shares = {row["department"]: row["on_time_due"]["value"] for row in rows.to_dicts()}
    assert shares == {A: 0.9, B: None}
    assert dict(rows.select("department", "received").iter_rows()) == {A: 20, B: 40}


def test_a_week_before_the_silence_keeps_the_source(cube: pl.DataFrame) -> None:
    assert on_time(cube, asked("week"), SOURCE_GONE) == [(19, 30), (17, 20)]
    assert on_time(cube, asked("source", "week"), SOURCE_GONE) == [(2, 10), (0, 0), (17, 20), (17, 20)]


def test_a_day_is_a_stretch_like_any_other(cube: pl.DataFrame) -> None:
    days = told(cube, asked("day"), [SOURCE_GONE], CALENDAR).select("day", "due").rows()
    assert dict(days)[date(2026, 11, 10)] == 30
    assert dict(days)[date(2026, 11, 17)] == 20


@pytest.mark.parametrize("name", ["friday_week", "month", "quarter", "year", "state_month"])
def test_a_stretch_that_is_not_over_ends_today(cube: pl.DataFrame, name: str) -> None:
    rows = told(cube, asked(name), [SOURCE_GONE], CALENDAR)
    last = rows.filter(pl.col("due") > 0).row(-1, named=True)
    assert last["due"] == {"friday_week": 20, "month": 40, "quarter": 40, "year": 40, "state_month": 20}[name]
    if name in ("friday_week", "state_month"):  # 9–12/11 and 9–14/11: before the silence
        assert rows.row(0, named=True)["due"] == 30


def test_a_period_heard_to_its_end_keeps_everybody(cube: pl.DataFrame) -> None:
    first = Period(date(2026, 11, 9), date(2026, 11, 15))
    assert on_time(cube, asked(period=first), SOURCE_GONE) == [(19, 30)]
    # Sunday 15/11 expects nothing: Friday 13/11 is what is needed
    friday = Silent("dat-dai", None, date(2026, 11, 13), HEARD)
    assert on_time(cube, asked(period=first), friday) == [(19, 30)]
    thursday = Silent("dat-dai", None, date(2026, 11, 12), HEARD)
    assert on_time(cube, asked(period=first), thursday) == [(17, 20)]


def test_sources_that_fell_silent_on_different_days_leave_different_weeks(cube: pl.DataFrame) -> None:
    never = Silent("dat-dai", None, None, None)
    assert on_time(cube, asked("week"), never, UNIT_GONE) == [(17, 20), (9, 10)]


def test_who_left_is_named_with_what_it_holds(cube: pl.DataFrame) -> None:
    (left,) = left_out(cube, asked(), [SOURCE_GONE], CALENDAR)
    assert (left.silent, left.pending, left.received) == (SOURCE_GONE, 16, 20)
    (left,) = left_out(cube, asked(), [UNIT_GONE], CALENDAR)
    assert (left.pending, left.received) == (20, 20)


def test_who_left_is_said_within_scope_and_filters_only(cube: pl.DataFrame) -> None:
    assert left_out(cube, asked(scope=Scope.of(A)), [SOURCE_GONE, UNIT_GONE], CALENDAR) == ()
    assert left_out(cube, asked(filters=Filters(source=("mot-cua",))), [SOURCE_GONE], CALENDAR) == ()
    first = Period(date(2026, 11, 9), date(2026, 11, 15))
    assert left_out(cube, asked(period=first), [SOURCE_GONE], CALENDAR) == ()


def test_no_cube_has_no_rates() -> None:
    empty = pl.DataFrame(
        schema={"day": pl.Date, **dict.fromkeys(DIMENSIONS, pl.String), "event": pl.String, "n": pl.Int32, "map": MAP,
                "has_due": pl.Boolean}
    )  # fmt: skip
    assert on_time(empty, asked(), SOURCE_GONE) == [(0, 0)]
    assert on_time(empty, asked("department"), SOURCE_GONE) == []


def spent(*told: tuple[int, str, int, int]) -> pl.DataFrame:
    """Count results of A by day of November, source, working days they took, number."""
    rows = [
        dict.fromkeys(DIMENSIONS) | {"day": date(2026, 11, day), "source": name, "department": A, "days": days, "n": n}
        for day, name, days, n in told
    ]
    schema = {"day": pl.Date, **dict.fromkeys(DIMENSIONS, pl.String), "days": pl.Int64, "n": pl.Int32}
    return pl.DataFrame(rows, schema=schema).with_columns(map=pl.lit(None, MAP))


def test_how_long_results_took_is_told_of_those_who_were_heard() -> None:
    # heard: three results in 2 days, two in 9; silent since Monday 16/11: five in 1 day
    line = spent((10, "mot-cua", 2, 3), (17, "mot-cua", 9, 2), (16, "dat-dai", 1, 5))
    everybody = lasted(line, asked(), (), CALENDAR).row(0)
    assert everybody == (10, 1, 9)  # 1 1 1 1 1 2 2 2 9 9
    assert lasted(line, asked(), (SOURCE_GONE,), CALENDAR).row(0) == (5, 2, 9)  # 2 2 2 9 9


def test_the_week_before_a_silence_keeps_its_durations_and_who_is_silent_has_none() -> None:
    line = spent((10, "dat-dai", 1, 5), (17, "dat-dai", 7, 5), (17, "mot-cua", 3, 1))
    weeks = lasted(line, asked("week"), (SOURCE_GONE,), CALENDAR)
    assert weeks.rows() == [(date(2026, 11, 9), 5, 1, 1), (date(2026, 11, 16), 1, 3, 3)]
    sources = lasted(line, asked("source"), (SOURCE_GONE,), CALENDAR)
    assert sources.rows() == [("dat-dai", 0, None, None), ("mot-cua", 1, 3, 3)]
