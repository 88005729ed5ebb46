"""The planted province on either database, the pages as each reader has them open, and the addresses beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

import pytest
import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from config import units
from dashboard import data, stored
from dashboard.scope import COOKIE
from store import people, sessions
from store.database import Store, open_store
from tests.access import planted
from tests.access.walk import Offered, rendered
from tests.access.world import World, in_roles

MAIN: Final = Path(__file__).parents[2] / "dashboard" / "main.py"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """Where the planted province lies: each in turn; a module of one database says which."""
    return str(request.param)


@pytest.fixture(scope="module")
def world(engine: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The planted province; on PostgreSQL the dashboard is the role of the app, which owns nothing."""
    made = request.getfixturevalue("postgres" if engine == "postgresql" else "files")
    folder = tmp_path_factory.mktemp("access")
    planted.register(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUNGHAN_CONFIG", str(folder))
        forget()
        owner = open_store(url := made.migrated(folder), home=folder)
        planted.moved(owner)
        planted.fill(owner)
        with in_roles(owner, folder) as (app, worker):
            yield World(owner, app, worker)
            app.engine.dispose()
            worker.engine.dispose()
        owner.engine.dispose()
        made.drop(url)
    forget()


def forget() -> None:
    """Read the register of units anew, and keep no answer of another store."""
    units.forget()
    data.book.cache_clear()
    data.calendar.cache_clear()
    st.cache_resource.clear()


@dataclass(slots=True)
class Browser:
    """A browser tab for each reader, in one process: what one has drawn, the caches hold for the next."""

    store: Store
    offered: Offered
    cookies: dict[str, str]
    tabs: dict[str, AppTest] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    drawn: dict[tuple[str, str, tuple[tuple[str, str], ...]], tuple[bytes, bytes]] = field(default_factory=dict)

    def visit(
        self,
        reader: str,
        page: str,
        query: Mapping[str, str] | None = None,
        *,
        files: bool = False,
        again: bool = False,
    ) -> bytes:
        """Open a page as ``reader`` ("": signed out); gives what is sent of it, or the files it offers.

        What this browser has seen already is not drawn again, unless ``again`` is said.
        """
        asked = reader, page, tuple((query or {}).items())
        if again or asked not in self.drawn:
            self.drawn[asked] = self._drawn(reader, page, query or {})
        content, taken = self.drawn[asked]
        return taken if files else content

    def look(self, page: str) -> bytes:
        """Open a page in a new tab with the cookies that are there; gives what is sent of it."""
        app = AppTest.from_file(str(MAIN), default_timeout=60).run()
        app.switch_page(page)
        app.run()
        assert not app.exception, app.exception[0].message
        return rendered(app)

    def _drawn(self, reader: str, page: str, query: Mapping[str, str]) -> tuple[bytes, bytes]:
        app = self._tab(reader)
        app.switch_page(page)
        app.query_params.clear()
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception, app.exception[0].message
        content = rendered(app)
        for name, value in query.items():  # links carry on what the reader's own address says: no news to the reader
            told = urlencode({name: value})
            content = content.replace(told.encode(), b"").replace(quote(told, safe="").encode(), b"")
            content = content.replace(f"“{value}” trong địa chỉ".encode(), b"")  # what is not there is named
        return content, self.offered.taken()

    def _tab(self, reader: str) -> AppTest:
        if reader not in self.tabs:
            person = people.by_name(self.store, reader) if reader else None
            self.keys[reader] = sessions.open_for(self.store, person, now=planted.NOW) if person else ""
        self._hold(self.keys[reader])
        if reader not in self.tabs:
            self.tabs[reader] = AppTest.from_file(str(MAIN), default_timeout=60)
            self.tabs[reader].run()  # st.navigation says which pages there are
        return self.tabs[reader]

    def _hold(self, token: str) -> None:
        self.cookies.clear()
        self.cookies[COOKIE] = token


@pytest.fixture(scope="module")
def browser(world: World) -> Iterator[Browser]:
    """Open tabs on the planted province, on 20/11/2026."""
    cookies: dict[str, str] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stored, "store", lambda: world.app)
        patch.setattr("dashboard.filters.now", lambda: planted.NOW)
        patch.setattr("dashboard.components.NUMBERS_SECONDS", 0)  # here is no browser that would show numbers first
        patch.setattr(type(st.context), "cookies", cookies)
        # As streamlit_app.py says; AppTest would take it back, and run pages without the frame that asks who reads.
        patch.setattr(PagesManager, "uses_pages_directory", False)
        patch.setattr("streamlit.testing.v1.app_test.PagesManager", type("Pages", (PagesManager,), {}))
        yield Browser(world.app, Offered(patch), cookies)
