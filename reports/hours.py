"""The hours of a report, when it is drafted and from when on it is sent: the worker keeps them, the page tells them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from config import report
from config.mapping import TIME_ZONE
from metrics.freshness import CLOSE

#: Between the end of a day's offices and the draft, and between the draft and its sending, of a day moved forward.
_BETWEEN: Final = timedelta(minutes=30)


def hours(end: date, issue_on: date) -> tuple[datetime, datetime]:
    """Give when a report is drafted and from when on it is sent.

    ``end``: the last day of its period. One whose day of issue was moved before it waits until that day's offices have
    closed.
    """
    settings, zone = report.load().friday, ZoneInfo(TIME_ZONE)
    if issue_on > end:
        return datetime.combine(issue_on, settings.draft_at, zone), datetime.combine(issue_on, settings.issue_at, zone)
    closed = datetime.combine(issue_on, CLOSE, zone)
    return closed + _BETWEEN, closed + 2 * _BETWEEN
