"""Months of few dossiers are counted together, and what was closed long ago is not read: the same tables either way."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from benchmarks.steps_found import world_of
from config.insight import Steps
from jobs import insight_steps
from jobs.flows import Flow, play
from jobs.rebuild import rebuild
from metrics.step_tables import KNOWN
from store.database import Store


def test_what_is_read_together_and_what_is_left_out_changes_no_table(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = date(2026, 6, 30)
    play(store, Flow("qua-tai", as_of=day))
    world = world_of(store, rebuild(store), day, Steps(days=40, recent_days=20))
    together = insight_steps.make(world)
    known = together[KNOWN].select(pl.col("dossiers", "told").sum()).row(0)
    assert 1000 < known[0] < 4000 and known[1] > 1000
    monkeypatch.setattr(insight_steps, "_AT_ONCE", 1)
    monkeypatch.setattr(insight_steps, "_maybe_asked_for", lambda _: pl.lit(True))
    alone = insight_steps.make(world)
    assert set(together) == set(alone)
    for name, table in together.items():
        whole = [c for c, kind in table.schema.items() if not kind.is_float()]
        assert table.sort(table.columns).select(whole).equals(alone[name].sort(table.columns).select(whole)), name


def test_months_without_anything_to_count_are_not_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    day = date(2026, 6, 30)
    play(store, Flow("qua-tai", as_of=day))
    world = world_of(store, rebuild(store), day, Steps(days=40, recent_days=20))
    assert insight_steps._at_once(world) == [list(world.state.parts)]  # something is open of every month
    monkeypatch.setattr(insight_steps, "_asked_for", lambda _: pl.col("received_on") >= date(2026, 5, 1))
    assert insight_steps._at_once(world) == [["2026-05", "2026-06"]]
    monkeypatch.setattr(insight_steps, "_AT_ONCE", 1)
    assert insight_steps._at_once(world) == [["2026-05"], ["2026-06"]]
