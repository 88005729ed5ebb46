"""What falls due in the next three working days, day by day, and both ends of the acceptance clock."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from dashboard import wording
from dashboard.answers import overview
from dashboard.filters import GROUP, Choice
from dashboard.shapes import Due, Tone
from metrics.calendar import WorkingCalendar


def board(choice: Choice, rows: pl.DataFrame, calendar: WorkingCalendar) -> list[Due]:
    """Give today and each of the three working days after it, what waits to be accepted, and what waits too long.

    ``rows``: the open dossiers of the choice's day.
    """
    today, one, _, waiting = overview.due_soon(choice, rows, calendar)
    later = [_day(choice, rows, left, calendar) for left in (2, 3)]
    late = overview.late_acceptance(rows)
    tone: Tone = "red" if late else "gray"
    over = Due("▲", "Chờ quá 8 giờ", late, "chưa trả lời", tone, choice.query(**{GROUP: "cho-qua-8-gio"}))
    return [_short(today), _short(one), *map(_short, later), waiting, over]


def _short(due: Due) -> Due:
    """Write the one long name of a day short: its place is narrow."""
    return replace(due, note=due.note.replace(wording.WEEKDAYS[6], "CN"))


def _day(choice: Choice, rows: pl.DataFrame, left: int, calendar: WorkingCalendar) -> Due:
    count = rows.filter(pl.col("days_left") == left).height
    day = wording.weekday(calendar.add(choice.as_of, left))
    return Due("●", f"Còn {left} ngày", count, day, "gray", choice.query(**{GROUP: f"con-{left}-ngay"}))
