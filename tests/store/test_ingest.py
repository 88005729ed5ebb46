"""One transaction per batch: nothing lost, nothing twice, nothing silent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from config.errors import StoreError
from metrics.dossier import COLUMNS, PLAIN, REJECTS
from metrics.scope import Scope
from store import ledger, runs, snapshot, tables
from store.database import HEAD, Store, locked, open_store, reading, writing
from store.ingest import Counts, Source, begin_run

HCM = Source("mot-cua", "Asia/Ho_Chi_Minh")
NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
ALL = Scope.province()


def rows(*codes: str, **told: Any) -> pl.DataFrame:
    base: dict[str, Any] = dict.fromkeys(COLUMNS) | {
        "source": HCM.name, "status": "processing", "department": "Sở Xây dựng",
        "received_at": NOON - timedelta(days=30),
    }  # fmt: skip
    return pl.DataFrame([base | {"code": code} | told for code in codes], schema=PLAIN)


def rejects(*places: str) -> pl.DataFrame:
    line = {"code": None, "reasons": ["unknown_status"], "found": "status “x”"}
    return pl.DataFrame([line | {"place": p, "raw": f'{{"n":"{p}"}}'} for p in places], schema=REJECTS)


def load(store: Store, frame: pl.DataFrame, *, seen_at: datetime = NOON, **told: Any) -> Counts:
    with begin_run(store, HCM, kind="load", origin="a.csv", seen_at=seen_at) as run:
        return run.batch(frame, **told)


def test_every_row_read_is_accounted_for(store: Store) -> None:
    counts = load(store, rows("A", "B"), rejects=rejects("dòng 4", "dòng 5"), merged=3)
    assert counts == Counts(new=2, merged=3, quarantined=2)
    assert counts.read == 7
    assert runs.history(store).select("state", "read", "new", "merged", "quarantined").row(0) == ("ok", 7, 2, 3, 2)


def test_the_same_rows_again_change_nothing(store: Store) -> None:
    load(store, rows("A", "B"), rejects=rejects("dòng 4"))
    again = load(store, rows("A", "B"), rejects=rejects("dòng 4"), seen_at=NOON + timedelta(hours=1))
    assert again == Counts(unchanged=2, quarantined=1)
    with reading(store) as connection:
        assert snapshot.ledger_seq(connection) == 2
    kept = runs.quarantined(store, Scope.province())
    assert kept.select("place", "reasons").to_dicts() == [{"place": "dòng 4", "reasons": ["unknown_status"]}]
    assert kept["last_seen_at"][0] - kept["seen_at"][0] == timedelta(hours=1)


def test_a_change_keeps_the_observation_before_it(store: Store) -> None:
    first, second = NOON + timedelta(days=1), NOON + timedelta(days=9)
    load(store, rows("A", due_at=first))
    assert load(store, rows("A", due_at=second), seen_at=NOON + timedelta(hours=2)) == Counts(changed=1)
    seen = ledger.history(store, HCM.name, "A", ALL)
    assert seen.select("change", "due_at").rows() == [("new", first), ("changed", second)]
    assert ledger.as_known_at(store, NOON + timedelta(hours=1))["due_at"].to_list() == [first]
    assert ledger.as_known_at(store, NOON + timedelta(hours=2))["due_at"].to_list() == [second]


def test_an_older_observation_does_not_overwrite_a_newer_one(store: Store) -> None:
    load(store, rows("A", step="Phê duyệt", changed_at=NOON))
    late = load(store, rows("A", step="Thẩm định", changed_at=NOON - timedelta(days=1)))
    assert late == Counts(merged=1)
    assert ledger.history(store, HCM.name, "A", ALL)["step"].to_list() == ["Phê duyệt"]


def test_a_newer_stamp_on_an_unchanged_state_still_orders_what_comes_after(store: Store) -> None:
    load(store, rows("A", step="Thẩm định", changed_at=NOON))
    assert load(store, rows("A", step="Thẩm định", changed_at=NOON + timedelta(days=2))) == Counts(unchanged=1)
    later = NOON + timedelta(days=3)
    between = load(store, rows("A", step="Phê duyệt", changed_at=NOON + timedelta(days=1)), seen_at=later)
    assert between == Counts(merged=1)


def test_what_breaks_within_a_batch_stores_nothing_of_it(store: Store) -> None:
    load(store, rows("A"))
    twice = pl.concat([rows("B"), rows("B")])
    with (
        pytest.raises(ValueError, match="one row per code"),
        begin_run(store, HCM, kind="load", origin="b.csv", seen_at=NOON) as run,
    ):
        run.batch(rows("C"), cursor="c1")
        run.batch(twice, cursor="c2")
    assert runs.history(store).select("state", "read", "new", "cursor").row(0) == ("failed", 1, 1, "c1")
    assert runs.latest(store)["cursor"].to_list() == ["c1"]
    assert runs.latest(store)["dossiers"].to_list() == [2]


def test_the_ledger_refuses_to_be_rewritten(store: Store) -> None:
    load(store, rows("A"))
    for statement in (sa.update(tables.ledger).values(code="B"), sa.delete(tables.ledger)):
        with pytest.raises(StoreError, match="append-only"), writing(store) as connection:
            connection.execute(statement)


def test_two_runs_of_one_source_at_once_are_refused(store: Store) -> None:
    with (
        begin_run(store, HCM, kind="sync", origin="x", seen_at=NOON),
        pytest.raises(StoreError, match="under way"),
        begin_run(store, HCM, kind="sync", origin="x", seen_at=NOON),
    ):
        pass
    with begin_run(store, Source("khac", "Asia/Ho_Chi_Minh"), kind="sync", origin="y", seen_at=NOON) as other:
        assert other.last_cursor is None


def test_a_run_whose_process_was_killed_is_called_failed_by_the_next(store: Store) -> None:
    load(store, rows("A"))
    with writing(store) as connection:
        connection.execute(sa.update(tables.runs).values(state="running", finished_at=None))
    load(store, rows("B"))
    assert runs.history(store)["state"].to_list() == ["ok", "failed"]


def test_the_time_zone_of_a_source_cannot_change_behind_its_rows(store: Store) -> None:
    load(store, rows("A"))
    moved = Source(HCM.name, "Europe/Amsterdam")
    with (
        pytest.raises(StoreError, match="Asia/Ho_Chi_Minh"),
        begin_run(store, moved, kind="load", origin="a.csv", seen_at=NOON),
    ):
        pass


def test_a_dossier_of_another_department_is_as_if_it_did_not_exist(store: Store) -> None:
    load(store, rows("A"))
    assert ledger.history(store, HCM.name, "A", Scope.of("Sở Y tế")).is_empty()
    assert ledger.history(store, HCM.name, "A", Scope.of("Sở Xây dựng")).height == 1


def test_a_part_is_a_month_of_receipt_and_a_moved_receipt_touches_both(store: Store) -> None:
    load(store, rows("A"))
    with reading(store) as connection:
        seq = snapshot.ledger_seq(connection)
    load(store, rows("A", received_at=NOON - timedelta(days=60)))
    with reading(store) as connection:
        assert snapshot.changed_months(connection, after=seq) == {"2026-10", "2026-09"}
        assert snapshot.observe(connection, "2026-10").is_empty()
        assert snapshot.observe(connection, "2026-09")["code"].to_list() == ["A"]


def test_promises_are_listed_in_the_order_they_were_seen(store: Store) -> None:
    days = [NOON + timedelta(days=n) for n in (5, 9)]
    load(store, rows("A", due_at=days[0]))
    load(store, rows("A", due_at=None), seen_at=NOON + timedelta(hours=1))
    load(store, rows("A", due_at=days[1]), seen_at=NOON + timedelta(hours=2))
    with reading(store) as connection:
        seen = snapshot.observe(connection, "2026-10")["promises"].to_list()[0]
    assert [p["due_at"] for p in seen] == days
    assert [p["seen_at"] for p in seen] == [NOON, NOON + timedelta(hours=2)]


def test_tables_and_migrations_say_the_same(store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        lacking = [d for d in compare_metadata(context, tables.metadata) if not _unasked(d, store)]
        assert lacking == []
        assert context.get_current_revision() == HEAD


def _unasked(difference: tuple[Any, ...], store: Store) -> bool:
    """Tell a foreign key that this database is not to ask for."""
    if difference[0] != "add_fk":
        return False
    told = tables.metadata.tables[difference[1].table.name].c[difference[1].column_keys[0]].foreign_keys
    return {key.info.get("unasked_on") for key in told} == {store.engine.dialect.name}


def test_opening_again_keeps_what_is_there(store: Store) -> None:
    load(store, rows("A"))
    again = open_store(store.url, home=store.derived.parent)
    assert runs.latest(again)["dossiers"].to_list() == [1]
    again.engine.dispose()


def test_a_refused_row_waits_no_longer_when_its_dossier_is_read_well(store: Store) -> None:
    bad = rejects("dòng 4", "dòng 5").with_columns(code=pl.Series(["A", "B"]))
    load(store, rows("C"), rejects=bad)
    load(store, rows("A", "C"), rejects=bad.tail(1), seen_at=NOON + timedelta(hours=1))
    assert runs.quarantined(store, Scope.province())["code"].to_list() == ["B"]


def test_a_row_without_a_code_waits_until_its_file_is_read_without_refusing_it(store: Store) -> None:
    def read(sha: str, hours: int, refused: pl.DataFrame | None, sheet: str = "a") -> int:
        seen = NOON + timedelta(hours=hours)
        with begin_run(store, HCM, kind="load", origin=sheet, origin_sha256=sha, seen_at=seen) as run:
            run.batch(rows("C"), refused)
        return runs.quarantined(store, Scope.province()).height

    assert [read("1", 0, rejects("dòng 4")), read("2", 1, None), read("1", 2, rejects("dòng 4"))] == [1, 1, 1]
    assert read("1", 3, None, sheet="b") == 1
    assert read("1", 4, None) == 0


def test_a_mended_row_waits_no_longer_and_is_never_thrown_away(store: Store) -> None:
    refused = rejects("dòng 4").with_columns(code=pl.lit("A"))
    load(store, rows("B"), rejects=refused)
    load(store, rows("A"), seen_at=NOON + timedelta(hours=1))
    assert runs.quarantined(store, Scope.province()).is_empty()
    assert runs.latest(store)["refused"].to_list() == [0]
    with reading(store) as connection:
        kept = connection.execute(sa.select(tables.quarantine.c.code, tables.quarantine.c.mended_at)).all()
    assert [tuple(row) for row in kept] == [("A", NOON + timedelta(hours=1))]
    load(store, rows("B"), rejects=refused, seen_at=NOON + timedelta(hours=2))
    assert runs.quarantined(store, Scope.province())["code"].to_list() == ["A"]  # refused again: it waits again


def test_a_stamp_from_a_clock_that_was_ahead_makes_no_later_state_old(store: Store) -> None:
    load(store, rows("A", status="processing", changed_at=NOON + timedelta(days=1)))
    done = load(
        store,
        rows("A", status="supplement", changed_at=NOON + timedelta(hours=2)),
        seen_at=NOON + timedelta(hours=3),
    )
    assert done == Counts(changed=1)
    late = load(store, rows("A", changed_at=NOON + timedelta(hours=1)), seen_at=NOON + timedelta(hours=4))
    assert late == Counts(merged=1)


def test_questions_of_one_reading_see_one_state(store: Store) -> None:
    load(store, rows("A"))
    with reading(store) as connection:
        before = snapshot.ledger_seq(connection)
        load(store, rows("B"))
        assert snapshot.ledger_seq(connection) == before


def test_a_lock_whose_session_was_lost_is_let_go_without_a_second_error(store: Store) -> None:
    if store.engine.dialect.name != "postgresql":
        return
    ours = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
    with locked(store, "worker") as free:
        assert free
        with writing(store) as connection:
            connection.execute(sa.text(ours))
    with locked(store, "worker") as free:
        assert free


def test_a_store_that_went_away_is_said_in_words(store: Store) -> None:
    if store.engine.dialect.name != "postgresql":
        return
    gone = Store(store.url, sa.create_engine("postgresql+psycopg://nobody@127.0.0.1:9/none"), store.derived)
    for use in (lambda: runs.latest(gone), lambda: load(gone, rows("A"))):
        with pytest.raises(StoreError, match="Check that the database runs"):
            use()
    with pytest.raises(StoreError, match="Check that the database runs"), locked(gone, "worker"):
        pass
