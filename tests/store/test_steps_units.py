"""The unit that held a step is known by its own name, whatever code or name its source told it under."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from config.units import Units
from store import steps
from store.database import Store, reading
from tests.store.test_ingest import HCM, NOON, load, rows
from tests.store.test_observed import listed

OLD, OWN = "000.00.00.H26", "Sở Xây dựng"


def _told(store: Store, unit: str, hours: float) -> None:
    one = {"code": "A", "step": "Thẩm định", "handler": "cb-1", "unit": unit, "state": None, "started_at": NOON}
    told = pl.DataFrame([one | dict.fromkeys(("due_at", "ended_at"))], schema=steps.STEPS)
    load(store, rows("A"), told_steps=told, seen_at=NOON + timedelta(hours=hours))


def test_a_step_told_under_an_old_code_and_then_under_a_name_is_one_step_of_one_unit(store: Store) -> None:
    _told(store, OLD, 1)
    _told(store, OWN, 2)
    with reading(store) as connection:
        known = steps.of_dossier(connection, HCM.name, "A", Units({OLD: OWN}, {}))
        unknown = steps.of_dossier(connection, HCM.name, "A", Units({}, {}))
    assert known["unit"].to_list() == [OWN]
    assert unknown["unit"].to_list() == [OLD, OWN], "what the register does not know stays as it was told"
    month = f"{NOON - timedelta(days=30):%Y-%m}"
    assert month == "2026-10"
    assert listed(store, "steps", "step", "handler", "at") == [("Thẩm định", "cb-1", NOON)]
