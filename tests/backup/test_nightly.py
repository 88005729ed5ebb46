"""The backup of the night: sound, and only then the oldest go."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from config.errors import StoreError
from jobs import outgoing
from jobs.nightly import back_up, made
from store import signs, tables
from store.database import Store, open_store, writing
from tests.backup.conftest import NOW, fill
from tests.databases.vendor import Vendor


@pytest.fixture
def sqlite(vendor: Vendor, tmp_path: Path) -> Store:
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    fill(store, vendor)
    return store


def test_the_newest_are_kept_and_nothing_of_anybody_else_is_touched(sqlite: Store, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "dunghan-before-the-merger.zip").write_text("…")
    nights = [back_up(sqlite, folder, keep=2, at=NOW + timedelta(days=day)) for day in range(4)]
    assert [night.found.wrong for night in nights] == [()] * 4
    assert [len(night.removed) for night in nights] == [0, 0, 1, 1]
    assert made(folder) == [nights[2].file, nights[3].file]
    assert (folder / "dunghan-before-the-merger.zip").exists()
    assert {file.stat().st_mode & 0o777 for file in made(folder)} == {0o600}
    assert signs.last(sqlite, "backup") == NOW + timedelta(days=3)
    sqlite.engine.dispose()


def test_a_worker_tells_the_age_of_backups_that_another_user_made(
    sqlite: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder := tmp_path / "backups").mkdir()
    theirs = replace(sqlite, derived=tmp_path / "worker/derived")  # DUNGHAN_HOME of another user
    duty = {name: work for name, _, work in outgoing.duties(theirs, threading.Event())}["backups"]
    monkeypatch.delenv("DUNGHAN_BACKUPS", raising=False)
    duty()
    for named in (tmp_path / "none", folder):
        monkeypatch.setenv("DUNGHAN_BACKUPS", str(named))
        duty()
        assert signs.last(theirs, "backup") is None
    for day in (2, 1):  # the newest by its name was written last: an older sign does not take its place
        file = back_up(sqlite, folder, keep=9, at=NOW + timedelta(days=day)).file
        os.utime(file, times=((NOW + timedelta(days=day)).timestamp(),) * 2)
        duty()
        assert signs.last(theirs, "backup") == NOW + timedelta(days=2)
    sqlite.engine.dispose()


def test_a_backup_of_a_store_that_is_not_sound_stays_aside_and_removes_nothing(sqlite: Store, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    good = back_up(sqlite, folder, keep=1, at=NOW)
    with writing(sqlite) as connection:
        connection.execute(sa.update(tables.dossiers).where(tables.dossiers.c.code == "H-1").values(status="withdrawn"))
    with pytest.raises(StoreError) as wrong:
        back_up(sqlite, folder, keep=1, at=NOW + timedelta(days=1))
    assert "it was loaded and is not sound" in wrong.value.found
    assert made(folder) == [good.file]
    assert signs.last(sqlite, "backup") == NOW
    assert [file.name for file in folder.glob("*.wrong")] == ["dunghan-2026-11-21_030000Z.zip.wrong"]
    sqlite.engine.dispose()


def test_a_folder_that_is_not_there_is_not_made(sqlite: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no such folder"):
        back_up(sqlite, tmp_path / "none", keep=2, at=NOW)
    assert not (tmp_path / "none").exists()
    sqlite.engine.dispose()
