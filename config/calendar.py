"""Read the working calendar: public holidays as a seed (holidays.toml), corrected by calendar.toml."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, RootModel, StringConstraints, model_validator

from config.errors import ConfigError
from config.place import of
from config.reading import read_toml

Half = Literal["morning", "afternoon"]
SEED: Final = Path(__file__).parent / "holidays.toml"
_SWAP: Final = re.compile(r".*\(thay cho ngày (\d\d)/(\d\d)/(\d{4})\)")  # how the seed tells a day swapped for another
_SWAPPED: Final = "hoán đổi với ngày"
_LEAP: Final = 2024  # a year that has every day
_Name = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


@dataclass(frozen=True, slots=True)
class HalfDay:
    """A day of which one half is worked, and why."""

    worked: Half
    why: str


@dataclass(frozen=True, slots=True)
class Closure:
    """Days on which some units are closed (storm, flood), the last one included; everybody else works."""

    units: tuple[str, ...]
    from_on: date
    to_on: date
    why: str
    decision: str = ""
    source: str = ""


@dataclass(frozen=True)
class CalendarDays:
    """Which days differ from the plain week, each with its reason; metrics.calendar counts with them.

    ``off``: days off by law or decision; ``made_up``: rest days worked instead; ``half``: days worked by half;
    ``confirmed_to``: the last day for which the office has the yearly announcement; ``decisions``: the days that
    calendar.toml corrects, each with the number of its decision, empty while the office has not given it; ``sources``:
    where that decision can be read; ``closures``: days off of single units; ``half_day_counts``: whether a day worked
    by half is a working day where days are counted; ``unconfirmed``: days that calendar.toml names without being sure,
    each with its reason: they are counted as though it did not name them; ``swapped``: days off of the seed for which a
    rest day was worked.
    """

    off: Mapping[date, str]
    made_up: Mapping[date, str]
    confirmed_to: date
    decisions: Mapping[date, str] = field(default_factory=dict)
    sources: Mapping[date, str] = field(default_factory=dict)
    half: Mapping[date, HalfDay] = field(default_factory=dict)
    closures: tuple[Closure, ...] = ()
    half_day_counts: bool = True
    unconfirmed: Mapping[date, str] = field(default_factory=dict)
    swapped: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class RunsOut:
    """How long the confirmed holidays still last: the last such day, and the days to it (negative when past)."""

    after: date
    days_left: int


def runs_out(days: CalendarDays, today: date, warn_days: int = 60) -> RunsOut | None:
    """Say that the confirmed holidays end within ``warn_days``, or have ended; None while there is time."""
    left = (days.confirmed_to - today).days
    return RunsOut(days.confirmed_to, left) if left <= warn_days else None


def undecided(days: CalendarDays) -> list[date]:
    """List the corrected days, and the first days of closures, whose decision number the office has not entered."""
    closed = (c.from_on for c in days.closures if not c.decision)
    return sorted({*(day for day, number in days.decisions.items() if not number), *closed})


class _Entry(BaseModel):
    """What every entry tells: why, by which decision, where that can be read, and whether it is sure."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    why: str
    decision: str = ""
    source: str = ""
    confirmed: bool = True


class Day(_Entry):
    """One corrected day."""

    day: date
    kind: Literal["off", "work", "half"]
    worked: Half | None = None

    @model_validator(mode="after")
    def _half_is_told(self) -> Self:  # noqa: N804 - after the fact it is given the value
        if (self.kind == "half") != (self.worked is not None):
            raise ValueError('worked = "morning" or "afternoon" goes with kind = "half", and only with it')
        return self


class Yearly(_Entry):
    """A day off that comes every year; not confirmed, it does not count even where the library has it."""

    month: int
    day: int
    from_year: int
    confirmed: bool

    @model_validator(mode="after")
    def _is_a_day(self) -> Self:  # noqa: N804 - after the fact it is given the value
        try:
            date(_LEAP, self.month, self.day)
        except ValueError as wrong:
            raise ValueError(f"no year has a day {self.day}/{self.month}") from wrong
        return self

    def on(self, year: int) -> date | None:
        """Give the day in ``year``; None for 29/2 in a year that has none."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None


class Closed(_Entry):
    """Days on which the named units are closed."""

    units: Annotated[tuple[_Name, ...], Field(min_length=1)]
    from_: Annotated[date, Field(alias="from")]
    to: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:  # noqa: N804 - after the fact it is given the value
        if self.to < self.from_:
            raise ValueError("to lies before from")
        return self


class Seed(RootModel[dict[date, str]]):
    """holidays.toml as written by config.seed_holidays."""


class CalendarFile(BaseModel):
    """calendar.toml as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    confirmed_to: date
    half_day_counts: bool = True
    day: tuple[Day, ...] = ()
    yearly: tuple[Yearly, ...] = ()
    closure: tuple[Closed, ...] = ()


def load(path: Path | None = None) -> CalendarDays:
    """Give the days of calendar.toml; what is not confirmed does not count. Raises ConfigError naming the key."""
    return _load(path or of("calendar.toml"))


@cache
def _load(path: Path) -> CalendarDays:
    told = read_toml(path, CalendarFile)
    _once(told.day, path)
    entries = [entry for entry in told.day if entry.confirmed]
    corrected = {entry.day for entry in entries}
    seed, made_up = _swapped(dict(read_toml(SEED, Seed).root), corrected)
    off = {day: why for day, why in _holidays(seed, told.yearly).items() if day not in corrected}
    return CalendarDays(
        off=off | {e.day: e.why for e in entries if e.kind == "off"},
        made_up=made_up | {e.day: e.why for e in entries if e.kind == "work"},
        half={e.day: HalfDay(e.worked, e.why) for e in entries if e.worked},
        confirmed_to=told.confirmed_to,
        decisions={e.day: e.decision for e in entries},
        sources={e.day: e.source for e in entries if e.source},
        closures=tuple(
            Closure(c.units, c.from_, c.to, c.why, c.decision, c.source) for c in told.closure if c.confirmed
        ),
        half_day_counts=told.half_day_counts,
        unconfirmed={d: why for d, why in _unconfirmed(told, {d.year for d in seed}).items() if d not in corrected},
        swapped=tuple(sorted(day for day, why in off.items() if why.startswith(_SWAPPED))),
    )


def _once(days: Iterable[Day], path: Path) -> None:
    """Refuse a day with two entries. Raises ConfigError naming it."""
    for day, entries in Counter(entry.day for entry in days).items():
        if entries > 1:
            raise ConfigError(str(path), f"{day} has {entries} entries [[day]].", "Leave it one of them.")


def _swapped(seed: Mapping[date, str], corrected: set[date]) -> tuple[dict[date, str], dict[date, str]]:
    """Put the seed's swaps as calendar.toml has them: the days off, and the rest days worked for them.

    The library knows the day off of a swap only. A swap of which calendar.toml corrects either day is left to it.
    """
    off, made_up = dict(seed), dict[date, str]()
    for day, why in seed.items():
        if found := _SWAP.fullmatch(why):
            worked = date(int(found[3]), int(found[2]), int(found[1]))
            off[day] = f"{_SWAPPED} {worked:%d/%m/%Y}"
            if not {day, worked} & corrected:
                made_up[worked] = f"làm bù cho ngày {day:%d/%m/%Y}"
    return off, made_up


def _holidays(seed: Mapping[date, str], yearly: Iterable[Yearly]) -> dict[date, str]:
    """Give the public holidays of the seed, with those that the office adds every year."""
    off = dict(seed)
    for fixed in yearly:
        for day in _every_year(fixed, {day.year for day in seed}):
            off.pop(day, None)
            if fixed.confirmed:
                off[day] = fixed.why
    return off


def _every_year(fixed: Yearly, years: Iterable[int]) -> list[date]:
    return [day for year in sorted(years) if year >= fixed.from_year and (day := fixed.on(year))]


def _unconfirmed(told: CalendarFile, years: Iterable[int]) -> dict[date, str]:
    """Give the days that are named without being sure, each with its reason."""
    every = ((day, fixed.why) for fixed in told.yearly if not fixed.confirmed for day in _every_year(fixed, years))
    return dict(every) | {entry.day: entry.why for entry in told.day if not entry.confirmed}
