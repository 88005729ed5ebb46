"""Random calendars, hours and moments for the laws of deadlines."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import strategies as st

from config.calendar import CalendarDays, Closure, HalfDay
from config.hours import Hours, HoursOf, Season, YearHours
from metrics.calendar import WorkingCalendar
from metrics.limits import Limit, Unit
from metrics.worktime import WorkTime

DAYS = st.dates(date(2026, 1, 1), date(2026, 6, 30))
MOMENTS = st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2026-04-30"))
CUTOFFS = st.none() | st.sampled_from([time(10), time(15), time(16, 30)])
UNITS = st.sampled_from(list(Unit))
SIZES = st.integers(1, 40)
LIMITS = st.builds(Limit, SIZES, UNITS, CUTOFFS)
SPANS = st.tuples(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=20)))
HALVES = st.builds(HalfDay, st.sampled_from(["morning", "afternoon"]), st.just("z"))


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    """Draw days off anywhere, rest days worked instead, days worked by half, and closures of two units."""
    off = draw(st.sets(DAYS, max_size=15))
    made_up = {day for day in draw(st.sets(DAYS, max_size=15)) if day.weekday() >= 5} - off
    half = {d: h for d, h in draw(st.dictionaries(DAYS, HALVES, max_size=8)).items() if d not in off | made_up}
    closures = draw(
        st.lists(st.builds(closure, st.sampled_from([("A",), ("B",), ("A", "B")]), DAYS, SIZES), max_size=3)
    )
    days = CalendarDays(
        dict.fromkeys(off, "x"), dict.fromkeys(made_up, "y"), date(2026, 12, 31), half=half,
        closures=tuple(closures), half_day_counts=draw(st.booleans()),
    )  # fmt: skip
    return WorkingCalendar(days)


def closure(units: tuple[str, ...], first: date, length: int) -> Closure:
    """Close some units for some days."""
    return Closure(units, first, first + timedelta(days=length // 4), "storm")


@st.composite
def office_hours(draw: st.DrawFn) -> Hours:
    """Draw one to three sessions, and where a half day is cut: never so that one half is empty on every day."""
    ends = sorted(draw(st.sets(st.integers(1, 1438), min_size=6, max_size=6)))
    sessions = list(zip(ends[::2], ends[1::2], strict=True))
    return Hours(tuple(sessions[: draw(st.integers(1, 3))]), draw(st.integers(0, 1439)))


@st.composite
def year_hours(draw: st.DrawFn) -> YearHours:
    """Draw the hours of a year, with a season that may run over the new year."""
    ends = st.tuples(st.integers(1, 12), st.integers(1, 28))
    seasons = draw(st.lists(st.builds(Season, ends, ends, office_hours()), max_size=1))
    return YearHours(draw(office_hours()), tuple(seasons))


@st.composite
def offices(draw: st.DrawFn) -> WorkTime:
    """Draw days and hours, everybody's or those of a unit."""
    hours = HoursOf(draw(year_hours()), {"B": draw(year_hours())})
    return WorkTime(draw(calendars()), hours).of(draw(st.sampled_from([None, "A", "B", "C"])))
