"""What is append-only is not replaced either: of what REPLACE deletes SQLite asks no guard unless it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from config.errors import StoreError
from store import audit, editions
from store.database import Store, open_store, reading, writing
from store.guards import GUARDS
from store.verifying import verify
from tests.fresh import Files
from tests.store import test_editions, test_ingest, test_surveys

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
WORDS = {guard.table: guard.words for guard in GUARDS}


@pytest.fixture
def written(files: Files, tmp_path: Path) -> Iterator[Store]:
    """A store in a file, with an entry in each of TABLES; PostgreSQL knows no REPLACE."""
    store = open_store(files.migrated(tmp_path), home=tmp_path)
    test_ingest.load(store, test_ingest.rows("A"))
    test_surveys.take(store, test_surveys.TWO)
    audit.keep(store, person="giamdoc", act="sign_in", at=NOON)
    mine = test_editions.drafted(store)
    editions.approve(store, mine, by=test_editions.DIRECTOR, at=NOON, read=test_editions.mark(store, mine))
    assert test_editions.issue(store, mine, editions.Printed(1, 2026))
    yield store
    store.engine.dispose()


TABLES = {
    "ledger": "due_at = NULL", "surveys": "score = 1", "audit": "person = 'another'", "editions": "remark = 'khác'",
    "papers": "edition_id = edition_id", "seals": "digest = 'x'", "intakes": "new = 9",
}  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_a_row_is_neither_replaced_by_another_nor_by_a_change(written: Store, table: str) -> None:
    column, value = TABLES[table].split(" = ")
    with reading(written) as connection:
        names = [each["name"] for each in sa.inspect(connection).get_columns(table)]
        before = connection.execute(sa.text(f"SELECT * FROM {table}")).all()
    assert before
    told = ", ".join(f'"{name}"' for name in names)
    other = ", ".join(value if name == column else f'"{name}"' for name in names)
    for said in (
        f"INSERT OR REPLACE INTO {table} ({told}) SELECT {other} FROM {table}",
        f"REPLACE INTO {table} ({told}) SELECT {other} FROM {table}",
        f"UPDATE OR REPLACE {table} SET {TABLES[table]}",
    ):
        with pytest.raises(StoreError, match=WORDS[table]), writing(written) as connection:
            connection.execute(sa.text(said))
    with reading(written) as connection:
        assert connection.execute(sa.text(f"SELECT * FROM {table}")).all() == before
    assert verify(written) == ()
