"""The planted province as its three users see it: who owns the tables, the app, and the worker."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from store import roles
from store.database import Store, open_store, writing


@dataclass(frozen=True, slots=True)
class World:
    """One store, opened by three users; on SQLite all three are the same."""

    owner: Store
    app: Store
    worker: Store


@contextmanager
def in_roles(owner: Store, home: Path) -> Iterator[tuple[Store, Store]]:
    """Open a store as the app and as the worker: on PostgreSQL each is a login role of its own."""
    if owner.engine.dialect.name != "postgresql":
        yield open_store(owner.url, home=home), open_store(owner.url, home=home)
        return
    names = [f"{role}_{os.getpid()}_{owner.engine.url.database}" for role in ("app", "worker")]
    _say(owner, *(f"CREATE ROLE {name} LOGIN PASSWORD 'planted'" for name in names))
    roles.apply(owner, roles.Roles(*names))
    app, worker = (_as(owner, name, home) for name in names)
    try:
        yield app, worker
    finally:
        app.engine.dispose()
        worker.engine.dispose()
        _say(owner, *(f"DROP OWNED BY {name}" for name in names), *(f"DROP ROLE {name}" for name in names))


def _as(owner: Store, name: str, home: Path) -> Store:
    url = owner.engine.url.set(username=name, password="planted")
    return open_store(url.render_as_string(hide_password=False), home=home)


def _say(store: Store, *statements: str) -> None:
    with writing(store) as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
