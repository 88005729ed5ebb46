"""The figures of a loaded province are the province's own."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from config.sources import Source
from connectors.simulator.days import wall_seconds
from connectors.simulator.province import Province
from connectors.simulator.server import Desk
from jobs.rebuild import rebuild
from jobs.sync import sync_source
from metrics.evaluate import figures
from metrics.scope import Period, Scope
from store import snapshot
from store.database import Store
from tests.demo import truth
from tests.demo.conftest import NOW, OPENED_ON, Clock


@pytest.fixture
def loaded(store: Store, demo: tuple[Desk, Source]) -> Store:
    sync_source(store, demo[1], seen_at=NOW)
    rebuild(store)
    return store


def cube_of(store: Store) -> pl.DataFrame:
    manifest = snapshot.read_manifest(store)
    assert manifest is not None
    return snapshot.cube(store, manifest)


PERIODS = {
    "all time": (date(2024, 1, 1), OPENED_ON),
    "February 2026, Tết in it": (date(2026, 2, 1), date(2026, 2, 28)),
    "a week last autumn, as it ended": (date(2025, 10, 6), date(2025, 10, 12)),
}


@pytest.mark.parametrize("period", PERIODS)
def test_the_figures_are_the_truth_of_the_province(loaded: Store, province: Province, period: str) -> None:
    start, end = PERIODS[period]
    true = truth.counts(province, wall_seconds(NOW), start, end)
    names = [c for c in true.columns if c != "department"]

    found = figures(
        cube_of(loaded), period=Period(start, end), as_of=OPENED_ON, by=["department"], scope=Scope.province()
    ).select("department", *names)

    both = true.join(found, on="department", how="left", suffix="_found")
    wrong = {
        (row["department"], n): (row[n], row[f"{n}_found"])
        for row in both.iter_rows(named=True)
        for n in names
        if row[n] != (row[f"{n}_found"] or 0)
    }
    assert wrong == {}
    assert true["resolved"].sum() > 20


def test_figures_follow_the_province_as_it_moves(
    loaded: Store, demo: tuple[Desk, Source], clock: Clock, province: Province
) -> None:
    later = NOW + timedelta(days=9, hours=5)
    clock.now = later
    sync_source(loaded, demo[1], seen_at=later)
    rebuild(loaded)
    start, end = date(2024, 1, 1), date(2026, 3, 11)
    true = truth.counts(province, wall_seconds(later), start, end).drop("department").sum()

    found = figures(cube_of(loaded), period=Period(start, end), as_of=end, scope=Scope.province())

    assert found.select(true.columns).to_dicts() == true.to_dicts()


def test_our_own_reckoning_is_the_promise_that_the_province_made(loaded: Store) -> None:
    """The province counts days by code of its own. It turns away what comes in the minute of the cut-off; we do not."""
    manifest = snapshot.read_manifest(loaded)
    assert manifest is not None
    told = snapshot.facts(loaded, manifest).filter(pl.col("received_on").is_not_null()).collect()
    known = told.filter(pl.col("first_due_on").is_not_null(), pl.col("expected_first_on").is_not_null())
    apart = known.filter(pl.col("first_due_on") != pl.col("expected_first_on"))
    at_the_cut_off = pl.col("received_at").dt.convert_time_zone("Asia/Ho_Chi_Minh").dt.strftime("%H:%M") == "15:00"
    assert known.height > 500
    assert apart.filter(~at_the_cut_off | (pl.col("committed").struct.field("size") != 0)).is_empty()
