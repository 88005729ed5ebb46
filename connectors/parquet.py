"""Read Parquet: every type becomes the text that it would be in a careful export."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Final

import polars as pl

from config.errors import SourceError
from config.mapping import Mapping
from connectors.base import RawTable
from connectors.headers import all_there
from connectors.tabled import broken_codes_of, raw_table

#: Cells of one file: columns of one repeated value pack so well that a small file could fill any memory.
MOST_CELLS: Final = 2_000_000_000
_MAGIC: Final = b"PAR1"


def read(data: bytes, *, name: str, mapping: Mapping | None) -> RawTable:
    """Turn a Parquet file into a raw table. Raises SourceError when it is cut off, locked or too big, MappingError."""
    if data[:4] == b"PARE":
        raise SourceError(name, "is locked with a key.", "Ask the source to write it without one.")
    if data[-4:] != _MAGIC:
        raise SourceError(name, "is a cut off Parquet file.", "Transfer it again.")
    frame = _frame(data, name)
    table = raw_table(frame, place=name)
    if mapping is None:
        return table
    all_there(table, mapping)
    return replace(table, broken_codes=tuple(n + 1 for n in broken_codes_of(frame, mapping)))


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
