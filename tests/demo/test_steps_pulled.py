"""The step service pulled beside the dossiers: a time line of every dossier, nobody's name, and who holds it now."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from config.errors import SourceError
from config.sources import Source
from config.units import Units
from connectors.exchange_steps import DEFAULT_STEPS, parse_steps, steps_batch
from connectors.national_cursor import Cursor
from connectors.simulator.days import NEVER, wall_seconds
from connectors.simulator.server import Desk
from connectors.simulator.services import STEPS, changed
from connectors.simulator.steps import written
from jobs.sync import load_payload, sync_source
from store import frames, runs, snapshot, steps, tables
from store.database import Store, reading
from store.observed import months
from tests.demo.conftest import NOW, Clock


@pytest.fixture
def stepping(demo: tuple[Desk, Source]) -> Source:
    return demo[1].model_copy(update={"own": {"steps_service": "CapNhatTienDoHoSoMC"}})


def told(store: Store) -> pl.DataFrame:
    with reading(store) as connection:
        return frames.select(connection, sa.select(*tables.steps.c).order_by(tables.steps.c.seq))


def test_every_step_that_the_province_took_is_told_once(
    store: Store, demo: tuple[Desk, Source], stepping: Source
) -> None:
    sync_source(store, stepping, seen_at=NOW)
    truth = changed(demo[0].province, STEPS, 0, wall_seconds(NOW)).filter(pl.col("defect") != 3)
    assert told(store).height == truth.height > 5_000
    run = runs.history(store).row(0, named=True)
    assert run["read"] == run["new"] + run["changed"] + run["unchanged"] + run["merged"] + run["quarantined"]
    before = told(store)["fingerprint"].to_list()
    again = sync_source(store, stepping, seen_at=NOW)
    assert told(store)["fingerprint"].to_list() == before, "the overlap is read again and changes nothing"
    assert again.new == 0


def test_who_holds_an_open_dossier_is_known_and_named_by_nobody(
    store: Store, demo: tuple[Desk, Source], stepping: Source, clock: Clock
) -> None:
    sync_source(store, stepping, seen_at=NOW)
    clock.now = NOW + timedelta(hours=30)
    sync_source(store, stepping, seen_at=clock.now)
    running = changed(demo[0].province, STEPS, 0, wall_seconds(clock.now)).filter(pl.col("end") == NEVER)
    truth = written(running).filter(pl.col("MaHoSo") != "")
    words = ["Tiếp nhận", "Phân công", "Thẩm định lại", "Thẩm định", "Chờ bổ sung", "Phê duyệt", "Trả kết quả"]
    named = pl.coalesce(pl.when(pl.col("NoiDungXuLy").str.starts_with(w)).then(pl.lit(w)) for w in words)
    expected = dict(truth.select("MaHoSo", named).iter_rows())
    with reading(store) as connection:
        seen = pl.concat(snapshot.observe(connection, m) for m in months(connection))
    held = seen.filter(pl.col("code").is_in(list(expected)))
    assert held.height > 50
    assert dict(held.select("code", "step").iter_rows()) == {c: expected[c] for c in held["code"]}
    assert held["handler"].str.starts_with("cb-").all()
    assert "Giả Định" not in "".join(map(str, told(store).rows()))


def test_a_pull_that_was_cut_off_among_the_steps_goes_on_there(
    store: Store, demo: tuple[Desk, Source], stepping: Source
) -> None:
    desk, _ = demo
    pages = -(-desk.changed("DongBoHoSoMC", 0, wall_seconds(NOW)).height // stepping.request.rows_a_page)
    desk.faults.extend([*[""] * (pages + 4), *["500"] * 4])
    with pytest.raises(SourceError, match="answered 500"):
        sync_source(store, stepping, seen_at=NOW)
    part = told(store).height
    sync_source(store, stepping, seen_at=NOW)
    truth = changed(desk.province, STEPS, 0, wall_seconds(NOW)).filter(pl.col("defect") != 3)
    assert 0 < part < told(store).height == truth.height
    with reading(store) as connection:
        cursor = Cursor.read(connection.scalar(sa.select(tables.sources.c.cursor)))
    assert cursor.dossiers.until == cursor.steps.until == "20260302101500"


def test_a_step_that_cannot_be_meant_is_refused_with_its_reason() -> None:
    answer = (
        '{"error_code":"0","data":['
        '{"MaHoSo":"A","NguoiXuLy":"Nguyễn Văn An","ChucDanh":"Chuyên viên","NoiDungXuLy":"Thẩm định hồ sơ ông Bình",'
        '"TrangThai":"4","NgayBatDau":"20260302080000","ThoiDiemXuLy":"","NgayKetThucTheoQuyDinh":"20260305170000"},'
        '{"MaHoSo":"","ThoiDiemXuLy":"20260302090000"},{"MaHoSo":"C","ThoiDiemXuLy":""},'
        '{"MaHoSo":"D","ThoiDiemXuLy":"2.3.2026"},{"MaHoSo":"E","ChucDanh":"Văn thư","ThoiDiemXuLy":"20260302090000",'
        '"NoiDungXuLy":"Đã xong"}]}'
    ).encode()
    page = parse_steps(answer, "here")
    done = steps_batch(page, DEFAULT_STEPS, source="x", time_zone="Asia/Ho_Chi_Minh", origin="trang 1")
    assert done.steps is not None
    assert done.read == 5
    assert done.steps.select("code", "step").rows() == [("A", "Thẩm định"), ("E", "Văn thư")]
    assert done.rejects.select("place", "reasons").rows() == [
        ("trang 1, bước 2", ["code_missing"]), ("trang 1, bước 3", ["event_time_missing"]),
        ("trang 1, bước 4", ["unreadable_date"]),
    ]  # fmt: skip
    assert "An" not in str(done.rejects.rows()) + str(done.raw)
    assert done.steps["started_at"][0].isoformat() == "2026-03-02T01:00:00+00:00"


def test_a_step_told_anew_replaces_what_was_told_of_it(store: Store, stepping: Source, clock: Clock) -> None:
    sync_source(store, stepping, seen_at=NOW)
    first = told(store).filter(pl.col("ended_at").is_null(), pl.col("started_at").is_not_null())
    clock.now = NOW + timedelta(days=9)
    sync_source(store, stepping, seen_at=clock.now)
    done = (
        told(store).filter(pl.col("ended_at").is_not_null()).join(first, on=["code", "started_at", "step"], how="semi")
    )
    assert done.height > 20
    with reading(store) as connection:
        line = steps.of_dossier(connection, stepping.name, done["code"][0], Units({}, {}))
    assert line.select("started_at", "step", "unit").is_unique().all()
    assert line["ended_at"].null_count() <= 1


def test_a_file_of_steps_tells_the_same_as_the_service(
    store: Store, demo: tuple[Desk, Source], stepping: Source, tmp_path: Path
) -> None:
    sync_source(store, stepping, seen_at=NOW)
    rows = written(changed(demo[0].province, STEPS, 0, wall_seconds(NOW)))
    file = tmp_path / "buoc.json"
    file.write_text('{"error_code":"0","data":' + rows.write_json() + "}", encoding="utf-8")
    before = told(store)["fingerprint"].to_list()
    counts = load_payload(store, file, stepping.name, seen_at=NOW)
    assert counts.read == rows.height == counts.merged + counts.quarantined
    assert told(store)["fingerprint"].to_list() == before, "told twice, kept once"
