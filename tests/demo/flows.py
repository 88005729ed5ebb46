"""A small office as a flow: two wards and a department, two procedures; every test changes what it is about."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from config.mapping import TIME_ZONE
from config.sources import Exchange
from connectors import exchange
from connectors.payload import parse
from connectors.simulator.days import DAY, day_number
from connectors.simulator.flow import meant
from connectors.simulator.flow.scenario import Scenario
from connectors.simulator.papers import HEAD, TAIL
from store.database import Store
from store.ingest import Counts, Source, begin_run

NORTH, SOUTH, LAND = "UBND xã Bắc", "UBND xã Nam", "Sở Đất"
#: Nothing beside the law: no letter out of time, no silent move, nothing without a due date.
HONEST_RATES = {"extension_too_late": 0.0, "extension_second": 0.0, "moved_silently": 0.0}
OFFICE: dict[str, Any] = {
    "kind": "flow",
    "name": "office",
    "from_on": date(2026, 1, 5),
    "to_on": date(2026, 5, 29),
    "arrivals": {"per_working_day": 24},
    "rates": HONEST_RATES,
    "unit": [
        {"name": NORTH, "code": "H98.41", "level": "commune", "kind": "commune"},
        {"name": SOUTH, "code": "H98.42", "level": "commune", "kind": "commune"},
        {"name": LAND, "code": "H98.01", "kind": "land", "weight": 1.5},
    ],
    "procedure": [
        {"name": "Chứng thực", "code": "2.000815", "field": "Chứng thực", "kind": "commune", "limit": 2, "weight": 3},
        {"name": "Hộ tịch", "code": "1.001193", "field": "Hộ tịch", "kind": "commune", "limit": 5, "paid": True},
        {"name": "Tách thửa", "code": "1.012784", "field": "Đất đai", "kind": "land", "limit": 15, "paid": True},
        {"name": "Giao đất", "code": "1.013823", "field": "Đất đai", "kind": "land", "limit": 20, "unit": "days"},
    ],
}


def office(**changes: Any) -> Scenario:
    """Give the office, changed."""
    return meant.must_be_meant(Scenario.model_validate(OFFICE | changes), "test")


def at(year: int, month: int, day: int, hour: int = 12) -> int:
    """Give a moment as wall seconds."""
    return day_number(date(year, month, day)) * DAY + hour * 3600


def load(store: Store, rows: pl.DataFrame, *, seen_at: int, source: str = "office") -> Counts:
    """Load rows of the exchange through its border, as seen at a moment of the office."""
    known = Source(source, TIME_ZONE, source)
    seen = datetime.fromtimestamp(seen_at - 7 * 3600, UTC)  # the wall clock of the office is seven hours ahead
    with begin_run(store, known, kind="load", origin="test", seen_at=seen) as run:
        payload = parse(HEAD + rows.write_json().encode() + TAIL, place="test")
        read = exchange.translate(payload.dossiers, Exchange(), source=source, time_zone=TIME_ZONE, origin="test")
        run.batch(read.good, read.rejects, merged=read.merged)
    return run.counts


def write(tmp_path: Path, text: str) -> str:
    """Write a scenario file and give its name."""
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)
