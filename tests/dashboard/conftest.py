"""A made-up province behind the dashboard, as a signed-in reader sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import scope, stored
from store import people
from store.database import Store, open_store
from store.sessions import open_for
from tests.dashboard import made_up
from tests.fresh import Databases

MAIN: Final = Path(__file__).parents[2] / "dashboard" / "main.py"
NOW: Final = datetime(2026, 11, 20, 3, 32, tzinfo=UTC)  # thứ Sáu 20/11/2026, 10:32 at the centre
TODAY: Final = date(2026, 11, 20)
Visit = Callable[..., AppTest]


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Store]:
    """A store with a few thousand dossiers up to 20/11/2026."""
    folder = tmp_path_factory.mktemp("dash")
    store = open_store(databases.migrated(folder), home=folder)
    made_up.fill(store, TODAY, now=NOW)
    yield store
    store.engine.dispose()


@pytest.fixture
def in_use(province: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The province as the store that the dashboard reads, on 20/11/2026."""
    monkeypatch.setattr(stored, "store", lambda: province)
    monkeypatch.setattr("dashboard.filters.now", lambda: NOW)
    monkeypatch.setattr("dashboard.components.NUMBERS_SECONDS", 0)  # no browser waits to show them
    return province


@pytest.fixture(scope="module")
def sessions(province: Store) -> dict[str, str]:
    """An open session of each person, by name; a password takes 0.4 s to check, so once."""
    known = {name: people.check(province, name, made_up.PASSWORD) for name in ("giamdoc", "truongphong")}
    return {name: open_for(province, who, now=NOW) for name, who in known.items() if who}


@pytest.fixture
def visit(in_use: Store, sessions: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Visit:
    """Open a page as somebody: ``visit("pages/worklist.py", who="giamdoc", nhom="qua-han")``."""

    def open_page(page: str, *, who: str = "giamdoc", **query: str) -> AppTest:
        monkeypatch.setattr(scope, "token", lambda: sessions.get(who, ""))
        app = AppTest.from_file(str(MAIN), default_timeout=30).run()  # st.navigation says which pages there are
        app.switch_page(page)
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()

    return open_page
