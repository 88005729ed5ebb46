"""A small province of its own for every test that changes it, one shared for those that only look."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import stamina

from config.settings import settings
from config.sources import Request, Source
from connectors.simulator.province import Province, build
from connectors.simulator.server import Desk, serve

OPENED_ON = date(2026, 3, 2)
#: 2 March 2026, a Monday, 10:15 in the province.
NOW = datetime(2026, 3, 2, 3, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep raw answers in the test's own folder: settings are read once a process."""
    monkeypatch.setenv("DUNGHAN_HOME", str(tmp_path / "var"))
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture(autouse=True)
def _no_waiting_between_tries() -> Iterator[None]:
    """Let retries follow each other at once: how long they wait is stamina's own business."""
    stamina.set_testing(True, attempts=4)
    yield
    stamina.set_testing(False)


@pytest.fixture(scope="session")
def province() -> Province:
    """About four thousand dossiers."""
    return build(7, OPENED_ON, date(2026, 3, 30), size=0.025)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@contextmanager
def at_work(province: Province, clock: Callable[[], datetime]) -> Iterator[tuple[Desk, str]]:
    """Serve the province while the block runs; gives its desk and its address."""
    desk = Desk(province, clock)
    server = serve(desk)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield desk, f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def demo(province: Province, clock: Clock) -> Iterator[tuple[Desk, Source]]:
    """A running province and the source that reads it."""
    with at_work(province, clock) as (desk, url):
        yield desk, source_at(url)


def source_at(url: str, **more: object) -> Source:
    request = Request(rows_a_page=500, timeout_seconds=1.0, attempts=4)
    told = {"name": "minh-son", "kind": "demo", "url": url, "office": "H99", "overlap_minutes": 2, "request": request}
    return Source.model_validate(told | more)
