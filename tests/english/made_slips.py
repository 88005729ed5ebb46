"""Slips and entered figures whose every name is plain ASCII, so that the pages that tell of them have words to show."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

import polars as pl

from metrics.scope import Period
from store import entered, people, surveys
from store.database import Store
from store.entered import Told
from store.intakes import REFUSED, Intake
from store.surveys import SLIPS, Asked

SURVEY: Final = "kiosk"


def slips(store: Store, units: tuple[str | None, ...], today: date, now: datetime) -> None:
    """Take in slips of four weeks: thirty of each unit, two of a unit of few; and say how many were asked of some."""
    rows = [
        {"slip": f"{unit}-{n}", "place": f"row {n}", "answered_on": (today - timedelta(days=n % 28)).isoformat(),
         "department": unit, "field": "Field 1", "score": 5 - (n * n) % 5}
        for at, unit in enumerate(units) for n in range(30 if at else 2)
    ]  # fmt: skip
    intake = Intake("surveys", "a.csv", "worker", now)
    surveys.take(store, SURVEY, pl.DataFrame(rows, schema=SLIPS), pl.DataFrame(schema=REFUSED), intake=intake)
    month = Period(today.replace(day=1), (today.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1))
    for unit, number in ((None, 900), (units[-1], 20)):
        surveys.ask(store, Asked(SURVEY, month, number, unit), intake=intake)


def values(store: Store, who: str, unit: str, today: date, now: datetime) -> None:
    """Enter a value of every kind of stretch, one anew, one taken back."""
    by = people.by_name(store, who)
    assert by is not None
    for indicator, period, value, department in (
        ("hotline_calls", "2026-09", "900", ""), ("hotline_calls", "2026-10", "1000", ""),
        ("hotline_calls", "2026-10", "1010", ""), ("consultations", "2026-10", "40", unit),
        ("par_index", "2025", "88,5", ""), ("par_index_rank", "2025", "12", ""), ("sipas", "2025", "84,2", ""),
        ("papi", "2025", "43", ""),
    ):  # fmt: skip
        told = Told(indicator, period, value, "Report 1", date(2026, 11, 2), department)
        entered.enter(store, told, by=by, at=now, today=today)
    entered.take_back(store, "papi", "2025", "", reason="Wrong year", by=by, at=now)
