"""Answers of ``dunghan sources``: how each source and declared unit stands, and whether as much came as usual."""

from __future__ import annotations

from typing import Any, Final
from zoneinfo import ZoneInfo

import polars as pl

from config import sources
from jobs.answers import at_hand
from jobs.heard import Judged, judged_now
from jobs.sync import stored
from metrics import completeness, freshness, rulebook
from metrics.completeness import Volume
from metrics.freshness import State
from store import runs, snapshot, sweeps
from store.database import Store
from store.snapshot import Manifest

#: Volumes that somebody should look at.
ODD: Final = (Volume.LOW.value, Volume.HIGH.value)


def answer(store: Store) -> dict[str, Any]:
    """Give the JSON of ``dunghan sources``: as of now, each source with its units that are not well; at the end those
    that are declared and were never read."""
    with at_hand(store, None) as (place, state, _):
        found, cube = judged_now(place, state), snapshot.cube(place, state)
    rows = {row["name"]: row for row in runs.latest(store).to_dicts()}
    days = volume_days(found, cube)
    return {
        "at": found.moment.isoformat(),
        "sources": [
            *(_source(store, name, row, found, days) for name, row in rows.items()),
            *(_never_read(source) for source in sources.load() if source.on and source.name not in rows),
        ],
    }


def _never_read(source: sources.Source) -> dict[str, Any]:
    """Give a source that sources.toml declares and no run was made of: nothing is known of it."""
    return {
        "name": source.name, "title": source.title or source.name, "kind": source.kind, "state": State.NEVER.value,
        "last_run": None, "last_error": None, "whole_reading_refused": None, "heard_at": None,
        "cadence_minutes": stored(source).cadence_minutes, "dossiers": 0, "quarantined": 0, "units": [],
        "today": {"odd_units": []}, "last_day": {"odd_units": []},
    }  # fmt: skip


def _source(
    store: Store, name: str, row: dict[str, Any], found: Judged, days: dict[str, pl.DataFrame]
) -> dict[str, Any]:
    mine = [s for s in found.standings if s.told.source == name]
    whole = next((s for s in mine if s.told.department is None), None)
    return {
        "name": name,
        "title": row["title"] or name,
        "kind": row["kind"],
        "state": whole.state.value if whole else State.NEVER.value,
        "last_run": row["last_state"],
        "last_error": row["last_error"],
        "whole_reading_refused": _refused(store, name),
        "heard_at": whole.told.heard_at.isoformat() if whole and whole.told.heard_at else None,
        "cadence_minutes": row["cadence_minutes"],
        "dossiers": row["dossiers"],
        "quarantined": row["refused"],
        "units": [_unit(s) for s in mine if s.told.department is not None],
        **{day: _volume(rows, name) for day, rows in days.items()},
    }


def _refused(store: Store, name: str) -> dict[str, str] | None:
    """Give when the last reading of all of a source came to nothing, and why; None where none did since."""
    found = sweeps.refused(store, name)
    return {"at": found.at.isoformat(), "why": found.why} if found else None


def _unit(standing: Any) -> dict[str, Any]:
    told = standing.told
    return {
        "department": told.department,
        "state": standing.state.value,
        "heard_at": told.heard_at.isoformat() if told.heard_at else None,
        "within_working_days": told.cadence_days,
    }


def volume_days(found: Judged, cube: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Give the volumes of ``today`` (so far) and of ``last_day``, the last day whose offices have closed."""
    calendar = rulebook.load().calendar
    zone = ZoneInfo(next(iter({s.told.zone for s in found.standings}), "Asia/Ho_Chi_Minh"))
    here = found.moment.astimezone(zone)
    came = completeness.received(cube)
    both = {"today": here.date(), "last_day": freshness.last_ended(found.moment, str(zone), calendar)}
    return {name: completeness.both(came, day, calendar).with_columns(day=pl.lit(day)) for name, day in both.items()}


def _volume(rows: pl.DataFrame, name: str) -> dict[str, Any]:
    """Give a source's own number with its band, and the units whose number is odd."""
    mine = rows.filter(pl.col("source") == name)
    told = ("day", "n", "usual", "low", "high", "volume")
    whole = mine.filter(~pl.col("unit")).select(told).to_dicts()
    odd = mine.filter("unit", pl.col("volume").is_in(ODD)).select("department", *told[1:]).to_dicts()
    return {**(whole[0] if whole else {}), "odd_units": odd}


def low_units(state: Manifest, store: Store, found: Judged) -> list[dict[str, Any]]:
    """Give the sources and units that received less than usual on the last day whose offices have closed."""
    rows = volume_days(found, snapshot.cube(store, state))["last_day"]
    low = rows.filter(pl.col("volume") == Volume.LOW.value)
    return low.select("source", "department", "unit", "day", "n", "low", "high").to_dicts()
