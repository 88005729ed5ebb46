"""The province with faults on: the pull copes with what passes, says what does not, and loses nothing."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from config.errors import ConfigError, SourceError
from connectors.simulator.days import wall_seconds
from connectors.simulator.mishaps import faults_of
from connectors.simulator.province import Province
from jobs import demo as demo_job
from jobs.sync import sync_source
from store import runs
from store.database import Store
from tests.demo.conftest import NOW, Clock, at_work, source_at

#: What comes and goes; ``schema`` and ``encoding`` stop a source, and are tried one by one.
PASSING = "500=0.1,429=0.05,cut=0.1,expire=0.1,duplicate_page=0.03,missing_page=0.03,skew=0.03"


def test_with_faults_everywhere_everything_arrives_in_the_end(store: Store, province: Province, clock: Clock) -> None:
    expected = province.plans.filter(pl.col("entered") <= wall_seconds(NOW), defect=0).height
    said: list[str] = []
    with at_work(province, clock) as (desk, url):
        desk.mishaps = faults_of(PASSING, place="test", seed=2)
        for turn in range(40):
            try:
                sync_source(store, source_at(url, overlap_minutes=60), seen_at=NOW + timedelta(minutes=turn))
            except SourceError as error:
                said.append(str(error))
            else:
                if runs.latest(store)["dossiers"][0] == expected:
                    break
        assert desk.mishaps is not None
        assert sum(n for kind, n in desk.mishaps.drawn.items() if kind) > 3
    assert runs.latest(store)["dossiers"][0] == expected
    assert all('source "minh-son"' in one for one in said)


@pytest.mark.parametrize("kind", ["schema", "encoding"])
def test_what_no_patience_mends_stops_the_source_and_is_named(
    store: Store, province: Province, clock: Clock, kind: str
) -> None:
    with at_work(province, clock) as (desk, url):
        desk.mishaps = faults_of(f"{kind}=1", place="test")
        with pytest.raises(SourceError) as caught:
            sync_source(store, source_at(url), seen_at=NOW)
    assert 'source "minh-son"' in str(caught.value)


def test_faults_are_read_from_one_line() -> None:
    told = faults_of(" 500=0.1, cut=0.05 ", place="DUNGHAN_DEMO_FAULTS")
    assert told is not None
    assert told.rates == {"500": 0.1, "cut": 0.05}
    assert faults_of("", place="DUNGHAN_DEMO_FAULTS") is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("500", '"500" has no share'), ("500=often", '"often" is no share'), ("cutt=0.1", 'Did you mean "cut"'),
        ("500=0.8,cut=0.4", "no shares of the requests"),
    ],
)  # fmt: skip
def test_faults_that_cannot_be_meant_are_refused(text: str, found: str) -> None:
    with pytest.raises(ConfigError, match="DUNGHAN_DEMO_FAULTS") as caught:
        faults_of(text, place="DUNGHAN_DEMO_FAULTS")
    assert found in str(caught.value)
    assert "500=0.1,cut=0.05" in str(caught.value)


def test_the_demo_takes_its_faults_and_its_scenario_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUNGHAN_DEMO_FAULTS", "500=0.25")
    monkeypatch.setenv("DUNGHAN_DEMO_SCENARIO", "sap-nhap")
    desk = demo_job._desk()
    assert desk.mishaps is not None
    assert desk.mishaps.rates == {"500": 0.25}
    assert desk.now().isoformat() == "2025-12-31T16:59:00+00:00", "the end of its last day"
