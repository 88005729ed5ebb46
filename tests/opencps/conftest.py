"""A site of OpenCPS that serves a small made-up province, and a store of two lines that takes what a pull gives."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.server import ThreadingHTTPServer
from typing import Any

import polars as pl
import pytest
import stamina

from config.errors import SourceError
from config.sources import Source
from connectors.base import Batch, Reading
from connectors.opencps import pull
from connectors.simulator.access import PASSWORD, USER
from connectors.simulator.opencps_server import GROUP, Site, serve
from connectors.simulator.province import Province, build
from metrics.dossier import CLOSED, COLUMNS, Dossier

OPENED_ON = date(2026, 3, 2)
#: 2 March 2026, a Monday, 10:15 in the province.
NOW = datetime(2026, 3, 2, 3, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set what the source names, and let retries follow each other at once."""
    monkeypatch.setenv("OPENCPS_USER", USER)
    monkeypatch.setenv("OPENCPS_PASSWORD", PASSWORD)
    stamina.set_testing(True, attempts=4)
    yield
    stamina.set_testing(False)


@pytest.fixture(scope="session")
def province() -> Province:
    """About a thousand dossiers."""
    return build(11, OPENED_ON, date(2026, 3, 30), size=0.006)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@contextmanager
def running(server: ThreadingHTTPServer) -> Iterator[str]:
    """Let a server answer while the block runs; gives its address."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site(province: Province, clock: Clock) -> Site:
    return Site(province, clock)


@pytest.fixture
def source_of(site: Site) -> Iterator[Callable[..., Source]]:
    """Give the source that reads the running site, with settings of the test's own."""
    with running(serve(site)) as url:
        yield lambda **told: source_at(url, **told)


def source_at(url: str, **told: object) -> Source:
    own: dict[str, Any] = {
        "group_id": GROUP, "first_day": "2024-06-01", "rows_a_page": 100, "timeout_seconds": 2.0, "steps": "none",
        "calendar": False, "attempts": 4,
    }  # fmt: skip
    return Source.model_validate({
        "name": "mot-cua", "kind": "opencps", "url": url, "user_secret": "OPENCPS_USER",
        "password_secret": "OPENCPS_PASSWORD", "opencps": own | told,
    })  # fmt: skip


@dataclass
class Kept:
    """What a store would hold: the newest telling of each code, the cursor, and all that was said."""

    dossiers: pl.DataFrame = field(default_factory=lambda: Dossier.create_empty().with_columns(seen_at=pl.lit(NOW)))
    rejects: list[pl.DataFrame] = field(default_factory=list)
    steps: list[pl.DataFrame] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    cursor: str | None = None
    read: int = 0

    def take(self, batch: Batch, now: datetime) -> None:
        both = pl.concat([self.dossiers, batch.good.with_columns(seen_at=pl.lit(now))])
        self.dossiers = both.unique("code", keep="last", maintain_order=True)
        self.rejects.append(batch.rejects)
        self.steps += [batch.steps] if batch.steps is not None else []
        self.notes += map(str, batch.notes)
        self.cursor = batch.cursor or self.cursor
        self.read += batch.read

    def open(self) -> pl.DataFrame:
        return self.dossiers.filter(
            ~pl.col("status").cast(pl.String).is_in([*(s.value for s in CLOSED), "not_accepted"])
        )

    def pull(self, source: Source, now: datetime = NOW, *, stop_after: int = 10**9) -> None:
        """Pull once; ``stop_after`` so many batches the process is gone."""
        for number, batch in enumerate(pull(source, Reading(now, self.cursor, self.open))):
            self.take(batch, now)
            if number + 1 >= stop_after:
                return

    def pull_until_done(self, source: Source, now: datetime = NOW, *, at_most: int = 40) -> int:
        """Pull again and again until one comes through; give how many it took."""
        for number in range(at_most):
            try:
                self.pull(source, now)
            except SourceError:
                continue
            return number + 1
        raise AssertionError(f"no pull came through in {at_most}")

    def table(self, *names: str) -> pl.DataFrame:
        return self.dossiers.select("code", *(names or COLUMNS)).sort("code")
