"""A store of the version before knows its people as it did; taken back, it lets nobody in who was shut out."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from store import passwords, people, tables
from store.database import open_store
from tests.identity.conftest import BOTH, NOW, PASSWORD
from tests.store.test_upgrade import migrated

COLUMNS = ("name", "title", "role", "departments", "password_hash")


@pytest.mark.parametrize("engine_kind", BOTH)
def test_people_stay_as_they_were_and_come_back_without_those_who_were_shut_out(empty_url: str) -> None:
    engine = sa.create_engine(empty_url)
    migrated(engine, "0008")
    with engine.begin() as connection:
        row = dict(zip(COLUMNS, ("giamdoc", "Giám đốc", "director", None, passwords.hashed(PASSWORD)), strict=True))
        connection.execute(sa.insert(tables.people).values(row))
        session = {"token_sha256": "x", "person": "giamdoc", "opened_at": NOW, "expires_at": NOW}
        connection.execute(sa.insert(tables.sessions).values(session))
    store = open_store(empty_url)
    assert people.check(store, "giamdoc", PASSWORD) == people.Person("giamdoc", "Giám đốc", "director", None)
    people.add(store, "soxd", PASSWORD, role="operator", title="Vận hành")
    people.disable(store, "soxd", by="giamdoc", at=NOW)
    people.add(store, "moi", PASSWORD, role="operator", title="Vận hành", must_change=True, by="giamdoc", at=NOW)
    migrated(engine, "0008", down=True)
    with engine.connect() as connection:
        assert connection.scalars(sa.select(tables.people.c.name)).all() == ["giamdoc"]
        assert not sa.inspect(connection).has_table("failures")
        assert {c["name"] for c in sa.inspect(connection).get_columns("people")} == set(COLUMNS)
    store.engine.dispose()
    engine.dispose()
