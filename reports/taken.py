"""Lists to take away, as CSV and as a workbook: what was shown, what it is, of whom, and of which state of the data.

Texts come from other systems. In a workbook they are written as texts; in CSV, which has no types, one that a
spreadsheet would run begins with an apostrophe.
"""

from __future__ import annotations

import csv as written
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any, Final, Literal
from unicodedata import category, normalize

import polars as pl

from reports import formats
from reports.sheets import INERT

Ending = Literal["csv", "xlsx"]
#: Spreadsheets of Excel's kin run a cell that begins so, some of them also in full width, small, or after what is not
#: seen; a sign of minus is none of the forms of a hyphen.
RUN: Final = ("=", "+", "-", "@", "\u2212")
_TURNS: Final = ("\t", "\r", "\n")
LISTED, ABOUT = "Danh sách", "Giải thích"
#: Letters that are drawn as nothing, beside the blanks, controls, formats and marks of Unicode.
_UNSEEN: Final = "\u115f\u1160\u2800\u3164\uffa0"


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself: its title, what is counted, what was chosen (name, words), who sees what, and when.

    ``made_at``: aware, where the centre is; ``data_version`` names the state of the figures, "" where there is none.
    """

    title: str
    meaning: str
    chosen: tuple[tuple[str, str], ...]
    scope: str
    data_version: str
    made_at: datetime

    def lines(self, count: int) -> list[tuple[str, str]]:
        """Give the lines of name and words; ``count``: rows of the list."""
        told = [("Danh sách", self.title), ("Định nghĩa", self.meaning), ("Số dòng", formats.number(count))]
        told += [(f"Lọc: {name}", words) for name, words in self.chosen] or [("Lọc", "không lọc")]
        told += [("Phạm vi được xem", self.scope), ("Bản số liệu", self.data_version or formats.MISSING)]
        return [*told, ("Lấy lúc", f"{self.made_at:%H:%M} {formats.day(self.made_at.date())}")]


def make(rows: pl.DataFrame, about: About, ending: Ending) -> bytes:
    """Write ``rows`` as a file of that ending."""
    return csv(rows, about) if ending == "csv" else workbook(rows, about)


def csv(rows: pl.DataFrame, about: About) -> bytes:
    """Write ``rows`` as CSV (RFC 4180) with the mark by which Excel knows UTF-8; days and minutes are ISO.

    The heading is the first line, so that filters and scripts find it there; what the list is follows after an empty
    line, each line of it one name and its words.
    """
    out = StringIO()
    writer = written.writer(out, quoting=written.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow([harmless(name) for name in rows.columns])
    writer.writerows([_cell(value) for value in row] for row in rows.iter_rows())
    writer.writerow([])
    writer.writerows([harmless(name), harmless(words)] for name, words in about.lines(rows.height))
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return harmless(value) if isinstance(value, str) else value


def harmless(text: str) -> str:
    """Give a text that no spreadsheet runs: an apostrophe before one that begins like a formula."""
    flat = text.replace("\x00", "")
    return f"'{flat}" if flat.startswith(_TURNS) or _first_seen(flat).startswith(RUN) else flat


def _first_seen(text: str) -> str:
    """Give the first letter of a text that is drawn, in its plain form; "" where none is."""
    drawn = (letter for letter in text if category(letter)[0] not in "ZCM" and letter not in _UNSEEN)
    return normalize("NFKC", next(drawn, ""))


def workbook(rows: pl.DataFrame, about: About) -> bytes:
    """Write ``rows`` on the first sheet and what they are on the second; equal content gives equal bytes."""
    import xlsxwriter

    out = BytesIO()
    with xlsxwriter.Workbook(out, INERT) as book:
        made = about.made_at
        book.set_properties({"title": about.title, "created": made.replace(tzinfo=None)})
        rows.write_excel(book, worksheet=LISTED, autofit=True, freeze_panes=(1, 0), dtype_formats=_FORMATS)
        _about(book, about.lines(rows.height))
    return out.getvalue()


_FORMATS: Final[dict[Any, str]] = {
    pl.Date: "dd/mm/yyyy", pl.Datetime: "dd/mm/yyyy hh:mm", pl.Int64: "#,##0", pl.Int32: "#,##0", pl.UInt32: "#,##0",
    pl.Float64: "#,##0.0",
}  # fmt: skip


def _about(book: Any, lines: Sequence[tuple[str, str]]) -> None:
    sheet = book.add_worksheet(ABOUT)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    for at, (name, words) in enumerate(lines):
        sheet.write_string(at, 0, name, wrapped)
        sheet.write_string(at, 1, words, wrapped)


def file_name(name: str, day: date, ending: Ending) -> str:
    """Name a file by what it holds and its day: qua-han-20261120.csv."""
    return f"{name}-{day:%Y%m%d}.{ending}"
