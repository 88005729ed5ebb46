"""Which reader opens which kind of file. A new one is one module and one line here."""

from __future__ import annotations

from typing import Final

from connectors.base import FileReader
from connectors.files import read_table

#: Kind → reader. XES, JSON lines and Parquet will stand here; ``table`` covers CSV (also .gz), XLSX, XLS by content.
READERS: Final[dict[str, FileReader]] = {
    "table": read_table,
}


def reader_for(name: str) -> FileReader:
    """Choose the reader of a file by its name; whatever has no reader of its own is a table."""
    ending = name.removesuffix(".gz").rpartition(".")[2].lower()
    return READERS.get(ending, READERS["table"])
