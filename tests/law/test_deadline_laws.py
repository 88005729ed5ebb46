"""Laws that every deadline keeps, whatever the calendar; and columns against the slow reckoning, day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from config import hours as hours_file
from config.calendar import CalendarDays
from config.errors import ConfigError
from config.place import SHIPPED
from metrics.calendar import WorkingCalendar
from metrics.deadlines import with_deadlines
from metrics.limits import Limit, Suspension, Unit, parse_limit
from metrics.reckoning import Deadline, deadline
from metrics.worktime import WorkTime
from tests.law.drawing import CUTOFFS, DAYS, LIMITS, MOMENTS, SIZES, SPANS, UNITS, calendars, offices
from tests.law.table import COLUMNS

HOURS = hours_file.load(SHIPPED / "hours.toml")


def with_holiday(calendar: WorkingCalendar, day: date) -> WorkingCalendar:
    """Give the same calendar with one more day off."""
    made_up = {d: why for d, why in calendar.days.made_up.items() if d != day}
    half = {d: told for d, told in calendar.days.half.items() if d != day}
    return WorkingCalendar(replace(calendar.days, off={**calendar.days.off, day: "new"}, made_up=made_up, half=half))


def due(came: datetime, limit: Limit, calendar: WorkingCalendar, *halts: Suspension) -> Deadline:
    """Reckon with the default hours."""
    return deadline(came, limit, time=WorkTime(calendar, HOURS), suspensions=halts)


def end(found: Deadline) -> datetime:
    """Give the end as an instant, for comparison."""
    return found.due_at or datetime.combine(found.due_on, time())


def span(came: datetime, told: tuple[datetime, timedelta]) -> Suspension:
    """Give a suspension that begins on or after the day of receipt."""
    begins = max(told[0], came)
    return Suspension(begins, begins + told[1])


@given(MOMENTS, LIMITS, calendars(), DAYS)
def test_a_new_holiday_never_makes_a_deadline_earlier(
    came: datetime, limit: Limit, calendar: WorkingCalendar, day: date
) -> None:
    assert end(due(came, limit, with_holiday(calendar, day))) >= end(due(came, limit, calendar))


@given(MOMENTS, LIMITS, calendars(), DAYS, SPANS)
def test_a_new_holiday_outside_the_wait_never_makes_a_deadline_earlier(
    came: datetime, limit: Limit, calendar: WorkingCalendar, day: date, told: tuple[datetime, timedelta]
) -> None:
    halt = span(came, told)
    assume(not halt.from_at.date() <= day <= halt.to_at.date())
    assert end(due(came, limit, with_holiday(calendar, day), halt)) >= end(due(came, limit, calendar, halt))


@given(MOMENTS, LIMITS, calendars(), DAYS, SPANS)
def test_a_new_holiday_inside_the_wait_makes_none_earlier_that_had_a_working_day_left_when_papers_were_asked_for(
    came: datetime, limit: Limit, calendar: WorkingCalendar, day: date, told: tuple[datetime, timedelta]
) -> None:
    halt = span(came, told)
    left = calendar.between(halt.from_at.date(), due(came, limit, calendar).due_on)
    assume(limit.unit is not Unit.WORKING_DAYS or left > 0)
    assert end(due(came, limit, with_holiday(calendar, day), halt)) >= end(due(came, limit, calendar, halt))


def test_on_the_last_day_the_letter_of_two_rules_lets_a_holiday_make_a_deadline_earlier() -> None:
    """Asked on Friday the 6th, the last day, back on Monday: one working day waited, one more given.

    Were Monday a holiday, no working day was waited, and what waits no working time moves nothing: due on Friday.
    """
    calendar = WorkingCalendar(CalendarDays({}, {}, date(2026, 12, 31)))
    came, halt = datetime.fromisoformat("2026-03-02T09:00"), Suspension.of_days(date(2026, 3, 6), date(2026, 3, 9))
    holiday = with_holiday(calendar, date(2026, 3, 9))
    assert due(came, parse_limit("4wd"), calendar, halt).due_on == date(2026, 3, 9)
    assert due(came, parse_limit("4wd"), holiday, halt).due_on == date(2026, 3, 6)


@given(MOMENTS, LIMITS, offices(), SPANS, st.integers(1, 9), st.booleans())
def test_a_longer_limit_never_ends_earlier(
    came: datetime, limit: Limit, office: WorkTime, told: tuple[datetime, timedelta], more: int, restart: bool
) -> None:
    longer = replace(limit, size=limit.size + more)
    halts = [span(came, told)]
    ends = [end(deadline(came, one, time=office, suspensions=halts, restart=restart)) for one in (limit, longer)]
    assert ends == sorted(ends)


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=9)), LIMITS, offices())
def test_a_later_receipt_never_ends_earlier(came: datetime, later: timedelta, limit: Limit, office: WorkTime) -> None:
    ends = [end(deadline(moment, limit, time=office)) for moment in (came, came + later)]
    assert ends == sorted(ends)


@given(MOMENTS, LIMITS, calendars(), SPANS)
def test_a_suspension_never_makes_a_deadline_earlier(
    came: datetime, limit: Limit, calendar: WorkingCalendar, told: tuple[datetime, timedelta]
) -> None:
    assert end(due(came, limit, calendar, span(came, told))) >= end(due(came, limit, calendar))


@given(MOMENTS, st.builds(Limit, SIZES, st.just(Unit.WORKING_DAYS), CUTOFFS), calendars(), SPANS)
def test_a_suspension_without_a_working_day_moves_no_limit_in_working_days(
    came: datetime, limit: Limit, calendar: WorkingCalendar, told: tuple[datetime, timedelta]
) -> None:
    halt = span(came, told)
    asked = halt.from_at.date()
    back = asked
    while not calendar.is_working(back + timedelta(days=1)):
        back += timedelta(days=1)
    assert due(came, limit, calendar, Suspension.of_days(asked, back)) == due(came, limit, calendar)


@given(MOMENTS, st.builds(Limit, SIZES, st.just(Unit.WORKING_HOURS), CUTOFFS), calendars(), DAYS)
def test_a_suspension_over_noon_or_a_night_moves_no_limit_in_hours(
    came: datetime, limit: Limit, calendar: WorkingCalendar, day: date
) -> None:
    noon = Suspension(datetime.combine(day, time(11, 30)), datetime.combine(day, time(13)))
    night = Suspension(datetime.combine(day, time(17)), datetime.combine(day + timedelta(days=1), time(7, 30)))
    assert due(came, limit, calendar, noon, night) == due(came, limit, calendar)


@given(MOMENTS, LIMITS, calendars(), SPANS, st.floats(0, 1))
def test_a_suspension_told_in_two_parts_is_one(
    came: datetime, limit: Limit, calendar: WorkingCalendar, told: tuple[datetime, timedelta], share: float
) -> None:
    whole = span(came, told)
    middle = whole.from_at + share * (whole.to_at - whole.from_at)
    parts = Suspension(middle, whole.to_at), Suspension(whole.from_at, middle)
    assert due(came, limit, calendar, *parts) == due(came, limit, calendar, whole)


@given(MOMENTS, calendars())
def test_within_the_day_is_day_zero(came: datetime, calendar: WorkingCalendar) -> None:
    found = due(came, parse_limit("0wd"), calendar)
    assert found.due_on == came.date()
    assert found.counted == ()


@settings(max_examples=60)
@given(MOMENTS, SIZES, calendars(), st.floats(0, 1), st.integers(0, 20))
def test_the_due_day_moves_by_the_working_days_waited(
    came: datetime, size: int, calendar: WorkingCalendar, share: float, days: int
) -> None:
    limit = Limit(size, Unit.WORKING_DAYS)
    first = due(came, limit, calendar).due_on
    asked = came.date() + timedelta(days=round(share * (first - came.date()).days))
    back = asked + timedelta(days=days)
    moved = calendar.add(first, calendar.between(asked, back))
    assert due(came, limit, calendar, Suspension.of_days(asked, back)).due_on == moved


Asked = tuple[datetime, int, Unit, time | None, bool, list[tuple[int, int, int]]]
#: Waits as days after the receipt, hours of that day, hours waited: so that many are asked for on the very due day.
WAITS = st.lists(st.tuples(st.integers(-1, 12), st.integers(0, 23), st.integers(0, 200)), max_size=3)
ROWS = st.tuples(MOMENTS, st.integers(0, 9) | st.integers(0, 30), UNITS, CUTOFFS, st.booleans(), WAITS)


@given(st.lists(ROWS, min_size=1, max_size=12), offices())
def test_columns_agree_with_the_slow_reckoning(asked: list[Asked], office: WorkTime) -> None:
    rows = [row(*one) for one in asked]
    fast = with_deadlines(pl.DataFrame(rows, schema=COLUMNS, orient="row"), time=office)
    slow = [
        deadline(
            came, Limit(size, Unit(unit), cutoff), time=office, restart=restart,
            suspensions=[Suspension(h["from_at"], h["to_at"]) for h in halts or ()],
        )
        for came, size, unit, cutoff, restart, halts, _ in rows
    ]  # fmt: skip
    assert fast.select("due_on", "due_at").rows() == [(found.due_on, found.due_at) for found in slow]


def row(came: datetime, size: int, unit: Unit, cutoff: time | None, restart: bool, waits: list[Any]) -> tuple[Any, ...]:
    """Write one question as a row."""
    midnight = datetime.combine(came.date(), time())
    starts = [midnight + timedelta(days=days, hours=hours, minutes=came.minute) for days, hours, _ in waits]
    halts = [{"from_at": a, "to_at": a + timedelta(hours=w[2])} for a, w in zip(starts, waits, strict=True)]
    return came, max(size, unit in (Unit.WORKING_HOURS, Unit.MONTHS)), unit.value, cutoff, restart, halts or None, None


def test_columns_keep_nulls_where_something_is_missing() -> None:
    came = datetime.fromisoformat("2026-03-02T09:00")
    halts = [{"from_at": came, "to_at": came + timedelta(days=3)}]
    frame = pl.DataFrame(
        [
            (None, 5, "wd", None, None, halts, None), (came, None, "wh", None, None, None, None),
            (came, 5, None, None, None, halts, None), (came, None, "d", None, True, halts, None),
            (came, 5, "wd", None, None, [{"from_at": came, "to_at": None}], None),
        ],
        schema=COLUMNS, orient="row",
    )  # fmt: skip
    calendar = WorkingCalendar(CalendarDays({}, {}, date(2026, 12, 31)))
    found = with_deadlines(frame, time=WorkTime(calendar, HOURS))
    assert found.select("due_on", "due_at").rows() == [(None, None)] * 4 + [(date(2026, 3, 9), None)]
    assert found.columns == [*frame.columns, "due_on", "due_at"]


def test_a_moment_that_nobody_can_mean_stops_no_column() -> None:
    """Quarantine is for the border; a column of a million rows does not fall over the one that slipped through."""
    came = [datetime.fromisoformat(text) for text in ("0001-01-01T09:00", "2119-12-29T09:00", "9999-12-01T09:00")]
    rows = [(moment, 20, unit.value, None, None, None, None) for moment in came for unit in Unit]
    office = WorkTime(WorkingCalendar(CalendarDays({}, {}, date(2026, 12, 31))), HOURS)
    found = with_deadlines(pl.DataFrame(rows, schema=COLUMNS, orient="row"), time=office)
    assert found["due_on"].null_count() == 0
    assert found["due_on"].max() == date(2119, 12, 29)  # a Friday, the last working day that is known


@pytest.mark.parametrize(
    ("text", "size", "unit"),
    [
        ("10wd", 10, "wd"),
        ("10d", 10, "d"),
        ("16WH ", 16, "wh"),
        ("6m", 6, "m"),
        ("1,5wd", 12, "wh"),
        ("0.5wd", 4, "wh"),
    ],
)
def test_a_limit_is_a_number_and_its_unit(text: str, size: int, unit: str) -> None:
    assert parse_limit(text) == Limit(size, Unit(unit))


@pytest.mark.parametrize(
    "text", ["", "10", "wd", "-1wd", "1.4wd", "1.5d", "10 days", "0wh", "0m", "3651d", "121m", "10wd5"]
)
def test_what_is_no_limit_is_refused_with_the_way_to_write_one(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_limit(text, place="--limit")
    assert caught.value.place == f"--limit {text}"
    assert caught.value.next_step
