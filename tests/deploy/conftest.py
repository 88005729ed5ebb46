"""One production for the tests of a worker: raised once, looked at by all, and left as it was found."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.wording import LOCAL
from tests.conftest import do_without
from tests.dashboard import made_up
from tests.deploy.machine import HOST, missing, wait_until
from tests.deploy.production import NGINX, Production, production

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def systemd(request: pytest.FixtureRequest) -> None:
    """What systemd brings beside its daemon: analyze, sysusers, tmpfiles."""
    if not shutil.which("systemd-analyze"):
        do_without(request, "systemd-analyze was not found (Debian: apt-get install systemd).")


@pytest.fixture(scope="session")
def raised(request: pytest.FixtureRequest) -> Iterator[Production]:
    """A whole production with a small province in it."""
    if not NGINX:
        do_without(request, "nginx was not found (Debian: apt-get install nginx-light).")
    if lacking := missing():
        do_without(request, lacking, optional=os.geteuid() != 0)
    now = datetime.now(UTC)
    folder = Path(tempfile.mkdtemp(prefix="dunghan-deploy-"))  # a socket's path must be short, and pytest's are long

    def fill(store: Any) -> None:
        made_up.fill(store, now.astimezone(LOCAL).date(), now=now, weeks=8, a_day=12)

    with production(folder, fill=fill) as made:
        wait_until(lambda: b'"data_version":null' not in made.answer("dashboard a"), seconds=90)
        yield made
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def outside(chromium: Browser, browser_path: str, raised: Production) -> Iterator[Browser]:
    """A browser to which the server's name is this machine."""
    names = f"--host-resolver-rules=MAP {HOST} 127.0.0.1"
    opened = chromium.browser_type.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-quic", names])
    yield opened
    opened.close()
