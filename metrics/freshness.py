"""Is a source, or a unit within it, still heard? The one rule behind every "chậm" and "không có dữ liệu".

A source is heard when it was read to its end, a unit when something was seen of one of its dossiers. Silence is never
good news: what is silent leaves the rates (metrics.heard), and its counts stay as last known, marked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from metrics.calendar import WorkingCalendar

#: A source is late after so many of its own intervals, but never under a quarter of an hour; silent after twice that.
LATE_INTERVALS: Final = 3
LATE_GRACE: Final = timedelta(minutes=15)
SILENT_TIMES: Final = 2
#: From a day on an interval is told in working days, a week as five: nobody sends a file on a day off. What answers
#: every ten minutes answers on holidays too, and goes by the hour.
A_DAY: Final = 24 * 60
WEEK: Final = 7
WORKED: Final = 5
#: Offices close (default hours; domain: 13:00–17:00): who was heard at or after it was heard to the end of that day.
CLOSE: Final = time(17)


class State(StrEnum):
    """How a source or unit stands; only ``ok`` may ever look well."""

    OK = "ok"
    LATE = "late"  # amber: its figures count, and may be behind
    SILENT = "silent"  # grey, "không có dữ liệu"
    NEVER = "never"  # not read to its end yet, and no reading of it has failed


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of one source (``department`` None) or of one unit in it, by a moment.

    ``heard_at``: aware; None: never. ``cadence_minutes``: how often a source is to be heard; ``cadence_days``: within
    how many working days something is heard of a unit; None: nothing is expected. ``tried``: a reading of it ended.
    ``by_record``: it tells as far as its newest record, and records are made on working days.
    """

    source: str
    department: str | None
    heard_at: datetime | None
    zone: str
    cadence_minutes: int | None = None
    cadence_days: int | None = None
    tried: bool = True
    by_record: bool = False


@dataclass(frozen=True, slots=True)
class Silent:
    """Who has fallen silent: all of ``source``, or its dossiers with ``department``; heard to the end of ``until``."""

    source: str
    department: str | None
    until: date | None
    heard_at: datetime | None

    def expr(self) -> pl.Expr:
        """Keep its rows of a frame with the cube's dimensions."""
        mine = pl.col("source").cast(pl.String) == self.source
        here = pl.lit(True) if self.department is None else pl.col("department").cast(pl.String) == self.department
        return (mine & here).fill_null(False)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one source or unit stands at a moment; ``until``: the last working day that it was heard to the end of."""

    told: Told
    state: State
    until: date | None


def standings(told: Sequence[Told], moment: datetime, calendar: WorkingCalendar) -> tuple[Standing, ...]:
    """Judge every source and unit at ``moment`` (aware); of what was heard later nothing is known."""
    return tuple(Standing(each, state_of(each, moment, calendar), _until(each, calendar)) for each in told)


def silent(standings: Sequence[Standing]) -> tuple[Silent, ...]:
    """Give those that are silent; a unit of a silent source is silent with it, once."""
    found = [s for s in standings if s.state is State.SILENT]
    whole = {s.told.source for s in found if s.told.department is None}
    return tuple(
        Silent(s.told.source, s.told.department, s.until, s.told.heard_at)
        for s in found
        if s.told.department is None or s.told.source not in whole
    )


def moment_of(as_of: date, now: datetime, zone: str) -> datetime:
    """Give the moment at which freshness is judged for figures of ``as_of``: its close, but nothing after ``now``."""
    return min(now, datetime.combine(as_of, CLOSE, ZoneInfo(zone)))


def late_after(cadence_minutes: int) -> timedelta:
    """Say after how long a source of this cadence is late."""
    return max(LATE_GRACE, LATE_INTERVALS * timedelta(minutes=cadence_minutes))


def silent_after(cadence_minutes: int) -> timedelta:
    """Say after how long a source of this cadence is silent."""
    return SILENT_TIMES * late_after(cadence_minutes)


def late_after_days(cadence_minutes: int) -> int:
    """Say after how many ended working days without a word a source of this cadence is late; a part of one is one."""
    days = Fraction(cadence_minutes, A_DAY)
    return max(1, ceil(LATE_INTERVALS * min(days, max(Fraction(WORKED), days * WORKED / WEEK))))


def state_of(told: Told, moment: datetime, calendar: WorkingCalendar) -> State:
    """Judge one source or unit at ``moment`` (aware)."""
    if told.cadence_minutes is None and told.cadence_days is None:
        return State.OK if told.heard_at else State.NEVER
    if told.heard_at is None:
        return State.SILENT if told.tried else State.NEVER
    if (expected := _expected_days(told)) is not None:
        quiet = _quiet_days(told.heard_at, moment, told.zone, calendar.of(told.department))
        return _graded(quiet >= expected, quiet >= SILENT_TIMES * expected)
    age, cadence = moment - told.heard_at, told.cadence_minutes or 0
    return _graded(age > late_after(cadence), age > silent_after(cadence))


def _expected_days(told: Told) -> int | None:
    """Give after how many quiet working days a source or unit is late; None: it goes by the hour."""
    if told.cadence_days is not None:
        return told.cadence_days
    cadence = told.cadence_minutes or 0
    return late_after_days(cadence) if told.by_record or cadence >= A_DAY else None


def _graded(late: bool, gone: bool) -> State:
    return State.SILENT if gone else State.LATE if late else State.OK


def _quiet_days(heard_at: datetime, moment: datetime, zone: str, calendar: WorkingCalendar) -> int:
    """Count the working days after the day of the last word that have ended by ``moment`` without a word."""
    heard_on = heard_at.astimezone(ZoneInfo(zone)).date()
    ended = last_ended(moment, zone, calendar)
    return calendar.between(heard_on, ended) if ended > heard_on else 0


def last_ended(moment: datetime, zone: str, calendar: WorkingCalendar) -> date:
    """Give the last working day whose offices had closed by ``moment``."""
    here = moment.astimezone(ZoneInfo(zone))
    day = here.date() if here.time() >= CLOSE else here.date() - timedelta(days=1)
    return calendar.last_working_day(day)


def _until(told: Told, calendar: WorkingCalendar) -> date | None:
    return None if told.heard_at is None else last_ended(told.heard_at, told.zone, calendar.of(told.department))
