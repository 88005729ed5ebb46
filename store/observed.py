"""Observed parts: the dossiers of one month of receipt with their history, as known now or on a past evening.

Today's state is read from the table ``dossiers``, a past one from the ledger alone; both say the same of the same
moment, because ``dossiers`` holds nothing of a state that its last ledger entry does not.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from metrics.dossier import COLUMNS, INSTANT, KEY
from metrics.visits import WAY
from store import corrections, frames, recorded
from store import steps as told_steps
from store.tables import dossiers, ledger

PROMISES: Final = pl.List(pl.Struct({"due_at": INSTANT, "happened_at": INSTANT, "seen_at": INSTANT}))
PLACES: Final = pl.List(pl.Struct({"department": pl.String, "at": INSTANT}))
TURNS: Final = pl.List(pl.Struct({"status": pl.String, "at": INSTANT}))
STEPS: Final = pl.List(pl.Struct({"step": pl.String, "handler": pl.String, "at": INSTANT}))
#: When a ledger entry took effect: the source's own stamp, else when we saw it.
_AT: Final = pl.coalesce("happened_at", "seen_at")


def changed_months(connection: Connection, *, after: int) -> set[str]:
    """Give the parts that ledger entries later than ``after`` touch, by month."""
    now = sa.select(ledger.c.part).where(ledger.c.seq > after)
    moved = sa.select(ledger.c.part_before).where(ledger.c.seq > after, ledger.c.part_before.is_not(None))
    return set(connection.scalars(now.union(moved)))


def months(connection: Connection) -> list[str]:
    """Give every month that some dossier was ever in, in order."""
    return sorted(connection.scalars(sa.select(ledger.c.part).distinct()))


def first_seen(connection: Connection) -> dict[str, datetime]:
    """Give source → when the first of its dossiers was seen."""
    rows = connection.execute(sa.select(ledger.c.source, sa.func.min(ledger.c.seen_at)).group_by(ledger.c.source))
    return {source: first for source, first in rows}


def observe(connection: Connection, month: str, known_at: datetime | None = None) -> pl.DataFrame:
    """Read one part: the dossiers of a month as they stand, or stood for us at ``known_at`` (aware).

    Columns: those of metrics.dossier.Dossier (``holding_unit``: where the state names none, that of the step that runs,
    store.steps.holders), first_seen_at, seen_at, and
    ``promises`` (PROMISES: each due date when it replaced another, oldest first), ``status_since_at`` and ``places``
    (PLACES: each department, null included, when it replaced another; null where only one was seen) and ``turns``
    (TURNS: each status when it replaced another; null where only one was seen), all null for dossiers seen in one state
    only; ``steps`` (STEPS: each step and handler, as the source tells them (store.steps), else as we saw them replace
    others; null where it never named one; ``step`` and ``handler`` are the last of them where the state names none);
    ``way`` (metrics.visits.WAY: all that the source told of its steps, those told only when they were done among them);
    ``corrections`` (store.corrections) and ``letters_recorded`` (store.recorded), null where there are none. With
    ``known_at`` no entry seen later is read.
    """
    now = frames.select(connection, _now(month) if known_at is None else _then(month, known_at))
    many = now.filter(pl.col("versions") > 1).select(KEY)
    seen = _history(connection, month, known_at).join(many, on=KEY, how="semi") if many.height else None
    whole = now.drop("versions")
    by_people = (
        corrections.of_month(connection, month, known_at),
        recorded.letters_of_month(connection, month, known_at),
    )
    for told in (_folded(seen), *by_people):
        whole = whole.join(told, on=KEY, how="left", maintain_order="left")
    rows = told_steps.of_month(connection, month, known_at)
    for told in (_told_steps(rows), _way(rows), told_steps.holders(rows)):
        whole = whole.join(told, on=KEY, how="left", maintain_order="left")
    seen = whole.with_columns(pl.coalesce("steps_told", _steps()).alias("steps"))
    last = pl.col("steps").list.last().struct
    present = {name: pl.coalesce(name, last.field(name)) for name in ("step", "handler")}
    present["holding_unit"] = pl.coalesce("holding_unit", "held_by")
    return seen.with_columns(**present).drop("steps_seen", "steps_told", "held_by")


def _told_steps(rows: pl.DataFrame) -> pl.DataFrame:
    """Fold told steps (store.steps.of_month) into source, code, steps_told (STEPS); one without a beginning is none."""
    begun = rows.filter(pl.col("started_at").is_not_null())
    # A step told under its unit's old code and then under its name is one: no unit is listed here.
    begun = begun.unique([*KEY, "started_at", "step", "handler"], keep="last", maintain_order=True)
    one = pl.struct("step", "handler", at="started_at").alias("steps_told")
    return begun.group_by(KEY, maintain_order=True).agg(one).cast({"steps_told": STEPS})


def _way(rows: pl.DataFrame) -> pl.DataFrame:
    """Fold told steps (store.steps.of_month) into source, code, way (WAY), in the order of their beginnings."""
    mark = pl.coalesce("started_at", "ended_at").alias("mark")
    line = rows.with_columns(mark).sort(*KEY, "mark", "ended_at", "seq", nulls_last=True)
    one = line.unique([*KEY, "mark", "step", "handler"], keep="last", maintain_order=True)
    told = pl.struct(field.name for field in WAY.inner.fields).alias("way")  # type: ignore[union-attr]
    return one.group_by(KEY, maintain_order=True).agg(told).cast({"way": WAY})


def _now(month: str) -> sa.Select[Any]:
    told = (*(dossiers.c[c] for c in COLUMNS), dossiers.c.first_seen_at, dossiers.c.seen_at, dossiers.c.versions)
    return sa.select(*told).where(dossiers.c.part == month).order_by(dossiers.c.source, dossiers.c.code)


def _then(month: str, known_at: datetime) -> sa.Select[Any]:
    """Ask the ledger for what ``dossiers`` held: the last entry of each dossier, if it stood in ``month``."""
    known = _known(month, known_at)
    told = (*(ledger.c[c] for c in COLUMNS), known.c.first_seen_at, ledger.c.seen_at, known.c.versions)
    last = sa.select(*told).join(known, known.c.seq == ledger.c.seq).where(ledger.c.part == month)
    return last.order_by(ledger.c.source, ledger.c.code)


def _known(month: str, known_at: datetime) -> sa.Subquery:
    """Give seq (of the last entry), first_seen_at and versions of the dossiers that were ever seen in ``month``."""
    ever = sa.select(ledger.c.source, ledger.c.code).where(ledger.c.part == month, ledger.c.seen_at <= known_at)
    here = ever.distinct().subquery()
    mine = sa.and_(here.c.source == ledger.c.source, here.c.code == ledger.c.code)
    return (
        sa.select(
            *(ledger.c[k] for k in KEY),
            sa.func.max(ledger.c.seq).label("seq"),
            sa.func.min(ledger.c.seen_at).label("first_seen_at"),
            sa.type_coerce(sa.func.count(), sa.Integer).label("versions"),
        )
        .join(here, mine)
        .where(ledger.c.seen_at <= known_at)
        .group_by(ledger.c.source, ledger.c.code)
        .subquery()
    )


_FOLLOWED: Final = ("seq", *KEY, "seen_at", "happened_at", "due_at", "status", "department", "step", "handler")


def _history(connection: Connection, month: str, known_at: datetime | None) -> pl.DataFrame:
    """Give every ledger entry of the dossiers of a month that were seen more than once, oldest first."""
    question = sa.select(*(ledger.c[c] for c in _FOLLOWED))
    if known_at is None:
        many = sa.select(*(dossiers.c[k] for k in KEY)).where(dossiers.c.part == month, dossiers.c.versions > 1)
    else:
        known = _known(month, known_at)
        many = sa.select(*(known.c[k] for k in KEY)).where(known.c.versions > 1)
        question = question.where(ledger.c.seen_at <= known_at)
    these = many.subquery()
    mine = sa.and_(*(these.c[k] == ledger.c[k] for k in KEY))
    return frames.select(connection, question.join(these, mine).order_by(ledger.c.seq))


_FOLDED: Final = pl.Schema(
    [(k, pl.String()) for k in KEY]
    + [("promises", PROMISES), ("status_since_at", INSTANT), ("places", PLACES)]
    + [("turns", TURNS), ("steps_seen", STEPS)]
)


def _folded(seen: pl.DataFrame | None) -> pl.DataFrame:
    """Fold the entries of each dossier into source, code, promises, status_since_at, places and steps_seen."""
    if seen is None:
        return pl.DataFrame(schema=_FOLDED)
    # A due date that was taken away is not a new promise: the last one stands.
    dues = _turns(seen.filter(pl.col("due_at").is_not_null()), "due_at")
    lists = {
        "promises": dues.select(*KEY, pl.struct("due_at", "happened_at", "seen_at").alias("promises")),
        "places": _turns(seen, "department").select(*KEY, pl.struct("department", at=_AT).alias("places")),
        "turns": _turns(seen, "status").select(*KEY, pl.struct("status", at=_AT).alias("turns")),
        "steps_seen": _turns(seen, "step", "handler").select(
            *KEY, pl.struct("step", "handler", at=_AT).alias("steps_seen")
        ),
    }
    folded = _turns(seen, "status").group_by(KEY, maintain_order=True).agg(status_since_at=_AT.last())
    for rows in lists.values():
        folded = folded.join(rows.group_by(KEY, maintain_order=True).all(), on=KEY, how="left", maintain_order="left")
    several = {name: pl.when(pl.col(name).list.len() > 1).then(name) for name in ("places", "turns")}
    return folded.with_columns(**several).select(pl.col(name).cast(kind) for name, kind in _FOLDED.items())


def _turns(seen: pl.DataFrame, *names: str) -> pl.DataFrame:
    """Keep the first entry of each dossier and those in which one of ``names`` differs from the entry before."""
    first = pl.int_range(pl.len()).over(KEY) == 0
    other = [pl.col(n).ne_missing(pl.col(n).shift().over(KEY)) for n in names]
    return seen.filter(first | pl.any_horizontal(other))


def _steps() -> pl.Expr:
    """Give the steps seen; those of a dossier seen once stand in its own row."""
    named = pl.col("steps_seen").list.eval(pl.element().struct.field("step").is_not_null()).list.any()
    stamp = pl.coalesce("changed_at", "seen_at")
    only = pl.concat_list(pl.struct("step", "handler", at=stamp)).cast(STEPS)
    once = pl.col("steps_seen").is_null() & pl.col("step").is_not_null()
    return pl.when(named).then("steps_seen").when(once).then(only).alias("steps")


def newest(observed: pl.DataFrame) -> datetime | None:
    """Give the newest instant that the sources have said of the dossiers of one part, no later than we saw it.

    A receipt dated in the future is a typing error and does not move the day that figures are told for.
    """
    said = ("submitted_at", "received_at", "resolved_at", "returned_at", "rejected_at", "changed_at")
    tops = observed.select(pl.col(c).filter(pl.col(c) <= pl.col("seen_at")).max() for c in said)
    found: datetime | None = tops.select(pl.max_horizontal(pl.all())).item()
    return found
