"""Read Parquet: every type becomes the text that it would be in a careful export."""

from __future__ import annotations

from io import BytesIO
from typing import Final

import polars as pl

from config.errors import SourceError
from config.mapping import Mapping
from connectors.base import RawTable
from connectors.headers import all_there
from connectors.tabled import raw_table

#: Cells of one file: columns of one repeated value pack so well that a small file could fill any memory.
MOST_CELLS: Final = 2_000_000_000
_MAGIC: Final = b"PAR1"


def read(data: bytes, *, name: str, mapping: Mapping | None) -> RawTable:
    """Turn a Parquet file into a raw table. Raises SourceError when it is cut off, locked or too big, MappingError."""
    if data[:4] == b"PARE":
        raise SourceError(name, "is locked with a key.", "Ask the source to write it without one.")
    if data[-4:] != _MAGIC:
        raise SourceError(name, "is a cut off Parquet file.", "Transfer it again.")
    table = raw_table(_frame(data, name), place=name)
    if mapping:
        all_there(table, mapping)
    return table


def _frame(data: bytes, name: str) -> pl.DataFrame:
    try:
        lazy = pl.scan_parquet(BytesIO(data))
        cells = int(lazy.select(pl.len()).collect().item()) * max(1, len(lazy.collect_schema()))
        if cells > MOST_CELLS:
            raise SourceError(name, f"has {cells:,} cells: that is no table.", "Load it in parts.")
        return lazy.collect()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError) as error:
        found = f"is no readable Parquet file ({str(error).splitlines()[0][:120]})."
        raise SourceError(name, found, "Write it again.") from None
