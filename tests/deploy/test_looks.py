"""What the doctor says of a production laid out wrong: who may read secrets, where it listens, how old backups are."""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from time_machine import travel

from config.errors import StoreError
from jobs import answering, deployed
from store import tables
from store.database import HEAD, Store, open_store
from tests.access.world import in_roles
from tests.fresh import Server

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "secrets"
    folder.mkdir(mode=0o700)
    (folder / "DUNGHAN_SMTP_PASSWORD").write_text("…")
    (folder / "DUNGHAN_SMTP_PASSWORD").chmod(0o600)
    monkeypatch.setenv("DUNGHAN_SECRETS", str(folder))
    monkeypatch.delenv("PGPASSFILE", raising=False)
    return folder


def test_secrets_for_their_user_alone_are_well(secrets: Path) -> None:
    assert [told[:2] for told in deployed.secrets()] == [("secrets", "ok")]


@pytest.mark.parametrize(("name", "mode"), [("", 0o750), ("DUNGHAN_SMTP_PASSWORD", 0o640)])
def test_a_secret_that_others_may_read_is_named_with_the_command_that_mends_it(
    secrets: Path, name: str, mode: int
) -> None:
    (secrets / name).chmod(mode)
    ((what, verdict, found, step),) = deployed.secrets()
    assert (what, verdict) == ("secrets", "wrong")
    assert f"{secrets / name} (mode {mode:o})" in found
    os.system(step)  # noqa: S605  nothing but the chmod that was said
    assert [told[1] for told in deployed.secrets()] == ["ok"]


def test_the_database_s_password_is_looked_at_wherever_it_lies(
    secrets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pgpass").write_text("…")
    (tmp_path / "pgpass").chmod(0o644)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pgpass"))
    assert [(told[1], told[3]) for told in deployed.secrets()][-1] == ("wrong", f"chmod 600 {tmp_path / 'pgpass'}")


def test_a_folder_of_secrets_that_is_not_there_is_said(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUNGHAN_SECRETS", str(secrets / "none"))
    assert [told[1] for told in deployed.secrets()] == ["wrong"]


@pytest.mark.parametrize(
    ("url", "on_server", "verdicts"),
    [
        ("", False, []),
        ("", True, ["look"]),
        ("http://dunghan.tinh.gov.vn", True, ["wrong"]),
        ("http://localhost:8501", False, ["ok"]),
        ("https://dunghan.tinh.gov.vn", True, ["ok"]),
    ],
)
def test_the_public_address_of_a_production_is_https(url: str, on_server: bool, verdicts: list[str]) -> None:
    assert [told[1] for told in deployed.address(url, on_server=on_server)] == verdicts


@pytest.mark.parametrize(("address", "kind"), [("0.0.0.0", socket.AF_INET), ("::", socket.AF_INET6)])
def test_a_dashboard_that_others_reach_past_the_proxy_is_found(address: str, kind: socket.AddressFamily) -> None:
    with socket.socket(kind) as open_to_all, socket.socket() as ours:
        open_to_all.bind((address, 0))
        open_to_all.listen()
        ours.bind(("127.0.0.1", 0))
        ours.listen()
        ports = [open_to_all.getsockname()[1], ours.getsockname()[1]]
        ((what, verdict, found, _),) = deployed.listening(ports)
    assert (what, verdict) == (f"dashboard {ports[0]}", "wrong")
    assert f"{address}:{ports[0]}" in found


def backup(folder: Path, age: timedelta, mode: int = 0o600) -> None:
    file = folder / f"dunghan-{NOW - age:%Y-%m-%d_%H%M%S}Z.zip"
    file.write_text("…")
    file.chmod(mode)
    at = (NOW - age).timestamp()
    os.utime(file, (at, at))


@pytest.mark.parametrize(
    ("ages", "verdicts"), [([], ["wrong"]), ([60, 30], ["ok"]), ([60, 40], ["wrong"])], ids=["none", "fresh", "old"]
)
def test_a_night_without_a_backup_is_noticed(
    ages: list[int], verdicts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUNGHAN_BACKUPS", str(tmp_path))
    for hours in ages:
        backup(tmp_path, timedelta(hours=hours))
    (tmp_path / "dunghan-of-somebody-else.zip").write_text("…")
    assert [told[1] for told in deployed.backups(NOW, on_server=True)] == verdicts


def test_a_backup_that_others_may_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUNGHAN_BACKUPS", str(tmp_path))
    backup(tmp_path, timedelta(hours=1), mode=0o644)
    assert [told[1] for told in deployed.backups(NOW, on_server=True)] == ["ok", "wrong"]


@pytest.mark.database
def test_a_database_whose_clock_is_another_is_found(postgres: Server, tmp_path: Path) -> None:
    url = postgres.migrated(tmp_path)
    store = open_store(url, home=tmp_path)
    assert [told[1] for told in answering.clocks(store)] == ["ok"]
    for seconds, verdict, words in ((90, "wrong", "90 s behind"), (-10, "look", "10 s ahead of")):
        with travel(datetime.now(UTC) + timedelta(seconds=seconds)):
            ((_, said, found, _),) = answering.clocks(store)
        assert (said, words in found) == (verdict, True), found
    store.engine.dispose()
    postgres.drop(url)


@pytest.mark.database
def test_older_tables_are_brought_up_by_their_owner_and_by_nobody_else(postgres: Server, tmp_path: Path) -> None:
    url = postgres.migrated(tmp_path)
    owner = open_store(url, home=tmp_path)
    with in_roles(owner, tmp_path) as (app, _):
        moved(owner, "-1")
        older = version(owner)
        with pytest.raises(StoreError) as refused:
            open_store(app.url, home=tmp_path)
        assert f"of version {older}, and this Đúng Hạn needs {HEAD}" in refused.value.found
        assert "owner" in refused.value.next_step
        assert version(owner) == older
        open_store(url, home=tmp_path).engine.dispose()
        assert version(owner) == HEAD
    owner.engine.dispose()
    postgres.drop(url)


def moved(store: Store, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(tables.__file__).parent / "migrations"))
    with store.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, to)


def version(store: Store) -> str:
    with store.engine.connect() as connection:
        return str(connection.scalar(sa.text("SELECT version_num FROM alembic_version")))
