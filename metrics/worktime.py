"""Working minutes by prefix sums: whole days, half days and seasons alike, exact to the minute, without row loops."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import accumulate
from typing import Final

import polars as pl

from config.hours import Hours, HoursOf, Season
from metrics.calendar import FIRST_NUMBER, SPAN, WorkingCalendar

_MINUTES: Final = 24 * 60
_SHUT: Final = Hours(())
_MICROSECONDS: Final = 60_000_000


@dataclass(frozen=True)
class _Plans:
    """The few ways in which a day is worked, laid end to end, and the way of every day.

    ``place``: where the plan of each day begins in ``passed`` (working minutes before minute 0 … 1440 of such a day)
    and in ``clock`` (the minute at which 0 … 1440 working minutes are used up; 0 stands for none).
    """

    place: pl.Series
    passed: pl.Series
    clock: pl.Series


@dataclass(frozen=True)
class WorkTime:
    """The days and hours of one office: of everybody, or of the unit that ``of`` gives."""

    calendar: WorkingCalendar
    hours: HoursOf

    @cached_property
    def version(self) -> str:
        """Tell these days and hours apart from any others that answer differently; part of every data version."""
        units = sorted(self.hours.units.items(), key=lambda item: item[0])
        told = f"{self.calendar.version}{self.hours.default}{units}"
        return hashlib.sha256(told.encode()).hexdigest()[:8]

    def of(self, unit: str | None) -> WorkTime:
        """Give the days and hours of ``unit``; itself when it has none of its own."""
        return self.own.get(unit, self) if unit else self

    def under(self, own_names: Mapping[str, str]) -> WorkTime:
        """Give the closures and hours that were written for an alias to its unit (alias → its own name).

        Hours written under the unit's own name hold before those of an alias.
        """
        days, units = self.calendar.days, self.hours.units
        if not own_names.keys() & {*units, *(unit for closure in days.closures for unit in closure.units)}:
            return self
        closures = [replace(c, units=tuple(own_names.get(unit, unit) for unit in c.units)) for c in days.closures]
        of_aliases = {own_names[unit]: hours for unit, hours in units.items() if unit in own_names}
        of_units = {unit: hours for unit, hours in units.items() if unit not in own_names}
        calendar = WorkingCalendar(replace(days, closures=tuple(closures)))
        return WorkTime(calendar, HoursOf(self.hours.default, {**of_aliases, **of_units}))

    @cached_property
    def own(self) -> dict[str, WorkTime]:
        """The units that have days or hours of their own; those that share them share one value."""
        shared: dict[str, WorkTime] = {}
        own: dict[str, WorkTime] = {}
        for unit in sorted({*self.calendar.own, *self.hours.units}):
            time = WorkTime(self.calendar.of(unit), HoursOf(self.hours.of(unit)))
            own[unit] = shared.setdefault(time.version, time)
        return own

    def groups(self, frame: pl.DataFrame, column: str = "department") -> list[tuple[WorkTime, pl.DataFrame]]:
        """Cut ``frame`` by units that share days and hours: most often one group; together they are the frame.

        ``column`` holds units by their own names (metrics.places.with_own_name where a source may write another).
        """
        units = [unit for unit in frame[column].unique().to_list() if unit in self.own] if self.own else []
        if not units:
            return [(self, frame)]
        sharing: dict[str, list[str]] = {}
        for unit in sorted(units):
            sharing.setdefault(self.own[unit].version, []).append(unit)
        apart = pl.col(column).is_in(units).fill_null(False)
        cut = [(self.own[group[0]], frame.filter(pl.col(column).is_in(group))) for group in sharing.values()]
        rest = frame.filter(~apart)
        return cut if rest.is_empty() else [(self, rest), *cut]

    def sessions(self, day: date) -> Hours:
        """Give what is worked on ``day``: all of its hours, half of them, or none."""
        if not self.calendar.opens(day):
            return _SHUT
        whole, half = self.hours.default.on(day), self.calendar.half(day)
        return whole.half(half.worked) if half else whole

    def minutes_before(self, local: pl.Expr) -> pl.Expr:
        """Count the working minutes from FIRST up to a local time (Datetime without zone), its seconds dropped."""
        minute = local.cast(pl.Datetime("us")).cast(pl.Int64) // _MICROSECONDS  # since 1970
        day = (minute // _MINUTES - FIRST_NUMBER).clip(0, SPAN - 1).cast(pl.Int32)
        place = pl.lit(self._plans.place).gather(day) + (minute % _MINUTES).cast(pl.Int32)
        return pl.lit(self._before).gather(day) + pl.lit(self._plans.passed).gather(place)

    def minutes_between(self, start: pl.Expr, end: pl.Expr) -> pl.Expr:
        """Count the working minutes from ``start`` to ``end``; negative when end lies before start."""
        return self.minutes_before(end) - self.minutes_before(start)

    def at(self, minutes: pl.Expr) -> pl.Expr:
        """Give the earliest local time before which ``minutes`` (1 or more) are worked since FIRST.

        Where several times could be meant it is the closing, not the next opening. Null when null.
        """
        return minutes.map_batches(self._at, return_dtype=pl.Datetime("us"))

    def _at(self, minutes: pl.Series) -> pl.Series:
        """Answer ``at`` for a column; as an expression every step would be reckoned anew wherever it is named."""
        minutes = minutes.clip(1, self._through[-1])
        day = self._through.search_sorted(minutes, side="left").cast(pl.Int32)
        place = self._plans.place.gather(day) + minutes - self._before.gather(day)
        minute = (day + FIRST_NUMBER).cast(pl.Int64) * _MINUTES + self._plans.clock.gather(place)
        return (minute * _MICROSECONDS).cast(pl.Datetime("us"))

    def add(self, local: pl.Expr, minutes: pl.Expr) -> pl.Expr:
        """Give the earliest local time at which ``minutes`` are worked since ``local``; with none, ``local`` itself."""
        end = self.at(self.minutes_before(local) + minutes)
        return pl.when(minutes > 0).then(end).otherwise(pl.when(minutes.is_not_null()).then(local.dt.truncate("1m")))

    @cached_property
    def _plans(self) -> _Plans:
        hours = self.hours.default
        ways = [hours.usual, *(season.hours for season in hours.seasons)]
        plans = [_SHUT, *ways, *(way.half("morning") for way in ways), *(way.half("afternoon") for way in ways)]
        passed, clock = zip(*(_laid_out(plan) for plan in plans), strict=True)
        return _Plans(
            self._ways(len(ways)) * (_MINUTES + 1),
            pl.Series("passed", [n for plan in passed for n in plan], pl.Int32),
            pl.Series("clock", [n for plan in clock for n in plan], pl.Int32),
        )

    def _ways(self, ways: int) -> pl.Series:
        """Number the plan of each day: 0 shut, then the whole days of each way, their mornings, their afternoons."""
        day = (pl.int_range(SPAN, dtype=pl.Int32) + FIRST_NUMBER).cast(pl.Date)
        of_year = day.dt.month().cast(pl.Int32) * 100 + day.dt.day().cast(pl.Int32)
        way = pl.lit(1, pl.Int32)
        for number, season in reversed(list(enumerate(self.hours.default.seasons, start=2))):
            way = pl.when(_in(season, of_year)).then(number).otherwise(way)
        worked = pl.lit(self.calendar.worked)
        halves = self.calendar.days.half
        told = {(d.toordinal()): ways if half.worked == "morning" else 2 * ways for d, half in halves.items()}
        ordinal = day.cast(pl.Int32) + date(1970, 1, 1).toordinal()
        half = ordinal.replace_strict(told, default=0, return_dtype=pl.Int32) if told else pl.lit(0, pl.Int32)
        return pl.select(place=pl.when(worked | (half > 0)).then(way + half).otherwise(0).cast(pl.Int32))["place"]

    @cached_property
    def _through(self) -> pl.Series:
        """Working minutes up to the end of each day."""
        whole = pl.lit(self._plans.passed).gather(pl.lit(self._plans.place) + _MINUTES)
        return pl.select(minutes=whole.cum_sum())["minutes"]

    @cached_property
    def _before(self) -> pl.Series:
        """Working minutes up to the beginning of each day."""
        return self._through.shift(1, fill_value=0)


def _in(season: Season, of_year: pl.Expr) -> pl.Expr:
    first, last = (month * 100 + day for month, day in (season.first, season.last))
    from_, to = of_year >= first, of_year <= last
    return from_ & to if first <= last else from_ | to


def _laid_out(hours: Hours) -> tuple[list[int], list[int]]:
    """Give the working minutes passed before each minute of a day, and the minute at which each is used up."""
    minutes = [n for opens, closes in hours.sessions for n in range(opens, closes)]
    worked = set(minutes)
    passed = [0, *accumulate(n in worked for n in range(_MINUTES))]
    clock = [0, *(n + 1 for n in minutes)]
    return passed, clock + [0] * (_MINUTES + 1 - len(clock))
