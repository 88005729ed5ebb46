"""Working days by prefix sums: one look-up per question, and the only way that knows make-up Saturdays."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Final

import polars as pl

from config.calendar import CalendarDays, Closure, HalfDay

FIRST: Final = date(1980, 1, 1)
LAST: Final = date(2119, 12, 31)
FIRST_NUMBER: Final = (FIRST - date(1970, 1, 1)).days
SPAN: Final = (LAST - FIRST).days + 1
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked: Monday to Friday, less the days off, and the rest days made up for them.

    A day worked by half is a working day like any other where days are counted, unless the calendar says that it is not
    (``half_day_counts``, open in law). Closures of single units count only in the calendar that ``of`` gives.
    """

    days: CalendarDays

    @cached_property
    def version(self) -> str:
        """Tell this calendar apart from any other that answers differently; part of every data version."""
        days = self.days
        told = "".join(f"{d}-" for d in sorted(days.off)) + "".join(f"{d}+" for d in sorted(days.made_up))
        told += "".join(f"{d}{half.worked}" for d, half in sorted(days.half.items(), key=lambda item: item[0]))
        closed = sorted((unit, c.from_on, c.to_on) for c in days.closures for unit in c.units)
        told += "".join(f"{unit}\0{from_on}{to_on}" for unit, from_on, to_on in closed)
        return hashlib.sha256(f"{told}{days.half_day_counts}".encode()).hexdigest()[:8]

    def of(self, unit: str | None) -> WorkingCalendar:
        """Give the calendar of ``unit``, its own closures laid over; itself when it has none."""
        return self.own.get(unit, self) if unit else self

    @cached_property
    def own(self) -> dict[str, WorkingCalendar]:
        """The units that have days of their own; those with the same days share one calendar."""
        shared: dict[str, WorkingCalendar] = {}
        own: dict[str, WorkingCalendar] = {}
        for unit in sorted({unit for closure in self.days.closures for unit in closure.units}):
            calendar = self._closed([c for c in self.days.closures if unit in c.units])
            own[unit] = shared.setdefault(calendar.version, calendar)
        return own

    def _closed(self, closures: list[Closure]) -> WorkingCalendar:
        days = self.days
        shut = {day: closure for closure in closures for day in _each(closure) if self.opens(day)}
        return WorkingCalendar(
            replace(
                days,
                off={**days.off, **{day: closure.why for day, closure in shut.items()}},
                made_up={day: why for day, why in days.made_up.items() if day not in shut},
                half={day: half for day, half in days.half.items() if day not in shut},
                decisions={**days.decisions, **{day: closure.decision for day, closure in shut.items()}},
                sources={**days.sources, **{day: closure.source for day, closure in shut.items()}},
                closures=(),
            )
        )

    @property
    def by_unit(self) -> ByUnit:
        """The same questions, each row answered from the days of its own unit (column ``department``)."""
        return ByUnit(self)

    def is_working(self, day: date) -> bool:
        """Say whether ``day`` is a working day, for counting days."""
        if day in self.days.half:
            return self.days.half_day_counts
        return day in self.days.made_up or (day.weekday() < 5 and day not in self.days.off)

    def opens(self, day: date) -> bool:
        """Say whether anybody works on ``day``, be it for half of it."""
        return day in self.days.half or self.is_working(day)

    def half(self, day: date) -> HalfDay | None:
        """Say which half of ``day`` is worked; None when it is worked whole, or not at all."""
        return self.days.half.get(day)

    def reason(self, day: date) -> str | None:
        """Say why a day is off, made up or worked by half; None for an ordinary day of the week."""
        half = self.days.half.get(day)
        return half.why if half else self.days.made_up.get(day) or self.days.off.get(day)

    @cached_property
    def worked(self) -> pl.Series:
        """Whether each day since FIRST is a working day (Boolean)."""
        weekday = (pl.Series("day", range(SPAN), pl.Int32) + FIRST.weekday()) % 7
        working = (weekday < 5).to_list()
        for day in {*self.days.off, *self.days.made_up, *self.days.half}:
            if FIRST <= day <= LAST:
                working[(day - FIRST).days] = self.is_working(day)
        return pl.Series("worked", working)

    @cached_property
    def _ranks(self) -> pl.Series:
        """Working days up to and including each day since FIRST."""
        return self.worked.cast(pl.Int32).cum_sum()

    @cached_property
    def _day_of(self) -> pl.Series:
        """The day number (since 1970) of each working day: the k-th is where the prefix sum first reaches k."""
        frame = pl.DataFrame({"rank": self._ranks, "day": pl.Series(range(SPAN), dtype=pl.Int32) + FIRST_NUMBER})
        return frame.group_by("rank", maintain_order=True).agg(pl.col("day").first())["day"]

    def working_days_between(self, start: pl.Expr, end: pl.Expr) -> pl.Expr:
        """Count working days d with start < d ≤ end (Date expressions); negative when end lies before start."""
        return self._rank(end) - self._rank(start)

    def shift(self, start: pl.Expr, days: int | pl.Expr) -> pl.Expr:
        """Give the day on which ``days`` working days after ``start`` are counted; ``start`` is day 0.

        From a rest day, day 1 is the next working day. With 0 the start itself when worked, else the last worked
        day before it. Never beyond FIRST and LAST.
        """
        wanted = (self._rank(start) + days).cast(pl.Int32) - self._ranks[0]
        return pl.lit(self._day_of).gather(wanted.clip(0, len(self._day_of) - 1)).cast(pl.Date)

    def _rank(self, day: pl.Expr) -> pl.Expr:
        place = day.cast(pl.Int32) - FIRST_NUMBER
        return pl.lit(self._ranks).gather(place.clip(0, SPAN - 1))

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
            day -= _DAY
        return day


@dataclass(frozen=True, slots=True)
class ByUnit:
    """Questions to a calendar that read ``pl.col("department")`` and use the days of each row's own unit."""

    calendar: WorkingCalendar
    column: str = "department"

    def working_days_between(self, start: pl.Expr, end: pl.Expr) -> pl.Expr:
        """Count working days d with start < d ≤ end; see WorkingCalendar."""
        return self._chosen(lambda calendar: calendar.working_days_between(start, end))

    def shift(self, start: pl.Expr, days: int | pl.Expr) -> pl.Expr:
        """Give the day on which ``days`` working days after ``start`` are counted; see WorkingCalendar."""
        return self._chosen(lambda calendar: calendar.shift(start, days))

    def _chosen(self, ask: Callable[[WorkingCalendar], pl.Expr]) -> pl.Expr:
        answer = ask(self.calendar)
        for units in self._sharing():
            its = ask(self.calendar.of(units[0]))
            answer = pl.when(pl.col(self.column).is_in(units)).then(its).otherwise(answer)
        return answer

    def _sharing(self) -> Iterable[list[str]]:
        """Gather the units that share days of their own."""
        sharing: dict[str, list[str]] = {}
        for unit, calendar in self.calendar.own.items():
            sharing.setdefault(calendar.version, []).append(unit)
        return sharing.values()


def _each(closure: Closure) -> Iterator[date]:
    day = closure.from_on
    while day <= closure.to_on:
        yield day
        day += _DAY
