"""Figures that are taken away: in CSV and Excel numbers are numbers, shares have their parts, days are days."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from typing import Any

import fastexcel
import polars as pl
import pytest

from dashboard import shapes, taking
from dashboard.answers import analysis, durations, flow, heat, likewise, procedures
from dashboard.answers.durations import Took
from dashboard.answers.overview import Weeks
from dashboard.answers.procedures import Line
from dashboard.charts import Cell
from dashboard.filters import Choice
from metrics import alike
from reports import taken
from reports.taken import About, Ending
from tests.dashboard.conftest import Visit
from tests.dashboard.test_analysis import OPEN

MONDAY = date(2026, 11, 16)
CHOICE = Choice(date(2026, 11, 20), MONDAY)
ABOUT = About("Thủ tục", "Mỗi dòng một thủ tục.", (), "Toàn tỉnh", "v-1", datetime(2026, 11, 20, 3, 32, tzinfo=UTC))


def line(name: str, **told: Any) -> Line:
    given: dict[str, Any] = {
        "received": 1300, "due": 1254, "met": 1200, "overdue": 7, "results": 1100, "median": 4, "p90": 11,
        "limit": 10.0, "statutory": "15 ngày làm việc", "committed": "10 ngày làm việc", "query": {}, **told,
    }  # fmt: skip
    return Line(name=name, **given)


FOUND = [
    line("Cấp đổi Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất"),
    line("Ít", due=3, met=2, results=2, median=None, p90=None, limit=None, statutory="—", committed="—"),
]


def test_the_procedures_of_a_csv_are_plain_numbers_with_the_unit_in_the_heading() -> None:
    rows = procedures.table(FOUND, small=20).values
    text = taken.csv(rows, ABOUT).decode("utf-8-sig")
    found = list(csv.reader(StringIO(text)))[:3]
    assert found[0] == [
        "Thủ tục", "Đến hẹn", "Đúng hạn", "Tỷ lệ đúng hạn (%)", "Có kết quả", "Trung vị (ngày làm việc)",
        "90 % xong trong (ngày làm việc)", "Quá hạn", "Cam kết", "Quy định", "Cam kết (ngày làm việc)",
    ]  # fmt: skip
    # 1200 of 1254 are 95.69…; the name is told in full
    assert found[1] == [
        FOUND[0].name, "1254", "1200", "95.7", "1100", "4", "11", "7", "10 ngày làm việc", "15 ngày làm việc", "10.0"
    ]  # fmt: skip
    assert found[2] == ["Ít", "3", "2", "", "2", "", "", "7", "", "", ""]  # few are counts, never a rate


def test_the_cells_of_the_workbook_are_numbers_in_the_format_of_the_office() -> None:
    with zipfile.ZipFile(BytesIO(taken.workbook(procedures.table(FOUND, small=20).values, ABOUT))) as parts:
        cells, styles = (parts.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "styles"))
    found = dict(re.findall(r'<c r="([A-Z]\d)" s="\d+"><v>([^<]+)</v></c>', cells))
    assert (found["B2"], found["C2"], found["D2"]) == ("1254", "1200", "95.7")  # a text would be t="s"
    assert "D3" not in found
    assert 'formatCode="#,##0.0"' in styles


def test_points_of_a_trend_are_days_counts_and_shares() -> None:
    mondays = [date.fromordinal(MONDAY.toordinal() - 7 * (127 - i)) for i in range(128)]
    weeks = Weeks(mondays, [{"due": 40, "due_met": 39} for _ in mondays])
    rows = analysis.trend(CHOICE, weeks, (), narrow=False).values
    assert rows.columns[:5] == ["Từ ngày", "Đến ngày", "Đến hẹn", "Đúng hạn", "Tỷ lệ đúng hạn (%)"]
    assert rows.row(0)[:5] == (MONDAY, date(2026, 11, 22), 40, 39, 97.5)
    assert rows.schema["Giới hạn dưới (%)"] == pl.Float64
    few = analysis.trend(CHOICE, Weeks(mondays, [{"due": 1, "due_met": 1} for _ in mondays]), (), narrow=False).values
    assert few.is_empty() or few["Tỷ lệ đúng hạn (%)"].null_count() == few.height


def test_the_flow_of_a_week_tells_its_days_and_its_change_as_a_number() -> None:
    mondays = [date(2026, 11, 9), MONDAY]
    weeks = Weeks(mondays, [{"received": 1200, "resolved": 1300, "pending": 900}] * 2)
    told = flow.flow(CHOICE, weeks).table
    assert told is not None
    assert told.values.row(0)[1:] == (MONDAY, date(2026, 11, 22), 1200, 1300, -100, 900)


def test_a_line_of_the_heat_table_is_one_cell_with_its_parts() -> None:
    table = heat.Heat(["Sở Y tế"], ["Tất cả", "Đất đai"], [[Cell(1540, 2000), Cell(0, 0)]], [[None, None]], "")
    assert heat.values(table, 20).rows() == [("Sở Y tế", "Tất cả", 2000, 1540, 77.0)]
    assert heat.values(table, 3000).rows() == [("Sở Y tế", "Tất cả", 2000, 1540, None)]


def test_shares_of_a_mix_steps_and_officers_are_numbers() -> None:
    told = procedures.mix([line("A", received=3000), line("B", received=1000)]).table.values
    assert told.rows() == [("A", 3000, 75.0), ("B", 1000, 25.0)]
    steps = analysis.backlog(CHOICE, OPEN).table.values
    assert steps.columns[1:4] == ["Trong hạn", "Không xác định", "Quá hạn 1–3 ngày làm việc"]
    assert steps.row(0) == ("Thẩm định", 1, 0, 1, 0, 1, 0)
    officers = likewise.officers(CHOICE, OPEN)
    assert officers is not None
    assert officers.values.row(0) == ("CB-1", 2, 1, 0, 3)


def test_like_beside_like_is_told_with_its_parts() -> None:
    rows = pl.DataFrame(
        {"procedure": ["P1", "P2"], "own_due": [40, 2], "own_met": [30, 2], "other_due": [1000, 50],
         "other_met": [950, 40], "units": [3, 3]}
    )  # fmt: skip
    found = alike.Alike(rows, (), 42, 32, 1050, 0.9, 0, 0)
    told = likewise.compared(CHOICE, found, {"P1": "Cấp đổi"}, small=20)
    assert told is not None
    assert told.table.values.rows() == [
        ("Cấp đổi", 40, 30, 75.0, 1000, 950, 95.0), ("P2", 2, 2, None, 50, 40, 80.0)
    ]  # fmt: skip


def test_times_of_a_field_are_numbers_of_working_days() -> None:
    told = durations.table([Took("Đất đai", 1200, 8, 21, 15, None, 0), Took("Ít", 2, None, None, None, None, 0)])
    assert told.values.rows() == [("Đất đai", 1200, 8, 21, 15), ("Ít", 2, None, None, None)]
    assert told.values.columns[2:] == [
        "Trung vị (ngày làm việc)", "Phân vị 90 (ngày làm việc)", "Thời hạn thường gặp (ngày làm việc)"
    ]  # fmt: skip


@pytest.mark.parametrize("page", [shapes.OVERVIEW, shapes.DEPARTMENTS, shapes.FIELDS, shapes.QUALITY])
def test_no_file_of_a_page_writes_a_number_as_text(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:  # fmt: skip
    made: dict[str, Callable[[Ending], bytes]] = {}
    monkeypatch.setattr(taking, "files", lambda make, name, key: made.update({name: make}))
    assert not visit(page).exception
    assert made
    for name, make in made.items():
        told = fastexcel.read_excel(make("xlsx")).load_sheet(taken.LISTED).to_polars()
        texts = [c for c in told.columns if told.schema[c] == pl.String]
        numbers = [(name, c) for c in texts if told[c].str.contains(r"^[\d.,−+▲ %\u00a0]+$").any()]
        assert numbers == []
