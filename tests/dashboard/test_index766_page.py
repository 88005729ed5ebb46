"""Chỉ số 766 on its page: the points of dossiers counted by hand, what is not known, the very dossiers that cost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from config import index766 as tables
from config import place
from dashboard import shapes
from dashboard.answers import procedures
from dashboard.wording import rated
from metrics.freshness import Silent
from store import entered, people
from store.database import Store
from store.entered import Told
from tests.dashboard.conftest import NOW, TODAY, Visit
from tests.dashboard.test_amounts_page import october, province, rows_of, table, words

__all__ = ("province",)
OCTOBER = "2026-T10"
CHARGED = (pl.col("fee") > 0) & pl.col("payment").is_not_null()


def items(app: AppTest) -> dict[str, dict[str, str]]:
    return {row["Mục"]: row for row in table(app, "Mục", "Mất").to_dicts()}


def metric(app: AppTest) -> str:
    return str(app.metric[0].value)


def vn(value: Fraction | float, places: int = 2) -> str:
    return f"{round(float(value), places):,.{places}f}".translate(str.maketrans(",.", ".,"))


def test_the_points_are_those_of_the_dossiers_counted_by_hand(visit: Visit) -> None:
    app = visit(shapes.INDEX766, ky=OCTOBER)
    assert not app.exception
    said = words(app)
    assert "Chưa hiển thị được bảng này" not in said
    assert "[Vì sao?](#mat-diem)" in said and [e.proto.anchor for e in app.header if e.value == "Mất điểm ở đâu"] == [
        "mat-diem"
    ]
    came, done = october(), october("resolved_at")
    charged = came.filter(CHARGED)
    paid = charged.filter(pl.col("payment") == "online").height
    there = came.filter(pl.col("code").str.slice(-5).cast(pl.Int64) % 11 != 0).height
    told = came.filter(pl.col("channel").is_not_null())
    online = told.filter(pl.col("channel") == "online").height
    known = done.filter(pl.col("results").is_not_null())
    digital = known.filter(pl.col("results") > 0).height
    papers = came.filter(pl.col("components_digitised") <= pl.col("components"))
    sums = int(papers["components_digitised"].sum()), int(papers["components"].sum())
    expected = {
        "Hồ sơ đồng bộ lên Cổng quốc gia": (6, there, came.height),
        "Hồ sơ tiếp nhận trực tuyến": (6, online, told.height),
        "Hồ sơ nộp phí, lệ phí trực tuyến": (10, paid, charged.height),
        "Hồ sơ có kết quả điện tử": (8, digital, known.height),
        "Giấy tờ số hóa khi tiếp nhận": (8, *sums),
    }
    lines = items(app)
    for name, (weight, over, under) in expected.items():
        assert lines[name]["Điểm"] == f"{vn(Fraction(weight * over, under))} / {weight}", name
        assert lines[name]["Mất"] == vn(weight - Fraction(weight * over, under)), name
        parts = f"{over:,} / {under:,}".replace(",", ".")
        assert lines[name]["Số liệu"] == f"{rated(over, under)} · {parts}", name
    late = lines["Hồ sơ nộp phí, lệ phí trực tuyến"]
    assert late["Được, mất theo số lượng"] == f"{vn(Fraction(1000, charged.height))} điểm / 100 hồ sơ"
    assert {row["Trọng số"] for row in lines.values()} == {"chưa đối chiếu"}


def test_what_is_not_known_has_no_points_and_is_named(visit: Visit) -> None:
    app = visit(shapes.INDEX766, ky=OCTOBER)
    lines = items(app)
    assert lines["Phản ánh, kiến nghị xử lý đúng hạn"]["Điểm"] == "— / 6"
    assert lines["Phản ánh, kiến nghị xử lý đúng hạn"]["Số liệu"] == "Chưa nhập số của kỳ gần nhất"
    assert lines["Hài lòng, rất hài lòng trong số người trả lời"]["Số liệu"] == "Chưa có phiếu đánh giá trong kỳ"
    unknown = sum(int(row["Điểm"].split(" / ")[1]) for row in lines.values() if row["Điểm"].startswith("—"))
    assert metric(app).endswith(f" / {100 - unknown}")
    assert f"**{metric(app)}** điểm có dữ liệu; **{unknown}** điểm chưa có dữ liệu." in words(app)
    known = [row["Điểm"].split(" / ")[0] for row in lines.values() if not row["Điểm"].startswith("—")]
    total = sum(float(each.replace(",", ".")) for each in known)
    assert abs(total - float(metric(app).split(" / ")[0].replace(",", "."))) < 0.1
    assert "Không phải điểm chính thức" in words(app) and "chưa đối chiếu với văn bản" in words(app)


def test_the_period_before_is_compared_over_what_both_know(visit: Visit) -> None:
    app = visit(shapes.INDEX766, ky=OCTOBER)
    before = {name: row["Điểm"] for name, row in items(visit(shapes.INDEX766, ky="2026-T09")).items()}
    now = items(app)
    moved = 0.0
    for name, row in now.items():
        mine, was = row["Điểm"].split(" / ")[0], before[name].split(" / ")[0]
        if "—" in (mine, was):
            assert row["So với kỳ trước"] == "—", name
            continue
        change = float(row["So với kỳ trước"].replace("−", "-").replace(",", "."))
        assert abs(change - (float(mine.replace(",", ".")) - float(was.replace(",", ".")))) < 0.011, name
        moved += change
    (line,) = [each for each in words(app).splitlines() if each.startswith("So với Tháng 9/2026: ")]
    shown = line.split("**")[1].removesuffix(" điểm").replace("−", "-").replace(",", ".")
    assert abs(float(shown) - moved) < 0.06


#: List → the day by which it counts, and which of the dossiers as made are in it.
NEW = {
    "con-giay-chua-so-hoa": pl.col("components_digitised") < pl.col("components"),
    "con-giay-chua-dung-lai": (pl.col("components_reused") < pl.col("components"))
    & (pl.col("components_digitised") <= pl.col("components")),
}


@pytest.mark.parametrize("code", NEW)
def test_the_lists_of_papers_hold_the_very_dossiers(visit: Visit, code: str) -> None:
    app = visit(shapes.WORKLIST, nhom=code, ky=OCTOBER)
    assert not app.exception
    made = october().filter(NEW[code])
    assert 0 < made.height <= october().filter(pl.col("components").is_not_null()).height
    assert sorted(app.dataframe[0].value["Mã hồ sơ"]) == sorted(made["code"])


def test_the_lists_behind_the_progress_add_up_to_what_is_missing(visit: Visit) -> None:
    lines = items(visit(shapes.INDEX766, ky=OCTOBER))
    over, under = (
        int(each.replace(".", ""))
        for each in lines["Hồ sơ giải quyết đúng hạn, còn trong hạn"]["Số liệu"].split(" · ")[1].split(" / ")
    )
    lists = ("bm-10", "qua-han", "bm-undetermined-resolved", "khong-xac-dinh")
    apps = [visit(shapes.WORKLIST, nhom=code, ky=OCTOBER) for code in lists]
    assert sum(len(app.dataframe[0].value) if app.dataframe else 0 for app in apps) == under - over > 0


def test_a_head_is_told_of_the_own_unit_alone(visit: Visit) -> None:
    app = visit(shapes.INDEX766, who="truongphong", ky=OCTOBER)
    assert not app.exception
    mine = october().filter(pl.col("department") == "Sở Xây dựng", CHARGED)
    paid = mine.filter(pl.col("payment") == "online").height
    assert (
        items(app)["Hồ sơ nộp phí, lệ phí trực tuyến"]["Số liệu"]
        == f"{rated(paid, mine.height)} · {paid} / {mine.height}"
    )
    assert mine.height < 400 and "Trong ngoặc: khoảng 95" in words(app)
    assert items(app)["Phản ánh, kiến nghị xử lý đúng hạn"]["Số liệu"] == "Chỉ có số toàn tỉnh"
    everything = words(app) + "".join(str(each.value.to_csv()) for each in app.dataframe)
    others = set(rows_of()["department"].drop_nulls()) - {"Sở Xây dựng"}
    assert not [name for name in others if name in everything]
    assert "Theo đơn vị" not in words(app)


def test_units_stand_by_name_with_their_own_points(visit: Visit) -> None:
    units = table(visit(shapes.INDEX766, ky=OCTOBER), "Đơn vị", "Điểm / có dữ liệu")
    names = units["Đơn vị"].to_list()
    assert {procedures.short(each, 60) for each in october()["department"].drop_nulls()} <= set(names)
    assert len(names) == len(set(names))
    one = visit(shapes.INDEX766, ky=OCTOBER, don_vi="Sở Tư pháp")
    assert units.filter(pl.col("Đơn vị") == procedures.short("Sở Tư pháp", 60))["Điểm / có dữ liệu"].item() == metric(
        one
    )
    assert "Theo đơn vị" not in words(one)


def test_before_the_first_table_there_are_no_points(visit: Visit) -> None:
    app = visit(shapes.INDEX766, ky="2022-T05")
    assert not app.exception
    assert "Chưa có bảng điểm cho kỳ này" in words(app) and "23/06/2022" in words(app)
    assert not app.metric


def test_an_entered_value_earns_points_and_is_marked(visit: Visit, in_use: Store) -> None:
    who = people.by_name(in_use, "giamdoc")
    assert who is not None
    told = Told("feedback_on_time", "2026-Q3", "87,5", "Cổng Dịch vụ công quốc gia", date(2026, 10, 5))
    entered.enter(in_use, told, by=who, at=NOW, today=TODAY)
    try:
        line = items(visit(shapes.INDEX766, ky=OCTOBER))["Phản ánh, kiến nghị xử lý đúng hạn"]
        assert (line["Điểm"], line["Mất"]) == ("5,25 / 6", "0,75")
        assert line["Số liệu"] == "87,50 % · Quý III/2026 · nhập tay"
        of_unit = items(visit(shapes.INDEX766, ky=OCTOBER, don_vi="Sở Tư pháp"))["Phản ánh, kiến nghị xử lý đúng hạn"]
        assert of_unit["Điểm"] == "— / 6"
    finally:
        later = NOW + timedelta(minutes=1)
        entered.take_back(in_use, "feedback_on_time", "2026-Q3", "", reason="thử", by=who, at=later)


def test_a_silent_source_is_in_no_item(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    quiet = tuple(
        Silent(name, None, date(2026, 11, 18), datetime(2026, 11, 19, 3, 32, tzinfo=UTC))
        for name in ("mot-cua", "cong")
    )
    monkeypatch.setattr("dashboard.hearing.silent", lambda *_: quiet)
    lines = items(visit(shapes.INDEX766, ky="2026-T11"))
    known = {name for name, row in lines.items() if not row["Điểm"].startswith("—")}
    assert known <= {"Thủ tục cung cấp trực tuyến"}
    assert lines["Hồ sơ giải quyết đúng hạn, còn trong hạn"]["Số liệu"] == "Chưa có hồ sơ đã và đang giải quyết"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An office's own table of points."""
    text = (place.SHIPPED / "index766.toml").read_text(encoding="utf-8")
    file = tmp_path / "index766.toml"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("DUNGHAN_CONFIG", str(tmp_path))
    yield file
    tables._load.cache_clear()


def test_a_weight_is_changed_in_the_file_alone(visit: Visit, own: Path) -> None:
    text = own.read_text(encoding="utf-8")
    steps = 'weight = 10\nverified = true\nsteps = [[0.01, 2], [0.99, 10]]\nnote = "Tạm lấy cả 10 điểm của nhóm"'
    own.write_text(text.replace('weight = 10\nnote = "Tạm lấy cả 10 điểm của nhóm"', steps), encoding="utf-8")
    app = visit(shapes.INDEX766, ky=OCTOBER)
    line = items(app)["Hồ sơ nộp phí, lệ phí trực tuyến"]
    charged = october().filter(CHARGED)
    paid = charged.filter(pl.col("payment") == "online").height
    more = -(-charged.height * 99 // 100) - paid
    assert line["Điểm"] == "2,00 / 10"
    assert line["Được, mất theo số lượng"] == f"Thêm {more} hồ sơ: +8,00 điểm"
    assert line["Trọng số"] == "đã đối chiếu"
    assert "Trọng số của 11 / 12 mục" in words(app)


def test_a_table_that_does_not_add_up_takes_no_page_down(visit: Visit, own: Path) -> None:
    own.write_text(own.read_text(encoding="utf-8").replace("weight = 10\n", "weight = 9\n"), encoding="utf-8")
    app = visit(shapes.INDEX766, ky=OCTOBER)
    assert not app.exception
    assert "Chưa đọc được tệp cấu hình" in words(app) and "index766\\.toml" in words(app)
