"""Keep what a source answered, as it came less the personal fields: dated, compressed, not touched again."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl


def keep(rows: pl.DataFrame, folder: Path, *, source: str, seen_at: datetime, number: int) -> Path | None:
    """Write one answer to folder/source/yyyy-mm-dd/hhmmss-number.parquet (UTC); nothing for an empty one.

    Written beside and renamed, so that a file that is there is whole.
    """
    if rows.is_empty():
        return None
    day = folder / source / seen_at.strftime("%Y-%m-%d")
    day.mkdir(parents=True, exist_ok=True)
    file = day / f"{seen_at:%H%M%S%f}-{number:05d}.parquet"
    part = file.with_suffix(".part")
    rows.write_parquet(part, compression="zstd", compression_level=3)
    return part.replace(file)


def forget(folder: Path, *, source: str, today: date, days: int) -> int:
    """Delete the days of ``source`` that are older than ``days``; give how many."""
    oldest = today - timedelta(days=days)
    here = folder / source
    old = [d for d in here.iterdir() if d.is_dir() and d.name < oldest.isoformat()] if here.is_dir() else []
    for day in old:
        shutil.rmtree(day)
    return len(old)
