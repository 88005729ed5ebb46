"""The due day of one question, day by day and minute by minute: slow, plain, and able to say why.

metrics.deadlines gives the same answers for columns; tests hold the two against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from config.hours import Hours
from metrics.calendar import WorkingCalendar
from metrics.limits import Limit, Suspension, Unit, merged

RECEIPT: Final = "ngày tiếp nhận"
WEEKEND: Final = "cuối tuần"
HALTED: Final = "tạm dừng"
_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Counted:
    """A day that counts; ``minutes`` of it for a limit in hours."""

    day: date
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that does not count, why, and the decision that says so where the calendar knows its number."""

    day: date
    reason: str
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day, the last minute (limits in hours only, local time), and how both were reached, in order of days."""

    due_on: date
    due_at: datetime | None
    counted: tuple[Counted, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class _Days:
    """What stands against counting a day."""

    calendar: WorkingCalendar
    halts: tuple[Suspension, ...]

    def off(self, day: date) -> Skipped | None:
        """Say why nobody works on ``day``; None when it is worked."""
        if self.calendar.is_working(day):
            return None
        told, decisions = self.calendar.days.off.get(day), self.calendar.days.decisions
        if told is None:
            return Skipped(day, WEEKEND)
        return Skipped(day, told if day in decisions else f"nghỉ lễ ({told})", decisions.get(day) or None)

    def halted(self, day: date) -> Skipped | None:
        """Say that ``day`` was spent waiting: request day < d ≤ resubmission day."""
        inside = any(h.from_at.date() < day <= h.to_at.date() for h in self.halts)
        return Skipped(day, HALTED) if inside else None

    def standing(self, due: date, day: date) -> Suspension | None:
        """Give the suspension that was asked for by the day it was ``due`` and lasts beyond ``day``."""
        return next((h for h in self.halts if h.from_at.date() <= due and day < h.to_at.date()), None)


def deadline(
    received: datetime, limit: Limit, *, calendar: WorkingCalendar, hours: Hours, suspensions: Sequence[Suspension] = ()
) -> Deadline:
    """Say when an answer is due that was asked for at ``received`` (local time, counted by the minute).

    The day of receipt is day 0, worked or not; after the cut-off it is the next working day. A limit in calendar days
    that ends on a day off ends at the close of the next working day (Bộ luật Dân sự 2015, điều 148). Hours run from the
    minute of receipt, or from the next opening. A suspension asked for after the due day moves nothing.
    """
    days = _Days(calendar, merged(suspensions))
    start, before = _start(received.replace(second=0, microsecond=0), limit, days)
    if limit.unit is Unit.WORKING_HOURS:
        return _by_hours(start, limit.size * 60, days, hours, before)
    before.append(Skipped(start.date(), RECEIPT))
    if limit.unit is Unit.WORKING_DAYS:
        return _by_working_days(start.date(), limit.size, days, before)
    return _by_calendar_days(start.date(), limit.size, days, before)


def _start(received: datetime, limit: Limit, days: _Days) -> tuple[datetime, list[Skipped]]:
    """Give the moment from which to count, and the days before it that a cut-off hour leaves out."""
    if limit.cutoff is None or received.time() <= limit.cutoff:
        return received, []
    day = received.date() + _DAY
    skipped = [Skipped(received.date(), f"{RECEIPT}, sau giờ chốt {limit.cutoff:%H:%M}")]
    while off := days.off(day):
        skipped.append(off)
        day += _DAY
    return datetime.combine(day, time()), skipped


def _by_working_days(zero: date, size: int, days: _Days, skipped: list[Skipped]) -> Deadline:
    counted: list[Counted] = []
    due = day = zero
    while len(counted) < size or days.standing(due, day):
        day += _DAY
        off = days.off(day)
        if not off:
            due = day  # a working day spent waiting moves the due day, once the limit is used up
        if reason := off or days.halted(day):
            skipped.append(reason)
        else:
            counted.append(Counted(day))
    return Deadline(due, None, tuple(counted), tuple(s for s in skipped if s.day <= due))


def _by_calendar_days(zero: date, size: int, days: _Days, skipped: list[Skipped]) -> Deadline:
    counted: list[Counted] = []
    day = zero
    while len(counted) < size:
        day += _DAY
        if halted := days.halted(day):
            skipped.append(halted)
        else:
            counted.append(Counted(day))
    due = _closing(day, days, skipped)
    return Deadline(due, None, tuple(counted), tuple(skipped))


def _closing(last: date, days: _Days, skipped: list[Skipped]) -> date:
    """Give the day at whose close a limit ends that was used up on ``last`` (điều 148), and note the days between."""
    day = last
    while True:
        if reason := days.off(day) or (days.halted(day) if day != last else None):
            skipped.extend([reason] if day != last else [])
            day += _DAY
        elif halt := days.standing(day, day):
            back = halt.to_at.date()
            waited = [date.fromordinal(n) for n in range(day.toordinal() + 1, back.toordinal() + 1)]
            skipped.extend(days.off(d) or Skipped(d, HALTED) for d in waited)
            last = day = back
        else:
            return day


def _by_hours(start: datetime, left: int, days: _Days, hours: Hours, skipped: list[Skipped]) -> Deadline:
    counted: list[Counted] = []
    day = start.date()
    while True:
        off = days.off(day)
        worked = [] if off else _worked_minutes(day, start, days, hours)[:left]
        left -= len(worked)
        if worked:
            counted.append(Counted(day, len(worked)))
        else:
            idle = RECEIPT if day == start.date() else HALTED
            skipped.append(off or Skipped(day, idle))
        if not left:
            return Deadline(day, worked[-1] + _MINUTE, tuple(counted), tuple(skipped))
        day += _DAY


def _worked_minutes(day: date, start: datetime, days: _Days, hours: Hours) -> list[datetime]:
    """List the minutes of ``day`` that count: inside the sessions, from ``start`` on, outside every suspension."""
    midnight = datetime.combine(day, time())
    clock = (midnight + n * _MINUTE for opens, closes in hours.sessions for n in range(opens, closes))
    return [m for m in clock if m >= start and not any(h.from_at <= m < h.to_at for h in days.halts)]
