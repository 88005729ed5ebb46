"""Phiếu theo dõi hằng ngày: what the officers of a unit did on a day and hold, by pseudonym, beside the criteria."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from config.officers import Criterion
from reports import formats
from reports.sheets import Book, Column, new_book, table

TITLE: Final = "Phiếu theo dõi hằng ngày"
UNNAMED: Final = "Chưa ghi"
#: What an officer's standing to a criterion is called.
SAID: Final[Mapping[bool | None, str]] = {True: "đạt", False: "chưa đạt", None: "chưa đủ số liệu"}
#: Heading and figure of each count of a day.
COUNTS: Final = (
    ("Xử lý trong ngày", "handled"), ("Có hạn bước", "judged"), ("Trễ ở bước", "late"), ("Mới đến", "arrived"),
    ("Đang giữ cuối ngày", "held"), ("Quá hạn bước", "held_past_due"), ("Ngày làm việc mất", "days_lost"),
)  # fmt: skip
NOTE: Final = (
    "Theo mã, không xếp hạng. Bước không có hạn được đếm, không tính trễ. Quá hạn tính đến hết ngày của phiếu."
)
_BOUNDS: Final = {True: "nhiều nhất", False: "ít nhất"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet of ``day``. ``rows``: metrics.officers.figures; ``stands``: metrics.criteria.put."""

    day: date
    where: str
    rows: pl.DataFrame
    criteria: Sequence[Criterion]
    stands: pl.DataFrame
    data_version: str


def lines(told: Sheet) -> list[dict[str, Any]]:
    """Give a line for each officer: department, handler, the figures of COUNTS, and what is said to each criterion."""
    said = {(d, h, name): SAID[met] for d, h, name, _, _, met in told.stands.iter_rows()}
    found = []
    for row in told.rows.to_dicts():
        who = row["department"], row["handler"]
        verdicts = {key_of(each): said.get((*who, each.id), SAID[None]) for each in told.criteria}
        found.append(row | verdicts | {name: row[name] or UNNAMED for name in ("department", "handler")})
    return found


def key_of(criterion: Criterion) -> str:
    """Give the name under which ``lines`` say how an officer stands to a criterion."""
    return f"criterion {criterion.id}"


def workbook(told: Sheet) -> bytes:
    """Write the sheet as a workbook; an equal one gives equal bytes."""
    title = f"{TITLE} {formats.day(told.day)}"
    with new_book(told.day, title) as (book, out):
        page = book.sheet("Phiếu")
        columns: list[Column] = [("Đơn vị", "text", "department", 36), ("Cán bộ (mã)", "text", "handler", 22)]
        columns += [(name, "count", key, 11) for name, key in COUNTS]
        columns += [(each.title, "text", key_of(each), 18) for each in told.criteria]
        table(book, page, columns, lines(told), top=3, frozen=2)
        page.write_string(0, 0, title, book.style(bold=True, font_size=13))
        page.write_string(1, 0, f"{told.where}. Bản số liệu {told.data_version}", book.style())
        page.write_string(2, 0, NOTE, book.style())
        _criteria(book, told.criteria)
    return out.getvalue()


def _criteria(book: Book, asked: Sequence[Criterion]) -> None:
    columns: list[Column] = [
        ("Tiêu chí", "text", "title", 44), ("Chỉ số", "text", "figure", 16), ("Mức", "text", "bound", 20),
        ("Số ngày", "count", "days", 9), ("Ít nhất số bước", "count", "least_n", 10), ("Từ ngày", "day", "from_", 12),
        ("Căn cứ", "text", "basis", 50),
    ]  # fmt: skip
    rows = [each.model_dump() | {"bound": bound(each)} for each in asked]
    table(book, book.sheet("Tiêu chí"), columns, rows)


def bound(criterion: Criterion) -> str:
    """Write what a criterion asks: nhiều nhất 5 %, ít nhất 3."""
    most = criterion.at_most is not None
    value = criterion.at_most if most else criterion.at_least
    told = 100 * (value or 0) if criterion.figure == "late_share" else value or 0
    places = 0 if told == int(told) else 1
    return f"{_BOUNDS[most]} {formats.number(told, places)}{' %' if criterion.figure == 'late_share' else ''}"
