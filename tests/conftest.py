"""What every test may ask for: a store, a PostgreSQL server, a browser, the real data. What is absent is said aloud.

``TESTS_REQUIRE_ALL=1`` turns an absent browser or database server into a failure (``.ci/run`` sets it). Real data that
is not beside the repository is never a failure: nobody can be made to have it; the closing summary says so.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from hypothesis import settings

from config.settings import settings as read_settings

if TYPE_CHECKING:  # store is imported where it is opened: tests of the rules load no database
    from store.database import Store
    from tests.fresh import Databases, Files, Server

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
NOT_TESTED = pytest.StashKey[set[str]]()
ON_BOTH = ("store", "nothing_lost", "access")
#: ``make test-postgres`` puts the store of every test on PostgreSQL.
ENGINE = os.environ.get("DUNGHAN_TEST_ENGINE", "sqlite")


def pytest_configure(config: pytest.Config) -> None:
    """Begin with nothing missing; let random tests take their time, and in CI be the same ones every time."""
    config.stash[NOT_TESTED] = set()
    os.environ["COLUMNS"] = "200"  # whose screen is narrow gets other line breaks, and a worker has no screen
    os.environ.setdefault("DUNGHAN_PSEUDONYM_KEY", "the same officers in every test")  # else one is made in var/
    settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")))
    settings.load_profile("house")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests of the store on both databases; all others on the one that the run is for."""
    if "engine_kind" in metafunc.fixturenames and metafunc.definition.path.parent.name in ON_BOTH:
        metafunc.parametrize("engine_kind", ["sqlite", "postgresql"])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let a worker tell the process that started it what it went without."""
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        missing = session.config.stash[NOT_TESTED]
        output["not_tested"] = sorted(missing)


@pytest.hookimpl(optionalhook=True)  # pytest-xdist's, when there are workers
def pytest_testnodedown(node: Any) -> None:
    """Hear from a worker that ends what it went without."""
    node.config.stash[NOT_TESTED].update(getattr(node, "workeroutput", {}).get("not_tested", ()))


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
def chromium(browser_path: str) -> Iterator[Any]:
    """A Chromium, one for all that a worker tests: two of them want one thread's loop."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def shared_data(request: pytest.FixtureRequest) -> Path:
    """Folder of the real data sets: ``DUNGHAN_SHARED_DATA``, else ``shared/data`` beside the repository."""
    folder = Path(os.environ.get("DUNGHAN_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        do_without(request, "the real data sets are not here (set DUNGHAN_SHARED_DATA to their folder).", optional=True)
    return folder


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A PostgreSQL server to make databases on: ``TEST_POSTGRES_URL``, else one out of a wheel."""
    from tests.fresh import Server, server_from_wheel

    home = Path(tempfile.mkdtemp(prefix="dunghan-postgres-"))  # a socket's path must be short, and pytest's are long
    home.chmod(0o755)  # as root the server runs as a user of its own, who must be able to enter
    given = os.environ.get("TEST_POSTGRES_URL")
    try:
        with nullcontext(given) if given else server_from_wheel(home) as url:
            server = Server(url, home)
            yield server
            server.drop_all()
    except ImportError:
        do_without(request, "no PostgreSQL was found (install the test requirements, or set TEST_POSTGRES_URL).")
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Where SQLite files come from."""
    from tests.fresh import Files

    return Files(tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> Databases:
    """Where stores that outlive one test come from: of the kind that the whole run is for."""
    return _databases(request, ENGINE)


def _databases(request: pytest.FixtureRequest, kind: str) -> Databases:
    made: Databases = request.getfixturevalue("postgres" if kind == "postgresql" else "files")
    return made


@pytest.fixture(autouse=True)
def settings_of_this_test() -> None:
    """Let a test read the settings anew: they are read once, and the last test's folder is gone."""
    read_settings.cache_clear()


@pytest.fixture(autouse=True)
def nothing_left_of_another_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a page ask for everything itself: what was drawn, and what held a moment ago, is another test's."""
    if "dashboard.ready" in sys.modules:
        sys.modules["dashboard.ready"].forget()
    if "dashboard.moments" in sys.modules:
        monkeypatch.setattr("dashboard.moments.SECONDS", 0.0)


@pytest.fixture(autouse=True, scope="module")
def nothing_cached_of_another_store() -> None:
    """Let a module's dashboard answer from its own store: a process has one, and the tests of a worker have many, of
    which two may count their slips up to the same number."""
    if "dashboard.cached" in sys.modules:
        sys.modules["streamlit"].cache_resource.clear()


@pytest.fixture
def engine_kind() -> str:
    """Which database ``store`` lives in; tests/store runs with both."""
    return ENGINE


@pytest.fixture
def empty_url(engine_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """URL of a database that does not exist yet (SQLite) or has no tables (PostgreSQL)."""
    made = _databases(request, engine_kind)
    url = made.empty(tmp_path)
    yield url
    made.drop(url)


@pytest.fixture
def store_url(engine_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """URL of a store whose tables are made and empty: this test's own."""
    made = _databases(request, engine_kind)
    url = made.migrated(tmp_path)
    yield url
    made.drop(url)


@pytest.fixture
def postgres_url(postgres: Server, tmp_path: Path) -> Iterator[str]:
    """URL of an empty database of this test's own on PostgreSQL, whatever the store lives in."""
    url = postgres.empty(tmp_path)
    yield url
    postgres.drop(url)


@pytest.fixture
def store(store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A fresh, empty store; closed afterwards."""
    from store.database import open_store

    monkeypatch.setenv("DUNGHAN_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("DUNGHAN_STORE", store_url)
    opened = open_store(store_url, home=tmp_path / "var")
    yield opened
    opened.engine.dispose()
