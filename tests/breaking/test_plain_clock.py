"""Both reckonings of a deadline against a third: days and minutes walked one by one over a calendar typed here.

2026 with Tết, swaps, a half Saturday, a half Wednesday, a summer season, and a unit that a storm closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

import polars as pl
import pytest

from config.calendar import CalendarDays, Closure, HalfDay
from config.hours import HoursOf, Season, YearHours, read_sessions
from metrics.calendar import WorkingCalendar
from metrics.deadlines import with_deadlines
from metrics.limits import Limit, Suspension, Unit
from metrics.reckoning import deadline
from metrics.worktime import WorkTime

DAY: Final = timedelta(days=1)
OFF: Final = {
    *(date(2026, 1, n) for n in (1, 2)), *(date(2026, 2, n) for n in range(16, 21)), date(2026, 4, 27),
    date(2026, 4, 30), date(2026, 5, 1), date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2), date(2027, 1, 1),
}  # fmt: skip
MADE_UP: Final = {date(2026, 1, 10), date(2026, 8, 22)}
MORNING, AFTERNOON = date(2026, 3, 14), date(2026, 4, 29)
STORM: Final = {date(2026, 3, n) for n in range(13, 18)}
USUAL, SUMMER = ((450, 690), (780, 1020)), ((420, 660), (810, 1050))
UNIT: Final = "Xã A"
UNIT_HOURS: Final = ((480, 750),)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question; ``halts`` lie days apart, none begins before the receipt."""

    unit: str | None
    received: datetime
    limit: Limit
    halts: tuple[tuple[datetime, datetime], ...]


def works(day: date, unit: str | None) -> bool:
    if unit and day in STORM:
        return False
    return day in MADE_UP or day == MORNING or (day.weekday() < 5 and day not in OFF)


def sessions(day: date, unit: str | None) -> list[tuple[int, int]]:
    if not works(day, unit):
        return []
    summer = (4, 16) <= (day.month, day.day) <= (10, 15)
    whole = UNIT_HOURS if unit else SUMMER if summer else USUAL
    low, high = {MORNING: (0, 720), AFTERNOON: (720, 1440)}.get(day, (0, 1440))
    return [(max(a, low), min(b, high)) for a, b in whole if max(a, low) < min(b, high)]


def next_day(day: date, unit: str | None) -> date:
    day += DAY
    return day if works(day, unit) else next_day(day, unit)


def minutes(day: date, unit: str | None) -> Iterator[datetime]:
    while True:
        for opens, closes in sessions(day, unit):
            yield from (datetime.combine(day, time()) + timedelta(minutes=n) for n in range(opens, closes))
        day += DAY


def begun(asked: Asked) -> datetime:
    at, cutoff = asked.received.replace(second=0), asked.limit.cutoff
    late = cutoff is not None and at.time() > cutoff
    return datetime.combine(next_day(at.date(), asked.unit), time()) if late else at


def by_hours(asked: Asked) -> tuple[date, datetime]:
    start, left = begun(asked), asked.limit.size * 60
    for minute in minutes(start.date(), asked.unit):
        left -= minute >= start and not any(a <= minute < b for a, b in asked.halts)
        if not left:
            return minute.date(), minute + timedelta(minutes=1)
    raise AssertionError


def by_days(asked: Asked) -> tuple[date, None]:
    start = begun(asked)
    due = start.date()
    for _ in range(asked.limit.size):
        due = next_day(due, asked.unit)
    for asked_at, back_at in asked.halts:
        first, last = max(asked_at, start).date(), max(back_at, start).date()
        waited = [d for n in range((last - first).days) if works(d := first + DAY * (n + 1), asked.unit)]
        for _ in waited if first <= due else ():
            due = next_day(due, asked.unit)
    return due, None


def by_the_calendar(asked: Asked) -> tuple[date, None]:
    due = begun(asked).date() + DAY * asked.limit.size
    return (due if works(due, asked.unit) else next_day(due, asked.unit)), None


def by_months(asked: Asked) -> tuple[date, None]:
    day = begun(asked).date()
    month = day.replace(day=1)
    for _ in range(asked.limit.size):
        month = (month + 31 * DAY).replace(day=1)
    following = (month + 31 * DAY).replace(day=1)
    due = min(month + (day.day - 1) * DAY, following - DAY)
    return (due if works(due, asked.unit) else next_day(due, asked.unit)), None


PLAIN: Final = {
    Unit.WORKING_HOURS: by_hours, Unit.WORKING_DAYS: by_days, Unit.CALENDAR_DAYS: by_the_calendar,
    Unit.MONTHS: by_months,
}  # fmt: skip


def question(random: Random) -> Asked:
    month, day = random.choice([1, 2, 2, 3, 3, 4, 8, 10]), random.randint(1, 28)
    hour, minute = random.choice([(7, 30), (11, 30), (12, 15), (17, 0), (random.randint(0, 23), random.randint(0, 59))])
    received = datetime.combine(date(2026, month, day), time(hour, minute, random.randint(0, 59)))
    unit = random.choice(list(Unit))
    size = random.randint(1, 40) if unit is Unit.WORKING_HOURS else random.randint(0, 22)
    halts, at = [], received.replace(second=0)
    for _ in range(0 if unit in (Unit.CALENDAR_DAYS, Unit.MONTHS) else random.choice([0, 1, 2])):
        start = at + timedelta(minutes=random.randint(1, 6000))
        at = start + timedelta(minutes=random.randint(0, 9000))
        halts.append((start, at))
        at += 2 * DAY
    cutoff = random.choice([None, None, time(15), time(11, 30)])
    return Asked(random.choice([None, UNIT]), received, Limit(size, unit, cutoff), tuple(halts))


@pytest.fixture(scope="module")
def office() -> WorkTime:
    usual, summer, unit = (
        read_sessions(text)
        for text in (("07:30-11:30", "13:00-17:00"), ("07:00-11:00", "13:30-17:30"), ("08:00-12:30",))
    )
    hours = HoursOf(YearHours(usual, (Season((4, 16), (10, 15), summer),)), {UNIT: YearHours(unit)})
    half = {MORNING: HalfDay("morning", "x"), AFTERNOON: HalfDay("afternoon", "x")}
    storm = Closure((UNIT,), min(STORM), max(STORM), "bão")
    days = CalendarDays(
        dict.fromkeys(OFF, "x"), dict.fromkeys(MADE_UP, "x"), date(2026, 12, 31), half=half, closures=(storm,)
    )
    return WorkTime(WorkingCalendar(days), hours)


def in_columns(questions: list[Asked], office: WorkTime) -> list[tuple[date, datetime | None]]:
    rows = [
        (q.unit, q.received, q.limit.size, q.limit.unit.value, q.limit.cutoff,
         [{"from_at": a, "to_at": b} for a, b in q.halts])
        for q in questions
    ]  # fmt: skip
    moment = pl.Datetime("us")
    halts = pl.List(pl.Struct({"from_at": moment, "to_at": moment}))
    names: dict[str, pl.DataType] = {"department": pl.String(), "received_at": moment, "size": pl.Int32()}
    names |= {"unit": pl.String(), "cutoff": pl.Time(), "halts": halts}
    frame = pl.DataFrame(rows, schema=names, orient="row")
    frame = frame.with_columns(restart=pl.lit(False)).with_row_index("n")
    found = pl.concat([with_deadlines(own, time=work) for work, own in office.groups(frame)])
    return list(found.sort("n").select("due_on", "due_at").iter_rows())


def test_both_reckonings_give_what_a_walk_over_every_minute_gives(office: WorkTime) -> None:
    random = Random(118)
    questions = [question(random) for _ in range(600)]
    quick = in_columns(questions, office)
    for asked, columns in zip(questions, quick, strict=True):
        halts = [Suspension(*span) for span in asked.halts]
        told = deadline(asked.received, asked.limit, time=office.of(asked.unit), suspensions=halts)
        assert (told.due_on, told.due_at) == columns == PLAIN[asked.limit.unit](asked), asked
        days = [counted.day for counted in told.counted] + [skipped.day for skipped in told.skipped]
        assert len(days) == len(set(days)), asked
