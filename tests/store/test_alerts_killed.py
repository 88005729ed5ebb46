"""A worker that is killed anywhere in its morning: the next one makes it good, and nobody is written to twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from jobs import alerting
from jobs.rebuild import rebuild
from store import alerts
from store.database import Store, open_store
from tests.fresh import Databases
from tests.nothing_lost.kills import KILLED, ROOT
from tests.store.alerted import ALL, at, due, look, mails, put, readers
from tests.store.test_ingest import rows

MORNING: Final = at("2026-11-20", "07:30")


def live(url: str, home: Path, point: str = "") -> tuple[int, list[str]]:
    """Let a worker do its morning; gives how it ended and the points of the alerts' own that it passed."""
    words = [sys.executable, "-m", "tests.store.alert_killed", url, str(home), MORNING.isoformat(), point]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, [name for name in done.stdout.splitlines() if " in store.alerts." in name]


def before_the_morning(store: Store) -> None:
    readers(store)
    put(store, due("2026-11-19", "A", "B"), at("2026-11-19", "07:00"))
    look(store, at("2026-11-19", "09:00"))
    put(store, rows().clear(), at("2026-11-20", "07:29"))


def found(url: str, home: Path) -> tuple[list[tuple[object, ...]], list[str]]:
    store = open_store(url, home=home)
    try:
        standing = alerts.standing(store, ALL).select("rule", "subject", "state", "level", "told")
        return sorted(standing.rows()), sorted(to for to, _ in mails(store))
    finally:
        store.engine.dispose()


def test_wherever_a_worker_is_killed_each_reader_gets_the_morning_mail_once(
    engine_kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    made: Databases = request.getfixturevalue("postgres" if engine_kind == "postgresql" else "files")
    home = tmp_path / "var"
    base = made.migrated(tmp_path, "base")
    store = open_store(base, home=home)
    before_the_morning(store)
    store.engine.dispose()
    undisturbed = made.copied(base, tmp_path, "undisturbed")
    derive(undisturbed, home)
    status, passed = live(undisturbed, home)
    assert status == 0
    expected = found(undisturbed, home)
    assert expected[1] == ["vanhanh@example.vn", "xaydung@example.vn"]
    places = dict.fromkeys(passed)
    for verb in ("before COMMIT", "after COMMIT"):
        assert {f"{verb} in store.alerts.{name}" for name in ("settle", "post")} <= places.keys()
    tried = [point for point in places if engine_kind == "sqlite" or " COMMIT " in point]
    for number, point in enumerate(tried):
        url = made.copied(base, tmp_path, f"killed-{number}")
        derive(url, home)
        assert live(url, home, point)[0] == KILLED, point
        again(url, home)
        assert found(url, home) == expected, point
        made.drop(url)


def again(url: str, home: Path) -> None:
    """Let another worker do the same morning."""
    store = open_store(url, home=home)
    alerting.alert(store, MORNING)
    alerting.digest(store, MORNING)
    store.engine.dispose()


def derive(url: str, home: Path) -> None:
    """Make the figures of a copy: they stand beside it, not in it."""
    store = open_store(url, home=home)
    rebuild(store)
    store.engine.dispose()
