"""How long a procedure may take: a limit as a value, and the spans in which its clock does not run."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

from config.errors import ConfigError

LONGEST: Final = 3650  # more is a reading error
LONGEST_MONTHS: Final = 120
#: Working hours that a working day stands for where it is counted by the minute ("1 ngày = 8 giờ").
HOURS_A_DAY: Final = 8
_WRITTEN: Final = re.compile(r"([0-9]{1,9})\s*(wd|d|wh|m)")
_AND_A_HALF: Final = re.compile(r"([0-9]{1,3})[.,]5\s*wd")
_HOW: Final = (
    "Write 10wd (working days, also 1.5wd), 10d (calendar days), 6m (months), 16wh (working hours) or 0wd (within the "
    "day)."
)
_END_OF_DAY: Final = time(23, 59)


class Unit(StrEnum):
    """What a limit is counted in."""

    WORKING_DAYS = "wd"
    CALENDAR_DAYS = "d"
    WORKING_HOURS = "wh"
    MONTHS = "m"


@dataclass(frozen=True, slots=True)
class Limit:
    """So many days, months or hours; no working day means "within the day" (trong ngày).

    ``cutoff``: what is received after this minute counts as received on the next working day.
    """

    size: int
    unit: Unit
    cutoff: time | None = None


@dataclass(frozen=True, slots=True)
class Suspension:
    """The clock stands from the request to the resubmission, both local times.

    Whole days wait: day d is not counted when request day < d ≤ resubmission day. Hours stop and go by the minute.
    """

    from_at: datetime
    to_at: datetime

    @classmethod
    def of_days(cls, asked_on: date, back_on: date) -> Suspension:
        """Give the suspension of which only the days are known: it runs from the end of one to the end of the other."""
        return cls(datetime.combine(asked_on, _END_OF_DAY), datetime.combine(back_on, _END_OF_DAY))


def parse_limit(text: str, *, cutoff: time | None = None, place: str = "limit") -> Limit:
    """Read a limit written 10wd (working days), 10d (calendar days), 6m (months), 16wh (working hours) or 0wd (within
    the day). Half a working day is four working hours: 1.5wd is 12wh.

    Raises ConfigError naming ``place`` when it is not written so, is too long, or is no time at all.
    """
    written = text.strip().lower()
    if half := _AND_A_HALF.fullmatch(written):
        return Limit(int(half[1]) * HOURS_A_DAY + HOURS_A_DAY // 2, Unit.WORKING_HOURS, cutoff)
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise ConfigError(f"{place} {text}", "not a limit.", _HOW)
    limit = Limit(int(found[1]), Unit(found[2]), cutoff)
    longest = LONGEST_MONTHS if limit.unit is Unit.MONTHS else LONGEST
    if limit.size > longest:
        raise ConfigError(f"{place} {text}", f"longer than {longest}.", "Check the number.")
    if limit.unit in (Unit.WORKING_HOURS, Unit.MONTHS) and not limit.size:
        raise ConfigError(f"{place} {text}", "no time at all.", "Write 0wd for a limit within the day.")
    return limit


def merged(suspensions: Iterable[Suspension]) -> tuple[Suspension, ...]:
    """Join suspensions that overlap or touch, seconds dropped: a wait told in two parts is one wait."""
    joined: list[Suspension] = []
    whole = (Suspension(_minute(s.from_at), _minute(s.to_at)) for s in suspensions)
    for told in sorted(whole, key=lambda s: (s.from_at, s.to_at)):
        last = joined[-1] if joined else None
        if last is not None and told.from_at <= last.to_at:
            joined[-1] = Suspension(last.from_at, max(last.to_at, told.to_at))
        else:
            joined.append(told)
    return tuple(joined)


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
