"""What a batch brings: compare observations with what is stored of the same dossiers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from metrics.dossier import COLUMNS, COMPARED, INSTANT, KEY, Status
from store import file_times, frames, tables
from store.file_times import FileTime

#: What the store holds of a dossier beside what its source says.
_KEPT: Final = ("part", "versions", "seen_at", "stamped_at", "missing_since", "gone_at")


@dataclass(slots=True)
class Shown:
    """What a reading of a whole source has shown so far. ``older``: states (COLUMNS) with a stamp before that of what
    the last such reading stored; they hold where nothing newer comes in this one. ``lately``: codes of what came that
    is not older; ``behind``: codes of what is."""

    swept_at: datetime | None = None
    codes: list[pl.Series] = field(default_factory=list)
    older: list[pl.DataFrame] = field(default_factory=list)
    lately: list[pl.Series] = field(default_factory=list)
    behind: list[pl.Series] = field(default_factory=list)

    def take(self, told: Split, codes: pl.Series) -> None:
        """Add what a batch showed."""
        self.codes.append(codes)
        self.older.append(told.older)
        self.lately.append(told.lately)
        self.behind.append(told.behind)

    def put_back(self) -> pl.DataFrame:
        """Give the states (COLUMNS) to which the source was put back: of each dossier the newest that came."""
        if not self.older:
            return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
        states = pl.concat(self.older).sort("changed_at", maintain_order=True).unique("code", keep="last")
        return states.join(_codes(self.lately), on="code", how="anti").sort("code")

    def still_behind(self) -> tuple[str, ...]:
        """Give the codes that came in an older state, and in no newer one."""
        mine = _codes(self.behind).unique(maintain_order=True)
        return tuple(mine.join(_codes(self.lately), on="code", how="anti", maintain_order="left")["code"])


def _codes(found: list[pl.Series]) -> pl.DataFrame:
    return pl.concat([pl.Series(dtype=pl.String), *found]).alias("code").to_frame()


@dataclass(frozen=True, slots=True)
class Split:
    """A batch beside what is stored; ``unchanged`` and ``superseded`` count rows."""

    new: pl.DataFrame  # COLUMNS
    changed: pl.DataFrame  # COLUMNS, part_before, other_code_before, versions
    unlike: tuple[str, ...]  # columns in which some of ``changed`` differ from what is stored
    restamped: pl.DataFrame  # unchanged, but the source's stamp moved: key, stamped_at
    back: pl.DataFrame  # unchanged or superseded, but missing or gone before: key
    older: pl.DataFrame  # COLUMNS: superseded, of a state that was stored by the last sweep
    lately: pl.Series  # codes of what is not older than what is stored
    behind: pl.Series  # codes that say another thing than what is stored, with an older stamp
    twice: int  # superseded, for this sweep has shown another state of the dossier, and no stamp says which is newer
    unchanged: int
    superseded: int


def split(
    connection: Connection,
    rows: pl.DataFrame,
    now: datetime,
    shown: Shown | None = None,
    *,
    any_age: bool = False,
    file: FileTime | None = None,
    of_files: bool = False,
) -> Split:
    """Compare a batch with what is stored. An observation older than the stored one is superseded.

    A stored stamp later than ``now`` came from a clock that was ahead: it makes nothing else old. Nor does "gone",
    which no source said: whatever is shown of such a dossier is its state. In a sweep (``shown``) a dossier may come
    twice: then the second state counts only where its stamp is newer. ``any_age``: nothing is called older. ``file``:
    whose rows these are; ``of_files``: the source hands over files, and a time of a file is no stamp of a row
    (store.file_times).
    """
    stored = _stored(connection, rows)
    both = rows.join(stored, on=KEY, how="left", suffix="_stored", maintain_order="left")
    known = pl.col("versions").is_not_null()
    believed = pl.col("stamped_at") <= pl.lit(now, INSTANT)
    presumed = pl.col("status_stored") == Status.GONE.value
    older = ((pl.col("changed_at") < pl.col("stamped_at")) & believed & ~presumed).fill_null(False) & (not any_age)
    older = (older & (file_times.comparable() if of_files else pl.lit(True))) | (known & file_times.superseded(file))
    differs = pl.any_horizontal(pl.col(c).ne_missing(pl.col(f"{c}_stored")) for c in COMPARED)
    newer = pl.col("changed_at").is_not_null() & (pl.col("changed_at") > pl.col("stamped_at")).fill_null(True)
    twice = known & ~older & differs & ~newer & _again(shown)
    restamp = pl.col("changed_at").is_not_null() & pl.col("changed_at").ne_missing(pl.col("stamped_at"))
    same = both.filter(known & ~older & ~differs)
    changed = both.filter(known & ~older & differs & ~twice)
    swept = pl.lit(shown.swept_at if shown else None, INSTANT)
    return Split(
        new=both.filter(~known).select(COLUMNS),
        changed=changed.select(*COLUMNS, "versions", part_before="part", other_code_before="other_code_stored"),
        unlike=_unlike(changed),
        restamped=same.filter(restamp).select(*KEY, stamped_at="changed_at"),
        back=both.filter(known & (older | twice | ~differs) & ~file_times.superseded(file))
        .filter(pl.any_horizontal(pl.col("missing_since", "gone_at").is_not_null()))
        .select(KEY),
        older=both.filter(known & older & differs & (pl.col("seen_at") <= swept)).select(COLUMNS),
        lately=both.filter(~known | ~older)["code"],
        behind=both.filter(known & older & differs)["code"],
        twice=both.filter(twice).height,
        unchanged=same.height,
        superseded=both.filter(known & older | twice).height,
    )


def _again(shown: Shown | None) -> pl.Expr:
    """Say which dossiers this sweep has shown before."""
    return pl.col("code").is_in(_codes(shown.codes)["code"].implode()) if shown and shown.codes else pl.lit(False)


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
