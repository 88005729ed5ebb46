"""What was learned after a moment: of which dossiers, and what of each, entry by entry."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from metrics.dossier import COLUMNS, COMPARED, INSTANT, KEY, STAMPS
from store import frames
from store.records import Kind
from store.tables import corrections, dossiers, ledger, records

_LETTER: Final = records.c.kind == Kind.LETTER.value
_AT_ONCE: Final = 5_000  # dossiers whose entries are read together


def keys(connection: Connection, at: datetime, *, seq: int, up_to: int) -> pl.DataFrame:
    """Give source, code of the dossiers of which something was learned after ``at`` (aware) or ledger entry ``seq``.

    Nothing beyond entry ``up_to`` is looked at. A correction or a letter that somebody recorded is something learned.
    """
    later = sa.or_(ledger.c.seen_at > at, ledger.c.seq > seq)
    seen = sa.select(*(ledger.c[k] for k in KEY)).where(later, ledger.c.seq <= up_to).distinct()
    corrected = sa.select(*(corrections.c[k] for k in KEY)).where(corrections.c.recorded_at > at).distinct()
    lettered = sa.select(*(records.c[k] for k in KEY)).where(_LETTER, records.c.recorded_at > at).distinct()
    return pl.concat([frames.select(connection, q) for q in (seen, corrected, lettered)]).unique().sort(KEY)


def months(connection: Connection, at: datetime, *, seq: int, corrected: int) -> set[str]:
    """Give the parts in which something was learned after ``at`` (aware), ledger entry ``seq`` or correction number
    ``corrected``: all others are today what they were then."""
    later = sa.or_(ledger.c.seen_at > at, ledger.c.seq > seq)
    now, before = sa.select(ledger.c.part).where(later), sa.select(ledger.c.part_before).where(later)
    mine = sa.and_(*(dossiers.c[k] == corrections.c[k] for k in KEY))
    put_right = sa.or_(corrections.c.recorded_at > at, corrections.c.seq > corrected)
    touched = now.union(before, sa.select(dossiers.c.part).join(corrections, mine).where(put_right))
    return {part for part in connection.scalars(touched) if part is not None}


def lettered(connection: Connection, at: datetime, *, seq: int) -> set[str]:
    """Give the parts in which somebody recorded a letter after ``at`` (aware) or record number ``seq``."""
    mine = sa.and_(*(dossiers.c[k] == records.c[k] for k in KEY))
    later = sa.and_(_LETTER, sa.or_(records.c.recorded_at > at, records.c.seq > seq))
    return set(connection.scalars(sa.select(dossiers.c.part).join(records, mine).where(later)))


def changes(
    connection: Connection, moved: pl.DataFrame, at: datetime, *, seq: int, up_to: int, zone: str
) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Give, for each of ``moved`` (source, code), what was learned: column, before, after, seen_at, run.

    All but ``run`` are texts, instants as in ``zone``. A dossier not known before has one change, of ``code``; a due
    date that an operator recorded is a change of ``correction``, a letter of ``letter``; both of no run.
    """
    told: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for source, mine in moved.select(KEY).partition_by("source", as_dict=True).items():
        for start in range(0, mine.height, _AT_ONCE):
            codes = mine["code"].slice(start, _AT_ONCE)
            entries = _entries(connection, str(source[0]), codes, up_to)
            corrected = _corrected(connection, str(source[0]), codes, at, zone)
            lettered = _lettered(connection, str(source[0]), codes, at)
            found = pl.concat([_turned(entries, at, seq, zone), corrected, lettered])
            named = found.sort("seen_at", maintain_order=True).with_columns(_local(pl.col("seen_at"), zone))
            for row in named.to_dicts():
                told.setdefault((row.pop("source"), row.pop("code")), []).append(row)
    return told


def _entries(connection: Connection, source: str, codes: pl.Series, up_to: int) -> pl.DataFrame:
    names = ("seq", "run_id", "seen_at", *COLUMNS)
    here = (ledger.c.source == source, frames.matching(connection, ledger.c.code, codes), ledger.c.seq <= up_to)
    return frames.select(connection, sa.select(*(ledger.c[n] for n in names)).where(*here).order_by(ledger.c.seq))


def _local(stamps: pl.Expr, zone: str) -> pl.Expr:
    """Write instants with their offset, as people on the spot read them; fractions of a second where there are any."""
    return stamps.dt.convert_time_zone(zone).dt.to_string("iso:strict").str.replace(".000000", "", literal=True)


def _turned(entries: pl.DataFrame, at: datetime, seq: int, zone: str) -> pl.DataFrame:
    """Lay every later entry beside the one before it, column by column."""
    texts = entries.with_columns(_local(pl.col(STAMPS), zone), first=_first())
    before = texts.with_columns(pl.col(COMPARED).shift().over(KEY))
    later = (pl.col("seen_at") > pl.lit(at, INSTANT)) | (pl.col("seq") > seq)
    rows = [_column(texts, before, name).filter(later, ~pl.col("first")) for name in COMPARED]
    whole = texts.filter(later, "first").select(
        "seq", *KEY, column=pl.lit("code"), before=pl.lit(None, pl.String), after=pl.col("code"),
        seen_at="seen_at", run="run_id",
    )  # fmt: skip
    changed = pl.concat(rows).filter(pl.col("before").ne_missing(pl.col("after"))).drop("first")
    return pl.concat([whole, changed]).sort("seq", maintain_order=True).drop("seq")


def _first() -> pl.Expr:
    return pl.int_range(pl.len()).over(KEY) == 0


def _column(texts: pl.DataFrame, before: pl.DataFrame, name: str) -> pl.DataFrame:
    return texts.select(
        "seq", *KEY, column=pl.lit(name), before=before[name].cast(pl.String), after=pl.col(name).cast(pl.String),
        seen_at="seen_at", run="run_id", first="first",
    )  # fmt: skip


def _corrected(connection: Connection, source: str, codes: pl.Series, at: datetime, zone: str) -> pl.DataFrame:
    """Give the due dates that operators recorded since, in the same columns; no run brought them."""
    here = (corrections.c.source == source, frames.matching(connection, corrections.c.code, codes))
    named = (*(corrections.c[k] for k in KEY), corrections.c.due_at, corrections.c.recorded_at)
    rows = frames.select(
        connection, sa.select(*named).where(*here, corrections.c.recorded_at > at).order_by(corrections.c.seq)
    )
    return rows.select(
        *KEY, column=pl.lit("correction"), before=pl.lit(None, pl.String),
        after=_local(pl.col("due_at"), zone), seen_at="recorded_at", run=pl.lit(None, pl.Int64),
    )  # fmt: skip


def _lettered(connection: Connection, source: str, codes: pl.Series, at: datetime) -> pl.DataFrame:
    """Give the letters that people recorded since, by their numbers; no run brought them."""
    here = (records.c.source == source, frames.matching(connection, records.c.code, codes), _LETTER)
    named = (*(records.c[k] for k in KEY), records.c.number, records.c.recorded_at)
    rows = frames.select(connection, sa.select(*named).where(*here, records.c.recorded_at > at).order_by(records.c.seq))
    return rows.select(
        *KEY, column=pl.lit("letter"), before=pl.lit(None, pl.String), after="number", seen_at="recorded_at",
        run=pl.lit(None, pl.Int64),
    )  # fmt: skip
