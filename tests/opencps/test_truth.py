"""What comes through the connector is what the province knows, dossier by dossier: nothing lost, nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from config.sources import Source
from connectors.simulator.faults import Faults
from connectors.simulator.opencps_server import Site
from connectors.simulator.province import Province
from tests.opencps import truth
from tests.opencps.conftest import NOW, Clock, Kept

Sources = Callable[..., Source]


def same_as_the_province(kept: Kept, province: Province, now: object) -> None:
    found = kept.table(*truth.COMPARED).with_columns(pl.col("status").cast(pl.String))
    assert_frame_equal(found, truth.told(province, now), check_dtypes=False)  # type: ignore[arg-type]


def test_the_first_pull_gives_every_dossier_as_it_stands(source_of: Sources, province: Province) -> None:
    kept = Kept()
    kept.pull(source_of())
    same_as_the_province(kept, province, NOW)
    again = kept.dossiers.filter(pl.col("status") == "refused").height  # denied after receipt: in both lists
    assert kept.read == kept.dossiers.height + pl.concat(kept.rejects).height + again, "counts add up"


def test_later_pulls_follow_the_province_though_nobody_can_ask_what_changed(
    source_of: Sources, province: Province, clock: Clock, site: Site
) -> None:
    kept, source = Kept(), source_of()
    kept.pull(source)
    first = site.asked["dossiers"]
    for hours in (7, 100, 220):
        clock.now = NOW + timedelta(hours=hours)
        kept.pull(source, clock.now)
        # What was received days ago and entered only now is found by the nightly sweep, not here.
        late = pl.col("code").is_in(entered_late(province, hours))
        kept_now = Kept(dossiers=kept.dossiers.filter(~late))
        found = kept_now.table(*truth.COMPARED).with_columns(pl.col("status").cast(pl.String))
        assert_frame_equal(found, truth.told(province, clock.now).filter(~late), check_dtypes=False)
    assert site.asked["dossiers"] > first
    kept.cursor = None  # the sweep
    kept.pull(source, clock.now)
    same_as_the_province(kept, province, clock.now)


def entered_late(province: Province, hours: int) -> list[str]:
    plans = province.plans.filter(pl.col("entered") // 86_400 > pl.max_horizontal("received", "submitted") // 86_400)
    return (plans["number"] + 1_000_000).cast(pl.String).to_list()


RATES = {"500": 0.08, "429": 0.03, "cut": 0.05, "duplicate_page": 0.06, "missing_page": 0.08, "schema": 0.01,
         "encoding": 0.02, "expire": 0.05}  # fmt: skip


def test_a_third_of_the_requests_fail_and_no_dossier_is_lost_or_doubled(
    source_of: Sources, province: Province, site: Site, clock: Clock
) -> None:
    site.mishaps = Faults(2, RATES, retry_after=0)
    kept, source = Kept(), source_of(rows_a_batch=200, rows_a_page=40)
    took = kept.pull_until_done(source)
    same_as_the_province(kept, province, NOW)
    assert took > 1, "some faults stop a pull, and the next one goes on"
    assert sum(n for kind, n in site.mishaps.drawn.items() if kind) >= 10
    clock.now = NOW + timedelta(hours=30)
    kept.pull_until_done(source, clock.now)
    kept.cursor = None
    kept.pull_until_done(source, clock.now)
    same_as_the_province(kept, province, clock.now)


@pytest.mark.parametrize("stop_after", [1, 4])
def test_a_pull_that_is_killed_goes_on_where_it_was(
    source_of: Sources, province: Province, site: Site, stop_after: int
) -> None:
    kept, source = Kept(), source_of(rows_a_batch=100)
    kept.pull(source, stop_after=stop_after)
    before = kept.read
    kept.pull(source)
    same_as_the_province(kept, province, NOW)
    assert kept.read < before + kept.dossiers.height + 100, "what was stored is not read again but for a slice"
