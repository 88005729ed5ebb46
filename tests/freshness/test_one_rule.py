"""The page, the command line and the doctor judge a daily folder alike: by its newest record, in working days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from dashboard import hearing
from dashboard.answers import fresh, wall
from dashboard.answers import sources as page
from jobs import doctor, sources
from jobs.rebuild import rebuild
from metrics.dossier import PLAIN
from store import runs, snapshot
from store.database import Store
from store.ingest import Source, begin_run

FOLDER = Source("tep", "Asia/Ho_Chi_Minh", "Tệp", kind="folder", cadence_minutes=1440)


def at(month: int, day: int, hour: int) -> datetime:
    """Give an instant of 2026 as clocks in Hà Nội show it; Tết is off from Monday 16/2 to Friday 20/2."""
    return datetime(2026, month, day, hour, tzinfo=UTC) - timedelta(hours=7)


@pytest.fixture
def folder(store: Store) -> Store:
    """On Friday 13/2 a file came, with a record of that afternoon; the folder is looked into every day."""
    row = {"source": "tep", "code": "A", "status": "processing", "received_at": at(2, 13, 16)}
    with begin_run(store, FOLDER, kind="sync", origin="folder", seen_at=at(2, 13, 17)) as run:
        run.batch(pl.DataFrame([row], schema_overrides=PLAIN))
    rebuild(store)
    for moment in (at(2, 22, 8), at(3, 2, 8)):
        with begin_run(store, FOLDER, kind="sync", origin="folder", seen_at=moment):
            pass
    return store


def judged(store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give how the page, ``dunghan sources`` and the doctor call the source at ``now``."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return now

    monkeypatch.setattr("jobs.heard.datetime", Clock)
    monkeypatch.setattr(doctor, "datetime", Clock)
    [row] = hearing.with_heard(store, snapshot.read_manifest(store), runs.latest(store)).to_dicts()
    [answered] = [s["state"] for s in sources.answer(store)["sources"] if s["name"] == "tep"]
    [found] = [f for f in doctor.examine(store.url) if f.what == 'source "tep"']
    told = "silent" if "silent" in found.found else {"ok": "ok", "look": "late"}[found.verdict]
    return [page.state_of(row, now), answered, told]


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (at(2, 23, 9), "ok"),
        (at(2, 25, 16), "ok"),
        (at(2, 25, 18), "late"),
        (at(3, 2, 16), "late"),
        (at(3, 2, 18), "silent"),
    ],
)
def test_a_daily_folder_is_judged_alike_everywhere(
    folder: Store, monkeypatch: pytest.MonkeyPatch, now: datetime, state: str
) -> None:
    # worked after Tết: 23, 24, 25 (three), 26, 27/2, 2/3 (six)
    assert judged(folder, now, monkeypatch) == [state] * 3


def test_the_strip_above_the_figures_names_the_newest_record_of_a_late_folder(folder: Store) -> None:
    rows = hearing.with_heard(folder, snapshot.read_manifest(folder), runs.latest(folder))
    assert fresh.late(rows, at(2, 25, 18)) == ["Tệp chưa gửi dữ liệu từ 16:00 13/02/2026"]
    assert fresh.stale(rows, at(2, 13, 16), at(2, 25, 18)) is None
    old = fresh.stale(rows, at(2, 13, 16), at(3, 2, 18))
    assert old is not None
    assert old[0] == "Dữ liệu đã cũ 17 ngày 2 giờ"


def first_reading(store: Store, codes: str, *, moment: datetime) -> None:
    """Read a system to its end, one batch a dossier; the figures are made after the first, as the worker does."""
    live = Source("mot-cua", "Asia/Ho_Chi_Minh", "Một cửa", kind="one_stop", cadence_minutes=5)
    with begin_run(store, live, kind="sync", origin="http", seen_at=moment) as run:
        for code in codes:
            row = {"source": "mot-cua", "code": code, "status": "processing", "received_at": moment}
            run.batch(pl.DataFrame([row], schema_overrides=PLAIN))
            if code == codes[0]:
                rebuild(store)


def loading(store: Store) -> tuple[str | None, str, str]:
    """Give what the pages say of a filling: the band above the figures, the state of the title, the head of a wall."""
    state = snapshot.read_manifest(store)
    rows = hearing.with_heard(store, state, runs.latest(store))
    told = fresh.freshness(state, rows, at(2, 13, 16))
    return fresh.progress(rows), told.state, wall.late_in_short(rows, at(2, 13, 16))


def test_a_first_reading_that_ended_is_a_part_until_the_figures_hold_it(store: Store) -> None:
    first_reading(store, "ABC", moment=at(2, 13, 16))
    band, state, head = loading(store)
    assert band is not None
    assert band.startswith("Đang nạp dữ liệu: 3 hồ sơ")
    assert (state, head) == ("filling", "Đang nạp dữ liệu: số liệu mới là một phần")
    rebuild(store)
    assert loading(store) == (None, "complete", "")


def test_what_a_later_reading_brings_is_no_first_filling(store: Store) -> None:
    first_reading(store, "A", moment=at(2, 13, 15))
    rebuild(store)
    first_reading(store, "ABC", moment=at(2, 13, 16))
    assert loading(store) == (None, "complete", "")
