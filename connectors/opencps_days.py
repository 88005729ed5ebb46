"""Compare the holidays and hours of a site of OpenCPS with those of the office, and say what differs.

Its own are never taken over: the calendar is the office's, with a decision behind every day.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from config import calendar, hours
from config.errors import SourceError
from config.notes import Note, note
from connectors.json_rows import rows_at
from connectors.opencps_wire import Desk, ask

_SATURDAY: Final = 5


def differences(desk: Desk, today: date) -> tuple[Note, ...]:
    """Give a note for each thing that differs this year; a site that hands out neither costs nothing."""
    notes: list[Note] = []
    for compare in (_holidays, _worktimes):
        try:
            notes += compare(desk, today)
        except SourceError as error:
            notes.append(note("days_not_compared", found=error.found))
    return tuple(notes)


def _holidays(desk: Desk, today: date) -> list[Note]:
    answer = ask(desk, "/holidays", {"year": str(today.year)})
    theirs = {_day(r.get("holidayDate")) for r in rows_at(answer, "data", place=f"{desk.place}, /holidays")} - {None}
    known = calendar.load()
    told = {d for d in theirs if d is not None and d.year == today.year and d.weekday() < _SATURDAY}
    ours = {d for d in known.off if d.year == today.year and d.weekday() < _SATURDAY}
    theirs_alone, ours_alone = _listed(told - ours), _listed(ours - told)
    said = [note("days_of_theirs", days=theirs_alone)] if theirs_alone else []
    return said + ([note("days_of_ours", days=ours_alone)] if ours_alone else [])


def _worktimes(desk: Desk, today: date) -> list[Note]:
    answer = ask(desk, "/worktimes")
    records = rows_at(answer, "data", place=f"{desk.place}, /worktimes")
    ours = hours.load().default.on(today)
    told = {str(r.get("hours") or "") for r in records if str(r.get("day")) in ("2", "3", "4", "5", "6")} - {""}
    other = sorted(text for text in told if _sessions(text) != ours.sessions)
    return [note("other_hours", hours=other)] if other else []


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


def _listed(days: set[date]) -> list[str]:
    return [d.strftime("%d/%m/%Y") for d in sorted(days)]
