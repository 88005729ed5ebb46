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
    unit, zero, size = pl.col("unit"), pl.col("start").dt.date(), pl.col("size")
    on = (
        pl.when(unit == Unit.WORKING_HOURS)
        .then(pl.col("due_at").dt.date())
        .when(unit == Unit.WORKING_DAYS)
        .then(pl.when(size > 0).then(calendar.shift(zero, size)).otherwise(zero))
        .when(unit == Unit.CALENDAR_DAYS)
        .then(calendar.shift((zero.cast(pl.Int32) + size - 1).cast(pl.Date), 1))  # điều 148: the first worked day
    )
    # In steps: what is named once is reckoned once.
    return (
        frame.with_columns(start=start)
        .with_columns(end=_end_minute(pl.col("start"), size, calendar, hours))
        .with_columns(due_at=pl.when(unit == Unit.WORKING_HOURS).then(_instant(pl.col("end"), calendar, hours)))
        .with_columns(due_on=on)
        .drop("start", "end")
    )


def _start(received: pl.Expr, calendar: WorkingCalendar, cutoff: time | None) -> pl.Expr:
    """Give the moment from which to count: the receipt, or after the cut-off the next working day."""
    if cutoff is None:
        return received
    following = calendar.shift(received.dt.date(), 1).cast(pl.Datetime("us"))
    return pl.when(received.dt.time() > cutoff).then(following).otherwise(received)


def _end_minute(start: pl.Expr, size: pl.Expr, calendar: WorkingCalendar, hours: Hours) -> pl.Expr:
    """Place the end of ``size`` working hours on the line of all working minutes since FIRST."""
    day = start.dt.date()
    eve = (day.cast(pl.Int32) - 1).cast(pl.Date)
    before = calendar.working_days_between(pl.lit(FIRST), eve)
    worked = calendar.working_days_between(eve, day)
    return before * hours.minutes + worked * _passed(start, hours) + size * 60


def _instant(end: pl.Expr, calendar: WorkingCalendar, hours: Hours) -> pl.Expr:
    """Give the local time of a minute on that line, the earliest where several could be: closing, not next opening."""
    last = calendar.shift(pl.lit(FIRST), (end - 1).floordiv(hours.minutes) + 1)
    minute = _clock((end - 1).mod(hours.minutes) + 1, hours)
    return last.cast(pl.Datetime("us")) + (minute.cast(pl.Int64) * 60_000_000).cast(pl.Duration("us"))


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
