"""An Excel workbook as an office hands it out: titles above the header, real dates beside texts; written as it streams.

A workbook is a zip of XML: written here by hand, so that a million rows need no more memory than a thousand.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from html import escape
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

import polars as pl

from config.errors import ConfigError
from connectors.simulator.exports.office import HEADERS

MOST_ROWS: Final = 1_048_576
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
#: Written as a date cell; the others are texts, as the export of most systems has them.
_DATED: Final = "Ngày hẹn trả"
_EPOCH: Final = date(1899, 12, 30)
_TYPES: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATIONS: Final = "application/vnd.openxmlformats-package.relationships+xml"
_PARTS: Final = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="{_RELATIONS}"/><Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="Danh sách" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy hh:mm"/></numFmts>'
    '<fonts count="1"><font/></fonts><fills count="2"><fill/><fill/></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>',
}


def write(parts: Iterator[pl.DataFrame], path: Path, title: str) -> int:
    """Write sheets (office.sheet) under a title and a line about them; give the rows. Raises ConfigError past Excel."""
    rows = 0
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as book:
        for name, text in _PARTS.items():
            book.writestr(name, _XML + text)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            for number, text in ((1, title.upper()), (2, "(Xuất từ hệ thống một cửa điện tử)")):
                sheet.write(f'<row r="{number}">{_text("A", number, text)}</row>'.encode())
            header = "".join(_text(_letter(at), 4, name) for at, name in enumerate(HEADERS))
            sheet.write(f'<row r="4">{header}</row>'.encode())
            for part in parts:
                if rows + part.height + 4 > MOST_ROWS:
                    raise ConfigError(str(path), f"a sheet of Excel holds {MOST_ROWS:,} rows.", "Write CSV or Parquet.")
                sheet.write("".join(_rows(part, rows + 5)).encode())
                rows += part.height
            sheet.write(b"</sheetData></worksheet>")
    return rows


def _rows(part: pl.DataFrame, first: int) -> Iterator[str]:
    letters = [_letter(at) for at in range(len(HEADERS))]
    dated = HEADERS.index(_DATED)
    for number, row in enumerate(part.iter_rows(), start=first):
        cells = (
            _date(letter, number, value) if at == dated else _text(letter, number, value)
            for at, (letter, value) in enumerate(zip(letters, row, strict=True))
            if value
        )  # fmt: skip
        yield f'<row r="{number}">{"".join(cells)}</row>'


def _text(letter: str, number: int, value: str) -> str:
    return f'<c r="{letter}{number}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def _date(letter: str, number: int, value: str) -> str:
    """Write dd/MM/yyyy HH:mm as a day number; what is no date stays a text."""
    try:
        day = date(int(value[6:10]), int(value[3:5]), int(value[0:2]))
    except ValueError:
        return _text(letter, number, value)
    share = (int(value[11:13]) * 60 + int(value[14:16])) / 1440
    return f'<c r="{letter}{number}" s="1"><v>{(day - _EPOCH).days + share!r}</v></c>'


def _letter(at: int) -> str:
    return chr(ord("A") + at)
