"""What people upload is loaded once, told with its counts, and its bytes do not stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config import mappings, notes
from jobs import uploads
from store import inbox, runs
from store.database import Store
from store.ingest import Source, begin_run
from tests.connectors.made import HEADER, PLAIN

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
ROWS = HEADER.replace("Mã hồ sơ", "Mã hồ sơ,Chủ hồ sơ") + "A,Nguyễn Văn Kín,21/11/2026,,\nB,Nguyễn Văn Kín,hôm qua,,\n"


def put(home: Path, data: str = ROWS, mapping: str = PLAIN, *, source: str = "") -> str:
    order = inbox.Upload("thang-11.csv", source, "vanhanh", NOW.isoformat())
    return inbox.put(home, order, data.encode(), mapping)


def left(home: Path) -> bytes:
    return b"".join(p.read_bytes() for p in home.rglob("*") if p.is_file())


def test_an_upload_waits_privately_is_loaded_and_leaves_its_counts_only(store: Store, tmp_path: Path) -> None:
    token = put(tmp_path)
    assert inbox.outcome(tmp_path, token) == {"state": "waiting"}
    assert (tmp_path / "inbox" / token).stat().st_mode & 0o077 == 0
    assert uploads.take(store, tmp_path, now=NOW) == 1
    told = inbox.outcome(tmp_path, token)
    assert told is not None
    assert (told["state"], told["counts"]["new"], told["counts"]["quarantined"]) == ("done", 1, 1)
    assert (told["reasons"], told["dropped"]) == ({"unreadable_date": 1}, ["Chủ hồ sơ"])
    assert "Kín".encode() not in left(tmp_path / "inbox")
    assert (uploads.take(store, tmp_path, now=NOW), inbox.waiting(tmp_path)) == (0, [])
    assert notes.read(runs.history(store)["notes"][0]) == (notes.note("uploaded_by", who="vanhanh"),)


def test_the_mapping_of_an_upload_is_known_for_the_next_file(store: Store, tmp_path: Path) -> None:
    put(tmp_path)
    uploads.take(store, tmp_path, now=NOW)
    assert [(k.source, k.text) for k in mappings.known(tmp_path)] == [("landoffice", PLAIN)]


def test_an_upload_that_cannot_be_loaded_says_why_and_does_not_stay(store: Store, tmp_path: Path) -> None:
    bad, good = put(tmp_path, mapping=PLAIN.replace("Ngày hẹn trả", "Hẹn")), put(tmp_path)
    assert uploads.take(store, tmp_path, now=NOW) == 1
    told = inbox.outcome(tmp_path, bad)
    assert told is not None
    assert (told["state"], told["found"]) == ("failed", 'there is no column "Hẹn".')
    assert inbox.outcome(tmp_path, good) != told
    assert "Kín".encode() not in left(tmp_path / "inbox")


def test_a_file_is_not_loaded_into_a_source_of_the_network(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "sources.toml"
    told.write_text('[[source]]\nname = "mot-cua"\nkind = "demo"\nurl = "http://127.0.0.1:1"\n', encoding="utf-8")
    monkeypatch.setenv("DUNGHAN_SOURCES", str(told))
    token = put(tmp_path, source="mot-cua")
    assert uploads.take(store, tmp_path, now=NOW) == 0
    outcome = inbox.outcome(tmp_path, token)
    assert outcome is not None
    assert "read over the network" in outcome["found"]


def test_an_upload_into_a_watched_folder_s_source_is_one_of_its_files(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = '[[source]]\nname = "tep"\ntitle = "Tệp"\nkind = "folder"\nmapping = "m.toml"\n[source.folder]\npath = "x"\n'
    (tmp_path / "sources.toml").write_text(text, encoding="utf-8")
    (tmp_path / "m.toml").write_text(PLAIN, encoding="utf-8")
    monkeypatch.setenv("DUNGHAN_SOURCES", str(tmp_path / "sources.toml"))
    [known] = mappings.known(tmp_path)
    put(tmp_path, mapping=known.text, source=known.source)
    uploads.take(store, tmp_path, now=NOW)
    assert runs.latest(store).select("name", "title", "kind", "dossiers").rows() == [("tep", "Tệp", "folder", 1)]


def test_an_outcome_is_forgotten_after_a_day_and_what_waits_is_not(store: Store, tmp_path: Path) -> None:
    done = put(tmp_path)
    uploads.take(store, tmp_path, now=NOW)
    waits = put(tmp_path)
    inbox.forget(tmp_path, datetime.now(UTC) + timedelta(days=2))
    assert (inbox.outcome(tmp_path, done), inbox.waiting(tmp_path)) == (None, [waits])
    assert inbox.outcome(tmp_path, "../" + waits) is None


def test_an_upload_waits_while_its_source_is_being_read(store: Store, tmp_path: Path) -> None:
    token = put(tmp_path)
    with begin_run(store, Source("landoffice", "Asia/Ho_Chi_Minh"), kind="load", origin="x", seen_at=NOW):
        assert uploads.take(store, tmp_path, now=NOW) == 0
        assert inbox.outcome(tmp_path, token) == {"state": "waiting"}
    assert uploads.take(store, tmp_path, now=NOW) == 1


def test_a_zone_that_is_not_the_source_s_fails_for_good(store: Store, tmp_path: Path) -> None:
    put(tmp_path)
    uploads.take(store, tmp_path, now=NOW)
    token = put(tmp_path, mapping='time_zone = "Europe/Amsterdam"\n' + PLAIN)
    assert (uploads.take(store, tmp_path, now=NOW), inbox.waiting(tmp_path)) == (0, [])
    told = inbox.outcome(tmp_path, token)
    assert told is not None
    assert told["state"] == "failed"
