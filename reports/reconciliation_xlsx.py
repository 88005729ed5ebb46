"""A reconciliation as a workbook: what it counts, by unit and field, and every dossier behind the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from metrics.reconcile import BY, CLASS_OF, LISTS, Overdue, Why, counted, listed
from reports import formats
from reports.overdue import NO_FIELD, NO_UNIT
from reports.reconciliation import CASES, CLASSES, COUNTS, LINKS, STAGES, worded
from reports.sheets import Book, Column, new_book, table

#: What differs, and what stands twice or on one side only: each list has a sheet of its own.
DIFFERENCES: Final = (
    "only_a", "only_b", "ambiguous_a", "ambiguous_b", "twice_a", "twice_b", "stage_differs", "received_differs",
    "due_differs", "finish_differs",
)  # fmt: skip
#: Columns of the sheets by unit and by field.
GROUPED: Final = (
    "dossiers", "both", "only_a", "only_b", "ambiguous_a", "ambiguous_b", "stage_differs", "due_differs",
    "finish_differs", "late_a", "late_b", "overdue", *(each.value for each in Overdue),
)  # fmt: skip
_GROUPS: Final = {"department": ("Theo đơn vị", NO_UNIT), "field": ("Theo lĩnh vực", NO_FIELD)}
#: Short names of sheets: Excel allows 31 characters.
_SHEETS: Final = {
    "only_a": "Chỉ nguồn A", "only_b": "Chỉ nguồn B", "twice_a": "Nhiều bản ở A", "twice_b": "Nhiều bản ở B",
    "ambiguous_a": "Chưa ghép được ở A", "ambiguous_b": "Chưa ghép được ở B",
    "stage_differs": "Khác trạng thái", "received_differs": "Khác ngày tiếp nhận", "due_differs": "Khác ngày hẹn",
    "finish_differs": "Khác ngày kết thúc",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """What is written: the names of the sources, the day, the version of the figures, the causes by their codes."""

    a: str
    b: str
    as_of: date
    data_version: str
    causes: Mapping[str, str]


def render(rows: pl.DataFrame, subject: Subject) -> bytes:
    """Write the workbook of ``rows`` (reports.reconciliation.with_causes); equal rows give equal bytes.

    Each list of overdue is one sheet per class, each difference one sheet; a sheet has as many rows as its number says.
    """
    title = f"Đối soát {subject.a} với {subject.b} đến hết ngày {formats.day(subject.as_of)}"
    with new_book(subject.as_of, title) as (book, out):
        _summary(book, rows, subject, title)
        for by in BY:
            _grouped(book, rows, by, subject)
        for name in (*(each.value for each in Overdue), *DIFFERENCES):
            _list(book, listed(rows, name), _SHEETS.get(name) or CLASSES[name], subject)
    return out.getvalue()


def _summary(book: Book, rows: pl.DataFrame, subject: Subject, title: str) -> None:
    (counts,) = counted(rows).to_dicts()
    lines = [
        {"name": worded(COUNTS[name], subject.a, subject.b), "n": counts[name]} for name in LISTS if name not in CASES
    ]
    lines += [
        {"name": f"   {CLASSES[CLASS_OF[why]]}: {worded(CASES[why], subject.a, subject.b)}", "n": counts[why]}
        for why in Why
    ]
    sheet = book.sheet("Tổng hợp")
    table(book, sheet, [("Nội dung", "text", "name", 70), ("Hồ sơ", "count", "n", 12)], lines, top=3)
    sheet.write_string(0, 0, title, book.style(bold=True, font_size=13))
    said = f"A: {subject.a} (nơi giải quyết). B: {subject.b}. Bản số liệu {subject.data_version}"
    sheet.write_string(1, 0, said, book.style())


def _grouped(book: Book, rows: pl.DataFrame, by: str, subject: Subject) -> None:
    sheet, nobody = _GROUPS[by]
    heading = {"department": "Cơ quan, đơn vị", "field": "Lĩnh vực"}[by]
    columns: list[Column] = [(heading, "text", by, 46)]
    columns += [(worded(COUNTS[name], "A", "B"), "count", name, 11) for name in GROUPED]
    lines = counted(rows, [by]).with_columns(pl.col(by).fill_null(nobody)).to_dicts()
    table(book, book.sheet(sheet), columns, lines, frozen=1)


_LINE: Final[tuple[Column, ...]] = (
    ("Mã hồ sơ ở A", "text", "a_code", 24),
    ("Mã hồ sơ ở B", "text", "b_code", 24),
    ("Cơ quan, đơn vị", "text", "department", 30),
    ("Lĩnh vực", "text", "field", 20),
    ("Thủ tục", "text", "procedure_name", 40),
    ("Nhóm", "text", "class_told", 15),
    ("Trường hợp", "text", "case_told", 40),
    ("A: trạng thái", "text", "a_told", 16),
    ("B: trạng thái", "text", "b_told", 16),
    ("A: tiếp nhận", "day", "a_received_on", 11),
    ("B: tiếp nhận", "day", "b_received_on", 11),
    ("A: hẹn trả", "day", "a_due_on", 11),
    ("B: hẹn trả", "day", "b_due_on", 11),
    ("A: kết thúc", "day", "a_closed_on", 11),
    ("B: kết thúc", "day", "b_closed_on", 11),
    ("Ghép theo", "text", "link_told", 30),
    ("Mã ghép", "text", "link_code", 24),
    ("Nguyên nhân", "text", "cause_told", 30),
    ("Ghi chú", "text", "note", 30),
    ("Người ghi", "text", "recorded_by", 14),
)


def _list(book: Book, rows: pl.DataFrame, name: str, subject: Subject) -> None:
    table(book, book.sheet(name), _LINE, lines(rows, subject), frozen=1)


def lines(rows: pl.DataFrame, subject: Subject) -> Sequence[Mapping[str, Any]]:
    """Put dossiers into words: the columns of the lists, days as Date."""
    cases = {why: worded(text, "A", "B") for why, text in CASES.items()}
    told = rows.with_columns(
        _said("overdue", CLASSES).alias("class_told"),
        _said("why", cases).alias("case_told"),
        _said("a_stage", STAGES).alias("a_told"),
        _said("b_stage", STAGES).alias("b_told"),
        _said("link", LINKS).alias("link_told"),
        _said("cause", subject.causes).alias("cause_told"),
    )
    return told.select(key for _, _, key, _ in _LINE).to_dicts()


def _said(column: str, words: Mapping[str, str]) -> pl.Expr:
    return pl.col(column).replace(list(map(str, words)), list(words.values()))
