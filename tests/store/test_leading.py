"""Who holds a lock is known to the database alone."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from store.database import Store, locked
from store.leading import holder


def test_whoever_holds_a_lock_is_told_apart_from_the_next_one(store: Store) -> None:
    if store.engine.dialect.name != "postgresql":
        assert holder(store, "worker") == 0
        return
    assert holder(store, "worker") is None
    with locked(store, "worker"):
        first = holder(store, "worker")
        assert first
        assert holder(store, "another") is None
    assert holder(store, "worker") is None


def test_a_session_that_the_database_ended_holds_nothing(store: Store) -> None:
    if store.engine.dialect.name != "postgresql":
        return
    with locked(store, "worker"):
        first = holder(store, "worker")
        with sa.create_engine(store.url, poolclass=NullPool).begin() as other:
            other.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": first})
        assert holder(store, "worker") is None
        with locked(store, "worker") as free:
            assert free
            assert holder(store, "worker") not in (None, first)
