"""What is wrong with a store is found and named: one thing broken by hand in each test."""

from __future__ import annotations

import time

import polars as pl
import pytest
import sqlalchemy as sa

from metrics.dossier import COLUMNS, INSTANT, NUMBERS, PLAIN, STAMPS
from metrics.scope import Scope
from store import reconciliations, steps, tables
from store.database import Store, reading, writing
from store.guards import GUARDS
from store.ingest import Source, begin_run
from store.seals import Body
from store.verifying import examine, verify
from tests.backup.conftest import NOW

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
    assert any("is gone or switched off" in f for f in found)


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
    found = verify(filled)
    assert len(found) == (1 if filled.engine.dialect.name == "postgresql" else 2)
    assert all(f.startswith("ledger: its trigger ledger_no_") and "is gone or switched off" in f for f in found)


@both
def test_every_table_that_has_such_triggers_is_looked_at(store: Store) -> None:
    asked = {
        "sqlite": "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON tgrelid = pg_class.oid "
        "WHERE NOT tgisinternal",
    }
    with reading(store) as connection:
        there = set(connection.scalars(sa.text(asked[connection.dialect.name])))
    assert there == {guard.table for guard in GUARDS}


@both
def test_a_trigger_that_lets_everything_through_is_named(filled: Store) -> None:
    with writing(filled) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(
                "CREATE OR REPLACE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN IF false THEN RAISE EXCEPTION 'the ledger is append-only'; END IF; RETURN NULL; END $$"
            )
        else:
            connection.exec_driver_sql("DROP TRIGGER ledger_no_update")
            connection.exec_driver_sql(
                "CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger WHEN 1=0 "
                "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
            )
    found = verify(filled)
    assert "ledger: its trigger ledger_no_" in found[0]
    assert "is not as Đúng Hạn writes it" in found[0]


@both
def test_a_trigger_of_somebody_else_is_named(filled: Store) -> None:
    with writing(filled) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(
                "CREATE FUNCTION theirs() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.due_at := NULL; "
                "RETURN NEW; END $$"
            )
            connection.exec_driver_sql(
                "CREATE TRIGGER theirs BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION theirs()"
            )
        else:
            connection.exec_driver_sql(
                "CREATE TRIGGER theirs AFTER INSERT ON ledger BEGIN UPDATE dossiers SET due_at = NULL; END"
            )
    (found,) = verify(filled)
    assert found.startswith("ledger: it has a trigger theirs that is not of Đúng Hạn")


#: Run 1 wrote the entries 1 to 5 (H-0 to H-4), run 2 entry 6 (H-0 again).
TAMPERED = {
    "changed": ("UPDATE ledger SET due_at = NULL WHERE seq = 1", {1}, "they are not the same any more"),
    "a word put where none was": ("UPDATE ledger SET step = '' WHERE seq = 1", {1}, "not the same any more"),
    "gone": ("DELETE FROM ledger WHERE seq = 1", {1}, "ledger: 5 entries were sealed, and 4 stand there"),
    "changed places": (
        "UPDATE ledger SET seq = CASE seq WHEN 1 THEN -2 ELSE -1 END WHERE seq IN (1, 2);"
        "UPDATE ledger SET seq = -seq WHERE seq < 0",
        {1},
        "not the same any more",
    ),
    "of another run": ("UPDATE ledger SET run_id = 2 WHERE seq = 1", {1}, "not the same any more"),
    "added": (
        "INSERT INTO ledger (seq, run_id, change, seen_at, part, source, code, status) SELECT -seq, run_id, change, "
        "seen_at, part, source, code, status FROM ledger WHERE seq = 6",
        {1},
        "ledger: 5 entries were sealed, and 6 stand there",
    ),
}


@both
@pytest.mark.parametrize("how", TAMPERED)
def test_whoever_puts_the_triggers_back_after_a_change_is_found_all_the_same(filled: Store, how: str) -> None:
    change, runs_named, said = TAMPERED[how]
    behind_our_back(filled, "ledger", change)
    found = [f for f in verify(filled) if "sealed" in f]
    assert {int(f.split()[1]) for f in found} == runs_named
    assert all(f.startswith("run 1 of vendor: ") for f in found)
    assert said in found[0]
    assert "Compare with a backup" in found[0]
    assert not [f for f in verify(filled) if "trigger" in f]


def behind_our_back(store: Store, table: str, change: str) -> None:
    """Switch the triggers of a table off, change it, and put them back as they were."""
    with writing(store) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_change")
            for statement in change.split(";"):
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER {table}_no_change")
            return
        told = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
        there = connection.execute(told, {"table": table}).all()
        for name, _ in there:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in change.split(";"):
            connection.exec_driver_sql(statement)
        for _, text in there:
            connection.exec_driver_sql(text)


@both
def test_an_entry_put_at_the_end_is_of_no_seal(filled: Store) -> None:
    with writing(filled) as connection:
        connection.exec_driver_sql(
            "INSERT INTO ledger (seq, run_id, change, seen_at, part, source, code, status) "
            "SELECT 99, run_id, 'gone', seen_at, part, source, code, status FROM ledger WHERE seq = 6"
        )
    assert any(f.startswith("ledger: 1 entries at its end are of no seal") for f in verify(filled))


@both
def test_a_seal_that_was_changed_or_taken_away_is_found_by_the_next_one(filled: Store) -> None:
    behind_our_back(filled, "seals", "UPDATE seals SET digest = 'x' WHERE seq = 1")
    assert [f.split(":")[0] for f in verify(filled)] == ["run 1 of vendor", "run 2 of vendor"]
    behind_our_back(filled, "seals", "DELETE FROM seals WHERE seq = 1")
    assert [f.split(":")[0] for f in verify(filled)] == ["run 2 of vendor"]


@both
def test_causes_and_steps_are_sealed_as_the_ledger_is(filled: Store) -> None:
    step = pl.DataFrame({"code": ["H-0"], "step": ["Thẩm định"]}).match_to_schema(steps.STEPS, missing_columns="insert")
    with begin_run(filled, Source("vendor", "Asia/Ho_Chi_Minh"), kind="sync", origin="x", seen_at=NOW) as run:
        run.batch(pl.DataFrame(schema=PLAIN), told_steps=step)
    judged = reconciliations.Judged("vendor", "cong", "H-2", None)
    for note in ("một", "hai"):
        reconciliations.record(filled, judged, Scope.province(), cause="N01", note=note, by="thu", at=NOW)
    told = examine(filled)
    assert told.wrong == ()
    assert (told.counts["step entries under seals"], told.counts["reconciliation entries under seals"]) == (1, 2)
    behind_our_back(filled, "reconciliations", "UPDATE reconciliations SET note = 'ba' WHERE note = 'hai'")
    behind_our_back(filled, "steps", "UPDATE steps SET ended_at = seen_at")
    assert [f.split(" entries were")[0] for f in verify(filled)] == [
        "run 3 of vendor: steps: 1", "outside of runs: reconciliations: 1",
    ]  # fmt: skip


def test_a_seal_is_the_same_however_its_entries_are_read() -> None:
    entries = pl.DataFrame(
        {
            "source": ["một", "một", "một"],
            "code": ["A\x1f", "", "B"],
            "step": [None, "", None],
            "due_at": [None, None, NOW],
            "fee": [None, 0, None],
        },
        schema_overrides={"due_at": INSTANT},
    )
    whole = Body(tables.ledger).take(entries).digest("")
    assert Body(tables.ledger).take(entries[:1]).take(entries[1:]).digest("") == whole
    assert Body(tables.ledger).take(entries.with_columns(note=pl.lit("of no table"))).digest("") == whole
    for other in (entries[::-1], entries[:2], entries.with_columns(step=None), entries.with_columns(code="source")):
        assert Body(tables.ledger).take(other).digest("") != whole
    moved = entries.with_columns(code=pl.Series(["A", "\x1f", "B"]))
    assert Body(tables.ledger).take(moved).digest("") != whole, "where one word ends and the next begins counts"
    assert Body(tables.ledger).take(entries).digest("another before") != whole
    # As version 0006 wrote it: whoever changes how a digest is worked out calls every old store tampered with.
    assert whole == "523efa9ba89b8d2e966bb347af09be6ded4ee3423bcdfd80e3ac84e81b9be894"


def test_a_seal_costs_little_beside_the_batch_it_seals(filled: Store) -> None:
    """A generous bound, against a loop over rows; benchmarks measure."""
    n = 10_000
    entries = pl.DataFrame({c: [f"{c} of a dossier"] * n for c in COLUMNS if c not in STAMPS and c not in NUMBERS})
    began = time.perf_counter()
    Body(tables.ledger).take(entries.with_columns(due_at=pl.lit(NOW, INSTANT))).digest("")
    assert time.perf_counter() - began < 0.5


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


def test_every_table_is_backed_up_but_sessions_and_failed_sign_ins(store: Store) -> None:
    from store.backup import KEPT

    with reading(store) as connection:
        there = set(sa.inspect(connection).get_table_names()) - {"alembic_version", "sqlite_sequence"}
    assert there - {t.name for t in KEPT} == {tables.sessions.name, tables.failures.name}
