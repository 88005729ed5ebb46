"""Every page opens, says what it has, and holds its filters in the address."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from config import catalogue
from dashboard import data, filters, frame, routes, shapes
from store import runs
from store.database import Store, open_store
from tests.dashboard import made_up
from tests.dashboard.conftest import NOW, Visit


def texts(app: object) -> str:
    """Give every word of a page."""
    kinds = ("title", "header", "markdown", "caption")
    return "\n".join(str(e.value) for kind in kinds for e in getattr(app, kind))


PAGES = [
    (shapes.OVERVIEW, "Tổng quan"),
    (shapes.WORKLIST, "Hồ sơ cần xử lý"),
    (shapes.SOURCES, "Nguồn dữ liệu"),
    (shapes.UNITS, "Đơn vị và thủ tục"),
    (shapes.PROCEDURES, "Thủ tục hành chính"),
    (shapes.FORM, "Biểu mẫu II.06"),
    (shapes.INDEX766, "Chỉ số 766"),
    (shapes.QUALITY, "Chất lượng phục vụ"),
    (shapes.WHY, "Vì sao thay đổi"),
    (shapes.STEPS, "Điểm nghẽn"),
    (shapes.FORECAST, "Dự báo"),
    (shapes.WEEKLY, "Báo cáo tuần"),
    (shapes.HANDBOOK, "Sổ tay chỉ số"),
    (shapes.ALERTS, "Cảnh báo"),
    (shapes.DESK, "Xin lỗi, đôn đốc"),
    (shapes.OFFICERS, "Cán bộ và phần mềm"),
    (shapes.REVIEW, "Rà soát số liệu"),
    (shapes.UPLOAD, "Nạp tệp"),
    (shapes.DOSSIER, "Hồ sơ"),
]


@pytest.mark.parametrize(("page", "title"), PAGES)
def test_a_page_opens_under_its_title(visit: Visit, page: str, title: str) -> None:
    app = visit(page)
    assert not app.exception
    assert [t.value for t in app.title] == [title]
    assert "Chưa hiển thị được bảng này" not in texts(app)


@pytest.mark.parametrize(("page", "title"), PAGES)
def test_before_the_first_dossier_a_page_says_that_there_is_none(
    visit: Visit, tmp_path: object, monkeypatch: pytest.MonkeyPatch, page: str, title: str
) -> None:
    empty = open_store(f"sqlite:///{tmp_path}/empty.db")
    app = None
    try:
        reader_of_the_full_one = visit  # the reader signs in where people are
        monkeypatch.setattr(data, "manifest", lambda: None)
        monkeypatch.setattr(data, "sources", lambda: runs.latest(empty))
        app = reader_of_the_full_one(page)
        assert not app.exception
        assert [t.value for t in app.title] == [title]
        without_figures = page in (
            shapes.SOURCES, shapes.HANDBOOK, shapes.UNITS, shapes.PROCEDURES, shapes.UPLOAD, shapes.ALERTS,
        )  # fmt: skip
        assert ("Chưa có nguồn dữ liệu" if without_figures else "Chưa có dữ liệu") in texts(app)
    finally:
        empty.engine.dispose()


def test_the_handbook_has_an_entry_for_every_figure(visit: Visit) -> None:
    said = texts(visit(shapes.HANDBOOK))
    assert [name for name, metric in catalogue.load().metric.items() if f"### {metric.title}\n" not in said] == []


def test_the_unit_in_the_address_is_the_unit_of_the_page(visit: Visit) -> None:
    app = visit(shapes.WORKLIST, don_vi="Sở Xây dựng", nhom="dang-giai-quyet")
    assert app.selectbox(key="_don_vi").value == "Sở Xây dựng"
    table = app.dataframe[0].value
    assert set(table["Đơn vị"]) == {"Sở Xây dựng"}


def test_an_unknown_unit_in_the_address_is_left_out(visit: Visit) -> None:
    app = visit(shapes.WORKLIST, don_vi="Sở Không Có")
    assert not app.exception
    assert app.selectbox(key="_don_vi").value == ""


@pytest.mark.parametrize("page", [shapes.OVERVIEW, shapes.WORKLIST, shapes.FORM])
def test_a_unit_out_of_scope_and_an_unknown_one_are_said_alike(visit: Visit, page: str) -> None:
    def warned(unit: str) -> list[str]:
        return [each.value for each in visit(page, who="truongphong", don_vi=unit).warning]

    assert warned("Sở Tư pháp") == warned("Sở Không Có") == [filters.UNSEEN]
    assert warned("Sở Xây dựng") == []


def test_the_list_in_the_address_is_the_list_shown(visit: Visit) -> None:
    app = visit(shapes.WORKLIST, nhom="cho-tiep-nhan")
    assert list(app.dataframe[0].value.columns)[0] == "Nộp lúc"


def test_search_needs_no_accents(visit: Visit) -> None:
    app = visit(shapes.WORKLIST, tim="cap doi giay chung nhan")
    shown = app.dataframe[0].value
    assert len(shown) > 0
    assert set(shown["Thủ tục"]) == {"Cấp đổi GCN QSDĐ"}


def test_a_search_without_a_hit_is_a_designed_nothing(visit: Visit) -> None:
    app = visit(shapes.WORKLIST, tim="không có hồ sơ nào như thế")
    assert "Không có hồ sơ trong phạm vi đã chọn" in texts(app)


def test_a_head_sees_only_the_own_department(visit: Visit) -> None:
    app = visit(shapes.WORKLIST, who="truongphong", nhom="dang-giai-quyet")
    assert set(app.dataframe[0].value["Đơn vị"]) == {"Sở Xây dựng"}
    assert app.selectbox(key="_don_vi").options == ["Sở Xây dựng"]


def test_a_dossier_out_of_scope_and_one_that_does_not_exist_read_alike(visit: Visit, in_use: Store) -> None:
    all_of_it = made_up.dossiers(NOW.date())
    foreign = all_of_it.filter(all_of_it["department"] == "Sở Tư pháp")["code"][0]
    hidden = visit(shapes.DOSSIER, who="truongphong", nguon="mot-cua", ma=foreign)
    absent = visit(shapes.DOSSIER, who="truongphong", nguon="mot-cua", ma="H99.00-000000-0000")
    assert texts(hidden) == texts(absent)
    assert "ngoài phạm vi được xem" in texts(hidden)
    assert foreign in texts(visit(shapes.DOSSIER, nguon="mot-cua", ma=foreign)).replace("\\", "")


def test_refused_rows_are_shown_with_their_reason_in_vietnamese(visit: Visit) -> None:
    app = visit(shapes.SOURCES)
    assert "không có ngày nộp, ngày tiếp nhận" in texts(app)
    assert [len(frame.value) for frame in app.dataframe if "Dòng gốc" in frame.value.columns] == [3]


def test_refused_rows_of_unknown_owners_are_not_for_a_head(visit: Visit) -> None:
    app = visit(shapes.SOURCES, who="truongphong")
    assert "Dòng cách ly chưa biết của đơn vị nào" in texts(app)
    assert "Không có dòng nào bị cách ly" not in texts(app)  # there are some
    assert len(app.dataframe) == 3  # sources, volumes, runs


@pytest.mark.parametrize("page", [shapes.OVERVIEW, shapes.WORKLIST, shapes.SOURCES])
def test_figures_that_nobody_brings_up_to_date_do_not_look_fresh(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setattr("dashboard.filters.now", lambda: NOW + timedelta(hours=5))
    monkeypatch.setattr("store.sessions.IDLE", timedelta(hours=6))  # the reader stayed; the sources fell silent
    said = texts(visit(page))
    assert "Dữ liệu đã cũ 4 giờ 59 phút" in said
    assert "10:32 20/11/2026" in said


def test_every_page_has_its_address_in_the_gate() -> None:
    pages = [f"/{url}" for entries in frame.PAGES.values() for _, url, *_ in entries]
    assert sorted(pages) == sorted(routes.PAGES)


def test_what_a_run_says_of_dossiers_of_other_units_is_not_for_a_head(
    visit: Visit, in_use: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    history, latest = runs.history(in_use), runs.latest(in_use)
    told = history.with_columns(notes=pl.lit('["1 dossiers are not shown any more (H99.SECRET)."]'))
    failed = latest.with_columns(last_state=pl.lit("failed"), last_error=pl.lit("trang 1: H99.QUOTED bị từ chối"))
    monkeypatch.setattr(runs, "history", lambda *_, **__: told)
    monkeypatch.setattr(runs, "latest", lambda *_, **__: failed)
    whole, mine = visit(shapes.SOURCES), visit(shapes.SOURCES, who="truongphong")
    shown = {
        who: texts(app) + str([f.value.to_csv() for f in app.dataframe])
        for who, app in zip("wm", (whole, mine), strict=True)
    }
    assert "H99.SECRET" in shown["w"] and "QUOTED" in shown["w"]
    assert "H99.SECRET" not in shown["m"] and "QUOTED" not in shown["m"]
    assert "lần đọc gần nhất bị lỗi" in shown["m"]
