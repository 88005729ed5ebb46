"""A watched folder: what is taken when, what becomes of it, and what is never left lying there."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from config.errors import DunghanError, MappingError, SourceError
from connectors import folder, put_aside
from connectors.base import Reading
from jobs.sync import sync_source
from store import runs
from store.database import Store
from tests.connectors.made import HEADER, PLAIN
from tests.connectors.watched import NAMED, PEOPLE, ROWS, SEEN, left, notes, put, reports, source, state_of, sync, told


def test_a_file_is_loaded_once_reported_and_put_aside_without_its_people(store: Store, inbox: Path) -> None:
    put(inbox, "thang-11.csv", NAMED + ROWS)
    counts = sync(store, inbox)
    assert (counts.new, counts.quarantined) == (1, 1)
    assert left(inbox) == []
    [report] = reports(inbox)
    assert report["rows"] == {"read": 2, "dossiers": 1, "merged": 0, "quarantined": 1, "skipped": 0}
    assert report["refused_rows"] == [["thang-11.csv, row 3", ["unreadable_date"]]]
    assert report["personal_columns"] == ["Chủ hồ sơ", "Số máy"]
    assert not any(word.encode() in told(inbox) for word in PEOPLE)
    [words] = [p.read_text(encoding="utf-8") for p in inbox.glob("done/2026-11/thang-11.csv.*.txt")]
    assert "ghi chú: bảng mã utf-8" in words
    assert "dòng đọc: 2, hồ sơ: 1, gộp: 0, cách ly: 1, bỏ qua: 0" in words


def test_what_is_kept_of_a_file_can_be_read_again_through_the_same_mapping(store: Store, inbox: Path) -> None:
    put(inbox, "thang-11.csv", NAMED + ROWS)
    sync(store, inbox)
    [kept] = inbox.glob("done/*/*.parquet")
    assert pl.read_parquet(kept).columns == ["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc", "Số máy"]
    put(inbox, "lai.parquet", kept.read_bytes())
    assert sync(store, inbox, days=1).unchanged == 1


def test_the_report_alone_is_kept_where_that_is_wished(store: Store, inbox: Path) -> None:
    put(inbox, "thang-11.csv", NAMED + ROWS)
    sync(store, inbox, more='keep = "report"\n')
    assert [p.suffix for p in sorted(inbox.glob("done/*/*"))] == [".json", ".txt"]


def test_the_oldest_file_is_loaded_first_so_that_the_newest_state_stands(store: Store, inbox: Path) -> None:
    put(inbox, "a-moi.csv", HEADER + "A,21/11/2026,25/11/2026,24/11/2026\n")
    put(inbox, "b-cu.csv.gz", gzip.compress((HEADER + "A,21/11/2026,25/11/2026,\n").encode()), age=3600)
    (inbox.parent / "m.toml").write_text(PLAIN, encoding="utf-8")
    counts = sync(store, inbox)
    assert (counts.new, counts.changed) == (1, 1)
    assert [r["file"] for r in reports(inbox)] == ["a-moi.csv", "b-cu.csv.gz"]


def test_the_same_file_twice_is_said_and_changes_nothing_even_when_it_is_old(store: Store, inbox: Path) -> None:
    (inbox.parent / "m.toml").write_text(PLAIN, encoding="utf-8")
    old, new = HEADER + "A,21/11/2026,25/11/2026,\n", HEADER + "A,21/11/2026,25/11/2026,24/11/2026\n"
    put(inbox, "cu.csv", old)
    sync(store, inbox)
    put(inbox, "moi.csv", new)
    sync(store, inbox, days=1)
    put(inbox, "gui lai.csv", old)
    assert sync(store, inbox, days=2).read == 0
    assert notes(store) == ["gui lai.csv was loaded before: nothing was loaded twice."]
    assert left(inbox) == []
    assert [r.get("sent_again") for r in reports(inbox)] == [
        [{"name": "gui lai.csv", "at": "2026-11-24T10:00:00+07:00"}],
        None,
    ]


def test_a_content_that_comes_again_newer_than_what_came_since_is_the_newest_word(store: Store, inbox: Path) -> None:
    """A is open, then closed, then opened again: the third file has the bytes of the first."""
    (inbox.parent / "m.toml").write_text(PLAIN, encoding="utf-8")
    opened, closed = HEADER + "A,21/11/2026,25/11/2026,\n", HEADER + "A,21/11/2026,25/11/2026,24/11/2026\n"
    for days, text in enumerate((opened, closed, opened)):
        put(inbox, "hom nay.csv", text, age=-days)
        counts = sync(store, inbox, days=days)
        assert (counts.read, counts.new + counts.changed) == (1, 1)
    assert notes(store) == [
        "hom nay.csv: its content was loaded before; it is newer now, and others were loaded since: it was read again."
    ]
    assert state_of(store, "A") == "processing"
    put(inbox, "lan nua.csv", opened, age=-9)
    assert sync(store, inbox, days=3).read == 0, "twice with nothing between says nothing new"
    assert left(inbox) == []


def test_after_a_crash_between_store_and_report_nothing_is_loaded_twice(
    store: Store, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(inbox, "thang-11.csv", NAMED + ROWS)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as crash:
        crash.setattr(folder, "_finish", dies)
        with pytest.raises(KeyboardInterrupt):
            sync(store, inbox)
    assert left(inbox) == ["thang-11.csv"]
    assert sync(store, inbox, days=1).read == 0
    assert left(inbox) == []
    assert reports(inbox)[0]["rows"]["dossiers"] == 1


def test_a_full_disk_at_the_report_is_said_and_mended_by_the_next_run(
    store: Store, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(inbox, "thang-11.csv", NAMED + ROWS)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(put_aside, "_whole", full)
        with pytest.raises(SourceError, match="No space left"):
            sync(store, inbox)
    assert sync(store, inbox, days=1).read == 0
    assert (left(inbox), len(reports(inbox))) == ([], 1)


def test_a_file_that_nobody_can_map_is_told_in_three_sentences_and_the_others_go_on(store: Store, inbox: Path) -> None:
    (inbox.parent / "m.toml").write_text(PLAIN, encoding="utf-8")
    put(inbox, "a.csv", HEADER.replace("Ngày hẹn trả", "Ngày hẹn tra") + "A,Nguyễn Văn Kín,0912345678,\n", age=9)
    put(inbox, "b.csv", HEADER + "B,21/11/2026,25/11/2026,\n")
    with pytest.raises(MappingError, match='no column "Ngày hẹn trả". Did you mean "Ngày hẹn tra"'):
        sync(store, inbox)
    assert left(inbox) == []
    assert [r["file"] for r in reports(inbox)] == ["b.csv"]
    [failed] = reports(inbox, "failed")
    assert set(failed["error"]) == {"place", "found", "next_step"}
    [words] = [p.read_text(encoding="utf-8") for p in inbox.glob("failed/*/a.csv.*.txt")]
    assert "Lỗi: Không thấy cột mà ánh xạ cần\nLàm gì: So lại tên cột" in words
    assert 'không có cột "Ngày hẹn trả". "Ngày hẹn tra"' in words, "the detail is there, for who mends the mapping"
    assert not any(word.encode() in told(inbox) for word in PEOPLE)
    [held] = (inbox / "held").iterdir()
    assert held.name.endswith(".a.csv")
    assert (inbox / "held").stat().st_mode & 0o077 == 0


def test_a_held_file_is_loaded_as_soon_as_its_mapping_is_mended_and_not_before(store: Store, inbox: Path) -> None:
    put(inbox, "a.csv", HEADER.replace("Ngày hẹn trả", "Hẹn") + "A,21/11/2026,25/11/2026,\n")
    (inbox.parent / "m.toml").write_text(PLAIN, encoding="utf-8")
    with pytest.raises(MappingError):
        sync(store, inbox)
    assert sync(store, inbox, days=1).read == 0
    assert notes(store) == ["1 files wait in held/ (a.csv): mend the mapping, or take them away."]
    (inbox.parent / "m.toml").write_text(PLAIN.replace("Ngày hẹn trả", "Hẹn"), encoding="utf-8")
    assert sync(store, inbox, days=2).new == 1
    assert list((inbox / "held").iterdir()) == []


def test_a_held_file_goes_when_its_days_are_over(store: Store, inbox: Path) -> None:
    put(inbox, "a.pdf", b"%PDF Nguy\xe1\xbb\x85n")
    with pytest.raises(SourceError, match="not a table"):
        sync(store, inbox)
    now = source(inbox)
    late = datetime.now(UTC) + timedelta(days=91)  # noqa: DTZ005 - the folder goes by the disk's own clock
    assert sync_source(store, now, seen_at=late).read == 0
    assert notes(store) == ["a.pdf waited in held/ for 90 days and was deleted."]
    assert list((inbox / "held").iterdir()) == []


def test_a_file_that_grows_between_two_looks_is_left_for_the_next_run(
    store: Store, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(inbox, "thang-11.csv", HEADER + "A,21/11/2026,,\n")
    put(inbox, "dang-gui.csv.part", HEADER)
    (inbox.parent / "m.toml").write_text(PLAIN, encoding="utf-8")
    with monkeypatch.context() as clock:
        clock.setattr(time, "sleep", lambda _: put(inbox, "thang-11.csv", path.read_bytes() + b"B,22/11/2026,,\n"))
        assert sync(store, inbox).read == 0
    assert notes(store) == ["thang-11.csv: still being written; the next run looks again."]
    assert sync(store, inbox, days=1).new == 2
    assert left(inbox) == ["dang-gui.csv.part"]


def test_what_is_written_on_while_it_is_loaded_stays_and_is_loaded_again(store: Store, inbox: Path) -> None:
    path = put(inbox, "thang-11.csv", HEADER + "A,21/11/2026,,\n")
    (inbox.parent / "m.toml").write_text(PLAIN, encoding="utf-8")
    batches: Iterator[Any] = folder.pull(source(inbox), Reading(SEEN))
    assert next(batches).good.height == 1
    put(inbox, "thang-11.csv", path.read_bytes() + b"B,22/11/2026,,\n")
    assert list(batches) == []
    assert left(inbox) == ["thang-11.csv"]


def test_each_pattern_has_its_mapping_and_what_fits_none_is_named(store: Store, inbox: Path) -> None:
    (inbox.parent / "m.toml").write_text(PLAIN, encoding="utf-8")
    (inbox.parent / "khac.toml").write_text(PLAIN.replace("Mã hồ sơ", "Số"), encoding="utf-8")
    put(inbox, "Đất-11.CSV", HEADER.replace("Mã hồ sơ", "Số") + "D,21/11/2026,,\n")
    put(inbox, "a.csv", HEADER + "A,21/11/2026,,\n")
    put(inbox, "doc.txt", "…")
    more = 'pattern = "*.csv"\n[[source.folder.files]]\npattern = "đất-*"\nmapping = "khac.toml"\n'
    assert sync(store, inbox, more=more).new == 2
    assert (left(inbox), notes(store)) == (
        ["doc.txt"],
        ["doc.txt: no pattern of [source.folder] fits, so nobody reads it."],
    )


def test_what_two_whole_lists_do_not_name_is_gone(store: Store, inbox: Path) -> None:
    (inbox.parent / "m.toml").write_text(PLAIN, encoding="utf-8")
    put(inbox, "1.csv", HEADER + "A,21/11/2026,,\nB,21/11/2026,,\n")
    sync(store, inbox, more="complete = true\n")
    for day in (2, 3):
        put(inbox, f"{day}.csv", HEADER + f"A,21/11/2026,2{day}/11/2026,\n")
        sync(store, inbox, days=day)
    with store.engine.connect() as connection:
        states = sorted(tuple(row) for row in connection.exec_driver_sql("SELECT code, status FROM dossiers"))
    assert dict(states) == {"A": "processing", "B": "gone"}


def test_a_folder_that_is_not_there_and_a_mapping_that_cannot_be_read_touch_nothing(store: Store, inbox: Path) -> None:
    put(inbox, "a.csv", HEADER + "A,21/11/2026,,\n")
    (inbox.parent / "m.toml").write_text("source = ", encoding="utf-8")
    with pytest.raises(DunghanError, match="is not TOML"):
        sync(store, inbox)
    assert left(inbox) == ["a.csv"]
    inbox.rename(inbox.with_name("weg"))
    with pytest.raises(SourceError, match="no folder"):
        sync(store, inbox)


def test_an_empty_file_and_a_person_in_a_file_name_are_told_without_the_person(store: Store, inbox: Path) -> None:
    put(inbox, "hồ sơ Nguyễn Văn Kín.csv", b"\n\n")
    with pytest.raises(SourceError, match="is empty"):
        sync(store, inbox)
    assert "Kín".encode() not in told(inbox)
    assert "Kín" not in str(runs.history(store).to_dicts())
