"""Media types of the files that leave the house, as registered with IANA: for browsers and for mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
#: Ending of a file → what it is.
TYPES: Final[Mapping[str, str]] = {
    "csv": "text/csv",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "json": "application/json",
    "pdf": "application/pdf",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
}
