"""Read the working hours of the day: hours.toml, one entry for everybody, one for each unit that differs, by season."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from config.calendar import Half
from config.errors import ConfigError
from config.place import of
from config.reading import read_toml

_LEAP: Final = 2024  # a year that has every day
_SESSION: Final = re.compile(r"\s*(\d\d:\d\d)\s*-\s*(\d\d:\d\d)\s*")  # to the minute: finer is not counted
MonthDay = tuple[int, int]


@dataclass(frozen=True)
class Hours:
    """The sessions of one working day in minutes since midnight, (opening, closing) each, in order, never touching.

    ``midday``: where a half day is cut.
    """

    sessions: tuple[tuple[int, int], ...]
    midday: int = 12 * 60

    @property
    def minutes(self) -> int:
        """Working minutes of a whole day."""
        return sum(closes - opens for opens, closes in self.sessions)

    def half(self, worked: Half) -> Hours:
        """Give what is worked of a half day: the sessions before midday, or those after it; perhaps none."""
        from_, to = (0, self.midday) if worked == "morning" else (self.midday, 24 * 60)
        cut = ((max(opens, from_), min(closes, to)) for opens, closes in self.sessions)
        return Hours(tuple((opens, closes) for opens, closes in cut if opens < closes), self.midday)


@dataclass(frozen=True)
class Season:
    """Hours from one day of the year to another, both included; ``last`` before ``first`` runs over the new year."""

    first: MonthDay
    last: MonthDay
    hours: Hours

    def holds(self, day: MonthDay) -> bool:
        """Say whether a day of the year, (month, day), lies in the season."""
        if self.first <= self.last:
            return self.first <= day <= self.last
        return day >= self.first or day <= self.last


@dataclass(frozen=True)
class YearHours:
    """The hours of one unit through the year."""

    usual: Hours
    seasons: tuple[Season, ...] = ()

    def on(self, day: date) -> Hours:
        """Give the hours of a whole working day, were ``day`` one."""
        return next((s.hours for s in self.seasons if s.holds((day.month, day.day))), self.usual)


@dataclass(frozen=True)
class HoursOf:
    """The hours of everybody, and of the units that differ."""

    default: YearHours
    units: Mapping[str, YearHours] = field(default_factory=dict)

    def of(self, unit: str | None) -> YearHours:
        """Give the hours of ``unit``; a unit that has none of its own keeps the default ones."""
        return self.units.get(unit, self.default) if unit else self.default


def read_sessions(written: tuple[str, ...], midday: time = time(12)) -> Hours:
    """Read sessions written "07:30-11:30". Raises ValueError when unreadable, empty, overlapping or out of order."""
    sessions = tuple(_session(text) for text in written)
    if not sessions or any(later[0] <= earlier[1] for earlier, later in pairwise(sessions)):
        raise ValueError("sessions follow one another with a pause between, and there is at least one")
    return Hours(sessions, midday.hour * 60 + midday.minute)


def _session(text: str) -> tuple[int, int]:
    found = _SESSION.fullmatch(text)
    if found is None:
        raise ValueError(f'a session is written "07:30-11:30", not "{text}"')
    minutes = [time.fromisoformat(end).hour * 60 + time.fromisoformat(end).minute for end in found.groups()]
    if minutes[0] >= minutes[1]:
        raise ValueError(f'the session "{text}" closes before it opens')
    return minutes[0], minutes[1]


def _readable(written: tuple[str, ...]) -> tuple[str, ...]:
    read_sessions(written)
    return written


def _whole_minute(hour: time) -> time:
    if hour.second or hour.microsecond:
        raise ValueError(f"an hour is told to the minute, not {hour}")
    return hour


def _day_of_year(written: str) -> str:
    _month_day(written)
    return written


def _month_day(written: str) -> MonthDay:
    found = re.fullmatch(r"(\d\d)-(\d\d)", written)
    if found is None:
        raise ValueError(f'a day of the year is written "04-16" (month, day), not "{written}"')
    day = date(_LEAP, int(found[1]), int(found[2]))
    return day.month, day.day


_Sessions = Annotated[tuple[str, ...], AfterValidator(_readable)]
_DayOfYear = Annotated[str, AfterValidator(_day_of_year)]


class SeasonTold(BaseModel):
    """Sessions of a part of the year."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    from_: Annotated[_DayOfYear, Field(alias="from")]
    to: _DayOfYear
    sessions: _Sessions


class Day(BaseModel):
    """Sessions of a working day."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    sessions: _Sessions
    midday: Annotated[time, AfterValidator(_whole_minute)] = time(12)
    season: tuple[SeasonTold, ...] = ()

    @model_validator(mode="after")
    def _apart(self) -> Self:  # noqa: N804 - after the fact it is given the value
        seasons = _year(self).seasons
        if any(a.holds(b.first) or b.holds(a.first) for a, b in combinations(seasons, 2)):
            raise ValueError("two seasons overlap")
        return self


class Unit(Day):
    """Sessions of one unit's working day."""

    name: str


class HoursFile(BaseModel):
    """hours.toml as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    default: Day
    unit: tuple[Unit, ...] = ()


def load(path: Path | None = None) -> HoursOf:
    """Give everybody's hours from hours.toml. Raises ConfigError naming the key."""
    return _load(path or of("hours.toml"))


@cache
def _load(path: Path) -> HoursOf:
    told = read_toml(path, HoursFile)
    units: dict[str, YearHours] = {}
    for entry in told.unit:
        if entry.name in units:
            raise ConfigError(str(path), f'"{entry.name}" has two entries [[unit]].', "Leave it one of them.")
        units[entry.name] = _year(entry)
    return HoursOf(_year(told.default), units)


def _year(told: Day) -> YearHours:
    seasons = (
        Season(_month_day(s.from_), _month_day(s.to), read_sessions(s.sessions, told.midday)) for s in told.season
    )
    return YearHours(read_sessions(told.sessions, told.midday), tuple(seasons))
