"""A file that is taken away holds what was shown and says what it is; nothing in it runs, in Excel or as CSV."""

from __future__ import annotations

import csv
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO, StringIO

import fastexcel
import polars as pl
import pytest

from reports import taken
from reports.taken import About

ABOUT = About(
    "Quá hạn", "Hồ sơ đang giải quyết đã qua ngày hẹn trả.", (("Đơn vị", "=Sở Y tế"),), "Toàn tỉnh", "v-1",
    datetime(2026, 11, 20, 3, 32, tzinfo=UTC),
)  # fmt: skip
HOSTILE = [
    "=1+1", "+84", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1+1", "\u00a0=1", "＝1+1", "\ufeff=1",
    '=HYPERLINK("http://example.invalid";"x")', "https://example.invalid/x", 'a";=1+1;"', "x,=1+1", "\x00=1",
]  # fmt: skip


def lines(rows: pl.DataFrame) -> list[list[str]]:
    return list(csv.reader(StringIO(taken.csv(rows, ABOUT).decode("utf-8-sig"))))


def test_a_csv_begins_with_its_heading_and_ends_with_what_it_is() -> None:
    rows = pl.DataFrame({"Mã hồ sơ": ["H01-1", None], "Hẹn trả": [date(2026, 11, 16), None], "Trễ": [4, -1]})
    found = lines(rows)
    assert taken.csv(rows, ABOUT)[:3] == b"\xef\xbb\xbf"  # by this Excel knows that it is UTF-8
    assert found[:4] == [["Mã hồ sơ", "Hẹn trả", "Trễ"], ["H01-1", "2026-11-16", "4"], ["", "", "-1"], []]
    assert dict(found[4:]) == {
        "Danh sách": "Quá hạn", "Định nghĩa": "Hồ sơ đang giải quyết đã qua ngày hẹn trả.", "Số dòng": "2",
        "Lọc: Đơn vị": "'=Sở Y tế", "Phạm vi được xem": "Toàn tỉnh", "Bản số liệu": "v-1",
        "Lấy lúc": "03:32 20/11/2026",
    }  # fmt: skip


def test_a_minute_is_written_as_days_are_in_either_file() -> None:
    sent = datetime(2026, 4, 13, 14, 3, 59, tzinfo=UTC).replace(tzinfo=None)  # as the clock on the wall shows it
    rows = pl.DataFrame({"Nộp lúc": [sent, None], "Hẹn trả": [date(2026, 4, 20)] * 2})
    assert lines(rows)[1:3] == [["2026-04-13 14:03", "2026-04-20"], ["", "2026-04-20"]]
    book = fastexcel.read_excel(taken.workbook(rows, ABOUT)).load_sheet(taken.LISTED).to_polars()
    assert book["Nộp lúc"].dt.truncate("1s").to_list() == [sent, None]
    with zipfile.ZipFile(BytesIO(taken.workbook(rows, ABOUT))) as parts:
        assert 'formatCode="dd/mm/yyyy hh:mm"' in parts.read("xl/styles.xml").decode()


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_a_csv_runs(text: str) -> None:
    (_, [cell, beside], *_) = lines(pl.DataFrame({"Thủ tục": [text], "Bước": ["Thẩm định"]}))
    assert beside == "Thẩm định"  # the text stays one cell
    assert not cell.strip(" \u00a0\ufeff").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))
    assert text.replace("\x00", "") in cell


@pytest.mark.parametrize("begins", [
    *(f"{unseen}=" for unseen in (
        "\u3000", "\u2009", "\u202f", "\x0b", "\u2060", "\u200e", "\xad", "\u3164", "\u2800", "\ufe0f", "\u3000\u200d ",
    )),
    "\ufe66", "\ufe62", "\ufe63", "\ufe6b", "\u2212", "\u207c", "\u3000\uff0b",
])  # fmt: skip
def test_nothing_unseen_and_no_other_form_of_a_sign_hides_a_formula(begins: str) -> None:
    assert taken.harmless(f"{begins}1+1") == f"'{begins}1+1"


@pytest.mark.parametrize("text", ["", "\u3000", "Sở Y tế", "\u3000Sở", "1=1", "— chưa ghi", "(=1)", "Đ+Đ"])
def test_a_text_that_runs_nowhere_is_left_as_it_is(text: str) -> None:
    assert taken.harmless(text) == text


def test_a_workbook_holds_the_rows_and_on_a_second_sheet_what_they_are() -> None:
    rows = pl.DataFrame({"Thủ tục": HOSTILE[:-1], "Hẹn trả": [date(2026, 11, 16)] * (len(HOSTILE) - 1)})
    packed = taken.workbook(rows, ABOUT)
    book = fastexcel.read_excel(packed)
    assert book.sheet_names == ["Danh sách", "Giải thích"]
    told = book.load_sheet(0).to_polars()
    assert (told.columns, told.height) == (rows.columns, rows.height)
    about = dict(book.load_sheet(1, header_row=None).to_polars().iter_rows())
    assert (about["Bản số liệu"], about["Lọc: Đơn vị"], about["Số dòng"]) == ("v-1", "=Sở Y tế", "15")
    with zipfile.ZipFile(BytesIO(packed)) as files:
        parts = "".join(files.read(name).decode() for name in files.namelist() if name.endswith((".xml", ".rels")))
    assert "<f>" not in parts and "<hyperlink" not in parts
    assert "=HYPERLINK" in parts and "https://example.invalid/x" in parts
    assert packed == taken.workbook(rows, ABOUT)


def test_an_empty_list_is_still_a_file() -> None:
    none = pl.DataFrame(schema={"Mã hồ sơ": pl.String})
    assert lines(none)[:2] == [["Mã hồ sơ"], []]
    assert fastexcel.read_excel(taken.workbook(none, ABOUT)).sheet_names == ["Danh sách", "Giải thích"]
