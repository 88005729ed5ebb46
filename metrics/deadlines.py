"""Due days of whole columns by prefix sums over working days and minutes; metrics.reckoning explains a single one."""

from __future__ import annotations

from datetime import time
from typing import Final

import polars as pl

from config.hours import Hours
from metrics.calendar import FIRST, WorkingCalendar
from metrics.limits import Unit

_MINUTES: Final = 24 * 60


def with_deadlines(
    frame: pl.DataFrame, *, calendar: WorkingCalendar, hours: Hours, cutoff: time | None = None
) -> pl.DataFrame:
    """Add ``due_on`` (Date) and ``due_at`` (Datetime, local; null unless the limit is in hours). No suspensions.

    Columns: ``received_at`` (Datetime, local, without zone), ``size`` (Int32), ``unit`` (wd, d, wh; see limits.Unit).
    Rules as in ``metrics.reckoning.deadline``. Null where something is missing.
    """
    start = _start(pl.col("received_at").dt.truncate("1m"), calendar, cutoff)
    unit = pl.col("unit")
    at = pl.when(unit == Unit.WORKING_HOURS).then(_by_hours(pl.col("start"), pl.col("size"), calendar, hours))
    zero, size = pl.col("start").dt.date(), pl.col("size")
    on = (
        pl.when(unit == Unit.WORKING_HOURS)
        .then(pl.col("due_at").dt.date())
        .when(unit == Unit.WORKING_DAYS)
        .then(pl.when(size > 0).then(calendar.shift(zero, size)).otherwise(zero))
        .when(unit == Unit.CALENDAR_DAYS)
        .then(calendar.shift((zero.cast(pl.Int32) + size - 1).cast(pl.Date), 1))  # điều 148: the first worked day
    )
    return frame.with_columns(start=start).with_columns(due_at=at).with_columns(due_on=on).drop("start")


def _start(received: pl.Expr, calendar: WorkingCalendar, cutoff: time | None) -> pl.Expr:
    """Give the moment from which to count: the receipt, or after the cut-off the next working day."""
    if cutoff is None:
        return received
    following = calendar.shift(received.dt.date(), 1).cast(pl.Datetime("us"))
    return pl.when(received.dt.time() > cutoff).then(following).otherwise(received)


def _by_hours(start: pl.Expr, size: pl.Expr, calendar: WorkingCalendar, hours: Hours) -> pl.Expr:
    """Find the minute at which ``size`` working hours after ``start`` are used up, the earliest where several could be.

    All working minutes since FIRST lie on one line, a whole day of them for each working day.
    """
    whole = hours.minutes
    day = start.dt.date()
    before = calendar.working_days_between(pl.lit(FIRST), day - pl.duration(days=1))
    worked = calendar.working_days_between(day - pl.duration(days=1), day)
    target = before * whole + worked * _passed(start, hours) + size * 60
    full = (target - 1).floordiv(whole)
    last = calendar.shift(pl.lit(FIRST), full + 1)
    return last.cast(pl.Datetime("us")) + pl.duration(minutes=_clock(target - full * whole, hours))


def _passed(moment: pl.Expr, hours: Hours) -> pl.Expr:
    """Count the working minutes of a worked day before ``moment``."""
    minute = moment.dt.hour().cast(pl.Int32) * 60 + moment.dt.minute().cast(pl.Int32)
    return pl.sum_horizontal([(minute - opens).clip(0, closes - opens) for opens, closes in hours.sessions])


def _clock(worked: pl.Expr, hours: Hours) -> pl.Expr:
    """Give the minute of the day at which ``worked`` minutes of it (1 to all) are used up."""
    minute, before = pl.lit(_MINUTES), hours.minutes
    for opens, closes in reversed(hours.sessions):
        before -= closes - opens
        minute = pl.when(worked <= before + closes - opens).then(worked - before + opens).otherwise(minute)
    return minute
