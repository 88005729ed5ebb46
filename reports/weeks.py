"""Which days an edition covers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, Literal

from metrics.charts_of_control import WEEKS_BEFORE
from metrics.scope import Period

_FIRST_WEEKDAY: Final = {"monday": 0, "friday": 4}


def week_before(issued_on: date, starts: Literal["friday", "monday"] = "friday") -> Period:
    """Give the last whole week that ended before ``issued_on``: on Friday 9/11/2018, the days 2/11 to 8/11/2018."""
    first = _FIRST_WEEKDAY[starts]
    since = (issued_on.weekday() - first) % 7
    return shifted(Period(issued_on - timedelta(days=since), issued_on - timedelta(days=since - 6)), -1)


def shifted(week: Period, weeks: int) -> Period:
    """Give the same days ``weeks`` weeks later (earlier when negative)."""
    step = timedelta(weeks=weeks)
    return Period(week.start + step, week.end + step)


def charted(week: Period) -> list[Period]:
    """Give the week's forerunners that limits are taken from, oldest first, then the week itself: 13 in all."""
    return [shifted(week, -k) for k in range(WEEKS_BEFORE, -1, -1)]


def judged_on(week: Period) -> date:
    """Give the day on which the whole week can be judged: a dossier due on its last day is late from the next."""
    return week.end + timedelta(days=1)
