"""How far the cells of a workbook reach, seen before it is read: its reader takes memory for the whole rectangle.

One value in the last cell of a sheet, or one row that says that it stands there a million times, would ask for half a
terabyte and end the process. What a reader takes is looked at, not what an office writes: either quote, spaces, small
letters, a sheet under any name.
"""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import IO, Final

from config.errors import SourceError
from connectors.sheet_reach import of_binary, of_open_document

#: Cells from the first to the farthest; a full sheet of 90 columns stays below it.
MOST_CELLS: Final = 100_000_000
#: Cells of .ods that are meant without being written: equal neighbours are written once.
MOST_MEANT: Final = 10_000_000
_PLACE: Final = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{0,3})([0-9]{1,7})[\"']")
#: No program writes so: it hides a place from whoever looks at the text piece by piece.
_HIDDEN: Final = re.compile(rb"\br\s{40,}=|\br\s{0,40}=\s{40,}")
_CHUNK: Final = 1 << 20
_OVERLAP: Final = 128
_OPEN: Final = "content.xml"


def refuse_too_far(data: bytes, name: str) -> None:
    """Raise SourceError when a sheet reaches too far. What cannot be opened is told by who reads it."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if any(too_far for too_far in _each(archive)):
                found = "has a value so far below or to the right that no memory holds the cells between."
                raise SourceError(name, found, "Delete everything outside the table, and save it again.")
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, RuntimeError, ValueError):
        return


def _each(archive: zipfile.ZipFile) -> Iterator[bool]:
    """Say of each part whether it reaches too far; a part is taken for what it holds, whatever it is called."""
    binary = any(member.endswith("workbook.bin") for member in archive.namelist())
    for member in archive.namelist():
        with archive.open(member) as part:
            if member == _OPEN:
                cells, meant = of_open_document(part)
                yield cells > MOST_CELLS or meant > MOST_MEANT
            elif binary and not member.endswith((".xml", ".rels")):
                yield of_binary(part) > MOST_CELLS
            else:
                yield _of_text(part) > MOST_CELLS


def _of_text(part: IO[bytes]) -> int:
    rows, columns, before = 0, set[bytes](), b""
    while read := part.read(_CHUNK):
        text = before + read
        told = _PLACE.findall(text)
        if _HIDDEN.search(text):
            return MOST_CELLS + 1
        before = text[-_OVERLAP:]
        columns.update(column for column, _ in told)
        rows = max(rows, max((int(row) for _, row in told), default=0))
    return rows * max(map(_number, columns), default=0)


def _number(letters: bytes) -> int:
    """Give 1 for A and 28 for AB."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
