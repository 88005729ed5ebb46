"""Whether the database answers at this moment."""

from __future__ import annotations

import sqlalchemy as sa

from store.database import Store, reading


def must_answer(store: Store) -> None:
    """Ask the tables for their version; figures are files, and can be there without it. Raises StoreError."""
    with reading(store) as connection:
        connection.execute(sa.text("SELECT version_num FROM alembic_version"))
