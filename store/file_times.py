"""A file is as new as its own time of change: what an older file tells does not replace what a newer one told.

Rows of a table seldom say when they were written; then the time of their file is their stamp. It stands in
``dossiers.stamped_at`` where the state carries no ``changed_at`` of its own, and is in no ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from metrics.dossier import INSTANT
from store import frames
from store.tables import dossiers

#: Kinds that hand over files: reading the folder again is no word from the office, and a file tells as far as its
#: newest record, whenever it was read.
BY_RECORD: Final = frozenset({"file", "folder"})


@dataclass(frozen=True, slots=True)
class FileTime:
    """When a file was changed (aware). ``is_older``: a newer one of its source was loaded before."""

    at: datetime
    is_older: bool = False


def comparable() -> pl.Expr:
    """Say which rows have a stamp of their own that is held against one: a file's time is none."""
    return pl.col("changed_at").is_not_null() & pl.col("changed_at_stored").is_not_null()


def superseded(file: FileTime | None) -> pl.Expr:
    """Say which rows of an older file tell nothing newer than what is stored of their dossiers, as far as is known.

    A state stands against it unless it came with a file that is no newer; and a dossier that is missing or gone was
    absent from a newer list.
    """
    if file is None or not file.is_older:
        return pl.lit(False)
    absent = pl.any_horizontal(pl.col("missing_since", "gone_at").is_not_null())
    earlier = pl.col("changed_at_stored").is_null() & (pl.col("stamped_at") <= pl.lit(file.at, INSTANT))
    return absent | (~comparable() & ~earlier.fill_null(False))


def keep(connection: Connection, source: str, codes: pl.Series, file: FileTime | None) -> None:
    """Stamp the states of ``codes`` that have no time of their own with that of the file that told them last."""
    if file is None or codes.is_empty():
        return
    older = sa.or_(dossiers.c.stamped_at.is_(None), dossiers.c.stamped_at < file.at)
    these = (dossiers.c.source == source, dossiers.c.changed_at.is_(None), older)
    here = frames.matching(connection, dossiers.c.code, codes)
    connection.execute(sa.update(dossiers).where(*these, here).values(stamped_at=file.at))
