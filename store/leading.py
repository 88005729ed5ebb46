"""Who holds a lock of the database: a session that is lost lets go of it, and the process behind it is not told."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from store.database import Store, lock_key, reading

_HOLDER: Final = sa.text(
    "SELECT min(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND ((classid::bigint << 32) | objid::bigint) = :key"
)


def holder(store: Store, name: str) -> int | None:
    """Give the number of the server's process that holds the lock ``name``; None where nobody does.

    0 on SQLite, whose lock is a file's and ends with the process that holds it alone. Raises StoreError.
    """
    if store.engine.dialect.name != "postgresql":
        return 0
    with reading(store) as connection:
        found: int | None = connection.scalar(_HOLDER, {"key": lock_key(name)})
    return found
