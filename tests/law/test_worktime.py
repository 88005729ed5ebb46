"""Working minutes of whole columns against a walk from minute to minute that knows nothing of prefix sums."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from config.calendar import CalendarDays, Closure, HalfDay
from config.hours import Hours, HoursOf, Season, YearHours
from metrics.calendar import WorkingCalendar
from metrics.worktime import WorkTime
from tests.law.drawing import DAYS, MOMENTS, calendars, office_hours, offices, year_hours

OFFICE = Hours(((450, 690), (780, 1020)))
PLAIN = CalendarDays({}, {}, date(2026, 12, 31))
UNITS = st.sampled_from([None, "A", "B", "C"])
MINUTE = timedelta(minutes=1)


def works(days: CalendarDays, hours: HoursOf, unit: str | None, minute: datetime) -> bool:
    """Say whether ``unit`` works in the minute that begins then, straight from what the office wrote down."""
    day = minute.date()
    if any(unit in c.units and c.from_on <= day <= c.to_on for c in days.closures):
        return False
    half = days.half.get(day)
    if not half and not (day in days.made_up or (day.weekday() < 5 and day not in days.off)):
        return False
    its = hours.units.get(unit or "", hours.default)
    season = next((s for s in its.seasons if (day.month, day.day) in days_of(s)), None)
    told = season.hours if season else its.usual
    at = minute.hour * 60 + minute.minute
    inside = any(opens <= at < closes for opens, closes in told.sessions)
    return inside and (half is None or (at < told.midday) == (half.worked == "morning"))


@cache
def days_of(season: Season) -> set[tuple[int, int]]:
    """Walk a season from its first day to its last, over the new year if need be."""
    day, days = date(2024, *season.first), set()
    while (day.month, day.day) != season.last:
        days.add((day.month, day.day))
        day += timedelta(days=1)
        if day.year > 2024:
            day = date(2024, 1, 1)
    return days | {season.last}


@given(calendars(), st.builds(HoursOf, year_hours(), st.fixed_dictionaries({"B": year_hours()})), UNITS, MOMENTS,
       st.integers(0, 3000))  # fmt: skip
def test_minutes_between_are_those_that_a_walk_counts(
    calendar: WorkingCalendar, hours: HoursOf, unit: str | None, start: datetime, length: int
) -> None:
    start = start.replace(second=0, microsecond=0)
    line = [start + n * MINUTE for n in range(length)]
    walked = sum(works(calendar.days, hours, unit, minute) for minute in line)
    office = WorkTime(calendar, hours).of(unit)
    frame = pl.DataFrame({"a": [start], "b": [start + length * MINUTE]})
    assert frame.select(office.minutes_between(pl.col("a"), pl.col("b"))).item() == walked


@given(offices(), st.lists(st.tuples(MOMENTS, st.integers(1, 9000)), min_size=1, max_size=8))
def test_adding_minutes_ends_in_the_first_moment_that_has_them(
    office: WorkTime, asked: list[tuple[datetime, int]]
) -> None:
    frame = pl.DataFrame(asked, schema={"a": pl.Datetime("us"), "n": pl.Int32()}, orient="row")
    ended = frame.with_columns(end=office.add(pl.col("a"), pl.col("n")))
    told = ended.select(
        "n",
        at_end=office.minutes_between(pl.col("a"), pl.col("end")),
        just_before=office.minutes_between(pl.col("a"), pl.col("end") - pl.duration(minutes=1)),
    )
    assert told["at_end"].to_list() == told["n"].to_list()
    assert told["just_before"].to_list() == (told["n"] - 1).to_list()


def test_minutes_are_added_up_to_the_closing_not_the_next_opening() -> None:
    office = WorkTime(WorkingCalendar(PLAIN), HoursOf(YearHours(OFFICE)))
    asked = [("2026-03-06T16:00", 60), ("2026-03-06T16:00", 61), ("2026-03-06T10:30:59", 60), ("2026-03-07T10:00", 0)]
    frame = pl.DataFrame({"a": [datetime.fromisoformat(a) for a, _ in asked], "n": [n for _, n in asked]})
    ends = ["2026-03-06T17:00", "2026-03-09T07:31", "2026-03-06T11:30", "2026-03-07T10:00"]
    assert frame.select(office.add(pl.col("a"), pl.col("n"))).to_series().to_list() == [
        *map(datetime.fromisoformat, ends)
    ]


def test_what_is_missing_stays_missing() -> None:
    office = WorkTime(WorkingCalendar(PLAIN), HoursOf(YearHours(OFFICE)))
    came = datetime.fromisoformat("2026-03-06T16:00")
    frame = pl.DataFrame({"a": [None, came, None], "n": [5, None, 0]}, schema_overrides={"a": pl.Datetime("us")})
    told = frame.select(
        sum=office.add(pl.col("a"), pl.col("n")), between=office.minutes_between(pl.col("a"), pl.lit(came))
    )
    assert told["sum"].to_list() == [None, None, None]
    assert told["between"].to_list() == [None, 0, None]


@settings(max_examples=25)
@given(
    calendars(),
    year_hours(),
    year_hours(),
    st.lists(st.tuples(UNITS, DAYS, st.integers(0, 30)), min_size=1, max_size=5),
)
def test_groups_and_expressions_ask_each_row_after_its_own_unit(
    calendar: WorkingCalendar, common: YearHours, own: YearHours, rows: list[tuple[str | None, date, int]]
) -> None:
    office = WorkTime(calendar, HoursOf(common, {"B": own}))
    frame = pl.DataFrame(rows, schema={"department": pl.String(), "day": pl.Date(), "n": pl.Int32()}, orient="row")
    day = pl.col("day")
    told = frame.with_columns(
        to=calendar.by_unit.shift(day, pl.col("n")),
        between=calendar.by_unit.working_days_between(day, pl.lit(date(2026, 5, 4))),
    )
    for unit, on, n, to, between in told.rows():
        assert to == calendar.of(unit).add(on, n)
        assert between == calendar.of(unit).between(on, date(2026, 5, 4))
    groups = office.groups(frame)
    assert sorted(pl.concat([cut for _, cut in groups]).rows(), key=repr) == sorted(frame.rows(), key=repr)
    for time, cut in groups:
        assert {office.of(unit).version for unit in cut["department"]} == {time.version}


def test_units_with_the_same_days_and_hours_are_one_group() -> None:
    storm = Closure(("A", "B"), date(2026, 3, 5), date(2026, 3, 6), "storm")
    office = WorkTime(WorkingCalendar(replace(PLAIN, closures=(storm,))), HoursOf(YearHours(OFFICE)))
    frame = pl.DataFrame({"department": ["A", "B", "C", None, "A"]})
    cut = sorted((group["department"].to_list() for _, group in office.groups(frame)), key=repr)
    assert cut == [["A", "B", "A"], ["C", None]]
    assert office.of("C") is office and office.of("") is office and office.of(None) is office


@given(DAYS)
def test_a_version_changes_with_whatever_changes_an_answer(day: date) -> None:
    half = {day: HalfDay("morning", "x")}
    closed = Closure(("A",), day, day, "x")
    calendars = [
        PLAIN, replace(PLAIN, off={day: "x"}), replace(PLAIN, made_up={day: "x"}), replace(PLAIN, half=half),
        replace(PLAIN, half={day: HalfDay("afternoon", "x")}), replace(PLAIN, half_day_counts=False),
        replace(PLAIN, closures=(closed,)), replace(PLAIN, closures=(replace(closed, units=("B",)),)),
        replace(PLAIN, closures=(replace(closed, to_on=day + timedelta(days=1)),)),
    ]  # fmt: skip
    year = YearHours(OFFICE)
    summer = YearHours(OFFICE, (Season((4, 16), (10, 15), OFFICE),))
    hours = [
        HoursOf(year), HoursOf(year, {"A": year}), HoursOf(summer), HoursOf(year, {"A": summer}),
        HoursOf(YearHours(replace(OFFICE, midday=700))),
    ]  # fmt: skip
    assert len({WorkingCalendar(days).version for days in calendars}) == len(calendars)
    versions = {WorkTime(WorkingCalendar(days), told).version for days in calendars for told in hours}
    assert len(versions) == len(calendars) * len(hours)


@given(office_hours())
def test_the_halves_of_a_day_are_its_whole(hours: Hours) -> None:
    assert hours.half("morning").minutes + hours.half("afternoon").minutes == hours.minutes
