"""Beside what a period is put: the one before it, and the same one a year ago, with as many days gone by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from metrics.scope import Period
from metrics.state_year import FIRST_DAY

Other = Literal["previous", "last_year"]
OTHERS: Final[tuple[Other, ...]] = ("previous", "last_year")
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Compared:
    """A period to put beside another, and the day to judge it by."""

    period: Period
    as_of: date


def beside(period: Period, as_of: date, other: Other) -> Compared:
    """Give the other period, judged when as many of its days had gone by.

    Whole months (calendar, or 15th to 14th) move by whole months. One week a year ago is the same weekdays 52 weeks
    before; any other stretch, four weeks too, is the same dates a year before (29/2 → 28/2). The one before it is as
    long as it is.
    """
    then = _previous(period) if other == "previous" else _last_year(period)
    if as_of >= period.end:
        return Compared(then, then.end + (as_of - period.end))
    return Compared(then, min(then.end, then.start + (as_of - period.start)))


def _previous(period: Period) -> Period:
    months = _months(period)
    if months:
        return Period(_by_months(period.start, -months), period.start - _DAY)
    length = period.end - period.start + _DAY
    return Period(period.start - length, period.start - _DAY)


def _last_year(period: Period) -> Period:
    if _months(period):
        after = _by_months(period.end + _DAY, -12)
        return Period(_by_months(period.start, -12), after - _DAY)
    if period.end - period.start + _DAY == _WEEK:
        return Period(period.start - timedelta(weeks=52), period.end - timedelta(weeks=52))
    return Period(_by_months(period.start, -12), _by_months(period.end, -12))


def _months(period: Period) -> int:
    """Count the whole months of a period that begins with one and ends with one; 0 for any other."""
    after = period.end + _DAY
    if period.start.day != after.day or period.start.day not in (1, FIRST_DAY):
        return 0
    return (after.year - period.start.year) * 12 + after.month - period.start.month


def _by_months(day: date, months: int) -> date:
    """Move a day by months; the last of a shorter month stands for a day that it lacks."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return date(year, month + 1, day.day)
