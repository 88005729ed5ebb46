"""How a choice is written in the address, and read from there: weeks, names, and those that have no name."""

from __future__ import annotations

from datetime import date
from typing import Final

from metrics.evaluate import Map

#: Chosen: those that have no procedure, unit, step … at all. No database holds such a name, so it is nobody's.
NONE: Final = "\x00"
UNTOLD: Final = "Chưa ghi"
_NONE, _ESCAPE = "-", "\\"


def written(chosen: str) -> str:
    r"""Write a name for the address: "-" is for NONE, so that who is called "-" stands there as "\-"."""
    if chosen == NONE:
        return _NONE
    return _ESCAPE + chosen if chosen.lstrip(_ESCAPE) == _NONE else chosen


def read(text: str) -> str:
    """Read what ``written`` wrote."""
    if text == _NONE:
        return NONE
    return text[1:] if text.lstrip(_ESCAPE) == _NONE else text


def on_map_of(code: str | None) -> Map:
    """Read the map of units as the address writes it."""
    return "then" if code == "khi-do" else "today"


def week_code(monday: date) -> str:
    """Write a week for the address: 2026-W47."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}"
