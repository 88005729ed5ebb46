"""The ledger: every observation of every dossier, when it happened and when we saw it; never changed, never deleted."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import sqlalchemy as sa

from metrics.dossier import COLUMNS
from metrics.scope import Scope
from store import frames
from store.database import Store, reading, seeing
from store.sight import sight
from store.tables import ledger


def history(store: Store, source: str, code: str, scope: Scope) -> pl.DataFrame:
    """Give every observation of one dossier, oldest first: seq, run_id, change, seen_at, happened_at, Dossier columns.

    Empty when there is no such dossier or when ``scope`` may not see it (store.sight): the reader cannot tell which.
    """
    with seeing(store, scope) as connection:
        allowed = sight(connection, source, code, scope) is not None
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
