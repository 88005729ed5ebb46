"""The state's reporting periods: months from the 15th to the 14th, named after the month they end in, and their sums.

Source: Thông tư 01/2020/TT-VPCP. Quarter I runs from 15/12 to 14/3, the year from 15/12 to 14/12.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from metrics.scope import Period

FIRST_DAY: Final = 15
_DAY: Final = timedelta(days=1)


def month_of(day: date) -> tuple[int, int]:
    """Give year and month of the state in which ``day`` lies: 15/12/2025 is in month 1 of 2026."""
    month = day.month + (day.day >= FIRST_DAY)
    return (day.year + 1, 1) if month > 12 else (day.year, month)


def period(year: int, last_month: int, months: int) -> Period:
    """Give the ``months`` months of the state that end with ``last_month`` of ``year``."""
    begin, end = _first(year, last_month - months), _first(year, last_month)
    return Period(begin.replace(day=FIRST_DAY), end.replace(day=FIRST_DAY) - _DAY)


def containing(day: date, months: int) -> Period:
    """Give the month (1), quarter (3), half year (6) or year (12) of the state in which ``day`` lies."""
    year, month = month_of(day)
    return period(year, -(-month // months) * months, months)


def _first(year: int, month: int) -> date:
    """Give the first day of a month; 0 is the December before."""
    more, at = divmod(month - 1, 12)
    return date(year + more, at + 1, 1)
