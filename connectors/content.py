"""Tell by its bytes what kind of file this is; a name is a promise that nobody keeps."""

from __future__ import annotations

import re
from typing import Final, Literal

from config.errors import SourceError
from config.mapping import FileShape
from connectors import unpacking

Kind = Literal["table", "zip", "xes", "json", "parquet"]
_DECLARED: Final[dict[str, Kind]] = {
    "csv": "table", "xlsx": "table", "zip": "zip", "xes": "xes", "json": "json", "parquet": "parquet",
}  # fmt: skip
_PARQUET: Final = (b"PAR1", b"PARE")
#: ``{"field``, ``{}``, ``[{``, ``[]``: what a CSV cannot begin with.
_JSON: Final = re.compile(rb'^(?:\{\s*["}]|\[\s*[\{\]])')
_XES: Final = re.compile(rb"<log[\s>]")
_LOOKED_AT: Final = 16_384  # an XES file may begin with a long comment


def kind_of(data: bytes, how: FileShape, name: str) -> Kind:
    """Give the kind of unpacked bytes: as declared, else by what they begin with."""
    if unpacking.is_zip(data) and _is_archive(data, name):  # what is declared holds for the files in it
        return "zip"
    if how.format != "auto":
        return _DECLARED[how.format]
    if data[:4] in _PARQUET:
        return "parquet"
    if unpacking.is_zip(data):
        return "table"
    head = data[:_LOOKED_AT].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if head.startswith(b"<") and _XES.search(head):
        return "xes"
    return "json" if _JSON.match(head) else "table"


def _is_archive(data: bytes, name: str) -> bool:
    """Say whether a zip is no workbook; one that cannot be opened is a matter for whoever its name promises."""
    try:
        return not unpacking.is_workbook(unpacking.members(data, name))
    except SourceError as error:
        return "damaged" not in error.found or name.lower().endswith(".zip")
