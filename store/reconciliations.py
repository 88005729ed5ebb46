"""Causes that people recorded beside dossiers of a reconciliation. Never changed, never deleted; the last one holds.

Who may: whoever may record beside dossiers (store.records.RECORDERS), each for the dossiers in sight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config import causes
from config.errors import StoreError, nearest
from metrics.scope import Scope
from store import audit, frames, seals
from store.database import Store, see, seeing, writing
from store.ingest import in_turn
from store.records import RECORDERS
from store.sight import in_sight
from store.tables import people, reconciliations

LONGEST_NOTE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Judged:
    """A dossier of a reconciliation: the two sources, its code there, and the class it was in when it was judged."""

    source_a: str
    source_b: str
    code: str
    overdue: str | None  # metrics.reconcile.Overdue; None: neither calls it overdue


def record(store: Store, dossier: Judged, scope: Scope, *, cause: str, note: str = "", by: str, at: datetime) -> None:
    """Keep the cause of one dossier within ``scope``, recorded by ``by`` at ``at`` (aware).

    The audit log says so too. Raises ConfigError for an unknown cause, or one that needs a note; StoreError when nobody
    is named, the store knows people and ``by`` is none of them or may not record, the note is too long, or ``scope``
    may not see the dossier.
    """
    known = causes.chosen(cause, note)
    told = note.strip()
    if len(told) > LONGEST_NOTE:
        found = f"the note has {len(told)} characters, more than {LONGEST_NOTE}."
        raise StoreError(f"dossier {dossier.code}", found, "Shorten it.")
    row = {
        "source_a": dossier.source_a, "source_b": dossier.source_b, "code": dossier.code, "class": dossier.overdue,
        "cause": known.code, "note": told or None, "recorded_by": by.strip(), "recorded_at": at,
    }  # fmt: skip
    with writing(store) as connection:
        see(connection, scope)
        _in_sight(connection, dossier, scope)
        _somebody(
            by.strip(), {name: role for name, role in connection.execute(sa.select(people.c.name, people.c.role))}
        )
        in_turn(connection)
        connection.execute(sa.insert(reconciliations).values(row))
        seals.keep(connection, reconciliations, pl.DataFrame([row], infer_schema_length=None), None)
        what = f"{dossier.source_a} {dossier.source_b} {dossier.code}"
        audit.keep_in(connection, person=by.strip(), act="record", at=at, what=what, detail=f"reconcile {known.code}")


def _somebody(by: str, known: Mapping[str, str]) -> None:
    """Refuse nobody, a stranger, and whoever may not record; ``known``: the roles of people by name."""
    if not by:
        raise StoreError("--recorded-by", "nobody is named.", "Name who records the cause.")
    if known and by not in known:
        found = f"nobody of that name signs in here.{nearest(by, known)}"
        raise StoreError(f"--recorded-by {by}", found, "Give the name as it is typed at sign-in (dunghan person list).")
    if known and known[by] not in RECORDERS:
        found = f"{by} may not record anything ({known[by]})."
        raise StoreError(f"--recorded-by {by}", found, "Ask the head of the department, or the operator.")


def _in_sight(connection: Connection, dossier: Judged, scope: Scope) -> None:
    """Refuse a dossier that neither source shows to ``scope``."""
    sources = (dossier.source_a, dossier.source_b)
    if not any(in_sight(connection, each, dossier.code, scope) for each in sources):
        raise StoreError(f"dossier {dossier.code}", "neither source has it.", "Check code and sources.")


def recorded(
    store: Store, scope: Scope, source_a: str, source_b: str, known_at: datetime | None = None
) -> pl.DataFrame:
    """Give code, class, cause, note, recorded_by, recorded_at of two sources, the last of each code, by code.

    Where the database itself does not part the scopes (store.database.see) it is of every unit's dossiers: nobody is
    shown it but beside rows of the own scope. With ``known_at`` nothing recorded later is read. What was recorded of B
    against A is not A against B.
    """
    table = reconciliations
    mine = sa.and_(table.c.source_a == source_a, table.c.source_b == source_b)
    if known_at is not None:
        mine = sa.and_(mine, table.c.recorded_at <= known_at)
    last = sa.select(sa.func.max(table.c.seq)).where(mine).group_by(table.c.code)
    told = (table.c.code, table.c["class"], table.c.cause, table.c.note, table.c.recorded_by, table.c.recorded_at)
    with seeing(store, scope) as connection:
        return frames.select(connection, sa.select(*told).where(table.c.seq.in_(last)).order_by(table.c.code))
