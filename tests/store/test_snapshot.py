"""The derived files: made from the store alone, told apart by content, never half written."""

from __future__ import annotations

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from jobs.rebuild import rebuild
from metrics.cube import DIMENSIONS
from store import snapshot
from store.database import Store, locked, open_store
from tests.store.test_ingest import NOON, load, rows


def test_the_dimensions_kept_as_categories_are_those_of_the_cube() -> None:
    assert snapshot.GROUPED == DIMENSIONS


def test_only_the_months_that_changed_are_derived_again(store: Store) -> None:
    load(store, pl.concat([rows("A"), rows("B", received_at=NOON - timedelta(days=90))]))
    before = rebuild(store)
    load(store, rows("A", step="Thẩm định"), seen_at=NOON + timedelta(hours=1))
    after = rebuild(store)
    assert set(after.parts) == {"2026-08", "2026-10"}
    assert after.parts["2026-08"] == before.parts["2026-08"]
    assert after.parts["2026-10"] != before.parts["2026-10"]
    assert after.data_version != before.data_version


def test_nothing_new_gives_the_same_version_and_files(store: Store) -> None:
    load(store, rows("A", "B"))
    first = rebuild(store)
    load(store, rows("A", "B"), seen_at=NOON + timedelta(hours=1))
    assert rebuild(store) == first


def test_everything_derived_can_be_deleted_and_comes_back_the_same(store: Store) -> None:
    load(store, rows("A", "B", due_at=NOON))
    first = rebuild(store)
    shutil.rmtree(store.derived)
    store.derived.mkdir(parents=True)
    again = rebuild(store)
    assert (again.data_version, again.parts) == (first.data_version, first.parts)


def test_the_hour_of_the_reading_is_no_part_of_the_figures(store: Store) -> None:
    load(store, rows("A", "B", due_at=NOON))
    first = rebuild(store)
    other = open_store(f"sqlite:///{store.derived.parent / 'other.sqlite'}")
    load(other, rows("A", "B", due_at=NOON), seen_at=NOON + timedelta(hours=3))
    assert rebuild(other).data_version == first.data_version
    other.engine.dispose()


def test_a_damaged_or_older_manifest_is_made_again(store: Store) -> None:
    load(store, rows("A"))
    first = rebuild(store)
    (store.derived / "manifest.json").write_text('{"schema": 1', encoding="utf-8")
    assert snapshot.read_manifest(store) is None
    assert rebuild(store).data_version == first.data_version


def test_readers_of_the_state_before_keep_their_files_until_the_next(store: Store) -> None:
    load(store, rows("A"))
    first = rebuild(store)
    load(store, rows("A", step="Thẩm định"), seen_at=NOON + timedelta(hours=1))
    rebuild(store)
    assert snapshot.facts(store, first).collect().height == 1
    load(store, rows("A", step="Phê duyệt"), seen_at=NOON + timedelta(hours=2))
    rebuild(store)
    with pytest.raises((FileNotFoundError, OSError)):
        snapshot.facts(store, first).collect()


def test_the_newest_observation_is_never_later_than_it_was_seen(store: Store) -> None:
    typo = rows("A", received_at=datetime(2062, 1, 1, tzinfo=UTC), submitted_at=NOON - timedelta(days=3))
    load(store, typo)
    assert rebuild(store).newest_at == NOON - timedelta(days=3)


def test_a_damaged_part_is_noticed_and_made_again(store: Store) -> None:
    load(store, rows("A", "B", due_at=NOON))
    first = rebuild(store)
    for piece in ("observed", "facts", "cube", "weeks"):
        file = store.derived / getattr(first.parts["2026-10"], piece)
        content = file.read_bytes()
        file.write_bytes(content[:-20] + b"x" * 20)
        assert snapshot.damaged(store, first, content=True) == {"2026-10"}
        assert rebuild(store, verify=True).data_version == first.data_version
        assert file.read_bytes() == content
        file.unlink()
        assert rebuild(store).data_version == first.data_version
        assert file.read_bytes() == content


def test_who_asks_while_another_derives_waits_for_the_new_state(store: Store) -> None:
    load(store, rows("A"))
    with ThreadPoolExecutor() as pool:
        with locked(store, "rebuild") as free:
            assert free
            asked = pool.submit(rebuild, store)
            time.sleep(0.5)
            assert not asked.done()
        assert asked.result(timeout=30).ledger_seq == 1


def test_derived_files_of_another_ledger_are_not_believed(tmp_path: Path) -> None:
    """A database put back from a backup, or another in its place, beside the derived folder of the one before."""
    file = tmp_path / "office.sqlite"

    def opened() -> Store:
        return open_store(f"sqlite:///{file}")

    def closed(store: Store, keep: Path | None = None) -> None:
        store.engine.dispose()
        if keep:
            shutil.copy(file, keep)

    store = opened()
    load(store, rows("A"))
    before = rebuild(store)
    closed(store, keep=tmp_path / "backup")
    store = opened()
    load(store, rows("B"), seen_at=NOON + timedelta(hours=1))
    after = rebuild(store)
    closed(store)
    shutil.copy(tmp_path / "backup", file)
    store = opened()
    back = rebuild(store)
    assert (back.ledger_seq, back.parts) == (before.ledger_seq, before.parts)
    assert back.parts != after.parts
    load(store, rows("C"), seen_at=NOON + timedelta(hours=2))  # the same number of entries as before, other ones
    again = rebuild(store)
    assert again.ledger_seq == after.ledger_seq
    assert sorted(snapshot.facts(store, again).collect()["code"]) == ["A", "C"]
    closed(store)


def test_weeks_stand_beside_the_days_they_add_up(store: Store) -> None:
    load(store, pl.concat([rows("A", "B", due_at=NOON), rows("C", received_at=NOON - timedelta(days=90))]))
    state = rebuild(store)
    assert len(state.parts) == 2
    for days, added in ((snapshot.counts, snapshot.weeks), (snapshot.lengths, snapshot.weeks_taken)):
        of_days, of_weeks = (read(store, state).collect() for read in (days, added))
        assert of_weeks["n"].sum() == of_days["n"].sum()
        assert set(of_weeks.columns) <= {"week", *of_days.columns}
        assert of_weeks.schema["department"] == of_days.schema["department"] == pl.Categorical
    assert snapshot.weeks(store, state).collect().height > 0
