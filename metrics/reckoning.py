"""The due day of one question, day by day and minute by minute: slow, plain, and able to say why.

metrics.deadlines gives the same answers for columns; tests hold the two against each other.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from metrics.calendar import WorkingCalendar
from metrics.limits import Limit, Suspension, Unit, merged
from metrics.worktime import WorkTime

RECEIPT: Final = "ngày tiếp nhận"
RETURN: Final = "ngày nộp lại"
ASKED: Final = "ngày hết hạn, có yêu cầu bổ sung"
AFTER_HOURS: Final = "sau giờ làm việc"
WEEKEND: Final = "cuối tuần"
HALTED: Final = "tạm dừng"
NO_HOURS: Final = "không có giờ làm việc"
RESTARTED: Final = "tính lại từ đầu"
CLOSING: Final = "hết hạn vào cuối ngày làm việc này"
HALVES: Final = {"morning": "buổi sáng", "afternoon": "buổi chiều"}

DAY_ZERO: Final = "đếm ngày làm việc: ngày tiếp nhận là ngày 0"
CALENDAR_ZERO: Final = "đếm ngày liên tục: ngày tiếp nhận là ngày 0"
CUT_OFF: Final = "giờ chốt: nhận sau giờ chốt tính là nhận vào ngày làm việc tiếp theo"
WEEK: Final = "lịch làm việc: thứ Hai đến thứ Sáu"
HOLIDAY: Final = "lịch làm việc: nghỉ lễ, Tết; lễ trùng ngày nghỉ hằng tuần thì nghỉ bù"
DECIDED: Final = "lịch làm việc: theo quyết định, thông báo của cơ quan có thẩm quyền"
HALF_DAY: Final = "lịch làm việc: ngày làm việc nửa ngày (tùy chọn half_day_counts)"
HOURS: Final = "giờ làm việc: chỉ tính phút trong giờ làm việc"
WAITING: Final = "bổ sung hồ sơ: không tính từ sau ngày yêu cầu đến hết ngày nộp lại"
WAITING_MINUTES: Final = "bổ sung hồ sơ: không tính từ phút yêu cầu đến phút nộp lại"
ANEW: Final = "bổ sung hồ sơ: thời hạn tính lại từ đầu khi nộp lại"
CIVIL_CODE: Final = "Bộ luật Dân sự 2015, điều 148: ngày cuối là ngày nghỉ thì hết hạn vào ngày làm việc tiếp theo"
_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Counted:
    """A day that counts; ``minutes`` of it for a limit in hours; ``note``: what makes it a special one."""

    day: date
    minutes: int | None = None
    note: str = ""
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that does not count, why, the decision that says so where the calendar knows its number, and the rule."""

    day: date
    reason: str
    decision: str | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day, the last minute (limits in hours only, local time), and how both were reached, in order of days."""

    due_on: date
    due_at: datetime | None
    counted: tuple[Counted, ...]
    skipped: tuple[Skipped, ...]

    @property
    def closing(self) -> Skipped | None:
        """Tell the due day where it is neither counted nor left out: a limit used up on a day off ends at its close."""
        told = {c.day for c in self.counted} | {s.day for s in self.skipped}
        return None if self.due_on in told else Skipped(self.due_on, CLOSING, rule=CIVIL_CODE)


@dataclass(frozen=True, slots=True)
class _Days:
    """What stands against counting a day."""

    time: WorkTime
    halts: tuple[Suspension, ...] = ()
    anew: bool = False  # the limit runs from a return, not from the receipt

    @property
    def calendar(self) -> WorkingCalendar:
        """The days of the office."""
        return self.time.calendar

    def zero(self, day: date, by_hours: str = "", counting: str = DAY_ZERO) -> Skipped:
        """Tell the day from which the limit runs; of hours only when none of them is left."""
        name, rule = (RETURN, ANEW) if self.anew else (RECEIPT, counting)
        return Skipped(day, f"{name}, {by_hours}" if by_hours else name, rule=HOURS if by_hours else rule)

    def off(self, day: date) -> Skipped | None:
        """Say why ``day`` is no working day; None when it is one."""
        if self.calendar.is_working(day):
            return None
        told, half = self.calendar.days.off.get(day), self.calendar.half(day)
        if half:
            note = f"chỉ làm việc {HALVES[half.worked]} ({half.why}), không tính là ngày làm việc"
            return Skipped(day, note, self._decision(day), HALF_DAY)
        if told is None:
            return Skipped(day, WEEKEND, rule=WEEK)
        if day in self.calendar.days.decisions or day in self.calendar.days.swapped:
            return Skipped(day, told, self._decision(day), DECIDED)
        return Skipped(day, f"nghỉ lễ ({told})", rule=HOLIDAY)

    def counts(self, day: date, minutes: int | None = None, waits: str = "") -> Counted:
        """Count ``day``, and say what is special about it: made up for another, worked by half, halted for a time."""
        half, made_up = self.calendar.half(day), self.calendar.days.made_up.get(day, "")
        note = f"nửa ngày, {HALVES[half.worked]} ({half.why})" if half else made_up
        unsure = self.calendar.days.unconfirmed.get(day)
        doubt = f"chưa xác nhận là ngày nghỉ: {unsure}" if unsure else ""
        notes = "; ".join(filter(None, (note, doubt, waits)))
        return Counted(day, minutes, notes, self._decision(day) if note else None)

    def halted(self, day: date) -> Skipped | None:
        """Say that ``day`` was spent waiting: request day < d ≤ resubmission day."""
        inside = any(h.from_at.date() < day <= h.to_at.date() for h in self.halts)
        return Skipped(day, HALTED, rule=WAITING) if inside else None

    def standing(self, due: date, day: date) -> Suspension | None:
        """Give the suspension that was asked for by the day it was ``due`` and lasts beyond ``day``."""
        return next((h for h in self.halts if h.from_at.date() <= due and day < h.to_at.date()), None)

    def _decision(self, day: date) -> str | None:
        return self.calendar.days.decisions.get(day) or None


def deadline(
    received: datetime, limit: Limit, *, time: WorkTime, suspensions: Sequence[Suspension] = (), restart: bool = False
) -> Deadline:
    """Say when an answer is due that was asked for at ``received`` (local time, counted by the minute).

    The day of receipt is day 0, worked or not; after the cut-off it is the next working day. A limit in calendar days
    that ends on a day off ends at the close of the next working day (Bộ luật Dân sự 2015, điều 148); one in months ends
    on the day of the same number, and runs as the calendar days up to it. Hours run from the minute of receipt, or from
    the next opening. A suspension asked for after the due day moves nothing. With
    ``restart`` the limit begins anew at the return from each one, instead of being longer by it.
    """
    halts = merged(suspensions)
    start, before = _start(received.replace(second=0, microsecond=0), limit, _Days(time))
    found = _from(start, limit, _Days(time, () if restart else halts))
    for halt in halts if restart else ():
        if not _asked_in_time(halt, found, start):
            break
        if halt.to_at > start:
            before.extend(_given_up(start, limit, found, _Days(time, (halt,))))
            start = halt.to_at
            found = _from(start, limit, _Days(time, anew=True))
    return replace(found, skipped=(*before, *found.skipped))


def _start(received: datetime, limit: Limit, days: _Days) -> tuple[datetime, list[Skipped]]:
    """Give the moment from which to count, and the days before it that a cut-off hour leaves out."""
    if limit.cutoff is None or received.time() <= limit.cutoff:
        return received, []
    day = received.date() + _DAY
    skipped = [Skipped(received.date(), f"{RECEIPT}, sau giờ chốt {limit.cutoff:%H:%M}", rule=CUT_OFF)]
    while off := days.off(day):
        skipped.append(off)
        day += _DAY
    return datetime.combine(day, time()), skipped


def _from(start: datetime, limit: Limit, days: _Days) -> Deadline:
    if limit.unit is Unit.WORKING_HOURS:
        return _by_hours(start, limit.size * 60, days)
    if limit.unit is Unit.WORKING_DAYS:
        return _by_working_days(start.date(), limit.size, days)
    if limit.unit is Unit.MONTHS:
        last = months_later(start.date(), limit.size)
        return _by_calendar_days(start.date(), (last - start.date()).days, days)
    return _by_calendar_days(start.date(), limit.size, days)


def months_later(day: date, months: int) -> date:
    """Give the day of the same number so many months on, the last of a month that has none (điều 148)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _asked_in_time(halt: Suspension, found: Deadline, start: datetime) -> bool:
    """Say whether papers were asked for while the limit still ran; to the minute for hours, else to the day."""
    asked = max(halt.from_at, start)
    return asked < found.due_at if found.due_at else asked.date() <= found.due_on


def _given_up(start: datetime, limit: Limit, found: Deadline, days: _Days) -> Iterator[Skipped]:
    """Tell the days before the return, on which the limit began anew."""
    told = {s.day: s for s in found.skipped}
    for n in range(start.toordinal(), days.halts[0].to_at.toordinal()):
        day = date.fromordinal(n)
        off = days.off(day) if limit.unit not in (Unit.CALENDAR_DAYS, Unit.MONTHS) else None
        yield told.get(day) or off or days.halted(day) or Skipped(day, RESTARTED, rule=ANEW)


def _by_working_days(zero: date, size: int, days: _Days) -> Deadline:
    counted: list[Counted] = []
    skipped = [days.zero(zero)]
    due = day = zero
    while len(counted) < size or days.standing(due, day):
        day += _DAY
        off = days.off(day)
        if not off:
            due = day  # a working day spent waiting moves the due day, once the limit is used up
        if reason := off or days.halted(day):
            skipped.append(reason)
        else:
            counted.append(days.counts(day))
    return Deadline(due, None, tuple(counted), tuple(s for s in skipped if s.day <= due))


def _by_calendar_days(zero: date, size: int, days: _Days) -> Deadline:
    counted: list[Counted] = []
    skipped = [days.zero(zero, counting=CALENDAR_ZERO)]
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
        off = days.off(day)
        if reason := off or (days.halted(day) if day != last else None):
            skipped.extend([replace(reason, rule=CIVIL_CODE) if off else reason] if day != last else [])
            day += _DAY
        elif halt := days.standing(day, day):
            skipped.extend([Skipped(day, ASKED, rule=WAITING)] if day != last else [])
            back = halt.to_at.date()
            waited = [date.fromordinal(n) for n in range(day.toordinal() + 1, back.toordinal() + 1)]
            skipped.extend(days.off(d) or Skipped(d, HALTED, rule=WAITING) for d in waited)
            last = day = back
        else:
            return day


def _by_hours(start: datetime, left: int, days: _Days) -> Deadline:
    counted: list[Counted] = []
    skipped: list[Skipped] = []
    day = start.date()
    while True:
        worked = list(_worked_minutes(day, start, days))[:left]
        left -= len(worked)
        if worked:
            counted.append(days.counts(day, len(worked), _waits(day, days)))
        else:
            skipped.append(_idle(day, start, days))
        if not left:
            return Deadline(day, worked[-1] + _MINUTE, tuple(counted), tuple(skipped))
        day += _DAY


def _waits(day: date, days: _Days) -> str:
    """Tell the waits that cost minutes of ``day``: tạm dừng 10:00–14:00."""
    midnight, night = datetime.combine(day, time()), datetime.combine(day, time(23, 59))
    sessions = [(midnight + a * _MINUTE, midnight + b * _MINUTE) for a, b in days.time.sessions(day).sessions]
    halts = [h for h in days.halts if any(h.from_at < closes and h.to_at > opens for opens, closes in sessions)]
    spans = (f"{max(h.from_at, midnight):%H:%M}–{min(h.to_at, night):%H:%M}" for h in halts)
    return f"{HALTED} {', '.join(spans)}" if halts else ""


def _idle(day: date, start: datetime, days: _Days) -> Skipped:
    """Say why not one minute of ``day`` counts for a limit in hours."""
    if not days.calendar.opens(day):
        return days.off(day) or Skipped(day, NO_HOURS, rule=HOURS)
    if not days.time.sessions(day).sessions:
        return Skipped(day, NO_HOURS, rule=HOURS)
    if day == start.date() and not list(_worked_minutes(day, start, replace(days, halts=()))):
        return days.zero(day, AFTER_HOURS)
    return Skipped(day, HALTED, rule=WAITING_MINUTES)


def _worked_minutes(day: date, start: datetime, days: _Days) -> Iterator[datetime]:
    """List the minutes of ``day`` that count: inside the sessions, from ``start`` on, outside every suspension."""
    midnight = datetime.combine(day, time())
    for opens, closes in days.time.sessions(day).sessions:
        for minute in (midnight + n * _MINUTE for n in range(opens, closes)):
            if minute >= start and not any(h.from_at <= minute < h.to_at for h in days.halts):
                yield minute
