"""Compare the holidays and hours of a site of OpenCPS with those of the office, and say what differs.

Its own are never taken over: the calendar is the office's, with a decision behind every day.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from config import calendar, hours
from config.errors import SourceError
from connectors.json_rows import rows_at
from connectors.opencps_wire import Desk, ask

_SHOWN: Final = 8
_SATURDAY: Final = 5


def differences(desk: Desk, today: date) -> tuple[str, ...]:
    """Give a sentence for each thing that differs this year; a site that hands out neither costs nothing."""
    notes = []
    for compare in (_holidays, _worktimes):
        try:
            notes += compare(desk, today)
        except SourceError as error:
            notes.append(f"Calendar not compared: {error.found}")
    return tuple(notes)


def _holidays(desk: Desk, today: date) -> list[str]:
    answer = ask(desk, "/holidays", {"year": str(today.year)})
    theirs = {_day(r.get("holidayDate")) for r in rows_at(answer, "data", place=f"{desk.place}, /holidays")} - {None}
    known = calendar.load()
    told = {d for d in theirs if d is not None and d.year == today.year and d.weekday() < _SATURDAY}
    ours = {d for d in known.off if d.year == today.year and d.weekday() < _SATURDAY}
    said = {
        "OpenCPS has days off that our calendar works": told - ours,
        "Our calendar has days off that OpenCPS works": ours - told,
    }
    return [f"{words}: {_listed(days)}." for words, days in said.items() if days]


def _worktimes(desk: Desk, today: date) -> list[str]:
    answer = ask(desk, "/worktimes")
    records = rows_at(answer, "data", place=f"{desk.place}, /worktimes")
    ours = hours.load().default.on(today)
    told = {str(r.get("hours") or "") for r in records if str(r.get("day")) in ("2", "3", "4", "5", "6")} - {""}
    other = sorted(text for text in told if _sessions(text) != ours.sessions)
    return [f"OpenCPS works other hours on weekdays than hours.toml: {', '.join(other[:_SHOWN])}."] if other else []


def _sessions(text: str) -> tuple[tuple[int, int], ...]:
    try:
        return hours.read_sessions(
            tuple(part.strip() for part in text.split(",")),
        ).sessions
    except ValueError:
        return ()


def _day(text: Any) -> date | None:
    try:
        return datetime.strptime(str(text)[:10], "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def _listed(days: set[date]) -> str:
    shown = [d.strftime("%d/%m/%Y") for d in sorted(days)]
    return ", ".join(shown[:_SHOWN]) + (f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else "")
