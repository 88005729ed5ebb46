"""An outage planted in the simulator is found by its days, is named, moves no limit, and leaves no trace in figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from config.errors import SourceError
from config.mapping import TIME_ZONE
from connectors.simulator.days import wall_seconds
from connectors.simulator.flow import columns, shown
from connectors.simulator.flow.world import World, play
from jobs.answers import Asked, answer
from jobs.friday import content
from jobs.heard import outages
from jobs.rebuild import rebuild
from metrics.dossier import REJECTS
from metrics.outages import Outage
from reports.slots import spoken
from store import snapshot
from store.database import Store, open_store
from store.ingest import Source, begin_run
from tests.demo.flows import office
from tests.fresh import Databases

BEGUN, LAST = date(2026, 2, 2), date(2026, 3, 20)
DOWN = {"from_on": date(2026, 3, 9), "to_on": date(2026, 3, 12)}  # Monday to Thursday
#: Asked every eight hours in truth; three of them are late, six are silence. Here the one of six o'clock is played.
OFFICE = Source("office", TIME_ZONE, "Một cửa thị trấn", kind="rest", cadence_minutes=480)
PLANTED = Outage("office", DOWN["from_on"], DOWN["to_on"])


def at(day: date, hour: int = 6) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(TIME_ZONE)).astimezone(UTC)


def filled(store: Store, *down: dict[str, date]) -> Store:
    """Read the office every morning; while it is down it does not answer."""
    world = play(office(from_on=BEGUN, to_on=LAST, outage=list(down)))
    before, day = 0, BEGUN
    while day <= LAST:
        with suppress(SourceError):
            before = _read(store, world, day, before, fails=any(d["from_on"] <= day <= d["to_on"] for d in down))
        day += timedelta(days=1)
    rebuild(store)
    return store


def _read(store: Store, world: World, day: date, before: int, *, fails: bool) -> int:
    now = wall_seconds(at(day).astimezone(ZoneInfo(TIME_ZONE)))
    with begin_run(store, OFFICE, kind="sync", origin="simulator", seen_at=at(day)) as run:
        if fails:
            raise SourceError("office", "it does not answer.", "Wait.")
        run.batch(
            columns.dossiers(world, shown.changed_between(world, before, now), "office"), pl.DataFrame(schema=REJECTS)
        )
    return now


@pytest.fixture(scope="module")
def down(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("down")
    store = open_store(databases.migrated(folder), home=folder)
    yield filled(store, DOWN)
    store.engine.dispose()


def found(store: Store, known_at: datetime) -> tuple[Outage, ...]:
    state = snapshot.read_manifest(store)
    assert state is not None
    return outages(store, state, since=BEGUN, known_at=known_at)


def test_the_planted_outage_is_found_and_no_other(down: Store) -> None:
    assert found(down, at(LAST, 12)) == (PLANTED,)


def test_while_it_lasts_it_has_no_end_and_the_week_has_no_verdict(down: Store) -> None:
    wednesday = at(date(2026, 3, 11), 18)
    assert found(down, wednesday) == (Outage("office", DOWN["from_on"], None),)
    told = answer(down, Asked(as_of="2026-03-11", known_at=wednesday.isoformat()))
    assert [each["source"] for each in told["silent"]] == ["office"]
    assert told["groups"][0]["rates"]["on_time_due"]["denominator"] == 0


def test_figures_are_those_of_an_office_that_was_never_down(down: Store, tmp_path: Path, databases: Databases) -> None:
    url = databases.migrated(tmp_path, "calm")
    calm = filled(open_store(url, home=tmp_path / "calm"))
    asked = Asked(BEGUN, date(2026, 3, 19), "2026-03-19", ("week",))
    assert _groups(down, asked) == _groups(calm, asked)
    assert found(calm, at(LAST, 12)) == ()
    calm.engine.dispose()
    databases.drop(url)


def _groups(store: Store, asked: Asked) -> Any:
    groups = answer(store, asked)["groups"]
    assert sum(group["counts"]["received"] for group in groups) > 300
    return groups


def test_a_report_names_it_beside_its_chart(down: Store) -> None:
    told = content(down, LAST)
    said = [spoken(each, told["figures"]) for each in told["analysis"]]
    line = "nguồn Một cửa thị trấn không nghe được từ 09/03/2026 đến 12/03/2026"
    assert [line in each for each in said].count(True) == 1
    assert told["charts"]["trend"]["marks"] == [
        {"day": "2026-03-09", "words": "không nghe được", "restarts": False, "source": "Một cửa thị trấn",
         "last": "2026-03-12"}
    ]  # fmt: skip
