"""What a batch brings: compare observations with what is stored of the same dossiers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from metrics.dossier import COLUMNS, COMPARED, INSTANT, KEY, Status
from store import frames, tables

#: What the store holds of a dossier beside what its source says.
_KEPT: Final = ("part", "versions", "seen_at", "stamped_at", "missing_since", "gone_at")


@dataclass(frozen=True, slots=True)
class Split:
    """A batch beside what is stored; ``unchanged`` and ``superseded`` (older than what is stored) count rows."""

    new: pl.DataFrame  # COLUMNS
    changed: pl.DataFrame  # COLUMNS, part_before, other_code_before, versions
    unlike: tuple[str, ...]  # columns in which some of ``changed`` differ from what is stored
    restamped: pl.DataFrame  # unchanged, but the source's stamp moved: key, stamped_at
    back: pl.DataFrame  # unchanged or superseded, but missing or gone before: key
    unchanged: int
    superseded: int
    behind: tuple[str, ...]  # codes that say another thing than what is stored, with an older stamp


def split(connection: Connection, rows: pl.DataFrame, now: datetime, swept_at: datetime | None = None) -> Split:
    """Compare a batch with what is stored. An observation older than the stored one is superseded.

    A stored stamp later than ``now`` came from a clock that was ahead: it makes nothing else old. Nor does a state that
    was stored by ``swept_at``, the last sweep, where this is a sweep again: the source was put back, it or its clock.
    Nor does "gone", which no source said: whatever is shown of such a dossier is its state.
    """
    stored = _stored(connection, rows)
    both = rows.join(stored, on=KEY, how="left", suffix="_stored", maintain_order="left")
    known = pl.col("versions").is_not_null()
    believed = pl.col("stamped_at") <= pl.lit(now, INSTANT)
    lately = pl.lit(True) if swept_at is None else pl.col("seen_at") > pl.lit(swept_at, INSTANT)
    presumed = pl.col("status_stored") == Status.GONE.value
    before = ((pl.col("changed_at") < pl.col("stamped_at")) & believed & ~presumed).fill_null(False)
    older = before & lately
    differs = pl.any_horizontal(pl.col(c).ne_missing(pl.col(f"{c}_stored")) for c in COMPARED)
    restamp = pl.col("changed_at").is_not_null() & pl.col("changed_at").ne_missing(pl.col("stamped_at"))
    same = both.filter(known & ~older & ~differs)
    changed = both.filter(known & ~older & differs)
    return Split(
        new=both.filter(~known).select(COLUMNS),
        changed=changed.select(*COLUMNS, "versions", part_before="part", other_code_before="other_code_stored"),
        unlike=_unlike(changed),
        restamped=same.filter(restamp).select(*KEY, stamped_at="changed_at"),
        back=both.filter(known & (older | ~differs))
        .filter(pl.any_horizontal(pl.col("missing_since", "gone_at").is_not_null()))
        .select(KEY),
        unchanged=same.height,
        superseded=both.filter(known & older).height,
        behind=tuple(both.filter(known & before & differs)["code"]),
    )


def _unlike(changed: pl.DataFrame) -> tuple[str, ...]:
    told = [c for c in COLUMNS if c not in KEY]
    found = changed.select(pl.col(c).ne_missing(pl.col(f"{c}_stored")).any() for c in told).row(0, named=True)
    return tuple(c for c in told if found[c])


def _stored(connection: Connection, rows: pl.DataFrame) -> pl.DataFrame:
    table = tables.dossiers
    question = sa.select(*(table.c[c] for c in (*COLUMNS, *_KEPT)))
    if rows.is_empty():
        return frames.select(connection, question.where(sa.false()))
    here = sa.and_(table.c.source == rows["source"][0], frames.matching(connection, table.c.code, rows["code"]))
    return frames.select(connection, question.where(here))
