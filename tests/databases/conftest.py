"""Vendors' databases on real servers: SQLite, PostgreSQL out of a wheel, MariaDB of the system started by the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import stamina
from sqlalchemy.pool import NullPool

from config.settings import settings
from tests.conftest import do_without
from tests.databases.vendor import PASSWORD, USER, Vendor

KINDS = ("sqlite", "postgresql", "mariadb")
#: What a server that lives for one test run may leave out.
_QUICK = (
    "--no-defaults", "--innodb-buffer-pool-size=16M", "--innodb-log-file-size=4M", "--innodb-flush-method=nosync",
    "--innodb-flush-log-at-trx-commit=0", "--skip-innodb-doublewrite", "--skip-log-bin", "--skip-name-resolve",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DUNGHAN_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("VENDOR_USER", USER)
    monkeypatch.setenv("VENDOR_PASSWORD", PASSWORD)
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture(autouse=True)
def _no_waiting_between_tries() -> Iterator[None]:
    stamina.set_testing(True, attempts=2)
    yield
    stamina.set_testing(False)


@pytest.fixture(scope="session")
def mariadb_server(request: pytest.FixtureRequest) -> Iterator[Path]:
    """Socket of a MariaDB server that lives as long as the tests do; account root without a password."""
    # mariadb-install-db asks my_print_defaults, which Debian has put among the clients
    if not all(shutil.which(name) for name in ("mariadbd", "mariadb-install-db", "my_print_defaults")):
        do_without(
            request, "no MariaDB server was found (Debian: apt-get install mariadb-server-core mariadb-client-core)."
        )
    home = Path(tempfile.mkdtemp(prefix="dunghan-mariadb-"))  # a socket's path must be short
    user = ["--user=root"] if os.geteuid() == 0 else []
    own = [*_QUICK, f"--datadir={home / 'data'}", *user]
    install = ["mariadb-install-db", *own, "--auth-root-authentication-method=normal", "--skip-test-db"]
    subprocess.run(install, check=True, capture_output=True, timeout=120)
    log = (home / "log").open("w")
    socket = home / "s"
    server = subprocess.Popen(
        ["mariadbd", *own, f"--socket={socket}", "--skip-networking"], stdout=log, stderr=subprocess.STDOUT
    )
    try:
        _wait_for(socket, server, home / "log")
        yield socket
    finally:
        server.kill()  # its data go with it
        server.wait()
        log.close()
        shutil.rmtree(home, ignore_errors=True)


def _wait_for(socket: Path, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while not socket.exists():
        if server.poll() is not None or time.monotonic() > until:
            pytest.fail(f"MariaDB did not start: {log.read_text()[-2000:]}", pytrace=False)
        time.sleep(0.02)


@pytest.fixture(params=KINDS)
def vendor(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vendor]:
    """An empty database of a vendor, with an account that may only read."""
    made = {"sqlite": _sqlite, "postgresql": _postgresql, "mariadb": _mariadb}[request.param]
    yield from made(request, tmp_path)


@pytest.fixture
def mariadb(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vendor]:
    yield from _mariadb(request, tmp_path)


@pytest.fixture
def postgresql(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vendor]:
    yield from _postgresql(request, tmp_path)


@pytest.fixture
def sqlite(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vendor]:
    yield from _sqlite(request, tmp_path)


def _sqlite(_: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vendor]:
    url = f"sqlite:///{tmp_path / 'vendor.db'}"
    admin = sa.create_engine(url, poolclass=NullPool)
    with admin.begin() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    yield Vendor("sqlite", admin, url, tmp_path)
    admin.dispose()


def _postgresql(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vendor]:
    url = str(request.getfixturevalue("postgres_url"))
    admin = sa.create_engine(url, poolclass=NullPool)
    with admin.begin() as connection:
        known = connection.scalar(sa.text("SELECT count(*) FROM pg_roles WHERE rolname = :name"), {"name": USER})
        if not known:
            connection.exec_driver_sql(f"CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD.replace('%', '%%')}'")
        connection.exec_driver_sql(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {USER}")
    address = sa.make_url(url).set(username=None, password=None, drivername="postgresql")
    yield Vendor("postgresql", admin, address.render_as_string(hide_password=False), tmp_path)
    admin.dispose()


def _mariadb(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vendor]:
    socket = request.getfixturevalue("mariadb_server")
    name = f"vendor_{tmp_path.name[:24]}_{os.getpid()}".replace("-", "_").lower()
    base = f"mariadb+pymysql://root@localhost/{{}}?unix_socket={socket}"
    with sa.create_engine(base.format(""), poolclass=NullPool).begin() as connection:
        connection.exec_driver_sql(f"CREATE OR REPLACE DATABASE `{name}` CHARACTER SET utf8mb4")
        connection.exec_driver_sql(
            f"CREATE USER IF NOT EXISTS {USER}@localhost IDENTIFIED BY '{PASSWORD.replace('%', '%%')}'"
        )
        connection.exec_driver_sql(f"GRANT SELECT ON `{name}`.* TO {USER}@localhost")
    admin = sa.create_engine(base.format(name), poolclass=NullPool)
    yield Vendor("mariadb", admin, f"mariadb://localhost/{name}?unix_socket={socket}", tmp_path)
    with admin.begin() as connection:
        connection.exec_driver_sql(f"DROP DATABASE `{name}`")
    admin.dispose()
