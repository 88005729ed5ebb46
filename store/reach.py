"""How far the ledger reaches, and what its newest entry is: two states of a store are the same when both are."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.tables import ledger


def ledger_seq(connection: Connection) -> int:
    """Give the number of the newest ledger entry, 0 in an empty store."""
    return connection.scalar(sa.select(sa.func.max(ledger.c.seq))) or 0


def ledger_mark(connection: Connection, seq: int) -> str:
    """Say what the ledger's entry ``seq`` is: another database, or one put back from a backup, says something else."""
    told = (ledger.c.source, ledger.c.code, ledger.c.seen_at, ledger.c.run_id, ledger.c.change)
    row = connection.execute(sa.select(*told).where(ledger.c.seq == seq)).first()
    return "|".join(map(str, row)) if row else ""
