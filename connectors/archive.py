"""Read a zip archive of tables: those of one shape are one load, and every row knows its file."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final
from zipfile import ZipInfo

from config.errors import DunghanError, MappingError, SourceError
from config.mapping import Mapping
from config.notes import note
from connectors import unpacking
from connectors.base import FileReader, RawTable
from connectors.columns import used_columns
from connectors.places import shape, stacked
from connectors.texts import bare, fold
from connectors.words import HEADERS

#: Letters, pictures and manuals that people pack beside their tables.
_PAPERS: Final = (
    ".pdf",
    ".doc",
    ".docx",
    ".ppt",
    ".pptx",
    ".rtf",
    ".md",
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".bmp",
    ".tif",
)
_LEFTOVERS: Final = re.compile(r"(?:^|/)(?:__MACOSX/|\.|~\$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)


def read(data: bytes, *, name: str, mapping: Mapping | None, reader: FileReader) -> RawTable:
    """Read every table in an archive by ``reader``, the oldest first by its own time, those of one time by their names.

    With a mapping those with its columns are read; without one those like the table with most known headers.
    Raises SourceError when the archive or a table in it cannot be believed, MappingError when none has the columns.
    """
    listed = [m for m in unpacking.members(data, name) if not _LEFTOVERS.search(m.filename)]
    papers = [m.filename for m in listed if m.filename.lower().endswith(_PAPERS)]
    fitting, left, refused = [], papers, []
    for member in sorted((m for m in listed if m.filename not in papers), key=_in_turn):
        place = f"{name}/{member.filename}"
        inside = unpacking.content(data, member, name)
        if unpacking.is_zip(inside) and member.filename.lower().endswith(".zip"):
            raise SourceError(
                place, "is an archive inside an archive.", "Unpack the outer one, and load the inner ones."
            )
        if not inside.strip():
            left = [*left, member.filename]
            continue
        try:
            fitting.append((member.filename, reader(inside, name=place, mapping=mapping)))
        except MappingError as error:
            refused.append((member, error))
            left = [*left, member.filename]
    if not fitting:
        raise _clearest(refused, data, name, mapping, reader) or _nothing(name, [m.filename for m in listed])
    return _together(fitting, left, mapping, name)


def _clearest(
    refused: list[tuple[ZipInfo, MappingError]], data: bytes, name: str, mapping: Mapping | None, reader: FileReader
) -> MappingError | None:
    """Give the error of the file with most of the mapped columns: that is the one which was meant."""
    wanted = {fold(c) for c in used_columns(mapping)} if mapping else set()

    def mapped(one: tuple[ZipInfo, MappingError]) -> int:
        try:
            table = reader(unpacking.content(data, one[0], name), name=name, mapping=None)
        except DunghanError:
            return -1
        return len({fold(c) for c in table.columns} & wanted)

    return max(refused, key=mapped)[1] if refused else None


def _nothing(name: str, files: list[str]) -> SourceError:
    return SourceError(name, f"is an archive of {', '.join(files[:3]) or 'nothing'}.", "Pack the tables themselves.")


def _in_turn(member: ZipInfo) -> tuple[tuple[int, ...], list[tuple[int, str]]]:
    """Sort older files before newer ones (what they told stands below, and counts), and thang-2 before thang-10."""
    name = member.filename
    parts = re.split(r"([0-9]+)", name)
    return member.date_time, [(int(part), "") if part.isdigit() else (0, part.lower()) for part in parts]


def _together(fitting: list[tuple[str, RawTable]], left: list[str], mapping: Mapping | None, name: str) -> RawTable:
    shapes = [shape(table, mapping) for _, table in fitting]
    chosen = shapes[0] if mapping else shape(max((t for _, t in fitting), key=_known), None)
    same = [table for (_, table), of in zip(fitting, shapes, strict=True) if of == chosen]
    other = [file for (file, _), of in zip(fitting, shapes, strict=True) if of != chosen]
    gone = (*left, *other)
    notes = (note("archive", files=len(same)), *((note("not_read", names=gone),) if gone else ()))
    whole = stacked(same, name=name, notes=notes)
    return replace(whole, left=(*whole.left, *gone))


def _known(table: RawTable) -> int:
    return len({bare(c) for c in table.columns} & HEADERS.keys())
