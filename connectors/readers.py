"""Which reader opens which kind of file. A new one is one module and one line in ``READERS``."""

from __future__ import annotations

from typing import Final

from config.mapping import FileShape, Mapping
from connectors import archive, json_file, parquet, xes
from connectors.base import FileReader, RawTable
from connectors.content import kind_of
from connectors.files import read_table
from connectors.unpacking import gunzipped

#: Kind of file → reader; which one is told by the content (connectors.content). ``table``: CSV, XLSX, XLS, ODS.
READERS: Final[dict[str, FileReader]] = {
    "table": read_table,
    "xes": xes.read,
    "json": json_file.read,
    "parquet": parquet.read,
}


def read_file(data: bytes, *, name: str, mapping: Mapping | None = None) -> RawTable:
    """Turn the bytes of a file, packed or not, into a raw table. Raises SourceError, MappingError."""
    how = mapping.file if mapping else FileShape()
    plain = gunzipped(data, name)
    kind = kind_of(plain, how, name)
    if kind == "zip":
        return archive.read(plain, name=name, mapping=mapping, reader=read_file)
    return READERS[kind](plain, name=name, mapping=mapping)
