"""The workbook: the same figures, as numbers that can be summed."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
import pytest

from metrics.standing import overdue
from reports import workbook
from reports.worklist_xlsx import write_overdue
from tests.reports.province import THURSDAY, Made


def rows_of(piece: bytes, sheet: str) -> list[list[Any]]:
    """Read a sheet as it stands, without a header."""
    frame = fastexcel.read_excel(piece).load_sheet(sheet, header_row=None).to_polars()
    return [list(row) for row in frame.rows()]


def source_of(piece: bytes, sheet: int) -> str:
    """Read the XML of a sheet."""
    with zipfile.ZipFile(BytesIO(piece)) as book:
        return book.read(f"xl/worksheets/sheet{sheet}.xml").decode()


@pytest.fixture(scope="module")
def book(printed: list[Path]) -> bytes:
    return printed[2].read_bytes()


def test_the_sheets_are_those_of_the_design(book: bytes) -> None:
    assert fastexcel.read_excel(book).sheet_names == [
        "Tóm tắt", "Biểu II.06", "Cơ quan", "Lĩnh vực", "13 tuần", "Quá hạn",
        "Kiến nghị", "Điều chỉnh", "Chất lượng", "Nguồn", "Khái niệm",
    ]  # fmt: skip


def test_equal_content_gives_equal_bytes(content: dict[str, Any], book: bytes) -> None:
    assert workbook.render(content) == book


def test_the_summary_has_the_headlines_with_numerator_and_denominator(content: dict[str, Any], book: bytes) -> None:
    rows = rows_of(book, "Tóm tắt")
    rate, stock = rows[6], rows[7]
    assert [rate[0], int(rate[2]), int(rate[3])] == ["Đúng hạn theo ngày hẹn trả", 64, 81]
    assert float(rate[1]) == pytest.approx(64 / 81)
    assert (stock[0], int(stock[1])) == ("Quá hạn đang tồn", 5)
    assert content["seal"]["content_sha256"] in rows[3][0]


def test_departments_carry_counts_beside_every_rate(content: dict[str, Any], book: bytes) -> None:
    head, *rows = rows_of(book, "Cơ quan")
    for row, told in zip(rows, content["tables"]["departments"], strict=True):
        by = dict(zip(head, row, strict=True))
        assert (by["Cơ quan, đơn vị"], int(by["Đến hạn"]), int(by["Đúng hạn"])) == (told["name"], told["d"], told["n"])
        assert float(by["Tỷ lệ"]) == pytest.approx(told["n"] / told["d"])
        assert int(by["Tồn quá hạn"]) == told["overdue"]


def test_the_form_is_the_form_and_its_check_column_is_zero(content: dict[str, Any], book: bytes) -> None:
    rows = rows_of(book, "Biểu II.06")[5:]
    lines = [*content["form"]["rows"], content["form"]["total"]]
    for row, told in zip(rows, lines, strict=False):
        assert [int(v) for v in row[2:13]] == [c["v"] for c in told["cells"]]
        assert int(row[14]) == 0


def test_thirteen_weeks_come_with_a_chart_of_excels_own(book: bytes, content: dict[str, Any]) -> None:
    rows = rows_of(book, "13 tuần")
    assert [int(r[2]) for r in rows[1:14]] == [w["d"] for w in content["charts"]["trend"]["weeks"]]
    with zipfile.ZipFile(BytesIO(book)) as files:
        assert "xl/charts/chart1.xml" in files.namelist()


def test_codes_are_texts_and_days_are_days(book: bytes) -> None:
    frame = fastexcel.read_excel(book).load_sheet("Quá hạn").to_polars()
    assert frame.height == 5
    assert frame.schema["Mã hồ sơ"] == pl.String
    assert frame.schema["Mã TTHC"] == pl.String
    assert frame["Hẹn trả hiện tại"].cast(pl.Date).max() == date(2018, 11, 6)


def test_a_missing_figure_is_an_empty_cell_with_a_note(golden: Made) -> None:
    early = golden.report(issued_on=date(2018, 7, 27))  # the first week there is: nothing before it
    piece = workbook.render(early)
    by = dict(zip(*rows_of(piece, "Cơ quan")[:2], strict=True))
    assert by["Tuần trước: đến hạn"] is None
    with zipfile.ZipFile(BytesIO(piece)) as files:
        notes = [files.read(name).decode() for name in files.namelist() if name.startswith("xl/comments")]
    assert any("Không có số liệu" in note for note in notes)


def test_a_rate_just_below_a_hundred_is_not_shown_as_a_hundred(content: dict[str, Any]) -> None:
    row = content["tables"]["departments"][0] | {"n": 19999, "d": 20000, "rate": 19999 / 20000}
    told = content | {"tables": content["tables"] | {"departments": [row]}}
    with zipfile.ZipFile(BytesIO(workbook.render(told))) as files:
        assert 'formatCode="0.000%"' in files.read("xl/styles.xml").decode()


def test_nothing_in_the_workbook_runs(content: dict[str, Any]) -> None:
    evil = '=HYPERLINK("http://example.vn","x")'
    row = content["tables"]["overdue"][0] | {"code": evil, "procedure_name": "+1+1", "step": "@SUM(A1)"}
    piece = workbook.render(content | {"tables": content["tables"] | {"overdue": [row]}})
    assert "<f>" not in source_of(piece, 6)
    assert rows_of(piece, "Quá hạn")[1][1] == evil


def test_the_list_to_take_away(golden: Made, tmp_path: Path) -> None:
    rows = overdue(golden.facts, THURSDAY, golden.calendar).collect()
    path, again = tmp_path / "qua-han.xlsx", tmp_path / "again.xlsx"
    for each in (path, again):
        write_overdue(rows, each, as_of=THURSDAY, data_version=golden.data_version)
    assert path.read_bytes() == again.read_bytes()
    told = rows_of(path.read_bytes(), "Quá hạn")
    assert told[0][0] == "Hồ sơ quá hạn đang giải quyết đến hết ngày 08/11/2018"
    letters = {r[1]: r[15] for r in told[3:]}
    assert letters == {f"XD-CU-{i}": None for i in range(4)} | {"TP-HL-1": "12/XL-TP"}
    xml = source_of(path.read_bytes(), 1)
    assert "<f>" not in xml
    assert re.search(r"<autoFilter ref=\"A3:", xml)


def test_an_empty_list_is_still_a_workbook(golden: Made, tmp_path: Path) -> None:
    none = overdue(golden.facts, date(2018, 8, 1), golden.calendar).collect()
    write_overdue(none, tmp_path / "none.xlsx", as_of=date(2018, 8, 1), data_version="x")
    assert rows_of((tmp_path / "none.xlsx").read_bytes(), "Quá hạn")[1][0].startswith("0 hồ sơ")
