"""Short questions to figures and facts, for tests with dossiers written by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from config.procedures import Allowed
from metrics.definitions import rates
from metrics.evaluate import figures
from metrics.scope import Period, Scope
from tests.metrics.province import BOOK, ZONE, cube_of, day, facts_of

ALL = Scope.province()
SUPPLEMENTED = [("2026-03-02", "processing"), ("2026-03-05", "supplement"), ("2026-03-10", "processing")]


def allowed(statutory: str, committed: str = "", **told: Any) -> Allowed:
    plain: dict[str, Any] = {
        "source": "", "procedure": "1.000001", "from_on": date(1990, 1, 1), "cutoff": None, "on_return": None,
        "basis": "", "place": "procedures.csv",
    }  # fmt: skip
    return Allowed(statutory=statutory, committed=committed, **(plain | told))


def book(*lines: Allowed) -> Any:
    return replace(BOOK, procedures=lines)


def counted(start: str, end: str, *rows: dict[str, Any], as_of: str | None = None, **told: Any) -> dict[str, Any]:
    frame = cube_of(*rows, **told)
    asked = figures(frame, period=Period(day(start), day(end)), as_of=day(as_of or end), scope=ALL)
    return rates(asked).row(0, named=True)


def one(row: dict[str, Any], **told: Any) -> dict[str, Any]:
    return facts_of(row, **told).row(0, named=True)


def at_minute(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)
