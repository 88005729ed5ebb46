"""Who holds the oldest overdue dossiers is known, though a first pull reads the steps of some days only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from config.errors import SourceError
from config.sources import Source
from connectors.national_cursor import Cursor
from connectors.simulator import server
from connectors.simulator.days import NEVER, wall_seconds
from connectors.simulator.flow.world import World
from connectors.simulator.province import Province
from connectors.simulator.server import Desk
from connectors.simulator.services import STEPS, changed, steps_of
from connectors.simulator.steps import written
from jobs.sync import sync_source
from store import finding, frames, runs, snapshot, tables
from store.database import Store, reading
from store.observed import months
from tests.demo.conftest import NOW, Clock

SERVICE = {"steps_service": "CapNhatTienDoHoSoMC", "steps_days": 1}


def some_days(source: Source, **own: Any) -> Source:
    return source.model_copy(update={"own": SERVICE | own})


@pytest.fixture
def by_code(demo: tuple[Desk, Source]) -> Source:
    return some_days(demo[1], steps_codes="maHoSo")


def stepless(store: Store) -> pl.DataFrame:
    return finding.stepless_of(store, "minh-son", NOW - timedelta(days=1))


def told_of(store: Store) -> pl.DataFrame:
    with reading(store) as connection:
        return frames.select(connection, sa.select(tables.steps.c.code, tables.steps.c.step, tables.steps.c.ended_at))


def held(store: Store) -> pl.DataFrame:
    """Give the open dossiers that were received, with the step that they are in."""
    with reading(store) as connection:
        seen = pl.concat(snapshot.observe(connection, m) for m in months(connection))
    last = seen.sort("code", "seen_at").unique("code", keep="last")
    return last.filter(pl.col("status").cast(pl.String).is_in(["accepted", "processing", "supplement", "payment"]))


def truth(province: Province | World) -> pl.DataFrame:
    """Give every step of the province by NOW as the service would write it."""
    return written(changed(province, STEPS, 0, wall_seconds(NOW))).filter(pl.col("MaHoSo") != "")


def asked_for(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Listen at the server: the lists of codes that it is asked for."""
    heard: list[list[str]] = []

    def listening(place: Any, codes: list[str], since: int, until: int) -> pl.DataFrame:
        heard.append(codes)
        return real(place, codes, since, until)

    real = steps_of
    monkeypatch.setattr(server, "steps_of", listening)
    return heard


def test_a_window_of_days_alone_leaves_the_oldest_overdue_without_a_holder(
    store: Store, demo: tuple[Desk, Source], by_code: Source
) -> None:
    sync_source(store, some_days(demo[1]), seen_at=NOW)
    assert stepless(store).filter(~pl.col("closed")).height > 10
    sync_source(store, by_code, seen_at=NOW)
    running = truth(demo[0].province).filter(pl.col("ThoiDiemXuLy") == "")["MaHoSo"]
    known = held(store).filter(pl.col("code").is_in(running.implode()))
    assert known.height > 30
    assert known["step"].null_count() == known["handler"].null_count() == 0


def test_every_step_of_an_open_and_of_a_late_one_is_there(
    store: Store, demo: tuple[Desk, Source], by_code: Source
) -> None:
    sync_source(store, by_code, seen_at=NOW)
    plans = changed(demo[0].province, "DongBoHoSoMC", 0, wall_seconds(NOW))
    assert plans.filter(pl.col("closed") == NEVER).height > 0
    found = dict(told_of(store).group_by("code").len().iter_rows())
    true: dict[str, int] = dict(truth(demo[0].province).group_by("MaHoSo").len().iter_rows())
    with reading(store) as connection:
        rows = frames.select(connection, sa.select(tables.dossiers))
    late = pl.coalesce("resolved_at", "returned_at") > pl.col("due_at")
    open_ones = pl.col("status").cast(pl.String).is_in(["accepted", "processing", "supplement", "payment", "paused"])
    for kind, least in ((open_ones, 40), (late, 50)):
        codes = [c for c in rows.filter(kind)["code"] if c in true]
        assert len(codes) > least
        assert {c: found.get(c) for c in codes} == {c: true[c] for c in codes}


def test_a_pull_asks_for_so_many_the_longest_overdue_first_and_says_how_many_wait(
    store: Store, demo: tuple[Desk, Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    sync_source(store, some_days(demo[1]), seen_at=NOW)
    wanted = stepless(store).sort("closed", "due_at", "code", nulls_last=True)
    source, heard = some_days(demo[1], steps_codes="maHoSo", steps_a_pull=60), asked_for(monkeypatch)
    noted: list[Any] = []
    sync_source(store, source, seen_at=NOW, noted=noted.extend)
    assert heard == [wanted["code"].head(60).to_list()]
    assert [str(n) for n in noted] == [
        f"Steps of 60 of {wanted.height} open and late dossiers were asked for, in turn."
    ]
    while len(heard) < -(-wanted.height // 60):
        sync_source(store, source, seen_at=NOW)
    assert [code for each in heard for code in each] == wanted["code"].to_list(), "each once"
    run = runs.history(store).row(0, named=True)
    assert run["read"] == run["new"] + run["changed"] + run["unchanged"] + run["merged"] + run["quarantined"]


def test_who_had_a_turn_is_asked_for_again_on_another_day_only_where_nothing_came(
    store: Store, demo: tuple[Desk, Source], by_code: Source, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync_source(store, by_code, seen_at=NOW)
    heard = asked_for(monkeypatch)
    sync_source(store, by_code, seen_at=NOW + timedelta(minutes=5))
    assert heard == [], "all have had their turn today"
    with reading(store) as connection:
        cursor = Cursor.read(connection.scalar(sa.select(tables.sources.c.cursor)))
    assert (cursor.steps_behind, cursor.steps_whole_on) == ("", "20260302")
    clock.now = NOW + timedelta(days=1)
    silent = set(stepless(store)["code"])
    sync_source(store, by_code, seen_at=clock.now)
    assert {code for each in heard for code in each} <= silent | set(stepless(store)["code"])


def test_a_pull_that_was_cut_off_among_them_goes_on_there(
    store: Store, demo: tuple[Desk, Source], by_code: Source
) -> None:
    sync_source(store, some_days(demo[1]), seen_at=NOW)
    wanted = stepless(store).height
    source = some_days(demo[1], steps_codes="maHoSo", steps_a_pull=20)
    demo[0].faults.extend(["", "", *["500"] * 4])  # the two windows are empty by now, and answered
    with pytest.raises(SourceError, match="answered 500"):
        sync_source(store, source, seen_at=NOW)
    assert stepless(store).height == wanted
    sync_source(store, source, seen_at=NOW)
    assert stepless(store).height < wanted


def test_a_system_that_sends_others_than_those_asked_for_is_not_believed(
    store: Store, demo: tuple[Desk, Source]
) -> None:
    with pytest.raises(SourceError, match=r"asked for \d+ dossiers by \"danhSachMa\" and sent others"):
        sync_source(store, some_days(demo[1], steps_codes="danhSachMa"), seen_at=NOW)
