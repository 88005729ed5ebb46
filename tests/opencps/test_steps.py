"""The step time line: asked for open and late dossiers only, in turn, and without anybody's name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from config.sources import Source
from connectors.opencps_steps import translate
from connectors.pseudonyms import pseudonym
from connectors.simulator.days import wall_seconds
from connectors.simulator.opencps_server import Site
from connectors.simulator.province import Province
from store.steps import STEPS
from tests.opencps.conftest import NOW, Kept

Sources = Callable[..., Source]


def test_a_time_line_is_read_with_moments_in_milliseconds_and_a_pseudonym() -> None:
    start, asked = datetime(2026, 3, 2, 1, 0, tzinfo=UTC), datetime(2026, 3, 5, 2, 0, tzinfo=UTC)
    told = [
        {"sequenceNo": "2", "sequenceName": "Thẩm định", "sequenceRole": "Phòng A", "startDate": ms(asked),
         "endDate": 0, "dueDate": 0, "statusText": "4", "assignUsers": [{"userName": "Cán Bộ Giả Định 9"}]},
        {"sequenceNo": "1", "sequenceName": "Tiếp nhận", "sequenceRole": "Một cửa", "startDate": ms(start),
         "assignUsers": []},
        {"sequenceNo": "3", "sequenceName": "Phê duyệt", "startDate": 0},
    ]  # fmt: skip
    steps = translate(told, "7", "mot-cua")
    assert steps.schema == STEPS
    assert steps.select("code", "step", "unit", "started_at", "ended_at").rows() == [
        ("7", "Tiếp nhận", "Một cửa", start, asked),  # it says no end: it ended when the next one began
        ("7", "Thẩm định", "Phòng A", asked, None),
    ]
    assert steps["handler"].to_list() == [None, pseudonym("Cán Bộ Giả Định 9", "mot-cua")]


def ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def test_only_open_and_late_dossiers_cost_a_request(source_of: Sources, site: Site, province: Province) -> None:
    kept = Kept()
    kept.pull(source_of(steps="open_and_late", steps_a_pull=100_000))
    finish = pl.coalesce("resolved_at", "returned_at")
    late = kept.dossiers.filter(finish.dt.date() > pl.col("due_at").dt.date())["code"]
    wanted = {*late, *kept.open().filter(pl.col("received_at").is_not_null())["code"]}
    assert site.asked["dossiers/{id}/sequences"] == len(wanted)
    steps = pl.concat(kept.steps)
    assert set(steps["code"]) <= wanted
    assert steps["started_at"].max() <= NOW  # type: ignore[operator]
    first = steps.filter(pl.col("step") == "Tiếp nhận hồ sơ").join(kept.dossiers, on="code")
    assert first.height > 20
    assert first["started_at"].to_list() == first["submitted_at"].to_list()
    assert not steps.filter(pl.col("handler").str.contains("Giả")).height
    assert wall_seconds(NOW) > 0


def test_the_steps_of_many_are_asked_for_in_turn_and_nobody_is_forgotten(source_of: Sources, site: Site) -> None:
    kept, source = Kept(), source_of(steps="open_and_late", steps_a_pull=12)
    told: set[str] = set()
    kept.pull(source)
    wanted = kept.open().filter(pl.col("received_at").is_not_null())["code"]
    assert any("Steps of 12 of" in note for note in kept.notes)
    for minutes in range(10, 40, 10):
        kept.pull(source, NOW + timedelta(minutes=minutes))
    told = set(pl.concat(kept.steps)["code"])
    assert len(set(wanted) - told) <= len(wanted) * 0.4, "some units tell no steps that are still running"
    assert site.asked["dossiers/{id}/sequences"] == 4 * 12


@pytest.mark.parametrize("stop_after", [2])
def test_steps_go_on_behind_the_last_one_that_was_stored(source_of: Sources, site: Site, stop_after: int) -> None:
    kept, source = Kept(), source_of(steps="open_and_late", steps_a_pull=60)
    kept.pull(source, stop_after=stop_after + 1)
    kept.pull(source)
    assert site.asked["dossiers/{id}/sequences"] <= 3 * 60
