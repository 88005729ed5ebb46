"""How far the cells of .ods and .xlsb reach, read as a stream: what a reader would make of them, not what they take."""

from __future__ import annotations

import struct
from typing import IO, Final
from xml.parsers import expat  # nosec B407  # a document type is refused, so there is no entity to expand

_READ: Final = 1 << 16
_FAR: Final = 1 << 62
#: Records of .xlsb (MS-XLSB 2.5): rows and cells count from the beginning of the sheet's data on.
_ROW: Final = 0
_CELLS: Final = range(1, 12)
_BEGINS: Final = 0x91
_NUMBER: Final = struct.Struct("<I")


class _Table:
    """What of one table was read: ``row`` and ``column`` are where the next cell stands."""

    def __init__(self) -> None:
        self.row = self.column = self.width = self.height = self.times = self.filled = self.written = 0


class _Document:
    """Cells of all tables of a document: the rectangles that they span, and those that are only meant."""

    def __init__(self) -> None:
        self.cells = self.meant = 0
        self.table = _Table()
        self.cell = 0
        self.holds = False

    def begins(self, name: str, told: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "table":
            self.ends(name)
        elif kind == "table-row":
            self.table.times = _times(told, "rows")
            self.table.column = self.table.filled = self.table.written = 0
        elif kind in ("table-cell", "covered-table-cell"):
            self.cell, self.holds = _times(told, "columns"), any(each.endswith("value-type") for each in told)
        elif kind in ("p", "annotation") and self.cell:
            self.holds = True

    def ends(self, name: str) -> None:
        kind, table = name.rpartition(":")[2], self.table
        if kind in ("table-cell", "covered-table-cell"):
            table.column += self.cell
            if self.holds:
                table.filled, table.written = table.filled + self.cell, table.written + 1
                table.width = max(table.width, table.column)
                table.height = max(table.height, table.row + table.times)
            self.cell = 0
        elif kind == "table-row":
            table.row += table.times
            self.meant += table.filled * table.times - table.written
        elif kind == "table":
            self.cells += table.height * table.width
            self.table = _Table()


def _times(told: dict[str, str], what: str) -> int:
    text = next((value for key, value in told.items() if key.endswith(f"number-{what}-repeated")), "1")
    return int(text) if text.isdecimal() and len(text) < 10 else 1


def of_open_document(part: IO[bytes]) -> tuple[int, int]:
    """Give the cells between the first and the farthest of all tables, and how many are meant without being written.

    A document type makes it as far as can be: the document must not grow. What is cut off is told by who reads it.
    """
    found, parser = _Document(), expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = found.begins, found.ends
    grows = False

    def refuse(*_: object) -> None:
        nonlocal grows
        grows = True

    parser.StartDoctypeDeclHandler = refuse
    try:
        while read := part.read(_READ):
            parser.Parse(read)
            if grows or found.meant > _FAR:
                return _FAR, _FAR
    except expat.ExpatError:
        pass
    found.ends("table")
    return found.cells, found.meant


def of_binary(part: IO[bytes]) -> int:
    """Give the cells between the first and the farthest of a sheet of .xlsb; 0 for a part that is none."""
    data, at, rows, columns, inside = part.read(), 0, 0, 0, False
    while at < len(data):
        kind, at = _varied(data, at, 2)
        size, at = _varied(data, at, 4)
        inside = inside or kind == _BEGINS
        if inside and size >= 4 and at + 4 <= len(data):
            if kind == _ROW:
                rows = max(rows, _NUMBER.unpack_from(data, at)[0] + 1)
            elif kind in _CELLS:
                columns = max(columns, _NUMBER.unpack_from(data, at)[0] + 1)
        at += size
    return rows * columns


def _varied(data: bytes, at: int, most: int) -> tuple[int, int]:
    """Read a number of seven bits a byte, the lowest first; give it, and where it ends."""
    value = 0
    for n in range(most):
        if at >= len(data):
            break
        byte, at = data[at], at + 1
        value |= (byte & 0x7F) << 7 * n
        if byte < 0x80:
            break
    return value, at
