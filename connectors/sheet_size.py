"""How far the cells of a workbook reach, seen before it is read: its reader takes memory for the whole rectangle.

One value in the last cell of a sheet would ask for half a terabyte, and end the process.
"""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from io import BytesIO
from typing import Final

from config.errors import SourceError

#: Cells from the first to the farthest; a full sheet of 90 columns stays below it.
MOST_CELLS: Final = 100_000_000
_CELL: Final = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_CHUNK: Final = 1 << 20
_OVERLAP: Final = 32


def refuse_too_far(data: bytes, name: str) -> None:
    """Raise SourceError when a sheet of .xlsx reaches too far. What cannot be opened is told by who reads it."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for member in archive.namelist():
                if (
                    member.startswith("xl/worksheets/")
                    and member.endswith(".xml")
                    and _cells(archive, member) > MOST_CELLS
                ):
                    found = "has a value so far below or to the right that no memory holds the cells between."
                    raise SourceError(name, found, "Delete everything outside the table, and save it again.")
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, RuntimeError, ValueError):
        return


def _cells(archive: zipfile.ZipFile, member: str) -> int:
    rows, columns, before = 0, set[bytes](), b""
    with archive.open(member) as sheet:
        while part := sheet.read(_CHUNK):
            told = _CELL.findall(before + part)
            before = part[-_OVERLAP:]
            columns.update(column for column, _ in told)
            rows = max(rows, max((int(row) for _, row in told), default=0))
    return rows * max(map(_number, columns), default=0)


def _number(letters: bytes) -> int:
    """Give 1 for A and 28 for AB."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
