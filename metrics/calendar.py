"""Working days by prefix sums: one look-up per question, and the only way that knows make-up Saturdays."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

import polars as pl

from config.calendar import CalendarDays

FIRST: Final = date(1980, 1, 1)
LAST: Final = date(2119, 12, 31)
_FIRST_NUMBER: Final = (FIRST - date(1970, 1, 1)).days
_SPAN: Final = (LAST - FIRST).days + 1


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked: Monday to Friday, less the days off, and the rest days made up for them."""

    days: CalendarDays

    @cached_property
    def version(self) -> str:
        """Tell this calendar apart from any other; part of every data version."""
        told = "".join(f"{d}-" for d in sorted(self.days.off)) + "".join(f"{d}+" for d in sorted(self.days.made_up))
        return hashlib.sha256(told.encode()).hexdigest()[:8]

    def is_working(self, day: date) -> bool:
        """Say whether ``day`` is a working day."""
        return day in self.days.made_up or (day.weekday() < 5 and day not in self.days.off)

    def reason(self, day: date) -> str | None:
        """Say why a day is off or made up; None for an ordinary day of the week."""
        return self.days.made_up.get(day) or self.days.off.get(day)

    @cached_property
    def _worked(self) -> pl.Series:
        """Working days up to and including each day since FIRST."""
        days = pl.Series("day", range(_SPAN), pl.Int32)
        weekday = (days + FIRST.weekday()) % 7
        working = (weekday < 5).to_list()
        for day in self.days.off:
            working[(day - FIRST).days] = False
        for day in self.days.made_up:
            working[(day - FIRST).days] = True
        return pl.Series("worked", working).cast(pl.Int32).cum_sum()

    @cached_property
    def _day_of(self) -> pl.Series:
        """The day number (since 1970) of each working day: the k-th is where the prefix sum first reaches k."""
        frame = pl.DataFrame({"worked": self._worked, "day": pl.Series(range(_SPAN), dtype=pl.Int32) + _FIRST_NUMBER})
        return frame.group_by("worked", maintain_order=True).agg(pl.col("day").first())["day"]

    def working_days_between(self, start: pl.Expr, end: pl.Expr) -> pl.Expr:
        """Count working days d with start < d ≤ end (Date expressions); negative when end lies before start."""
        return self._rank(end) - self._rank(start)

    def shift(self, start: pl.Expr, days: int | pl.Expr) -> pl.Expr:
        """Give the day on which ``days`` working days after ``start`` are counted; ``start`` is day 0.

        From a rest day, day 1 is the next working day. With 0 the start itself when worked, else the last worked
        day before it.
        """
        wanted = (self._rank(start) + days).cast(pl.Int32)
        zero = self._worked[0]
        return pl.lit(self._day_of).gather(wanted - zero).cast(pl.Date)

    def _rank(self, day: pl.Expr) -> pl.Expr:
        place = day.cast(pl.Int32) - _FIRST_NUMBER
        return pl.lit(self._worked).gather(place.clip(0, _SPAN - 1))

    def add(self, start: date, days: int) -> date:
        """Give the day on which ``days`` working days after ``start`` are counted, for one day."""
        found: date = pl.select(self.shift(pl.lit(start), days)).item()
        return found

    def between(self, start: date, end: date) -> int:
        """Count working days d with start < d ≤ end, for one pair of days."""
        return int(pl.select(self.working_days_between(pl.lit(start), pl.lit(end))).item())

    def last_working_day(self, day: date) -> date:
        """Give ``day`` when it is worked, else the last worked day before it."""
        while not self.is_working(day):
            day -= timedelta(days=1)
        return day
