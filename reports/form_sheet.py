"""Sheet Biểu II.06: the official form, with a check column outside the print area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from reports.sheets import Book, cell
from reports.slots import spoken

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Content = Mapping[str, Any]

_GROUPS: Final = ((2, 5, "Số hồ sơ tiếp nhận"), (6, 9, "Số hồ sơ đã giải quyết"), (10, 12, "Số hồ sơ đang giải quyết"))
#: Headings and numbers of columns (3) to (13).
_HEADS: Final = (
    ("Tổng số", "(3)=(4)+(5)+(6)"),
    ("Trực tuyến", "(4)"),
    ("Trực tiếp, bưu chính", "(5)"),
    ("Từ kỳ trước", "(6)"),
    ("Tổng số", "(7)=(8)+(9)+(10)"),
    ("Trước hạn", "(8)"),
    ("Đúng hạn", "(9)"),
    ("Quá hạn", "(10)"),
    ("Tổng số", "(11)=(12)+(13)"),
    ("Trong hạn", "(12)"),
    ("Quá hạn", "(13)"),
)
_FIRST_ROW: Final = 5
_LAST_COLUMN: Final = 12


def write_form(book: Book, content: Content) -> None:
    """Write the sheet Biểu II.06."""
    sheet, form = book.sheet("Biểu II.06"), content["form"]
    _head(book, sheet, form, spoken(form["period"], content["figures"]))
    lines = [*((i, r, False) for i, r in enumerate(form["rows"], start=1)), (None, form["total"], True)]
    for down, (number, row, bold) in enumerate(lines, start=_FIRST_ROW):
        _form_line(book, sheet, down, number, row, bold)
    end = _FIRST_ROW + len(lines)
    for down, note in enumerate(form["notes"], start=end + 1):
        sheet.write_string(down, 0, spoken(note, content["figures"]), book.style())
    sheet.print_area(0, 0, end + len(form["notes"]), _LAST_COLUMN)


def _head(book: Book, sheet: Worksheet, form: Mapping[str, Any], period: str) -> None:
    look = book.style(bold=True, text_wrap=True, valign="vcenter", align="center", bg_color="#EEF1F3", border=1)
    numbered = book.style(italic=True, align="center", text_wrap=True, border=1)
    title = book.style(bold=True, align="center", font_size=13)
    sheet.merge_range(0, 0, 0, _LAST_COLUMN, f"{form['code']}. {form['title']}", title)
    sheet.merge_range(1, 0, 1, _LAST_COLUMN, f"{period}. Đơn vị tính: hồ sơ", book.style(align="center"))
    for at, words in enumerate(("STT", form["unit"])):
        sheet.merge_range(2, at, 3, at, words, look)
        sheet.write_string(4, at, f"({at + 1})", numbered)
    for first, last, words in _GROUPS:
        sheet.merge_range(2, first, 2, last, words, look)
    for at, (words, number) in enumerate(_HEADS, start=2):
        sheet.write_string(3, at, words, look)
        sheet.write_string(4, at, number, numbered)
    sheet.write_string(4, _LAST_COLUMN + 2, "Kiểm tra (3)−(7)−(11)", book.style(italic=True, font_color="#56616B"))
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 1, 42)
    sheet.set_column(2, _LAST_COLUMN, 11)
    sheet.freeze_panes(_FIRST_ROW, 2)
    sheet.repeat_rows(0, _FIRST_ROW - 1)


def _form_line(book: Book, sheet: Worksheet, down: int, number: int | None, row: Mapping[str, Any], bold: bool) -> None:
    look: dict[str, Any] = {"border": 1, "bold": bold}
    cell(book, sheet, down, 0, "count" if number else "text", number or "", **look)
    cell(book, sheet, down, 1, "text", row["name"] + row["mark"], **look)
    for at, each in enumerate(row["cells"], start=2):
        cell(book, sheet, down, at, "count", each["v"], **look)
    values = [each["v"] for each in row["cells"]]
    cell(book, sheet, down, _LAST_COLUMN + 2, "count", values[0] - values[4] - values[8], note_missing=False)
