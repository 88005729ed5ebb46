"""The hostile province behind the dashboard, as its director and as a head with a hostile name see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import scope, stored
from store import people
from store.database import Store, open_store
from store.sessions import open_for
from tests.fresh import Databases
from tests.hostile import province
from tests.hostile.province import HEAD, NOW

MAIN: Final = Path(__file__).parents[2] / "dashboard" / "main.py"
Visit = Callable[..., AppTest]


@pytest.fixture(scope="package")
def hostile(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Store]:
    """The store."""
    folder = tmp_path_factory.mktemp("hostile")
    store = open_store(databases.migrated(folder), home=folder)
    province.fill(store)
    yield store
    store.engine.dispose()


@pytest.fixture
def in_use(hostile: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The store as the one that the dashboard reads, on that Friday."""
    monkeypatch.setattr(stored, "store", lambda: hostile)
    monkeypatch.setattr("dashboard.filters.now", lambda: NOW)
    monkeypatch.setattr("dashboard.components.NUMBERS_SECONDS", 0)  # no browser waits to show them
    return hostile


@pytest.fixture(scope="package")
def sessions(hostile: Store) -> dict[str, str]:
    """An open session of each person, by name."""
    known = {name: people.by_name(hostile, name) for name in ("giamdoc", HEAD)}
    return {name: open_for(hostile, who, now=NOW) for name, who in known.items() if who}


@pytest.fixture
def visit(in_use: Store, sessions: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Visit:
    """Open a page as somebody."""

    def open_page(page: str, *, who: str = "giamdoc", **query: str) -> AppTest:
        monkeypatch.setattr(scope, "token", lambda: sessions[who])
        app = AppTest.from_file(str(MAIN), default_timeout=60).run()
        app.switch_page(page)
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()

    return open_page
