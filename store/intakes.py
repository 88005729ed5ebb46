"""Readings of files that are not of dossiers: how many rows each had, and those that could not be kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store import frames
from store.database import Store, reading
from store.tables import intakes, refused_rows

Kind = Literal["surveys", "indicators"]
WORKER: Final = "worker"
#: A row that is not kept. ``reasons``: names of rules; ``raw``: JSON, already less what is personal.
REFUSED: Final[pl.Schema] = pl.Schema(
    [("place", pl.String), ("reasons", pl.List(pl.String)), ("found", pl.String), ("raw", pl.String)]
)


@dataclass(frozen=True, slots=True)
class Intake:
    """One reading of one file, or one word of a person: ``origin`` names it, ``by`` is who asked, ``at`` is aware."""

    kind: Kind
    origin: str
    by: str
    at: datetime
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows: ``read`` = ``new`` + ``unchanged`` + ``refused``."""

    new: int = 0
    unchanged: int = 0
    refused: int = 0

    @property
    def read(self) -> int:
        return self.new + self.unchanged + self.refused


def keep(connection: Connection, intake: Intake, counts: Counts, refused: pl.DataFrame | None = None) -> int:
    """Keep a reading and its refused rows (REFUSED) in the transaction of what it brought; gives its number."""
    row = {
        "kind": intake.kind, "origin": intake.origin, "origin_sha256": intake.sha256, "read": counts.read,
        "new": counts.new, "unchanged": counts.unchanged, "refused": counts.refused, "by": intake.by, "at": intake.at,
    }  # fmt: skip
    number = connection.execute(sa.insert(intakes).values(row).returning(intakes.c.id)).scalar_one()
    if refused is not None and refused.height:
        listed = refused.with_columns(
            intake_id=pl.lit(number), reasons=pl.format('["{}"]', pl.col("reasons").list.join('", "'))
        )
        frames.insert(connection, refused_rows, frames.storable(listed))
    return int(number)


def history(store: Store, kind: Kind, *, limit: int = 50) -> pl.DataFrame:
    """Give the newest readings of a kind, newest first: id, origin, read, new, unchanged, refused, by, at."""
    told = (intakes.c[name] for name in ("id", "origin", "read", "new", "unchanged", "refused", "by", "at"))
    question = sa.select(*told).where(intakes.c.kind == kind).order_by(intakes.c.id.desc()).limit(limit)
    with reading(store) as connection:
        return frames.select(connection, question)


def refused(store: Store, intake: int) -> pl.DataFrame:
    """Give the refused rows of one reading, in the order of the file: place, reasons (JSON), found, raw (JSON)."""
    told = (refused_rows.c[name] for name in ("place", "reasons", "found", "raw"))
    question = sa.select(*told).where(refused_rows.c.intake_id == intake).order_by(refused_rows.c.seq)
    with reading(store) as connection:
        return frames.select(connection, question)
