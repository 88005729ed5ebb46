"""Any batch replayed, repeated or cut off gives the same tables."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from config.errors import SourceError
from config.sources import Source
from connectors.base import Reading
from connectors.national_portal import pull
from connectors.simulator.days import wall_seconds
from connectors.simulator.province import Province
from connectors.simulator.server import Desk
from connectors.simulator.state import changed_between, dossiers
from jobs.sync import load_payload, sync_source
from metrics.dossier import COLUMNS
from store import frames, tables
from store.database import Store, open_store, reading, writing
from tests.demo.conftest import NOW, Clock


def table(store: Store) -> pl.DataFrame:
    with reading(store) as connection:
        return frames.select(connection, sa.select(*(tables.dossiers.c[c] for c in COLUMNS)).order_by("code"))


def ledger_rows(store: Store) -> int:
    with reading(store) as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(tables.ledger)) or 0)


def test_a_second_run_finds_nothing_new(store: Store, demo: tuple[Desk, Source]) -> None:
    first = sync_source(store, demo[1], seen_at=NOW)
    before, rows = table(store), ledger_rows(store)
    again = sync_source(store, demo[1], seen_at=NOW + timedelta(minutes=1))
    assert first.new > 3000
    assert (again.new, again.changed) == (0, 0)
    assert table(store).equals(before)
    assert ledger_rows(store) == rows


def test_reading_everything_again_changes_nothing(store: Store, demo: tuple[Desk, Source]) -> None:
    first = sync_source(store, demo[1], seen_at=NOW)
    with writing(store) as connection:
        connection.execute(sa.update(tables.sources).values(cursor=None))
    again = sync_source(store, demo[1], seen_at=NOW + timedelta(minutes=1))
    assert (again.read, again.new, again.changed) == (first.read, 0, 0)


def test_a_payload_loaded_from_a_file_twice_changes_nothing(store: Store, province: Province, tmp_path: Path) -> None:
    second = wall_seconds(NOW)
    file = tmp_path / "payload.json"
    rows = dossiers(changed_between(province, second - 30 * 86_400, second), second)
    file.write_text(f'{{"service":"DongBoHoSoMC","data":{rows.write_json()}}}', encoding="utf-8")
    first = load_payload(store, file, "export", seen_at=NOW)
    again = load_payload(store, file, "export", seen_at=NOW + timedelta(hours=1))
    assert (first.read, first.new + first.quarantined) == (rows.height, rows.height)
    assert (again.new, again.changed, again.unchanged) == (0, 0, first.new)


def test_rows_that_come_on_two_pages_are_counted_and_stored_once(store: Store, demo: tuple[Desk, Source]) -> None:
    counts = sync_source(store, demo[1], seen_at=NOW)
    pages = -(-(counts.read - counts.unchanged - counts.merged) // 500)
    assert counts.unchanged + counts.merged == 3 * (pages - 1)
    assert table(store).height == counts.new


@pytest.mark.parametrize("after", [1, 3, 5])
def test_cut_off_anywhere_and_continued_gives_the_same_tables(
    store: Store, demo: tuple[Desk, Source], tmp_path: object, after: int
) -> None:
    desk, source = demo
    straight = open_store(f"sqlite:///{tmp_path}/straight.sqlite")
    sync_source(straight, source, seen_at=NOW)

    desk.faults.extend(["", *[""] * after, *["cut"] * 4])
    with pytest.raises(SourceError, match="broke off"):
        sync_source(store, source, seen_at=NOW)
    sync_source(store, source, seen_at=NOW)

    assert table(store).equals(table(straight))
    assert ledger_rows(store) == ledger_rows(straight)
    straight.engine.dispose()


def test_pulled_in_many_small_steps_or_at_once_the_state_is_the_same(
    store: Store, demo: tuple[Desk, Source], clock: Clock, tmp_path: object
) -> None:
    desk, source = demo
    for hours in (0, 1, 2, 5, 26, 27):
        clock.now = NOW + timedelta(hours=hours)
        sync_source(store, source, seen_at=clock.now)
    once = open_store(f"sqlite:///{tmp_path}/once.sqlite")
    sync_source(once, source, seen_at=clock.now)
    assert table(store).equals(table(once))
    assert ledger_rows(store) > ledger_rows(once), "every state that was seen is in the ledger"
    once.engine.dispose()


def test_the_cursor_goes_back_by_the_overlap(demo: tuple[Desk, Source], clock: Clock) -> None:
    _, source = demo
    *_, last = pull(source, Reading(NOW))
    rows = {}
    for minutes in (0, 2, 90, 1440):
        again = source.model_copy(update={"overlap_minutes": minutes})
        rows[minutes] = next(iter(pull(again, Reading(NOW, last.cursor)))).n_expected
    assert rows[0] <= rows[2] < rows[90] < rows[1440], "what changed inside the overlap comes again"
