"""A store of an older version comes up to date with its data in it; one of a newer version is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from config.errors import StoreError
from jobs.rebuild import rebuild
from metrics.terms import Terms
from store import ledger, runs, snapshot, tables
from store.database import HEAD, Store, open_store, reading, writing
from store.ingest import Counts
from store.verifying import examine
from tests.store.test_ingest import ALL, HCM, NOON, load, rows

STAMP, LATER = NOON - timedelta(days=2), NOON - timedelta(days=1)
SEEN: dict[str, Any] = {
    "source": HCM.name, "code": "A", "status": "processing", "department": "Sở Xây dựng",
    "received_at": NOON - timedelta(days=30), "changed_at": STAMP, "part": "2026-10",
}  # fmt: skip


def migrated(engine: sa.Engine, to: str, *, down: bool = False) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(tables.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, to)


@pytest.fixture
def old(empty_url: str) -> Iterator[sa.Engine]:
    """A store as the first version left it: one dossier, whose stamp moved on once without a change."""
    engine = sa.create_engine(empty_url)
    migrated(engine, "0001")
    with engine.begin() as connection:
        connection.execute(
            sa.insert(tables.sources).values(name=HCM.name, title="Một cửa", kind="file", time_zone=HCM.time_zone)
        )
        run = {"source": HCM.name, "kind": "load", "origin": "a.csv", "state": "ok", "started_at": NOON}
        connection.execute(sa.insert(tables.runs).values(run))
        entry = SEEN | {"run_id": 1, "change": "new", "seen_at": NOON, "happened_at": STAMP}
        connection.execute(sa.insert(tables.ledger).values(entry))
        now = SEEN | {"changed_at": LATER, "versions": 1, "first_seen_at": NOON, "seen_at": NOON}
        connection.execute(sa.insert(tables.dossiers).values(now))
    yield engine
    engine.dispose()


def test_a_store_of_the_first_version_comes_up_with_its_dossiers(old: sa.Engine, empty_url: str) -> None:
    store = open_store(empty_url)
    assert ledger.history(store, HCM.name, "A", ALL)["code"].to_list() == ["A"]
    with reading(store) as connection:
        assert snapshot.terms(connection) == {HCM.name: Terms(zone=HCM.time_zone)}
        stamps = connection.execute(sa.select(tables.dossiers.c.changed_at, tables.dossiers.c.stamped_at)).one()
    assert tuple(stamps) == (STAMP, LATER)
    assert set(rebuild(store).parts) == {"2026-10"}
    late = load(store, rows("A", step="Thẩm định", changed_at=STAMP + timedelta(hours=1)), seen_at=NOON)
    assert late == Counts(merged=1)  # older than the stamp that came without a change
    assert load(store, rows("B")) == Counts(new=1)
    assert runs.latest(store)["dossiers"].to_list() == [2]
    store.engine.dispose()


def test_the_ledger_is_still_append_only_after_the_upgrade(old: sa.Engine, empty_url: str) -> None:
    store = open_store(empty_url)
    with pytest.raises(StoreError, match="append-only"), writing(store) as connection:
        connection.execute(sa.delete(tables.ledger))
    store.engine.dispose()


def test_the_upgrade_can_be_taken_back(store: Store) -> None:
    load(store, rows("A", changed_at=STAMP))
    load(store, rows("A", changed_at=LATER))
    migrated(store.engine, "0001", down=True)
    with store.engine.connect() as connection:
        assert connection.scalar(sa.select(tables.dossiers.c.changed_at)) == LATER
        assert not sa.inspect(connection).has_table("rulebooks")


def test_a_store_of_a_newer_version_is_refused_and_left_as_it_is(store: Store) -> None:
    load(store, rows("A"))
    with writing(store) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError) as refused:
        open_store(store.url, home=store.derived.parent)
    assert f"version 9999, and this Đúng Hạn knows none beyond {HEAD}" in refused.value.found
    assert "upgrade this one" in refused.value.next_step
    with store.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == "9999"
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.dossiers)) == 1


def test_the_newest_step_of_the_schema_is_the_one_we_ask_for() -> None:
    steps = (Path(tables.__file__).parent / "migrations" / "versions").glob("v*.py")
    assert max(step.name[1:5] for step in steps) == HEAD


def test_rules_are_kept_as_they_were_read_and_once(store: Store) -> None:
    from store import rulebooks

    noon = datetime(2026, 11, 20, 5, tzinfo=UTC)
    assert rulebooks.keep(store, "a1", {"calendar": {date(2026, 2, 17): ("Tết",)}}, used_at=noon)
    assert not rulebooks.keep(store, "a1", {"calendar": {}}, used_at=noon + timedelta(days=1))
    assert rulebooks.keep(store, "b2", {}, used_at=noon + timedelta(days=2))
    kept = rulebooks.history(store)
    assert kept.select("version", "first_used_at").rows() == [("b2", noon + timedelta(days=2)), ("a1", noon)]
    assert kept["told"][1] == '{"calendar": {"2026-02-17": ["Tết"]}}'
    names = [rulebooks.in_use(store, noon + timedelta(days=n)) for n in (-1, 0, 1, 2)]
    assert names == [None, "a1", "a1", "b2"]


def test_entries_of_a_time_before_seals_are_counted_and_said_and_later_ones_sealed(
    old: sa.Engine, empty_url: str
) -> None:
    store = open_store(empty_url)
    load(store, rows("B"))
    told = examine(store)
    assert not [f for f in told.wrong if "ledger:" in f]
    before = told.counts["ledger entries written before seals were kept (counted only)"]
    assert (before, told.counts["ledger entries under seals"]) == (1, 1)
    with writing(store) as connection:
        values = SEEN | {"seq": 0, "code": "C", "run_id": 1, "change": "new", "seen_at": NOON}
        connection.execute(sa.insert(tables.ledger).values(values))
    assert (
        "outside of runs: ledger: 1 entries were written before seals were kept, and 2 stand there."
        in examine(store).wrong[0]
    )
    store.engine.dispose()


def test_what_was_sealed_before_a_column_came_still_holds(store: Store) -> None:
    load(store, rows("A"))
    migrated(store.engine, "0009", down=True)
    migrated(store.engine, HEAD)
    assert examine(store).wrong == ()
    load(store, rows("A", holding_unit="Sở Tư pháp"), seen_at=NOON + timedelta(hours=1))
    told = examine(store)
    assert told.wrong == ()
    assert told.counts["ledger entries under seals"] == 2
