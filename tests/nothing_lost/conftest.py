"""A source of a few dossiers, the truth of it, and stores that must come to say the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import stamina

from config.settings import settings
from config.sources import Source
from jobs.sync import sync_source
from store.database import Store, open_store
from tests.nothing_lost.contents import HOW_OFTEN, WHEN, counts_add_up, hashes
from tests.nothing_lost.office import MORNING, Office, open_office


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep raw answers in the test's own folder: settings are read once a process."""
    monkeypatch.setenv("DUNGHAN_HOME", str(tmp_path / "var"))
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture(autouse=True)
def _no_waiting_between_tries() -> Iterator[None]:
    stamina.set_testing(True, attempts=2)
    yield
    stamina.set_testing(False)


@pytest.fixture
def office() -> Office:
    """A system with a morning's work: twenty dossiers and one row that cannot be read; three pages."""
    made = Office()
    made.put(*(f"A-{i:02}" for i in range(20)), at=MORNING - timedelta(hours=1))
    made.put("A-bad", status="99", at=MORNING - timedelta(hours=2))
    return made


@pytest.fixture
def source(office: Office) -> Iterator[Source]:
    with open_office(office) as source:
        yield source


SaysTheTruth = Callable[[Store], None]


@pytest.fixture
def says_the_truth(office: Office, source: Source, tmp_path: Path) -> Iterator[SaysTheTruth]:
    """Assert that a store holds what one reading of the source into an empty store gives: nothing lost or doubled.

    The moments at which we looked, how often, and the page on which a refused row came are our own.
    """

    def compare(store: Store) -> None:
        clean = open_store(f"sqlite:///{tmp_path / 'truth.db'}")
        sync_source(clean, source, seen_at=office.now)
        held, truth = (hashes(s, source.name, less=WHEN | HOW_OFTEN | {"place"}) for s in (store, clean))
        clean.engine.dispose()
        assert {t: held[t] for t in ("dossiers", "quarantine")} == {t: truth[t] for t in ("dossiers", "quarantine")}
        counts_add_up(store, source.name)

    yield compare
