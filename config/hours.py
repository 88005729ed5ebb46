"""Read the working hours of the day: hours.toml, one entry for everybody and one for each unit that differs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict

from config.reading import read_toml

HERE: Final = Path(__file__).parent / "hours.toml"


@dataclass(frozen=True)
class Hours:
    """The sessions of one working day in minutes since midnight, (opening, closing) each, in order, never touching."""

    sessions: tuple[tuple[int, int], ...]

    @property
    def minutes(self) -> int:
        """Working minutes of a whole day."""
        return sum(closes - opens for opens, closes in self.sessions)


def read_sessions(written: tuple[str, ...]) -> Hours:
    """Read sessions written "07:30-11:30". Raises ValueError when unreadable, empty, overlapping or out of order."""
    sessions = tuple(_session(text) for text in written)
    if not sessions or any(later[0] <= earlier[1] for earlier, later in pairwise(sessions)):
        raise ValueError("sessions follow one another with a pause between, and there is at least one")
    return Hours(sessions)


def _session(text: str) -> tuple[int, int]:
    ends = [time.fromisoformat(end.strip()) for end in text.split("-")]
    minutes = [end.hour * 60 + end.minute for end in ends]
    if len(minutes) != 2 or minutes[0] >= minutes[1]:
        raise ValueError(f'a session is written "07:30-11:30", not "{text}"')
    return minutes[0], minutes[1]


def _readable(written: tuple[str, ...]) -> tuple[str, ...]:
    read_sessions(written)
    return written


class Day(BaseModel):
    """Sessions of a working day."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    sessions: Annotated[tuple[str, ...], AfterValidator(_readable)]


class Unit(Day):
    """Sessions of one unit's working day."""

    name: str


class HoursFile(BaseModel):
    """hours.toml as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    default: Day
    unit: tuple[Unit, ...] = ()


@cache
def load(path: Path = HERE) -> HoursFile:
    """Give the hours as written. Raises ConfigError naming the key."""
    return read_toml(path, HoursFile)


def hours_of(unit: str = "", path: Path = HERE) -> Hours:
    """Give the hours of ``unit``; a unit that hours.toml does not name keeps the default ones."""
    told = load(path)
    named = next((entry for entry in told.unit if entry.name == unit), told.default)
    return read_sessions(named.sessions)
