"""The quarter's workbook has the estimate of Index 766 with the figures of the page; what is not known says N/A."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from io import BytesIO
from typing import Any

import fastexcel
import pytest

from dashboard import data, index766_asked
from dashboard.data import Ask
from dashboard.filters import Choice
from jobs.friday import content
from metrics.scope import Period, Scope
from reports import workbook
from reports.editions import Edition
from reports.index766 import NOTHING
from store import entered, people
from store.database import Store
from store.entered import Told
from tests.dashboard.conftest import NOW, TODAY
from tests.dashboard.test_amounts_page import province

__all__ = ("province",)
ISSUED = date(2026, 9, 15)  # the state's quarter from 15/6 to 14/9


@pytest.fixture
def told(in_use: Store) -> Iterator[dict[str, Any]]:
    """The content of the quarter's report; how much of the feedback was handled in time was entered for the second
    quarter, by the director."""
    who = people.by_name(in_use, "giamdoc")
    assert who is not None
    value = Told("feedback_on_time", "2026-Q2", "87,5", "Cổng Dịch vụ công quốc gia", date(2026, 7, 5))
    entered.enter(in_use, value, by=who, at=NOW - timedelta(days=80), today=TODAY)
    yield content(in_use, ISSUED, Edition("quarter"))
    entered.take_back(in_use, value.indicator, "2026-Q2", "", reason="thử", by=who, at=NOW + timedelta(minutes=1))


def on_the_page(told: dict[str, Any], scope: Scope) -> index766_asked.Told:
    start, end = (date.fromisoformat(told["edition"]["period"][name]) for name in ("start", "end"))
    state = data.manifest()
    assert state is not None
    found = index766_asked.told(Ask(state.data_version, scope, Choice(TODAY, TODAY)), Period(start, end))
    assert found is not None
    return found


def test_every_figure_is_that_of_the_page(told: dict[str, Any]) -> None:
    page = on_the_page(told, Scope.province())
    rows = {row["title"]: row for row in told["index766"]["items"]}
    assert [*rows] == [each.item.title for each in page.estimate.items]
    known = 0
    for each in page.estimate.items:
        row = rows[each.item.title]
        if each.points is None:
            assert row["points"] == row["lost"] == NOTHING, each.item.title
            continue
        known += 1
        assert each.parts is not None and each.lost is not None
        assert (row["points"], row["lost"]) == (round(float(each.points), 4), round(float(each.lost), 4))
        assert row["share"] == float(Fraction(each.parts[0]) / each.parts[1])
        if each.item.entered is None:
            assert (row["n"], row["d"], row["missing"]) == (*each.parts, each.missing)
    assert known >= 6
    *groups, total = told["index766"]["groups"]
    assert len(groups) == 6
    for row, group in zip(groups, page.estimate.table.group, strict=True):
        part = page.estimate.group(group)
        assert (row["title"], row["weight"]) == (group.title, float(part.whole))
        assert row["points"] == (round(float(part.points), 4) if part.known else NOTHING)
    whole = page.estimate.whole
    assert (total["points"], total["known"], total["unknown"]) == tuple(
        round(float(each), 4) for each in (whole.points, whole.known, whole.unknown)
    )
    assert total["weight"] == 100 and 0 < whole.unknown < 100


def test_a_units_sheet_has_the_figures_of_its_own_page(in_use: Store) -> None:
    mine = content(in_use, ISSUED, Edition("quarter", "Sở Xây dựng"))
    page = on_the_page(mine, Scope.of("Sở Xây dựng"))
    points = {each.item.title: each.points for each in page.estimate.items}
    for row in mine["index766"]["items"]:
        found = points[row["title"]]
        assert row["points"] == (NOTHING if found is None else round(float(found), 4)), row["title"]


def sheet(told: dict[str, Any]) -> list[tuple[Any, ...]]:
    read = fastexcel.read_excel(workbook.render(told)).load_sheet("Chỉ số 766", header_row=None, dtypes="string")
    return list(read.to_polars().rows())


def test_the_sheet_says_that_it_is_an_estimate_and_shows_every_item_and_group(told: dict[str, Any]) -> None:
    rows = sheet(told)
    assert rows[0][0] == "Chỉ số 766 (ước tính)"
    said = [row[0] for row in rows[1:4]]
    assert re.fullmatch(r"Ước tính [\d,]+/[\d,]+ điểm có dữ liệu; [\d,]+ điểm chưa có dữ liệu\.", said[0])
    assert said[1].startswith("Theo Quyết định 766/QĐ-TTg ngày 23/6/2022; bảng điểm áp dụng từ ngày 23/06/2022.")
    assert "Trọng số của 12/12 mục chưa đối chiếu với văn bản." in said[1]
    assert said[2].startswith("Không phải điểm chính thức")
    lines = {row[1]: row for row in rows if row[1]}
    late = next(row for row in told["index766"]["items"] if row["title"].startswith("Hồ sơ giải quyết đúng hạn"))
    shown = lines[late["title"]]
    assert [float(shown[at]) for at in (2, 3, 4, 6, 7, 8)] == [
        20, late["points"], late["lost"], late["n"], late["d"], late["missing"]
    ]  # fmt: skip
    assert late["missing"] > 0 and shown[9] == "hồ sơ" and shown[11] == "chưa đối chiếu"
    slips = lines["Hài lòng, rất hài lòng trong số người trả lời"]
    assert slips[3] == slips[4] == slips[5] == NOTHING == "N/A (không có dữ liệu)"
    feedback = lines["Phản ánh, kiến nghị xử lý đúng hạn"]
    assert (float(feedback[3]), float(feedback[5])) == (5.25, 0.875)
    assert feedback[12] == "Nhập tay: Quý II/2026, Cổng Dịch vụ công quốc gia"
    assert [row[0] for row in rows[-8:]] == [
        "Theo nhóm", "Công khai, minh bạch", "Tiến độ giải quyết", "Dịch vụ công trực tuyến", "Thanh toán trực tuyến",
        "Mức độ hài lòng", "Số hóa hồ sơ", "Tổng",
    ]  # fmt: skip


def test_it_prints_on_one_page_across_with_its_head_repeated(told: dict[str, Any]) -> None:
    book = zipfile.ZipFile(BytesIO(workbook.render(told)))
    names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
    at = names.index("Chỉ số 766") + 1
    xml = book.read(f"xl/worksheets/sheet{at}.xml").decode()
    assert 'orientation="landscape"' in xml and 'paperSize="9"' in xml and 'fitToHeight="0"' in xml
    assert "'Chỉ số 766'!$6:$6" in book.read("xl/workbook.xml").decode()
    assert 'ySplit="6"' in xml


def test_other_editions_and_reports_of_earlier_have_no_such_sheet(in_use: Store, told: dict[str, Any]) -> None:
    month = content(in_use, date(2026, 9, 15), Edition("month"))
    assert "index766" not in month
    earlier = {name: value for name, value in told.items() if name != "index766"}
    for each in (month, earlier):
        assert "Chỉ số 766" not in fastexcel.read_excel(workbook.render(each)).sheet_names
