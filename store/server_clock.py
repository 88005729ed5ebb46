"""What time it is for the database: everybody who writes to a store should mean the same."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from store.database import Store, reading


def told(store: Store) -> datetime | None:
    """Give the database's own time; None on SQLite, which has no clock but ours. Raises StoreError."""
    if store.engine.dialect.name != "postgresql":
        return None
    with reading(store) as connection:
        there = connection.scalar(sa.select(sa.func.clock_timestamp()))
    return there.astimezone(UTC) if isinstance(there, datetime) else None
