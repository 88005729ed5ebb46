"""A backup is one file, from a running store, that tells of itself whether it is whole."""

from __future__ import annotations

import json
import resource
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from config.errors import StoreError
from store import backup as backups
from store import frames, tables
from store.backup import KEPT, backup, opened, seal
from store.database import HEAD, Store, open_store, reading, writing
from store.restoring import restore
from store.verifying import verify
from tests.backup.conftest import NOW, fill, sync
from tests.databases.vendor import Vendor, at, row

BOTH = ["sqlite", "postgresql"]


def everything(store: Store) -> dict[str, pl.DataFrame]:
    with reading(store) as connection:
        return {t.name: frames.select(connection, sa.select(t).order_by(*t.primary_key.columns)) for t in KEPT}


def other_store(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    return f"sqlite:///{tmp_path / 'other.db'}" if kind == "sqlite" else str(request.getfixturevalue("postgres_url"))


@pytest.mark.parametrize("engine_kind", BOTH)
@pytest.mark.parametrize("into", BOTH)
def test_a_backup_of_either_engine_put_back_into_either_is_the_same_store_and_the_next_sync_goes_on(
    filled: Store, vendor: Vendor, into: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    backup(filled, tmp_path / "b.zip", made_at=NOW)
    url = other_store(into, tmp_path, request)
    restore(open_store(url), opened(tmp_path / "b.zip"), replace=False, at=NOW)
    again = open_store(url)

    before, after = everything(filled), everything(again)
    for name, rows in before.items():
        assert after[name].equals(rows), name
    assert (before["ledger"].height, before["quarantine"].height, before["people"].height) == (6, 1, 1)
    assert verify(again) == ()
    assert figures(again) == figures(filled)
    with reading(again) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.sessions)) == 0, (
            "everybody signs in anew"
        )
    with pytest.raises(StoreError, match="append-only"), writing(again) as connection:
        connection.execute(sa.update(tables.ledger).values(change="new"))

    vendor.insert(sa.Table("HOSO", sa.MetaData(), autoload_with=vendor.admin), [row("H-9", at(20, 12))])
    assert sync(again, vendor, NOW + timedelta(hours=3)) == (2, 1, 0), "the cursor's own row and the new one"
    assert everything(again)["ledger"]["seq"].to_list() == [1, 2, 3, 4, 5, 6, 7]
    again.engine.dispose()


def figures(store: Store) -> dict[str, Any]:
    """Every cube part, cell by cell, by the month it belongs to."""
    from jobs.rebuild import rebuild

    rebuild(store, verify=True)
    files = sorted(store.derived.rglob("*.parquet"))
    assert files
    told = {f.parent.name + f.name.split("-")[0]: pl.read_parquet(f) for f in files if "seen" not in f.name}
    return {name: frame.drop("run_id", strict=False).to_dict(as_series=False) for name, frame in told.items()}


def test_it_may_be_read_by_its_owner_alone(filled: Store, tmp_path: Path) -> None:
    backup(filled, tmp_path / "b.zip", made_at=NOW)
    assert stat.S_IMODE((tmp_path / "b.zip").stat().st_mode) == 0o600
    assert not list(tmp_path.glob("*.part"))


def test_it_is_of_one_moment_while_syncs_go_on(filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the first table and the last, somebody stores a batch."""
    parts = backups._parts

    def disturbed(archive: zipfile.ZipFile, connection: sa.Connection, table: sa.Table) -> Iterator[backups.Part]:
        yield from parts(archive, connection, table)
        if table.name == "sources":
            with writing(filled) as other:
                other.execute(sa.update(tables.sources).values(cursor="moved on"))
                other.execute(sa.delete(tables.quarantine))

    monkeypatch.setattr(backups, "_parts", disturbed)
    backup(filled, tmp_path / "b.zip", made_at=NOW)
    assert opened(tmp_path / "b.zip").manifest.rows()["quarantine"] == 1


def test_large_tables_go_in_parts(filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "PART_ROWS", 4)
    manifest = backup(filled, tmp_path / "b.zip", made_at=NOW)
    assert [p.rows for p in manifest.tables["ledger"]] == [4, 2]
    put = open_store(f"sqlite:///{tmp_path / 'other.db'}")
    assert restore(put, opened(tmp_path / "b.zip"), replace=False, at=NOW).rows["ledger"] == 6


def test_a_byte_changed_anywhere_is_found(filled: Store, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    backup(filled, file, made_at=NOW)
    whole = file.read_bytes()
    for place in [*range(0, len(whole), max(1, len(whole) // 400)), len(whole) - 1, len(whole) - 65]:
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(StoreError, match="cut off or changed"):
            opened(file)
    file.write_bytes(whole)
    assert opened(file).manifest.schema == HEAD


@pytest.mark.parametrize("left", [0.0, 0.1, 0.5, 0.99])
def test_a_file_that_was_cut_off_is_found(filled: Store, tmp_path: Path, left: float) -> None:
    file = tmp_path / "b.zip"
    backup(filled, file, made_at=NOW)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * left)])
    with pytest.raises(StoreError, match="cut off or changed"):
        opened(file)


def rewritten(file: Path, **changes: object) -> None:
    """Change the manifest, and seal the file anew: what another version of Đúng Hạn would have written."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    told = json.loads(members[backups.MANIFEST]) | changes
    with file.open("w+b") as handle:
        with zipfile.ZipFile(handle, "w") as archive:
            for name, data in (members | {backups.MANIFEST: json.dumps(told).encode()}).items():
                archive.writestr(name, data)
            archive.comment = b"0" * 64
        seal(handle)


def test_a_backup_of_a_newer_version_is_refused(filled: Store, tmp_path: Path) -> None:
    backup(filled, tmp_path / "b.zip", made_at=NOW)
    rewritten(tmp_path / "b.zip", schema="9999")
    with pytest.raises(StoreError, match="A newer Đúng Hạn made it") as told:
        opened(tmp_path / "b.zip")
    assert "version 9999" in told.value.found


@pytest.mark.parametrize("into", BOTH)
def test_a_backup_of_an_older_version_is_brought_to_the_present(
    filled: Store, tmp_path: Path, into: str, request: pytest.FixtureRequest
) -> None:
    """As version 0002 wrote it: without the tables and columns that came later."""
    backup(filled, tmp_path / "b.zip", made_at=NOW)
    file = tmp_path / "old.zip"
    with zipfile.ZipFile(tmp_path / "b.zip") as new, file.open("w+b") as handle:
        with zipfile.ZipFile(handle, "w") as archive:
            listed = {
                table: [backups._add(archive, p.name, older(new.read(p.name), table), p.rows) for p in parts]
                for table, parts in opened(tmp_path / "b.zip").manifest.tables.items()
                if table in OLDER
            }
            parts = {table: [asdict(p) for p in told] for table, told in listed.items()}
            told = {"schema": "0002", "made_at": "2026-01-01", "engine": "sqlite", "format": 1, "tables": parts}
            archive.writestr(backups.MANIFEST, json.dumps(told))
            archive.comment = b"0" * 64
        seal(handle)
    url = other_store(into, tmp_path, request)
    restore(open_store(url), opened(file), replace=False, at=NOW)
    again = open_store(url)
    assert verify(again) == ()
    assert everything(again)["dossiers"]["code"].to_list() == everything(filled)["dossiers"]["code"].to_list()
    again.engine.dispose()


OLDER = ("sources", "runs", "dossiers", "ledger", "quarantine", "people", "rulebooks")


def older(data: bytes, table: str) -> bytes:
    """Leave out the columns that version 0002 did not have."""
    from io import BytesIO

    from store.migrations.versions import v0003_steps_and_sweeps as later

    added = {*later.ADDED.get(table, {}), *(later.OBSERVED if table in ("dossiers", "ledger") else {})}
    out = BytesIO()
    pl.read_parquet(BytesIO(data)).drop(added, strict=False).write_parquet(out)
    return out.getvalue()


@contextmanager
def small_disk(bytes_left: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes: the system refuses as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_left, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("room", [0, 100, 5_000, 20_000])
def test_a_full_disk_leaves_no_half_file_behind(filled: Store, tmp_path: Path, room: int) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    with pytest.raises(StoreError, match="could not be written") as told, small_disk(room):
        backup(filled, folder / "b.zip", made_at=NOW)
    assert "Make room" in told.value.next_step
    assert list(folder.iterdir()) == []


def test_a_file_that_is_there_is_not_written_over(filled: Store, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_text("of yesterday")
    with pytest.raises(StoreError, match="is there already"):
        backup(filled, tmp_path / "b.zip", made_at=NOW)
    assert (tmp_path / "b.zip").read_text() == "of yesterday"


@pytest.mark.parametrize("engine_kind", BOTH)
def test_a_store_that_holds_rows_is_replaced_only_when_told_and_is_kept(
    filled: Store, vendor: Vendor, store_url: str, tmp_path: Path
) -> None:
    backup(filled, tmp_path / "b.zip", made_at=NOW)
    vendor.run("UPDATE HOSO SET trang_thai = 5, cap_nhat = '2026-11-20 12:00:00.000000' WHERE ma_ho_so = 'H-2'")
    assert sync(filled, vendor, NOW + timedelta(hours=3)) == (2, 0, 1)
    whole = opened(tmp_path / "b.zip")
    with pytest.raises(StoreError, match="holds rows already"):
        restore(filled, whole, replace=False, at=NOW)
    assert everything(filled)["ledger"].height == 7
    done = restore(filled, whole, replace=True, at=NOW)
    again = open_store(store_url)
    assert (everything(again)["ledger"].height, verify(again)) == (6, ())
    assert "before_restore_20261120_030000" in done.kept
    assert kept_ledger(again, done.kept) == 7
    assert sync(again, vendor, NOW + timedelta(hours=3)) == (2, 0, 1), "the cursor went back with the rest"
    again.engine.dispose()


def kept_ledger(store: Store, kept: str) -> int:
    if store.engine.dialect.name == "postgresql":
        with reading(store) as connection:
            return int(connection.scalar(sa.text(f"SELECT count(*) FROM {kept.split()[1]}.ledger")) or 0)
    aside = open_store(f"sqlite:///{kept}")
    try:
        return everything(aside)["ledger"].height
    finally:
        aside.engine.dispose()


@pytest.mark.parametrize("engine_kind", BOTH)
def test_a_restore_that_fails_half_way_leaves_everything_as_it_was(
    filled: Store, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(filled, tmp_path / "b.zip", made_at=NOW)
    whole, before = opened(tmp_path / "b.zip"), everything(filled)
    insert = frames.insert

    def broken(connection: sa.Connection, table: sa.Table, rows: pl.DataFrame) -> None:
        if table.name == "ledger":
            raise OSError(28, "No space left on device")
        insert(connection, table, rows)

    monkeypatch.setattr(frames, "insert", broken)
    with pytest.raises((StoreError, OSError)):
        restore(filled, whole, replace=True, at=NOW)
    again = open_store(store_url)
    assert all(everything(again)[name].equals(rows) for name, rows in before.items())
    assert not list(tmp_path.glob("*restoring*"))
    again.engine.dispose()


def test_nobody_may_work_with_the_store_meanwhile(filled: Store, tmp_path: Path) -> None:
    from store.database import locked
    from store.runs import lock_of

    backup(filled, tmp_path / "b.zip", made_at=NOW)
    whole = opened(tmp_path / "b.zip")
    for lock in ("worker", lock_of("vendor")):
        with locked(filled, lock), pytest.raises(StoreError, match="somebody works with it"):
            restore(filled, whole, replace=True, at=NOW, workers=("worker",))


def test_memory_does_not_grow_with_the_store(store: Store, vendor: Vendor, tmp_path: Path) -> None:
    """Parts are made and read one by one: nothing holds two of them."""
    fill(store, vendor)
    manifest = backup(store, tmp_path / "b.zip", made_at=NOW)
    stream = opened(tmp_path / "b.zip").frames("ledger")
    assert next(stream).height == manifest.tables["ledger"][0].rows
