"""What is wrong with a store is found and named: one thing broken by hand in each test."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from store import tables
from store.database import Store, reading, writing
from store.verifying import APPEND_ONLY, verify

BOTH = ["sqlite", "postgresql"]
#: Where the two engines are asked differently; the rest runs on the engine that the whole run is for.
both = pytest.mark.parametrize("engine_kind", BOTH)


@both
def test_a_store_as_syncs_leave_it_has_nothing_wrong(filled: Store) -> None:
    assert verify(filled) == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE dossiers SET status = 'paused' WHERE code = 'H-2'", ["1 dossiers are not as the ledger's last entry"]),
        ("UPDATE dossiers SET due_at = NULL WHERE code = 'H-0'", ["1 dossiers are not as the ledger's last entry has"]),
        ("UPDATE dossiers SET versions = 9 WHERE code = 'H-0'", ["1 dossiers are not as the ledger's last entry has"]),
        ("DELETE FROM dossiers WHERE code = 'H-3'", ["1 dossiers of the ledger are gone: vendor H-3."]),
        (
            "INSERT INTO dossiers (source, code, status, part, versions, first_seen_at, seen_at) VALUES "
            "('vendor', 'H-8', 'paused', '2026-11', 1, '2026-11-20 03:00:00.000000', '2026-11-20 03:00:00.000000')",
            ["1 dossiers have no entry in the ledger: vendor H-8."],
        ),
        ("UPDATE runs SET merged = 3 WHERE id = 1", ["run 1: 6 rows were read, and 9 are accounted for."]),
        (
            "UPDATE runs SET new = 4, merged = 1 WHERE id = 1",
            ["run 1: it counted 4 new dossiers, and the ledger has 5 such entries of it."],
        ),
    ],
)
def test_what_was_changed_behind_our_back_is_named(filled: Store, change: str, said: list[str]) -> None:
    with writing(filled) as connection:
        connection.exec_driver_sql(change)
    found = verify(filled)
    assert len(found) == len(said)
    assert all(f.startswith(s) for f, s in zip(found, said, strict=True)), found


@pytest.mark.parametrize("seq", [1, 6])
def test_an_entry_taken_out_of_the_ledger_leaves_a_gap_that_nothing_explains(filled: Store, seq: int) -> None:
    without_triggers(filled, f"DELETE FROM ledger WHERE seq = {seq}")
    found = verify(filled)
    assert any("are not as the ledger's last entry" in f or "have no entry" in f for f in found)
    assert any("such entries of it" in f for f in found)
    assert any("triggers are gone" in f for f in found)


@both
def test_an_entry_changed_in_the_ledger_is_found(filled: Store) -> None:
    without_triggers(filled, "UPDATE ledger SET due_at = NULL WHERE code = 'H-2'")
    assert any("are not as the ledger's last entry has them: vendor H-2" in f for f in verify(filled))


def without_triggers(store: Store, change: str) -> None:
    with writing(store) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ALTER TABLE ledger DISABLE TRIGGER ledger_no_change")
        else:
            connection.exec_driver_sql("DROP TRIGGER ledger_no_update")
            connection.exec_driver_sql("DROP TRIGGER ledger_no_delete")
        connection.exec_driver_sql(change)


@both
def test_a_trigger_that_is_gone_is_named_with_its_table(filled: Store) -> None:
    without_triggers(filled, "SELECT 1")
    assert verify(filled) == ("ledger: nothing refuses DELETE and UPDATE; triggers are gone or switched off.",)


@both
def test_every_table_that_has_such_triggers_is_looked_at(store: Store) -> None:
    asked = {
        "sqlite": "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON tgrelid = pg_class.oid "
        "WHERE NOT tgisinternal",
    }
    with reading(store) as connection:
        there = set(connection.scalars(sa.text(asked[connection.dialect.name])))
    assert there == {t.name for t in APPEND_ONLY}


@both
def test_a_row_that_names_a_run_that_is_not_there_is_found(filled: Store) -> None:
    with writing(filled) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ALTER TABLE quarantine DROP CONSTRAINT quarantine_run_id_fkey")
            connection.exec_driver_sql("UPDATE quarantine SET run_id = 99")
    if filled.engine.dialect.name == "sqlite":
        with filled.engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("PRAGMA foreign_keys = OFF")
            raw.execute("UPDATE quarantine SET run_id = 99")
            raw.execute("PRAGMA foreign_keys = ON")
    assert verify(filled) == ("quarantine: 1 rows name a run_id that is not in runs.",)


def test_every_table_is_backed_up_but_the_sessions(store: Store) -> None:
    from store.backup import KEPT

    with reading(store) as connection:
        there = set(sa.inspect(connection).get_table_names()) - {"alembic_version", "sqlite_sequence"}
    assert there - {t.name for t in KEPT} == {tables.sessions.name}
