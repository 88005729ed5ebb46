"""Keep what a source answered, as it came less the personal fields: dated, compressed, not touched again."""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl

from config.errors import StoreError


def keep(rows: pl.DataFrame, folder: Path, *, source: str, seen_at: datetime, number: int) -> Path | None:
    """Write one answer to folder/source/yyyy-mm-dd/hhmmss-number.parquet (UTC); nothing for an empty one.

    Written beside and renamed, so that a file that is there is whole. Raises StoreError when the disk refuses.
    """
    if rows.is_empty():
        return None
    day = folder / source / seen_at.strftime("%Y-%m-%d")
    file = day / f"{seen_at:%H%M%S%f}-{number:05d}.parquet"
    part = file.with_suffix(".part")
    try:
        day.mkdir(parents=True, exist_ok=True)
        rows.write_parquet(part, compression="zstd", compression_level=3)
        return part.replace(file)
    except (OSError, pl.exceptions.PolarsError) as error:  # polars has its own words for a full disk
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise StoreError(
            str(day),
            f"the raw answer could not be kept ({str(error).splitlines()[0]}).",
            "Make room or mend the rights, then sync again: it goes on at this batch. Keeping none: keep_raw_days = 0.",
        ) from error


def forget(folder: Path, *, source: str, today: date, days: int) -> int:
    """Delete the days of ``source`` that are older than ``days``; give how many."""
    oldest = today - timedelta(days=days)
    here = folder / source
    old = [d for d in here.iterdir() if d.is_dir() and d.name < oldest.isoformat()] if here.is_dir() else []
    for day in old:
        shutil.rmtree(day, ignore_errors=True)  # what cannot be deleted today is tried again tomorrow
    return len(old)
