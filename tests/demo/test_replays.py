"""A page asks for a source to be read again; the worker does it once and tells what became of the refused rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config import sources
from config.sources import Exchange, Source
from connectors.simulator.server import Desk
from jobs import replays as worker
from jobs.sync import sync_source
from metrics.scope import Scope
from store import replays, runs
from store.database import Store, locked
from store.replays import Order
from tests.demo.conftest import NOW as SEEN

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def order(source: str) -> Order:
    return Order(source, "vanhanh", NOW.isoformat())


@pytest.fixture
def mended(store: Store, demo: tuple[Desk, Source], monkeypatch: pytest.MonkeyPatch) -> Source:
    """A source that was read with an unknown status, and whose mapping knows it by now."""
    _, source = demo
    sync_source(store, source, seen_at=SEEN)
    known = source.model_copy(update={"exchange": Exchange(statuses={"15": "processing"})})
    monkeypatch.setattr(sources, "chosen", lambda names: (known,))
    return known


def test_what_was_mended_comes_in_and_the_order_is_gone(store: Store, mended: Source, tmp_path: Path) -> None:
    waited = runs.quarantined(store, Scope.province()).height
    replays.give(tmp_path, order(mended.name))
    assert replays.outcome(tmp_path, mended.name) == {"state": "waiting"}
    assert worker.take(store, tmp_path, now=SEEN + timedelta(minutes=1)) == 1
    told = replays.outcome(tmp_path, mended.name)
    assert told is not None
    left = runs.quarantined(store, Scope.province()).height
    assert (told["state"], told["waited"], told["waiting"], told["by"]) == ("done", waited, left, "vanhanh")
    assert left < waited and told["new"] == waited - left
    assert replays.waiting(tmp_path) == []
    assert worker.take(store, tmp_path, now=SEEN + timedelta(minutes=2)) == 0


def test_while_the_source_is_being_read_the_order_waits(store: Store, mended: Source, tmp_path: Path) -> None:
    replays.give(tmp_path, order(mended.name))
    with locked(store, runs.lock_of(mended.name)) as free:
        assert free
        assert worker.take(store, tmp_path, now=SEEN + timedelta(minutes=1)) == 0
    assert replays.outcome(tmp_path, mended.name) == {"state": "waiting"}
    assert [each.source for each in replays.waiting(tmp_path)] == [mended.name]


def test_an_order_that_cannot_be_carried_out_says_why_and_stops_nobody(store: Store, tmp_path: Path) -> None:
    replays.give(tmp_path, order("nguồn/không có"))
    assert worker.take(store, tmp_path, now=NOW) == 0
    told = replays.outcome(tmp_path, "nguồn/không có")
    assert told is not None and told["state"] == "failed"
    assert 'no source is called "nguồn/không có"' in told["found"]
    assert replays.waiting(tmp_path) == []


def test_nobody_asked_nothing_is_told(tmp_path: Path) -> None:
    assert replays.outcome(tmp_path, "mot-cua") is None
    assert replays.waiting(tmp_path) == []
