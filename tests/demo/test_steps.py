"""The step service: the way through the unit, the same story as the dossier's own record tells."""

from __future__ import annotations

from datetime import timedelta

import httpx2
import polars as pl
import pytest

from config.sources import Source
from connectors.simulator import attached, lives
from connectors.simulator.access import OFFICE, PASSWORD, USER
from connectors.simulator.days import NEVER, wall_seconds
from connectors.simulator.province import Province
from connectors.simulator.server import Desk
from connectors.simulator.services import STEPS
from connectors.simulator.state import changed_between, dossiers
from connectors.simulator.steps import APPROVAL, FIELDS, HANDING_OUT, INTAKE, WAITING, changed_steps, written
from tests.demo.conftest import NOW

SECOND = wall_seconds(NOW)


@pytest.fixture(scope="module")
def steps(province: Province) -> pl.DataFrame:
    return changed_steps(province, 0, SECOND)


def test_every_step_begins_where_the_last_one_ended(steps: pl.DataFrame) -> None:
    told = steps.filter(pl.col("unit") % 3 != 0).sort("number", "step")
    following = told.with_columns(before=pl.col("end").shift(1).over("number")).filter(pl.col("before").is_not_null())
    assert following.height > 1000
    assert (following["start"] == following["before"]).all()
    assert told.filter(pl.col("end") > NEVER, pl.col("end") < pl.col("start")).is_empty()


def test_the_last_steps_end_when_the_dossier_does(steps: pl.DataFrame) -> None:
    done = steps.filter(pl.col("end") > NEVER)
    assert (
        done.filter(step=INTAKE).select(same=pl.col("end") == pl.max_horizontal("received", "rejected"))["same"].all()
    )
    assert done.filter(step=APPROVAL).select(same=pl.col("end") == pl.col("closed"))["same"].all()
    assert done.filter(step=HANDING_OUT).select(same=pl.col("end") == pl.col("returned"))["same"].all()


def test_an_open_dossier_is_held_by_exactly_one_step(province: Province, steps: pl.DataFrame) -> None:
    now_open = province.plans.filter(
        pl.col("received").is_between(0, SECOND), (pl.col("closed") > SECOND) | (pl.col("closed") == NEVER),
        pl.col("unit") % 3 != 0, pl.col("entered") <= SECOND,
    )  # fmt: skip
    held = steps.filter(end=NEVER).group_by("number").len()
    both = now_open.join(held, on="number", how="left")
    assert now_open.height > 20
    assert both["len"].to_list() == [1] * now_open.height


def test_who_never_answers_is_waited_for_until_the_end(province: Province, steps: pl.DataFrame) -> None:
    silent = province.plans.filter(
        pl.col("pause") == lives.SUPPLEMENT, pl.col("answered") == NEVER, pl.col("closed").is_between(0, SECOND)
    )
    waits = steps.filter(step=WAITING).join(silent, on="number", how="semi")
    assert waits.height > 3
    assert (waits["end"] == waits["closed"]).all()


def test_a_window_gives_what_began_or_ended_in_it(province: Province, steps: pl.DataFrame) -> None:
    since = wall_seconds(NOW - timedelta(days=3))
    late = changed_steps(province, since, SECOND)
    assert late.height == steps.filter(pl.col("changed") >= since).height > 20
    assert late["changed"].is_sorted()


def test_the_rows_are_texts_of_the_exchange_and_name_people_everywhere(steps: pl.DataFrame) -> None:
    rows = written(steps)
    assert tuple(rows.columns) == FIELDS
    assert set(rows.dtypes) == {pl.String}
    assert rows.null_count().sum_horizontal().item() == 0
    assert rows["NguoiXuLy"].str.contains("Giả Định").all()
    assert rows["NoiDungXuLy"].str.contains("Người Giả Định .* điện thoại 0000").all()
    assert set(rows["TrangThai"]) <= {str(n) for n in range(1, 11)}


def test_a_third_of_the_units_tell_only_what_must_be_told(steps: pl.DataFrame) -> None:
    rows = written(steps).with_columns(terse=steps["unit"] % 3 == 0)
    terse = rows.filter("terse")
    assert terse.height > 200
    for name in ("ChucDanh", "PhongBanXuLy", "NgayBatDau", "NgayKetThucTheoQuyDinh"):
        assert set(terse[name]) == {""}
    assert (terse["ThoiDiemXuLy"] != "").all(), "only what is done is told"


def _asked(url: str, **more: object) -> dict[str, object]:
    key = httpx2.post(f"{url}/mapi/login", json={"username": USER, "password": PASSWORD}).json()["session"]
    body = {"session": key, "madonvi": OFFICE, "service": STEPS, **more}
    told: dict[str, object] = httpx2.post(f"{url}/mapi/g", json=body, timeout=30).json()
    return told


def test_the_server_pages_through_the_steps(demo: tuple[Desk, Source], steps: pl.DataFrame) -> None:
    answer = _asked(demo[1].url, soLuong="50", trang="2", denNgay="20260302101500")
    assert (answer["error_code"], answer["service"], answer["tongSo"]) == ("0", STEPS, str(steps.height))
    assert answer["data"] == written(steps[47:100]).to_dicts(), "the last rows of a page come again on the next"


def test_the_server_gives_the_steps_of_named_dossiers(demo: tuple[Desk, Source], steps: pl.DataFrame) -> None:
    chosen = written(steps.filter(step=HANDING_OUT))["MaHoSo"][5]
    answer = _asked(demo[1].url, maHoSo=[chosen])
    rows = answer["data"]
    assert isinstance(rows, list)
    assert {row["MaHoSo"] for row in rows} == {chosen}
    assert len(rows) >= 4


def test_papers_results_and_payment_follow_the_dossier(province: Province) -> None:
    plans = changed_between(province, 0, SECOND)
    rows = dossiers(plans, SECOND)
    papers = rows["TaiLieuNop"].list.len()
    assert set(papers.filter(rows["NgayTiepNhan"] == "")) == {0}
    assert set(papers.filter(rows["NgayTiepNhan"] != "")) == {1, 2}
    digitised = rows["TaiLieuNop"].list.eval(pl.element().struct.field("DuocSoHoa") == "1").list.any()
    assert (digitised == (rows["HoSoCoThanhPhanSoHoa"] == "1")).all()
    handed = rows["DanhSachGiayToKetQua"].list.len() == 1
    assert (handed == rows["TrangThaiHoSo"].is_in(["9", "10"])).filter(plans["defect"] == 0).all()
    paid = rows.filter(pl.col("DuocThanhToanTrucTuyen") != "0")
    assert paid.height > 100
    assert (paid["DanhSachLePhi"].list.len() == 1).all()
    assert set(paid["KenhThucHien"]) == {"2"}


def test_shares_drawn_from_the_number_alone_are_shares() -> None:
    drawn = pl.DataFrame({"number": range(20_000)}).select(a=attached.drawn(1), b=attached.drawn(12))
    assert 0.48 < drawn["a"].mean() < 0.52  # type: ignore[operator]
    assert 0.20 < drawn.select((pl.col("a") < 0.5) & (pl.col("b") < 0.5)).to_series().mean() < 0.30  # type: ignore[operator]
    assert drawn["a"].is_between(0, 1, closed="left").all()
