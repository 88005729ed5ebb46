"""A file is as new as its own time of change: what comes late adds, and takes nothing back."""

from __future__ import annotations

import os
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa

from config.errors import MappingError
from connectors import folder
from connectors.base import Reading
from connectors.folder_cursor import Loaded
from jobs.sync import sync_source
from store import runs, tables
from store.database import Store, reading, writing
from tests.connectors.made import HEADER, PLAIN
from tests.connectors.watched import SEEN, notes, put, reports, source, state_of, sync

DAY = 86_400
WHOLE = "complete = true\n"
OLDER = (
    "{} is older than a file that was loaded before: only what no newer file told was taken from it, and nothing is "
    "missing because of it."
)


@pytest.fixture
def inbox(inbox: Path) -> Path:
    (inbox.parent / "m.toml").write_text(PLAIN, encoding="utf-8")
    return inbox


def rows(**due: int) -> str:
    """Give a table: each dossier with the day of November on which it is due."""
    return HEADER + "".join(f"{code},10/11/2026,{day}/11/2026,\n" for code, day in due.items())


def due(store: Store) -> dict[str, int]:
    with reading(store) as connection:
        found = connection.execute(sa.select(tables.dossiers.c.code, tables.dossiers.c.due_at))
        return {code: (at + timedelta(hours=7)).day for code, at in found}


def ledger(store: Store) -> list[tuple[str, str]]:
    with reading(store) as connection:
        told = sa.select(tables.ledger.c.code, tables.ledger.c.change).order_by(tables.ledger.c.seq)
        return [(code, change) for code, change in connection.execute(told)]


def test_an_older_file_adds_what_is_new_and_rewrites_nothing(store: Store, inbox: Path) -> None:
    put(inbox, "tue.csv", rows(A=30))
    sync(store, inbox)
    put(inbox, "mon.csv", rows(A=20, B=21), age=DAY)
    counts = sync(store, inbox, days=1)
    assert (counts.new, counts.changed, counts.merged) == (1, 0, 1)
    assert due(store) == {"A": 30, "B": 21}
    assert ledger(store) == [("A", "new"), ("B", "new")]
    assert notes(store) == [OLDER.format("mon.csv")]
    assert reports(inbox)[0]["notes"][-1] == {"code": "older_file", "values": {"file": "mon.csv"}}


def test_a_dossier_that_no_newer_file_names_is_told_by_the_older_one(store: Store, inbox: Path) -> None:
    """Units put their own files into one folder: that of one is newer, that of the other still tells."""
    put(inbox, "so-mon.csv", rows(A=20, C=20), age=3 * DAY)
    put(inbox, "xa-wed.csv", rows(B=25, C=20), age=DAY)
    sync(store, inbox)
    put(inbox, "so-tue.csv", rows(A=21, C=27), age=2 * DAY)
    counts = sync(store, inbox, days=1)
    assert (counts.changed, counts.merged) == (1, 1), "C stood in Wednesday's file, unchanged since Monday"
    assert due(store) == {"A": 21, "B": 25, "C": 20}


def test_the_next_file_is_newer_again(store: Store, inbox: Path) -> None:
    for name, day, age in (("tue", 30, 1), ("mon", 20, 2), ("wed", 28, 0)):
        put(inbox, f"{name}.csv", rows(A=day), age=age * DAY)
        sync(store, inbox, days=5 - age)
    assert due(store) == {"A": 28}
    assert notes(store) == []


def test_an_older_whole_list_calls_nothing_missing_and_nothing_back(store: Store, inbox: Path) -> None:
    put(inbox, "0.csv", rows(A=20, B=20, OLD=20), age=5 * DAY)
    sync(store, inbox, more=WHOLE)
    for n in (1, 2):  # OLD is gone
        put(inbox, f"{n}.csv", rows(A=20, B=20, NEW=20 + n), age=-n)
        sync(store, inbox, more=WHOLE, days=n)
    for n in (3, 4):
        put(inbox, f"{n}.csv", rows(A=20 + n, OLD=20), age=n * DAY)
        sync(store, inbox, more=WHOLE, days=n)
    assert state_of(store, "OLD") == "gone"
    assert [state_of(store, code) for code in ("A", "B", "NEW")] == ["processing"] * 3
    assert ledger(store)[-1] == ("OLD", "gone")
    with reading(store) as connection:
        missing = sa.select(tables.dossiers.c.code).where(tables.dossiers.c.missing_since.is_not(None))
        assert connection.execute(missing).scalars().all() == ["OLD"]


def test_a_file_that_waited_for_its_mapping_is_no_newer_than_when_it_was_written(store: Store, inbox: Path) -> None:
    put(inbox, "mon.csv", rows(A=20, B=21).replace("Ngày kết thúc", "Xong"), age=DAY)
    with pytest.raises(MappingError):
        sync(store, inbox)
    put(inbox, "tue.csv", rows(A=30))
    sync(store, inbox, days=1)
    (inbox.parent / "m.toml").write_text(PLAIN.replace('resolved_at = "Ngày kết thúc"\n', ""), encoding="utf-8")
    counts = sync(store, inbox, days=2)
    assert (counts.new, counts.merged) == (1, 1)
    assert due(store) == {"A": 30, "B": 21}


def test_files_that_wait_are_loaded_the_oldest_first_with_the_others(store: Store, inbox: Path) -> None:
    for name, day, age in (("wed.csv", 28, 0), ("mon.csv", 20, 2), ("sun.csv", 19, 3)):
        put(inbox, name, rows(A=day).replace("Ngày kết thúc", "Xong"), age=age * DAY)
    with pytest.raises(Exception, match="3 files could not be loaded"):
        sync(store, inbox)
    (inbox.parent / "m.toml").write_text(PLAIN.replace("Ngày kết thúc", "Xong"), encoding="utf-8")
    put(inbox, "tue.csv", rows(A=24).replace("Ngày kết thúc", "Xong"), age=DAY)
    counts = sync(store, inbox, days=1)
    assert (counts.new, counts.changed, counts.merged) == (1, 3, 0)
    assert due(store) == {"A": 28}


STAMPED = PLAIN + 'changed_at = "Cập nhật"\n'


def stamped(code: str, day: int, changed: str) -> str:
    return f"{HEADER.strip()},Cập nhật\n{code},10/11/2026,{day}/11/2026,,{changed}\n"


def test_rows_with_a_stamp_of_their_own_go_by_it_whatever_the_age_of_their_file(store: Store, inbox: Path) -> None:
    (inbox.parent / "m.toml").write_text(STAMPED, encoding="utf-8")
    put(inbox, "tue.csv", stamped("A", 20, "12/11/2023"))
    sync(store, inbox)
    put(inbox, "mon.csv", stamped("A", 25, "13/11/2023"), age=DAY)
    assert sync(store, inbox, days=1).changed == 1
    put(inbox, "wed.csv", stamped("A", 27, "11/11/2023"), age=-DAY)
    assert sync(store, inbox, days=2).merged == 1
    assert due(store) == {"A": 25}


def test_a_stamp_that_a_file_begins_to_tell_is_not_held_against_the_time_of_a_file(store: Store, inbox: Path) -> None:
    put(inbox, "tue.csv", rows(A=20))  # changed on 14/11/2023
    sync(store, inbox)
    (inbox.parent / "m.toml").write_text(STAMPED, encoding="utf-8")
    put(inbox, "wed.csv", stamped("A", 25, "12/11/2023"), age=-DAY)
    assert sync(store, inbox, days=1).changed == 1


def test_what_was_loaded_by_hand_or_in_former_days_stands_against_an_older_file(store: Store, inbox: Path) -> None:
    put(inbox, "tue.csv", rows(A=30))
    sync(store, inbox)
    with writing(store) as connection:  # as a store of former days has it: no time of a file, neither there nor here
        connection.execute(sa.update(tables.dossiers).values(stamped_at=None))
        keys = Loaded.read(str(runs.latest(store)["cursor"][0])).keys
        connection.execute(sa.update(tables.sources).values(cursor=" ".join(keys)))
    put(inbox, "mon.csv", rows(A=20, B=21), age=DAY)
    assert sync(store, inbox, days=1).merged == 1
    assert due(store) == {"A": 30, "B": 21}


def test_a_file_from_a_clock_that_was_ahead_makes_no_later_file_old(store: Store, inbox: Path) -> None:
    ahead = int(SEEN.timestamp()) + 9 * DAY
    for n, at in enumerate((ahead, int(SEEN.timestamp()) + DAY // 2)):
        path = put(inbox, f"{n}.csv", rows(A=20 + n))
        os.utime(path, (at, at))
        sync(store, inbox, days=n)
    assert due(store) == {"A": 21}


def test_a_crash_after_the_store_and_the_same_file_again_tell_nothing_more(store: Store, inbox: Path) -> None:
    path = put(inbox, "a.csv", rows(A=20))
    cursor = next(iter(folder.pull(source(inbox), Reading(SEEN)))).cursor
    assert cursor is not None
    assert cursor.startswith("@1700000000000000000 ")
    assert [b.good.height for b in folder.pull(source(inbox), Reading(SEEN, cursor))] == []
    assert not path.exists()


def test_of_two_files_in_one_archive_the_newer_one_counts(store: Store, inbox: Path) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a-moi.csv", (2026, 11, 24, 17, 0, 0)), rows(A=30))
        archive.writestr(zipfile.ZipInfo("b-cu.csv", (2026, 11, 23, 17, 0, 0)), rows(A=20, B=21))
    put(inbox, "goi.zip", packed.getvalue())
    counts = sync_source(store, source(inbox), seen_at=SEEN)
    assert (counts.new, counts.merged) == (2, 1)
    assert due(store) == {"A": 30, "B": 21}
