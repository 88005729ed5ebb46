"""The province's own time: seconds on the wall clock of Asia/Ho_Chi_Minh, and its working days, as numpy arithmetic.

Wall seconds count from 1970-01-01 00:00 local, so cutting a day is a division. Vietnam has no summer time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

TIME_ZONE: Final = "Asia/Ho_Chi_Minh"
DAY: Final = 86_400
#: Office hours: 07:30–11:30 and 13:00–17:00, eight working hours.
MORNING, NOON, AFTERNOON, EVENING = (int(h * 3600) for h in (7.5, 11.5, 13.0, 17.0))
WORKING_SECONDS: Final = 8 * 3600
#: No such moment: earlier than every real one, so that ``0 <= t <= now`` is the only test needed.
NEVER: Final = -1


def wall_seconds(moment: datetime) -> int:
    """Give an aware instant as wall seconds of the province."""
    local = moment.astimezone(ZoneInfo(TIME_ZONE)).replace(tzinfo=None)
    return int((local - datetime(1970, 1, 1)).total_seconds())  # noqa: DTZ001 - wall time has no zone


def day_number(day: date) -> int:
    """Give the number of days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days


@dataclass(frozen=True, slots=True)
class Days:
    """Working days between two days; every argument and answer is in days since 1970 or in wall seconds."""

    first: int
    working: Ints  # the numbers of the working days, in order
    passed: Ints  # passed[d - first] = working days up to and including day d

    @classmethod
    def between(cls, first: date, last: date, is_working: Callable[[date], bool]) -> Days:
        """Lay out ``first`` to ``last`` (both included)."""
        count = (last - first).days + 1
        flags = np.fromiter((is_working(first + timedelta(days=i)) for i in range(count)), dtype=bool, count=count)
        start = day_number(first)
        return cls(start, np.flatnonzero(flags) + start, np.cumsum(flags))

    def count(self, day: Any) -> Ints:
        """Give the working days up to and including ``day``, from the first day laid out."""
        counted: Ints = self.passed[np.clip(np.asarray(day) - self.first, 0, len(self.passed) - 1)]
        return counted

    def is_working(self, day: Any) -> NDArray[np.bool_]:
        return self.count(day) > self.count(np.asarray(day) - 1)

    def shift(self, day: Any, working_days: Any) -> Ints:
        """Give the n-th working day after ``day`` (n ≥ 1); n = 0 gives the last working day on or before it."""
        place = self.count(day) + np.asarray(working_days) - 1
        found: Ints = self.working[np.clip(place, 0, len(self.working) - 1)]
        return found

    def on_or_after(self, day: Any) -> Ints:
        return self.shift(np.asarray(day) - 1, 1)

    def desk_clock(self, second: Any) -> Ints:
        """Give the working seconds that passed up to a wall second; office hours only."""
        day, rest = np.divmod(np.asarray(second), DAY)
        today = np.clip(rest - MORNING, 0, NOON - MORNING) + np.clip(rest - AFTERNOON, 0, EVENING - AFTERNOON)
        passed: Ints = self.count(day - 1) * WORKING_SECONDS + np.where(self.is_working(day), today, 0)
        return passed

    def wall_clock(self, desk: Any) -> Ints:
        """Give the wall second at which ``desk`` working seconds have passed: the inverse of ``desk_clock``."""
        number, rest = np.divmod(np.asarray(desk), WORKING_SECONDS)
        day = self.working[np.clip(number, 0, len(self.working) - 1)]
        half = NOON - MORNING
        found: Ints = day * DAY + np.where(rest < half, MORNING + rest, AFTERNOON + rest - half)
        return found

    def at_desk(self, day: Any, share: Floats) -> Ints:
        """Give a moment in office hours of ``day``; ``share`` in [0, 1) says how far into the eight hours."""
        rest = (share * WORKING_SECONDS).astype(np.int64)
        half = NOON - MORNING
        moment: Ints = np.asarray(day) * DAY + np.where(rest < half, MORNING + rest, AFTERNOON + rest - half)
        return moment


def at_home(day: Any, share: Floats) -> Ints:
    """Give a moment when people press buttons at home: 06:30 to 23:00, most in the evening and before noon."""
    hours = np.array([6.5, 8, 11.5, 13.5, 17.5, 19, 21.5, 23])
    passed = np.array([0.0, 0.05, 0.36, 0.42, 0.62, 0.70, 0.95, 1.0])
    moment: Ints = np.asarray(day) * DAY + (np.interp(share, passed, hours) * 3600).astype(np.int64)
    return moment
