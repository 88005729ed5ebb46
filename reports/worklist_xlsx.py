"""The list of overdue dossiers as a workbook to take away: codes as texts, days as days, nothing that runs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from reports import formats
from reports.files import write_whole
from reports.overdue import with_letters, with_recorded
from reports.sheets import new_book, table
from reports.tables import overdue_table
from reports.workbook import overdue_columns


def write_overdue(
    frame: pl.DataFrame, path: Path, as_of: date, data_version: str, recorded: pl.DataFrame | None = None
) -> None:  # fmt: skip
    """Write the dossiers of ``frame`` (metrics.standing.overdue) to ``path``; equal rows give equal bytes.

    ``recorded``: what people recorded beside them, by the day of the data (store.recorded.last).
    Raises ReportError when it cannot be written.
    """
    title = f"Hồ sơ quá hạn đang giải quyết đến hết ngày {formats.day(as_of)}"
    with new_book(as_of, title) as (book, out):
        sheet = book.sheet("Quá hạn")
        count = f"{formats.number(frame.height)} hồ sơ. Số ngày quá hạn là ngày làm việc. Bản số liệu {data_version}"
        columns = overdue_columns()
        rows = with_recorded(with_letters(frame, as_of, {}), recorded, {})
        table(book, sheet, columns, overdue_table(rows), top=2, frozen=2)
        sheet.write_string(0, 0, title, book.style(bold=True, font_size=13))
        sheet.write_string(1, 0, count, book.style())
    write_whole(path, out.getvalue())
