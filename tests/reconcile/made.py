"""Dossiers of a source as they stand on a day, written by hand: what metrics.standing would say of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import polars as pl

from config.calendar import load
from metrics.calendar import WorkingCalendar
from metrics.dossier import INSTANT
from metrics.reconcile import reconciled

HERE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
#: A Friday; the working week before it has no holiday.
TODAY: Final = date(2026, 11, 20)
CALENDAR: Final = WorkingCalendar(load())

SCHEMA: Final[dict[str, Any]] = {
    **dict.fromkeys(
        ("code", "other_code", "department", "field", "procedure", "procedure_name", "status", "standing"), pl.String
    ),
    **dict.fromkeys(("received_on", "due_on", "closed_on"), pl.Date),
    **dict.fromkeys(("received_at", "due_at", "resolved_at", "returned_at"), INSTANT),
    **dict.fromkeys(("suspended", "with_result"), pl.Boolean),
}


def day(number: int) -> date:
    """Give a day of November 2026: the 16th is a Monday, the 20th the Friday on which is asked."""
    return date(2026, 11, number)


def at(on: date | None, hour: int = 9, minute: int = 0) -> datetime | None:
    """Give an instant of a local day."""
    return None if on is None else datetime.combine(on, time(hour, minute), HERE).astimezone(UTC)


def one(code: str, due: int | None, closed: int | None = None, *, received: int = 2, **told: Any) -> dict[str, Any]:
    """Write one dossier by the days of November on which it was received, is due and was closed."""
    due_on, closed_on = day(due) if due else None, day(closed) if closed else None
    row = dict.fromkeys(SCHEMA) | {
        "code": code, "department": "Sở Xây dựng", "field": "Đất đai", "status": "resolved" if closed else "processing",
        "standing": standing(due_on, closed_on), "received_on": day(received), "due_on": due_on,
        "closed_on": closed_on, "received_at": at(day(received)), "due_at": at(due_on, 17),
        "resolved_at": at(closed_on), "suspended": False, "with_result": closed is not None,
    }  # fmt: skip
    return row | told


def standing(due: date | None, closed: date | None) -> str:
    """Judge by days: the due day itself is in time."""
    if due is None:
        return "undetermined" if closed is None else "resolved_undetermined"
    if closed is None:
        return "overdue" if due < TODAY else "in_term"
    return "resolved_overdue" if closed > due else "resolved_on_time" if closed == due else "resolved_early"


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    """Lay rows out as a source's."""
    return pl.DataFrame(list(rows), schema=SCHEMA)


def side_by_side(a: list[dict[str, Any]], b: list[dict[str, Any]], **told: Any) -> pl.DataFrame:
    """Reconcile two sources on TODAY."""
    return reconciled(frame(*a), frame(*b), as_of=TODAY, calendar=CALENDAR, **told)


def later(stamp: datetime | None, minutes: int) -> datetime | None:
    """Move an instant."""
    return None if stamp is None else stamp + timedelta(minutes=minutes)
