"""The ledger: every observation of every dossier, when it happened and when we saw it; never changed, never deleted."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import sqlalchemy as sa

from config import units
from metrics.dossier import COLUMNS
from metrics.scope import Scope
from store import frames
from store.database import Store, reading
from store.tables import dossiers, ledger


def history(store: Store, source: str, code: str, scope: Scope) -> pl.DataFrame:
    """Give every observation of one dossier, oldest first: seq, run_id, change, seen_at, happened_at, Dossier columns.

    Empty when there is no such dossier or when its department is out of ``scope``: the reader cannot tell which.
    """
    with reading(store) as connection:
        mine = frames.select(
            connection, sa.select(dossiers.c.department).where(dossiers.c.source == source, dossiers.c.code == code)
        )
        names = units.load()
        today = mine.with_columns(department=pl.Series([names.today(n) for n in mine["department"]], dtype=pl.String))
        allowed = not today.filter(scope.expr()).is_empty()  # a reader's units are named as they are today
        question = sa.select(
            ledger.c.seq,
            ledger.c.run_id,
            ledger.c.change,
            ledger.c.seen_at,
            ledger.c.happened_at,
            *(ledger.c[c] for c in COLUMNS),
        ).where(ledger.c.source == source, ledger.c.code == code if allowed else sa.false())
        return frames.select(connection, question.order_by(ledger.c.seq))


def as_known_at(store: Store, moment: datetime) -> pl.DataFrame:
    """Give all dossiers as the store knew them at ``moment`` (aware): columns of metrics.dossier.Dossier."""
    last = (
        sa.select(sa.func.max(ledger.c.seq)).where(ledger.c.seen_at <= moment).group_by(ledger.c.source, ledger.c.code)
    )
    with reading(store) as connection:
        question = sa.select(*(ledger.c[c] for c in COLUMNS)).where(ledger.c.seq.in_(last))
        return frames.select(connection, question.order_by(ledger.c.source, ledger.c.code))
