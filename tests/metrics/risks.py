"""Dossiers made for tests of chances: facts as metrics.clocks.facts gives them, of what the forecast reads."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import polars as pl

from metrics import rulebook
from metrics.spans import SPANS

CALENDAR: Final = rulebook.load().calendar
STEPS: Final = pl.List(pl.Struct({"step": pl.String, "handler": pl.String, "at": pl.Datetime("us")}))
SCHEMA: Final = pl.Schema(
    [(c, pl.String()) for c in ("source", "code", "department", "department_own", "field", "procedure")]
    + [(c, pl.String()) for c in ("procedure_name", "status")]
    + [(c, pl.Date()) for c in ("received_on", "closed_on", "first_due_on", "due_on")]
    + [("spans", SPANS), ("steps", STEPS)]
)
_PLAIN: Final = {"source": "s", "department": "A", "field": "Đất đai", "procedure": "1.0", "status": "resolved"}


def facts(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Fill in what a row leaves out; the first promise is the due day where none is told."""
    told = []
    for number, row in enumerate(rows):
        whole = _PLAIN | {"code": f"d{number}"} | dict(row)
        whole.setdefault("department_own", whole["department"])
        whole.setdefault("first_due_on", whole.get("due_on"))
        told.append({name: whole.get(name) for name in SCHEMA.names()})
    return pl.DataFrame(told, schema=SCHEMA, orient="row")


def at(day: date, step: str) -> dict[str, Any]:
    """Give one step as facts hold it, begun in the morning of ``day``."""
    return {"step": step, "handler": None, "at": datetime.combine(day, time(8))}


def province(seed: int, days: int = 160, a_day: int = 6) -> pl.DataFrame:
    """Give dossiers of two departments and two steps: B needs about twice as long as A, and who is still at "Thẩm định"
    after four days needs longer than who is at "Phê duyệt"."""
    chance = random.Random(seed)
    rows: list[dict[str, Any]] = []
    first = date(2025, 9, 1)
    last = first + timedelta(days=days)
    for day in (first + timedelta(days=n) for n in range(days)):
        for _ in range(a_day if CALENDAR.is_working(day) else 0):
            department = chance.choice("AB")
            slow = 2.0 if department == "B" else 1.0
            looked, signed = chance.expovariate(1 / (3 * slow)), chance.expovariate(1 / 1.5)
            approved = CALENDAR.add(day, max(1, round(looked)))
            closed = CALENDAR.add(approved, round(signed))
            rows.append(
                {"department": department, "received_on": day, "due_on": CALENDAR.add(day, 7),
                 "status": "resolved" if closed <= last else "processing",
                 "closed_on": closed if closed <= last else None,
                 "steps": [at(day, "Thẩm định")] + ([at(approved, "Phê duyệt")] if approved <= last else [])}
            )  # fmt: skip
    return facts(rows)
