"""The real app in a real browser: a server of our own on loopback, a made-up province, nothing from outside."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import pytest

from dashboard.wording import LOCAL
from store import people
from store.database import open_store
from tests.dashboard import made_up
from tests.fresh import Databases

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT: Final = Path(__file__).parents[2]
PHONE: Final = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36"
Sign = Callable[..., "Page"]


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory, browser_path: str, databases: Databases) -> Iterator[str]:
    """Address of a running dashboard over a made-up province up to this moment."""
    home = tmp_path_factory.mktemp("browser")
    now = datetime.now(UTC)
    url = databases.migrated(home)
    store = open_store(url, home=home)
    made_up.fill(store, now.astimezone(LOCAL).date(), now=now)
    people.add(store, "quantri", made_up.PASSWORD, role="administrator", title="Lê Văn Quản")
    people.add(store, "kiemtra", made_up.PASSWORD, role="auditor", title="Đỗ Thị Soát")
    store.engine.dispose()
    with served(url, home) as running:
        yield running


@contextmanager
def served(url: str, home: Path) -> Iterator[str]:
    """Run the dashboard over a store until the block ends; gives its address."""
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(port)]
    environment = os.environ | {"DUNGHAN_STORE": url, "DUNGHAN_HOME": str(home)}
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "--server.address", "127.0.0.1"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.3)
    raise TimeoutError(url)


@pytest.fixture(scope="session")
def browser(chromium: Browser) -> Browser:
    return chromium


@pytest.fixture
def sign_in(browser: Browser, address: str) -> Iterator[Sign]:
    """Sign somebody in and go on to a page: ``sign_in("/nguon-du-lieu", who="giamdoc", scheme="dark")``.

    The page keeps the addresses it asked for in ``page.asked``. No page may do what its own headers forbid.
    """
    contexts = []
    forbidden: list[str] = []

    def go(
        path: str = "/", *, who: str = "giamdoc", scheme: Literal["light", "dark"] = "light", phone: bool = False
    ) -> Page:
        told: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
        if phone:
            told = {"viewport": {"width": 390, "height": 844}, "user_agent": PHONE}
        context = browser.new_context(color_scheme=scheme, **told)
        contexts.append(context)
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.asked = asked  # type: ignore[attr-defined]
        page.on("console", lambda said: forbidden.append(said.text[:200]) if "olicy" in said.text else None)
        page.goto(address + path)
        page.fill("#ten", who)
        page.fill("#mat_khau", made_up.PASSWORD)
        page.click("button")
        settled(page)
        return page

    yield go
    for context in contexts:
        context.close()
    assert forbidden == []


#: Words and charts have not changed for a while, nothing is stale or on its way, no script runs.
QUIET: Final = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  const seen = `${main?.innerText.length} ${document.querySelectorAll('.main-svg').length}`;
  if (window.seen !== seen) { window.seen = seen; window.seenAt = Date.now(); }
  return main?.querySelector('h1') && Date.now() - window.seenAt > 1000
    && !document.querySelector('[data-stale="true"]') && !document.querySelector('[data-testid="stSkeleton"]')
    && document.querySelector('[data-test-script-state=notRunning]') !== null;
}"""


def settled(page: Page) -> None:
    """Wait until a page stands still."""
    page.wait_for_function(QUIET, polling=150, timeout=60_000)


#: Streamlit has turned with the machine: the page is darker than its words.
DARK: Final = """() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor
  .match(/\\d+/g).every(part => part < 60)"""


def darken(page: Page) -> None:
    """Let the reader's machine turn dark, and wait until the page has."""
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(DARK, polling=150, timeout=60_000)
    page.evaluate("() => { window.seen = null; }")
    settled(page)
