"""How our workbooks look: Times New Roman 11, A4 landscape, headers that repeat, missing cells that say so.

Texts are always written as texts, so that a cell beginning with "=" is never run; codes stay codes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, Literal

from reports import formats

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

Kind = Literal["text", "count", "rate", "points", "decimal", "score", "day"]
#: One column: heading, kind, key of the row, width in characters.
Column = tuple[str, Kind, str, float]

#: Nothing in a workbook of ours runs, and nothing in it is a link: texts come from other systems.
INERT: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
FONT: Final = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
HEAD: Final = FONT | {
    "bold": True,
    "text_wrap": True,
    "valign": "vcenter",
    "align": "center",
    "bg_color": "#EEF1F3",
    "border": 1,
}
KINDS: Final[Mapping[Kind, Mapping[str, Any]]] = {
    "text": {"text_wrap": True},
    "count": {"num_format": "#,##0"},
    "rate": {"num_format": "0.0%"},
    "points": {"num_format": "+0.0;-0.0;0.0"},
    "decimal": {"num_format": "#,##0.0"},
    "score": {"num_format": "#,##0.00"},
    "day": {"num_format": "dd/mm/yyyy", "align": "center"},
}


@dataclass(slots=True)
class Book:
    """A workbook being written."""

    workbook: Workbook
    places: int = 1
    _styles: dict[str, Format] = field(default_factory=dict)

    def style(self, **told: Any) -> Format:
        """Give a cell style, each made once."""
        key = repr(sorted(told.items()))
        if key not in self._styles:
            self._styles[key] = self.workbook.add_format(FONT | told)
        return self._styles[key]

    def sheet(self, name: str) -> Worksheet:
        """Add a sheet for A4 landscape, one page wide."""
        sheet: Worksheet = self.workbook.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&8&A&R&8&P/&N")
        return sheet


def named(columns: Sequence[Column], content: Mapping[str, Any]) -> list[Column]:
    """Call the period in the headings as the edition does: ``{Tuần} trước`` → Tháng trước."""
    noun = content["edition"]["noun"]
    return [
        (heading.replace("{Tuần}", noun.capitalize()).replace("{tuần}", noun), kind, key, width)
        for heading, kind, key, width in columns
    ]


@contextmanager
def new_book(made_on: date, title: str, *, places: int = 1) -> Iterator[tuple[Book, BytesIO]]:
    """Open a workbook in memory; closed at the end. ``made_on`` is its date for ever, so that equal content gives
    equal bytes."""
    import xlsxwriter

    out = BytesIO()
    workbook = xlsxwriter.Workbook(out, INERT)
    workbook.set_properties({"title": title, "created": datetime(made_on.year, made_on.month, made_on.day)})  # noqa: DTZ001
    workbook.formats[0].set_font_name("Times New Roman")
    workbook.formats[0].set_font_size(11)
    yield Book(workbook, places), out
    workbook.close()


def table(
    book: Book,
    sheet: Worksheet,
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, Any]],
    *,
    top: int = 0,
    frozen: int = 0,
    noted: Collection[str] = (),
) -> None:
    """Write a table with a header row that stays on screen and repeats in print, and a filter on it.

    A row may name other kinds for its cells under ``kinds``. A missing value of a column in ``noted`` is explained.
    """
    for at, (heading, _, _, width) in enumerate(columns):
        sheet.set_column(at, at, width)
        sheet.write_string(top, at, heading, book.style(**_head_only()))
    for down, row in enumerate(rows, start=top + 1):
        for at, (_, kind, key, _) in enumerate(columns):
            here = row.get("kinds", {}).get(key, kind)
            cell(book, sheet, down, at, here, row.get(key), note_missing=key in noted)
    sheet.freeze_panes(top + 1, frozen)
    sheet.repeat_rows(top)
    sheet.autofilter(top, 0, top + max(1, len(rows)), len(columns) - 1)


def _head_only() -> dict[str, Any]:
    return {k: v for k, v in HEAD.items() if k not in FONT or FONT[k] != v}


def cell(
    book: Book,
    sheet: Worksheet,
    row: int,
    column: int,
    kind: Kind,
    value: Any,
    *,
    note_missing: bool = True,
    **style: Any,
) -> None:
    """Write one value as what it is; a missing one leaves the cell empty, with a note, and is never 0."""
    look = book.style(**_look(kind, value, book.places), **style)
    if value is None:
        sheet.write_blank(row, column, None, look)
        if note_missing:
            sheet.write_comment(row, column, formats.MISSING.capitalize())
    elif kind == "day":
        sheet.write_datetime(row, column, datetime.fromisoformat(str(value)[:10]), look)
    elif kind == "text":
        sheet.write_string(row, column, str(value), look)
    else:
        sheet.write_number(row, column, value, look)


def _look(kind: Kind, value: Any, places: int) -> dict[str, Any]:
    """Give the number format; a rate gets the decimals it needs not to read 100 %."""
    if kind != "rate" or value is None:
        return dict(KINDS[kind])
    while 0 < 1 - value < 0.5 * 10 ** -(places + 2) and places < 6:
        places += 1
    return {"num_format": f"0.{'0' * places}%"}
