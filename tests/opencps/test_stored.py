"""Through the whole of a sync into a real store: what is open there is what the next pull looks at again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from config.notes import read
from config.settings import settings
from config.sources import Privacy, Source
from connectors.simulator.faults import Faults
from connectors.simulator.opencps_server import Site
from connectors.simulator.province import Province
from jobs.sync import sync_source
from store import runs
from store.database import Store
from tests.opencps import truth
from tests.opencps.conftest import NOW, Clock


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUNGHAN_HOME", str(tmp_path / "var"))
    settings.cache_clear()


def test_syncs_follow_the_province_and_say_what_became_of_every_row(
    store: Store, source_of: Callable[..., Source], site: Site, province: Province, clock: Clock
) -> None:
    source = source_of(steps="open_and_late", steps_a_pull=4, calendar=True)
    first = sync_source(store, source, seen_at=NOW)
    known = truth.usable(province, NOW).height
    assert first.new == known
    assert first.read == first.new + first.changed + first.unchanged + first.merged + first.quarantined
    assert site.asked["dossiers/{id}/sequences"] == 4

    clock.now = NOW + timedelta(days=9)
    site.mishaps = Faults(4, {"500": 0.1, "expire": 0.1})
    second = sync_source(store, source, seen_at=clock.now)
    moved = changed(province, clock)
    assert second.new + second.changed >= moved.height > 20
    assert site.recalculated == 0
    assert runs.latest(store)["last_state"].to_list() == ["ok"]


def changed(province: Province, clock: Clock) -> pl.DataFrame:
    """Dossiers that stand otherwise than they did, and were not entered days after their receipt."""
    before, after = truth.told(province, NOW), truth.told(province, clock.now)
    late = province.plans.filter(pl.col("entered") // 86_400 > pl.max_horizontal("received", "submitted") // 86_400)
    other = after.join(before, on=["code", *truth.COMPARED], how="anti", nulls_equal=True)
    return other.filter(~pl.col("code").is_in((late["number"] + 1_000_000).cast(pl.String).implode()))


def test_a_field_of_applicants_that_no_record_has_is_named(store: Store, source_of: Callable[..., Source]) -> None:
    wanted = Privacy(keep_masked=("applicantName", "contactTel"))
    sync_source(store, source_of().model_copy(update={"privacy": wanted}), seen_at=NOW)
    notes = " ".join(map(str, read(runs.history(store)["notes"][0])))
    assert "answers never had contactTel, so" in notes
