"""How JSON services are asked: settings that are refused, windows, moments, clocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.errors import ConfigError
from config.sources import Source
from connectors.access import Access
from connectors.json_api import Settings
from connectors.opencps_settings import Settings as OpencpsSettings
from connectors.registry import connector_of
from connectors.simulator.faults import Faults
from connectors.simulator.rest_server import Service
from tests.opencps.conftest import NOW, Clock
from tests.rest.conftest import Pulled, source_at

Sources = Callable[..., Source]


def test_nothing_that_recomputes_can_be_configured() -> None:
    with pytest.raises(ValueError, match="a monitor only reads"):
        Settings(path="/x", params={"reCalculate": "1"})


def test_every_setting_of_a_kind_stands_in_the_handbook() -> None:
    documents = Path(__file__).parent.parent.parent / "docs"
    text = "".join(d.read_text(encoding="utf-8") for d in documents.glob("connectors*.md"))
    names = {*Settings.model_fields, *OpencpsSettings.model_fields, *Access.model_fields}
    assert sorted(n for n in names if f"`{n}`" not in text) == []


def test_a_service_whose_clock_is_behind_is_read_from_its_own_now_on(source_of: Sources, service: Service) -> None:
    service.mishaps = Faults(2, {"skew": 1.0})  # twenty minutes, ahead or behind
    kept = Pulled()
    list(kept.batches(source_of("offset")))
    assert kept.cursor is not None
    assert "2026-03-02T09:55:00+07:00" in kept.cursor, "10:15 less the twenty minutes"


def test_the_window_begins_an_overlap_before_the_cursor(source_of: Sources, service: Service, clock: Clock) -> None:
    kept, source = Pulled(), source_of("offset")
    list(kept.batches(source))
    service.windows.clear()
    clock.now = NOW + timedelta(hours=1)
    list(kept.batches(source, clock.now))
    wall = int(NOW.timestamp()) + 7 * 3600
    assert set(service.windows) == {(wall - 600, wall + 3600)}, "ten minutes of overlap, and not beyond now"


@pytest.mark.parametrize(
    ("form", "written"),
    [
        ("iso", "2026-03-02T03:15:00+00:00"), ("epoch", "1772421300"), ("epoch_ms", "1772421300000"),
        ("%Y%m%d%H%M%S", "20260302031500"),
    ],
)  # fmt: skip
def test_moments_are_written_as_the_service_wants(form: str, written: str) -> None:
    assert Settings(path="/x", moment=form).written(datetime(2026, 3, 2, 3, 15, tzinfo=UTC)) == written


def test_a_source_without_a_mapping_or_with_a_misspelt_key_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match='kind "json_api" needs mapping'):
        connector_of(Source(name="s", kind="json_api", url="http://x.invalid"))
    wrong = source_at("http://x.invalid", tmp_path, "offset", rowz="data")
    with pytest.raises(ConfigError, match='Did you mean "rows"'):
        connector_of(wrong)
