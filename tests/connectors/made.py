"""Small files made in the test: what a source may hand out, written byte by byte."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from config.mapping import parse_mapping
from connectors.base import RawTable, Translated
from connectors.readers import read_file
from connectors.translate import translate

EXCEL_DAY = datetime(2026, 11, 21)  # noqa: DTZ001 - Excel knows no time zones
EXCEL_HOUR = time(14, 5)
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
PLAIN = """
source = "landoffice"
[columns]
code = "Mã hồ sơ"
received_at = "Ngày tiếp nhận"
due_at = "Ngày hẹn trả"
resolved_at = "Ngày kết thúc"
"""
HEADER = "Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trả,Ngày kết thúc\n"


def table(content: str | bytes, toml: str = PLAIN, name: str = "export.csv") -> RawTable:
    data = content.encode() if isinstance(content, str) else content
    return read_file(data, name=name, mapping=parse_mapping(toml))


def translated(content: str | bytes, toml: str = PLAIN, name: str = "export.csv") -> Translated:
    done = translate(table(content, toml, name), parse_mapping(toml))
    assert done.n_read == done.good.height + done.merged + done.rejects.height  # nothing is lost, ever
    return done


def by_code(done: Translated) -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in done.good.iter_rows(named=True)}


def here(stamp: datetime | None, zone: ZoneInfo = HANOI) -> str | None:
    """Give an instant as local text to the minute."""
    return stamp.astimezone(zone).strftime("%Y-%m-%d %H:%M") if stamp else None


def reasons(done: Translated) -> dict[str, list[str]]:
    return {row["place"].rpartition(", ")[2]: row["reasons"] for row in done.rejects.iter_rows(named=True)}


def workbook(
    sheets: Mapping[str, Sequence[Sequence[Any]]], merged: dict[str, list[tuple[str, Any]]] | None = None
) -> bytes:
    """Write sheets of rows; ``datetime`` cells become real Excel dates; ``merged`` lists ranges and their text."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    hour = book.add_format({"num_format": "hh:mm"})
    day = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(r, c, value, day)
                elif isinstance(value, time):
                    sheet.write_datetime(r, c, value, hour)
                elif value is not None:
                    sheet.write(r, c, value)
        for area, text in (merged or {}).get(name, []):
            sheet.merge_range(area, text)
    book.close()
    return out.getvalue()
