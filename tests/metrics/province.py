"""Dossiers written by hand for tests: days in Vietnam, one line a dossier."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from metrics import rulebook
from metrics.clocks import facts
from metrics.cube import cube
from metrics.dossier import COLUMNS, INSTANT, PLAIN, STAMPS
from metrics.rulebook import Rulebook
from metrics.terms import Terms
from store.corrections import CORRECTIONS
from store.observed import PLACES, PROMISES, STEPS, TURNS
from store.recorded import LETTERS

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TERMS = {"test": Terms()}
BOOK = rulebook.load()
CALENDAR = BOOK.calendar


def at(day: str, hour: int = 10) -> datetime:
    """Give 10:00 in Vietnam of a day written 2018-11-08."""
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=ZONE).astimezone(UTC)


def micro(day: str | None) -> int | None:
    return None if day is None else int(at(day).timestamp() * 1_000_000)


def halt(start: str, end: str | None, before: str | None = None, after: str | None = None) -> dict[str, Any]:
    """Write one suspension: asked on, back on, promise before and after."""
    return {
        "kind": "supplement", "from_at": micro(start), "to_at": micro(end),
        "due_before": micro(before), "due_after": micro(after), "notice": None,
    }  # fmt: skip


def letter(on: str, before: str, after: str) -> dict[str, Any]:
    """Write one extension: letter sent on, promise before and after."""
    return {"at": micro(on), "due_before": micro(before), "due_after": micro(after), "letter": "1/XL", "reason": "x"}


def dossier(code: str, status: str, **told: Any) -> dict[str, Any]:
    """Write one dossier; ``received``, ``due``, ``resolved``… are days, ``halts`` and ``letters`` lists."""
    row: dict[str, Any] = dict.fromkeys(COLUMNS) | {"source": "test", "code": code, "status": status}
    stamps = {f"{k}_at": at(v) for k, v in told.items() if f"{k}_at" in STAMPS and v is not None}
    rest = {k: v for k, v in told.items() if k in COLUMNS}
    row |= (
        stamps
        | rest
        | dict.fromkeys(("promises", "status_since_at", "turns", "places", "steps", "corrections", "letters_recorded"))
    )
    if "halts" in told:
        row["suspensions"] = json.dumps(told["halts"])
    if "letters" in told:
        row["extensions"] = json.dumps(told["letters"])
    if "promises" in told:
        row["promises"] = [{"due_at": at(d), "happened_at": at(on), "seen_at": at(on)} for on, d in told["promises"]]
    if "turns" in told:
        row["turns"] = [{"status": status, "at": at(on)} for on, status in told["turns"]]
    if "places" in told:
        row["places"] = [{"department": department, "at": at(on)} for on, department in told["places"]]
    if "recorded" in told:  # (recorded on, dated, new due day, number)
        row["letters_recorded"] = [
            {"at": at(on), "issued_at": at(dated, 0), "due_at": at(due, 0), "number": number, "by": "truongphong"}
            for on, dated, due, number in told["recorded"]
        ]
    if "corrections" in told:
        said = {"reason": "x", "by": "y"}
        row["corrections"] = [{"due_at": at(d), "at": at(on), **said} for on, d in told["corrections"]]
    row["first_seen_at"] = row["seen_at"] = at(told.get("seen", "2030-01-01"))
    return row


def part(*rows: dict[str, Any]) -> pl.DataFrame:
    """Give an observed part as store.snapshot.observe reads it."""
    beside = {"first_seen_at": INSTANT, "seen_at": INSTANT, "status_since_at": INSTANT, "promises": PROMISES}
    lists = {"turns": TURNS, "places": PLACES, "steps": STEPS, "corrections": CORRECTIONS, "letters_recorded": LETTERS}
    return pl.DataFrame(list(rows), schema={**PLAIN, **beside, **lists})


def facts_of(*rows: dict[str, Any], terms: Terms = TERMS["test"], book: Rulebook = BOOK) -> pl.DataFrame:
    return facts(part(*rows), {"test": terms}, book)


def cube_of(*rows: dict[str, Any], terms: Terms = TERMS["test"], book: Rulebook = BOOK) -> pl.DataFrame:
    return cube(facts_of(*rows, terms=terms, book=book), book)


def day(text: str) -> date:
    return date.fromisoformat(text)


def days_from(text: str, n: int) -> str:
    return (day(text) + timedelta(days=n)).isoformat()
