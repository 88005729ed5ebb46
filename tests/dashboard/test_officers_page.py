"""Cán bộ và phần mềm: whose numbers they are, by whom they may be seen, what is taken away, and the log of faults."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from config import officers
from dashboard import scope, shapes
from dashboard.answers import officers as words
from metrics import rulebook
from store import audit, faults, people
from store.database import Store
from store.ingest import begin_run
from store.sessions import open_for
from store.steps import STEPS
from tests.dashboard import made_up
from tests.dashboard.conftest import NOW, TODAY, Visit
from tests.dashboard.made_up import SOURCE, instant, workday

PAGE = shapes.OFFICERS
OTHERS: tuple[tuple[str, people.Role], ...] = (
    ("vanhanh", "operator"), ("kiemtra", "auditor"), ("chutich", "chairman"), ("quantri", "administrator"),
)  # fmt: skip
CRITERION = """
[[criterion]]
id = "held"
from = 2026-01-01
figure = "held_past_due"
at_most = 0
title = "Không giữ bước quá hạn"
basis = "QĐ 12/QĐ-TTPVHCC"
"""


@pytest.fixture(scope="module", autouse=True)
def stepped(province: Store) -> None:
    """Tell steps of the dossiers of one unit: cb-a did 25 in time this month, cb-b 3 and one of them late."""
    mine = made_up.dossiers(TODAY).filter(pl.col("department") == "Sở Xây dựng", pl.col("received_at").is_not_null())
    codes = mine.sort("received_at")["code"].to_list()[-30:]
    due, begun = workday(TODAY, -4), workday(TODAY, -9)
    rows: list[dict[str, Any]] = [
        _step(code, "cb-a" if n < 25 else "cb-b", begun, due, workday(due, 2 if n == 25 else 0))
        for n, code in enumerate(codes[:28])
    ]
    with begin_run(province, SOURCE, kind="sync", origin="http://127.0.0.1/buoc", seen_at=NOW) as run:
        run.batch(mine.clear().with_columns(source=pl.lit(SOURCE.name)), told_steps=pl.DataFrame(rows, schema=STEPS))
    for name, role in OTHERS:
        people.add(province, name, made_up.PASSWORD, role=role, title=name)


def _step(code: str, handler: str, begun: date, due: date, ended: date) -> dict[str, Any]:
    plain = {"code": code, "step": "Thẩm định", "handler": handler, "unit": None, "state": "4"}
    return plain | {"started_at": instant(begun), "due_at": instant(due, 17), "ended_at": instant(ended, 10)}


@pytest.fixture
def sessions(province: Store, sessions: dict[str, str]) -> dict[str, str]:
    found = {name: people.by_name(province, name) for name, _ in OTHERS}
    return sessions | {name: open_for(province, who, now=NOW) for name, who in found.items() if who}


def table(app: AppTest, at: int = 0) -> pl.DataFrame:
    shown = app.dataframe[at].value
    return pl.DataFrame({str(name): shown[name].to_list() for name in shown.columns})


def said(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(str(each.value) for kind in ("header", "markdown", "caption") for each in getattr(app, kind))


def test_officers_stand_by_unit_and_code_with_small_numbers_named(visit: Visit) -> None:
    app = visit(PAGE, don_vi="Sở Xây dựng")
    rows = table(app).filter(pl.col("Cán bộ (mã)").str.starts_with("cb-"))
    seen = rows.select("Cán bộ (mã)", "Đã xử lý", "Trễ ở bước", "Tỷ lệ trễ", "Ngày làm việc mất").rows()
    assert seen == [("cb-a", "25", "0", "0,0\xa0% (0,0–13,3)", "0"), ("cb-b", "3", "1", "n = 3", "2")]
    assert "không xếp hạng" in said(app)
    assert table(app)["Cán bộ (mã)"].to_list() == sorted(table(app)["Cán bộ (mã)"])
    assert "Trong ngoặc: khoảng 95\xa0%" in said(app)


def test_the_share_of_all_together_has_its_interval_too() -> None:
    counted = {"handled": [30], "judged": [28], "late": [7], "no_due": [2], "held": [5], "held_past_due": [0]}
    told = words.summary(pl.DataFrame(counted))
    assert "Trễ ở bước: 25,0\xa0% (7 / 28; khoảng 95\xa0%: 12,7–43,4\xa0%)" in told
    assert told.endswith("**2** bước không có hạn, không vào tỷ lệ")
    many = pl.DataFrame(counted).with_columns(judged=pl.lit(400), late=pl.lit(100))
    assert "Trễ ở bước: 25,0\xa0% (100 / 400) ·" in words.summary(many)


def test_where_no_step_is_told_who_holds_it_is(visit: Visit) -> None:
    rows = table(visit(PAGE)).filter(pl.col("Cán bộ (mã)").str.starts_with("CB-"))
    assert rows.height > 20
    assert set(rows["Đã xử lý"]) == {"0"}
    assert set(rows["Tỷ lệ trễ"]) == {"n = 0"}


def test_a_head_sees_the_own_unit_alone_whatever_the_address_says(visit: Visit) -> None:
    for query in ({}, {"don_vi": "Sở Tư pháp"}):
        app = visit(PAGE, who="truongphong", **query)
        assert set(table(app)["Đơn vị"]) == {"Sở Xây dựng"}
        assert [tab for tab in app.segmented_control if tab.label == "Phần"][0].options == ["Cán bộ"]
    app = visit(PAGE, who="truongphong", nhom="phan-mem")
    assert "Phần mềm từng nguồn" not in said(app)


@pytest.mark.parametrize("who", ["chutich", "quantri"])
def test_who_only_looks_sees_nobody(visit: Visit, who: str) -> None:
    for query in ({}, {"nhom": "can-bo"}, {"nhom": "phan-mem"}):
        app = visit(PAGE, who=who, **query)
        assert "Phần này dành cho người chịu trách nhiệm về công việc" in said(app)
        assert not app.dataframe
        assert not app.get("download_button")


def test_an_auditor_sees_the_software_and_no_officer_and_writes_nothing(visit: Visit) -> None:
    app = visit(PAGE, who="kiemtra", nhom="can-bo")
    assert "Phần mềm từng nguồn, 13 tuần" in said(app)
    assert "cb-a" not in said(app) + "".join(str(each.value) for each in app.dataframe)
    assert not [each for each in app.expander if each.label == "Ghi lỗi đã báo"]


@pytest.mark.parametrize(("role", "sees"), [("director", True), ("operator", True), ("head", True), ("auditor", False)])
def test_who_may_see_the_work_of_officers(role: people.Role, sees: bool) -> None:
    assert scope.may_see_work_of_officers(people.Person("x", "X", role, None)) == sees


def test_the_link_is_shown_to_those_who_find_something_there(visit: Visit) -> None:
    links = {
        who: [getattr(link, "label", "") for link in visit(PAGE, who=who).get("page_link")]
        for who in ("vanhanh", "chutich")
    }
    assert {who: "Cán bộ và phần mềm" in labels for who, labels in links.items()} == {"vanhanh": True, "chutich": False}


def test_the_sheet_of_a_day_is_shown_and_taken_with_its_criteria(
    visit: Visit, province: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "officers.toml"
    file.write_text(CRITERION, encoding="utf-8")
    told = officers.load(file)
    monkeypatch.setattr(officers, "load", lambda: told)
    made: dict[str, Any] = {}
    monkeypatch.setattr(
        "dashboard.speaking.download_button", lambda label, data, name, *_, **__: made.update({name: data})
    )
    late = workday(workday(TODAY, -4), 2)
    app = visit(PAGE, don_vi="Sở Xây dựng", ngay=late.isoformat())
    sheet = table(app, -1).filter(pl.col("Cán bộ (mã)") == "cb-b")
    assert sheet.select("Xử lý trong ngày", "Trễ ở bước", "Không giữ bước quá hạn").row(0) == ("1", "1", "đạt")
    assert "QĐ 12/QĐ\\-TTPVHCC" in said(app)
    book = tmp_path / "phieu.xlsx"
    book.write_bytes(made[f"phieu-theo-doi-{late.isoformat()}.xlsx"]())
    rows = fastexcel.read_excel(str(book)).load_sheet("Phiếu", header_row=3).to_polars()
    assert rows.height == table(app, -1).height
    taken = rows.filter(pl.col("Cán bộ (mã)") == "cb-b")
    assert taken.select("Xử lý trong ngày", "Trễ ở bước", "Không giữ bước quá hạn").row(0) == (1, 1, "đạt")
    assert audit.read(province, act="export")["what"][0] == "phieu-can-bo"


def test_a_fault_is_kept_and_followed_on_the_page(visit: Visit, province: Store) -> None:
    app = visit(PAGE, who="vanhanh", nhom="phan-mem")
    assert "Chưa ghi lỗi nào" in said(app)
    app.text_input(key="loi_nha_cung_cap").set_value("VNPT")
    app.text_input(key="loi_ten").set_value("Mất ngày hẹn trả")
    app.text_input(key="loi_ngay").set_value("13/11/2026")
    next(each for each in app.button if each.label == "Ghi lỗi").click().run()
    (row,) = table(app, -1).to_dicts()
    assert [row[n] for n in ("Nhóm", "Lỗi", "Tình trạng", "Chờ khắc phục")] == [
        "Không truy cập được", "Mất ngày hẹn trả", "Chờ trả lời", "5 ngày làm việc",
    ]  # fmt: skip
    next(each for each in app.button if each.label == "Ghi").click().run()
    assert table(app, -1)["Tình trạng"].to_list() == ["Đã trả lời, chưa khắc phục"]
    assert faults.history(province, faults.OPERATOR)["recorded_by"].to_list() == ["vanhanh"]


def test_the_software_is_told_by_week_with_what_each_share_is_of(visit: Visit) -> None:
    app = visit(PAGE, nhom="phan-mem")
    assert ":blue[Vì sao?]" in [each.proto.label for each in app.get("page_link")]  # to the runs and their errors
    row = table(app).row(0, named=True)
    assert row["Nguồn"] == "Một cửa điện tử tỉnh"
    assert row["Đọc được"] == "100,0\xa0% (2 / 2)"
    assert row["Dòng bị giữ lại"].startswith("3 / ")
    assert row["Thiếu ngày hẹn trả"].startswith("0,0\xa0% (0 / ")


def test_the_days_to_choose_are_worked() -> None:
    days = [date.fromisoformat(day) for day in words.days(TODAY, rulebook.load().calendar)]
    assert (days[0], len(days)) == (TODAY, words.DAYS)
    assert all(day.weekday() < 5 for day in days)
    assert days[0] - days[-1] == timedelta(days=11)


def test_a_step_that_changes_no_figure_of_dossiers_is_shown_at_once(visit: Visit, province: Store) -> None:
    before = table(visit(PAGE))
    mine = made_up.dossiers(TODAY).filter(pl.col("department") == "Sở Xây dựng", pl.col("received_at").is_not_null())
    code = mine.sort("received_at")["code"].to_list()[-1]
    later = _step(code, "cb-c", workday(TODAY, -9), workday(TODAY, -4), workday(TODAY, -4))
    with begin_run(province, SOURCE, kind="sync", origin="http://127.0.0.1/buoc", seen_at=NOW) as run:
        run.batch(mine.clear().with_columns(source=pl.lit(SOURCE.name)), told_steps=pl.DataFrame([later], schema=STEPS))
    after = table(visit(PAGE))
    assert set(after["Cán bộ (mã)"]) - set(before["Cán bộ (mã)"]) == {"cb-c"}
