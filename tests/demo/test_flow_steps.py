"""Flows tell the store their steps: by columns what the border of the exchange makes of them, and never before they
happen."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import sqlalchemy as sa

from connectors.exchange_steps import DEFAULT_STEPS, READ, StepPage, steps_batch
from connectors.simulator.flow import columns, passed
from connectors.simulator.flow.world import play
from jobs import flows
from jobs.rebuild import rebuild
from store import snapshot, tables
from store.database import Store, open_store, reading
from tests.demo.flows import at, office

EVENING = at(2026, 3, 20, 23)
SAME = ["code", "handler", "state", "started_at", "due_at", "ended_at"]


def test_steps_by_columns_are_those_that_the_border_reads() -> None:
    """The exchange names a room of step and unit, and a step by its first words; by columns both go by their names."""
    told = passed.changed_steps(play(office()), 0, EVENING)
    page = StepPage({}, passed.written(told).select(pl.col(READ).cast(pl.String)))
    read = steps_batch(page, DEFAULT_STEPS, source="office", time_zone="Asia/Ho_Chi_Minh", origin="test")
    mine = columns.steps(told, "office")
    assert read.steps is not None and mine.height > 500
    assert mine.select(SAME).equals(read.steps.select(SAME))
    assert mine.select(pl.format("{} - {}", "step", "unit")).to_series().equals(read.steps["unit"], check_names=False)
    assert mine["ended_at"].null_count() > 0


def test_read_week_by_week_no_step_is_told_before_it_happened_and_the_ways_are_those_of_one_reading(
    store: Store, tmp_path: Path
) -> None:
    last, other_store = date(2026, 2, 27), open_store(f"sqlite:///{tmp_path / 'other.sqlite'}")
    for place, every in ((store, 7), (other_store, 0)):
        flows.play(place, flows.Flow("qua-tai", as_of=last, every=every))
    with reading(store) as connection:
        rows = connection.execute(
            sa.select(*(tables.steps.c[name] for name in ("started_at", "ended_at", "seen_at")))
        ).all()
    moments = [(begun, ended, seen) for begun, ended, seen in rows]
    assert any(ended is None for _, ended, _ in moments)
    assert all(begun <= seen and (ended is None or ended <= seen) for begun, ended, seen in moments)
    assert min(seen for _, _, seen in moments) < max(seen for _, _, seen in moments) - timedelta(days=30)
    first, second = (_ways(place) for place in (store, other_store))
    assert first == second and len(first) > 1000


def _ways(store: Store) -> dict[str, list[tuple[str, datetime, datetime | None]]]:
    rows = snapshot.read(store, rebuild(store), "observed").select("code", "way").collect()
    told = rows.filter(pl.col("way").is_not_null())
    return {code: [(one["step"], one["started_at"], one["ended_at"]) for one in way] for code, way in told.iter_rows()}
