"""Workbooks: titles, real dates, merged cells, several sheets, and sizes that they lie about."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Any

import pytest

from config.errors import MappingError, SourceError
from connectors.files import read_table
from connectors.suggest import suggest
from tests.connectors.made import EXCEL_DAY, HEADER, PLAIN, by_code, here, table, translated, workbook

ROW = "H01-1,21/11/2026,25/11/2026,\n"
DEPARTMENT = PLAIN + 'department = "Cơ quan"\n'
LANDS = "Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trả,Ngày kết thúc,Cơ quan\nH01-1,21/11/2026,25/11/2026,,Sở Nông nghiệp đất\n"


def test_a_workbook_with_titles_real_dates_and_serials_is_read() -> None:
    rows: list[list[Any]] = [
        ["DANH SÁCH HỒ SƠ"],
        [],
        ["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc"],
        ["1.110", EXCEL_DAY.replace(hour=8, minute=30), "46347", "25/11/2026 2:05 CH"],
        [42, EXCEL_DAY, 46347.5, None],
    ]
    found = by_code(translated(workbook({"Hồ sơ": rows}), name="export.xlsx"))
    assert list(found) == ["1.110", "42"]
    assert here(found["1.110"]["received_at"]) == "2026-11-21 08:30"
    assert here(found["1.110"]["due_at"]) == "2026-11-21 00:00"
    assert here(found["1.110"]["resolved_at"]) == "2026-11-25 14:05"
    assert here(found["42"]["due_at"]) == "2026-11-21 12:00"


def test_a_workbook_that_lies_about_its_size_is_read_whole() -> None:
    rows: list[list[Any]] = [["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc"]]
    data = workbook({"S": [*rows, *([f"A{n}", "21/11/2026", None, None] for n in range(5))]})
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as book, zipfile.ZipFile(out, "w") as lying:
        for name in book.namelist():
            text = book.read(name)
            lying.writestr(name, re.sub(rb'<dimension ref="[^"]*"/>', b'<dimension ref="A1:B2"/>', text))
    assert len(by_code(translated(out.getvalue()))) == 5


def test_the_sheet_with_the_mapped_columns_is_found_and_a_wrong_name_is_told() -> None:
    sheets: dict[str, list[list[Any]]] = {
        "Bìa": [["xin chào"]],
        "Số liệu": [HEADER.strip().split(","), ["A", "21/11/2026", None, None]],
    }
    assert list(by_code(translated(workbook(sheets)))) == ["A"]
    with pytest.raises(MappingError, match='no sheet "Số liêu". Did you mean "Số liệu"'):
        translated(workbook(sheets), PLAIN + '[file]\nsheet = "Số liêu"\n')
    with pytest.raises(MappingError, match="no column"):
        translated(workbook(sheets), PLAIN + "[file]\nsheet = 1\n")


def test_cells_merged_downwards_are_filled_and_a_merged_header_names_each_column() -> None:
    rows: list[list[Any]] = [
        [None] * 5,
        [None] * 5,
        ["Sở Xây dựng", "A", "21/11/2026", "", ""],
        [None, "B", "22/11/2026", "", ""],
    ]
    merged = [("A1:A2", "Cơ quan"), ("B1:B2", "Mã hồ sơ"), ("C1:E1", "Ngày")]
    rows[1] = [None, None, "Tiếp nhận", "Hẹn trả", "Kết thúc"]
    toml = """
source = "x"
[file]
header_row = [1, 2]
fill_down = "Cơ quan"
[columns]
code = "Mã hồ sơ"
department = "Cơ quan"
received_at = "Ngày / Tiếp nhận"
due_at = "Ngày / Hẹn trả"
"""
    found = by_code(translated(workbook({"S": rows}, {"S": merged}), toml))
    assert {k: r["department"] for k, r in found.items()} == {"A": "Sở Xây dựng", "B": "Sở Xây dựng"}


def test_an_archive_that_was_declared_a_workbook_is_called_by_its_name() -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("october.csv", HEADER)
    with pytest.raises(SourceError, match=r"an archive of october\.csv"):
        read_table(packed.getvalue(), name="export.zip")


def test_further_sheets_with_the_mapped_columns_are_named_and_counted() -> None:
    rows: list[list[Any]] = [
        ["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc"],
        ["H01-1", "21/11/2026", None, None],
    ]
    book = workbook({"Bìa": [["UBND"]], "Tháng 10": rows, "Tháng 11": rows, "Trống": rows[:1]})
    assert [str(n) for n in table(book).notes] == ['sheet "Tháng 10"', "not read: Tháng 11"]
    assert translated(book).flags["sheets_not_read"] == 1


def test_a_suggestion_looks_at_the_sheet_with_the_known_headers() -> None:
    rows = [["Mã hồ sơ", "Ngày tiếp nhận"], ["H01-1", "21/11/2026"]]
    book = workbook({"Hướng dẫn": [["Đọc kỹ", "trước", "khi dùng"]], "Hồ sơ": rows})
    assert read_table(book, name="export.xlsx").columns == ["Mã hồ sơ", "Ngày tiếp nhận"]


def test_a_cover_that_names_one_column_does_not_win_over_the_table_and_the_suggestion_names_its_sheet() -> None:
    cover = [["DANH SÁCH HỒ SƠ"], ["Đơn vị", "Sở Xây dựng"], ["Kỳ", "Tháng 11"]]
    rows = [["Số bìa", "Mở ngày", "Hẹn"], *([f"A{n}", "21/11/2026", "25/11/2026"] for n in range(9))]
    found = read_table(workbook({"Bìa": cover, "Dữ liệu": rows}), name="export.xlsx")
    assert (found.columns, found.others) == (["Số bìa", "Mở ngày", "Hẹn"], ("Bìa",))
    assert [str(n) for n in found.notes] == ['sheet "Dữ liệu"', "not read: Bìa"]
    assert 'sheet = "Dữ liệu"' in suggest(found)
    alone = read_table(workbook({"Tháng 11": rows}), name="export.xlsx")
    assert "sheet =" not in suggest(alone), "the sheet of the next month has another name"
