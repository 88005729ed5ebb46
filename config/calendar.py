"""Read the working calendar: public holidays as a seed (holidays.toml), corrected by calendar.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, RootModel

from config.reading import read_toml


@dataclass(frozen=True)
class CalendarDays:
    """Which days differ from the plain week, each with its reason; metrics.calendar counts with them.

    ``off``: days off by law or decision; ``made_up``: rest days worked instead; ``confirmed_to``: the last day
    for which the office has the yearly announcement; ``decisions``: the days that calendar.toml corrects, each with
    the number of its decision, empty while the office has not given it.
    """

    off: Mapping[date, str]
    made_up: Mapping[date, str]
    confirmed_to: date
    decisions: Mapping[date, str] = field(default_factory=dict)


SEED: Final = Path(__file__).parent / "holidays.toml"
HERE: Final = Path(__file__).parent / "calendar.toml"


class Day(BaseModel):
    """One corrected day."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    day: date
    kind: Literal["off", "work"]
    why: str
    decision: str = ""
    confirmed: bool = True


class Yearly(BaseModel):
    """A day off that comes every year; not confirmed, it does not count even where the library has it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    month: int
    day: int
    from_year: int
    why: str
    confirmed: bool


class Seed(RootModel[dict[date, str]]):
    """holidays.toml as written by config.seed_holidays."""


class CalendarFile(BaseModel):
    """calendar.toml as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    confirmed_to: date
    day: tuple[Day, ...] = ()
    yearly: tuple[Yearly, ...] = ()


@cache
def load(path: Path = HERE) -> CalendarDays:
    """Give the days. Entries that are not confirmed do not count. Raises ConfigError naming the key."""
    told = read_toml(path, CalendarFile)
    off = dict(read_toml(SEED, Seed).root)
    years = {day.year for day in off}
    made_up: dict[date, str] = {}
    for fixed in told.yearly:
        for year in (y for y in years if y >= fixed.from_year):
            on = date(year, fixed.month, fixed.day)
            off.pop(on, None)
            if fixed.confirmed:
                off[on] = fixed.why
    for entry in (d for d in told.day if d.confirmed):
        into, out_of = (off, made_up) if entry.kind == "off" else (made_up, off)
        into[entry.day] = entry.why
        out_of.pop(entry.day, None)
    decisions = {entry.day: entry.decision for entry in told.day if entry.confirmed}
    return CalendarDays(off=off, made_up=made_up, confirmed_to=told.confirmed_to, decisions=decisions)
