"""A page that stands open goes on for nobody but whom it was drawn for: in its parts, its buttons and its files."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner import RerunData
from streamlit.testing.v1 import AppTest, local_script_runner

from dashboard import frame, shapes, speaking, still, wall_door
from store import audit, people, sessions, tokens
from tests.access import planted
from tests.access.conftest import MAIN, Browser
from tests.access.walk import rendered
from tests.access.world import World

Ended = Callable[[World, str], None]
HERE = MAIN.parent


def closed(world: World, token: str) -> None:
    sessions.close(world.app, token)


def disabled(world: World, _: str) -> None:
    people.disable(world.app, "vanhanh", by="quantri", at=planted.NOW)


def given_less(world: World, _: str) -> None:
    sees(world, ("Sở Cygnus",))


def sees(world: World, units: tuple[str, ...] | None) -> None:
    people.change(
        world.app, "vanhanh", role="operator", title="vanhanh", departments=units, by="quantri", at=planted.NOW
    )


@pytest.fixture
def opened(browser: Browser, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Open the sources as the operator, in a tab and a session of its own; gives the tab and the session's token."""
    monkeypatch.setenv("DUNGHAN_HOME", str(tmp_path))
    person = people.by_name(world.app, "vanhanh")
    assert person is not None
    browser._hold(token := sessions.open_for(world.app, person, now=planted.NOW))
    app = AppTest.from_file(str(MAIN), default_timeout=60).run()
    app.switch_page(shapes.SOURCES)
    app.run()
    yield app, token
    people.enable(world.app, "vanhanh", by="quantri", at=planted.NOW)
    sees(world, None)


def parts(app: AppTest, patch: pytest.MonkeyPatch) -> bytes:
    """Draw the parts of a page that draw themselves, and nothing else; gives what is sent."""
    alone = partial(RerunData, fragment_id_queue=list(app._fragment_storage._fragments))
    with patch.context() as only:  # a tab of a test forgets its pages, and links to them, with every run
        only.setattr(speaking, "page_link", lambda *_, **__: None)
        only.setattr(local_script_runner, "RerunData", alone)
        return rendered(app.run())


@pytest.mark.parametrize("ended", [closed, disabled, given_less])
def test_a_part_that_draws_itself_shows_nothing_once_its_reader_may_not_see_it(
    opened: tuple[AppTest, str], world: World, monkeypatch: pytest.MonkeyPatch, ended: Ended
) -> None:
    app, token = opened
    assert planted.REFUSED.encode() in parts(app, monkeypatch)
    ended(world, token)
    assert planted.REFUSED.encode() not in parts(app, monkeypatch)


def test_a_button_does_nothing_once_its_reader_is_signed_out(opened: tuple[AppTest, str], world: World) -> None:
    app, token = opened
    replay = next(each for each in app.button if (each.key or "").startswith("nap_lai_"))
    before = audit.read(world.app, act="change_settings").height
    closed(world, token)
    replay.click().run()
    assert audit.read(world.app, act="change_settings").height == before
    assert "Phiên làm việc đã kết thúc".encode() in rendered(app)


def test_a_file_is_not_made_once_its_reader_is_signed_out(
    opened: tuple[AppTest, str], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, token = opened
    made: list[Callable[[], bytes]] = []
    offer = speaking._speaking("download_button", lambda _label, data, *_form, **_more: made.append(data))
    monkeypatch.setattr(speaking, "download_button", offer)
    app.run()
    assert planted.REFUSED.encode() in made[-1]()  # the CSV
    closed(world, token)
    for make in made:
        with pytest.raises(Exception, match="may see it no more"):
            make()


def test_a_wall_shows_no_figures_once_its_token_is_revoked(
    browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, secret = tokens.issue(world.app, "open", kind="wall", departments=None, by="quantri", at=planted.NOW)
    monkeypatch.setattr(type(st.context), "cookies", {wall_door.COOKIE: secret})
    app = AppTest.from_file(str(MAIN), default_timeout=60).run()
    app.switch_page(shapes.WALL)
    app.run()
    assert planted.seen_in(parts(app, monkeypatch))
    tokens.revoke(world.app, "open", by="quantri", at=planted.NOW)
    assert planted.seen_in(parts(app, monkeypatch)) == frozenset()


def test_what_stands_beside_a_list_is_a_view_in_the_log_once_a_session(browser: Browser, world: World) -> None:
    def views() -> list[str]:
        found = audit.read(world.app, person="giamdoc", act="view_dossier")["what"].to_list()
        return [what for what in found if what in drawn]

    drawn = {f"{source} {planted.code(unit)}" for source in ("mot-cua", "cong") for unit in planted.UNITS}
    before = views()
    browser.tabs.pop("giamdoc", None)
    for _ in range(2):
        content = browser.visit("giamdoc", shapes.WORKLIST, {"nhom": "qua-han"}, again=True)
    new = views()[: len(views()) - len(before)]
    assert [what.split()[1].encode() in content for what in new] == [True]


def called_later(file: Path) -> list[str]:
    """Name each call of Streamlit in a module that goes on after the page was drawn, and does not ask again."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    asks = any(isinstance(n, ast.ImportFrom) and any(a.name == "speaking" for a in n.names) for n in ast.walk(tree))
    found = []
    for call in (n for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)):
        assert isinstance(call.func, ast.Attribute)
        name, owner = call.func.attr, ast.unparse(call.func.value)
        given = {k.arg for k in call.keywords if not isinstance(k.value, ast.Constant)}
        later = name in ("fragment", "dialog", "download_button") or given & {"on_click", "on_change", "on_select"}
        known = owner == "still" or (asks and name in {"fragment", *speaking._PUT})
        if later and owner in ("st", "streamlit", "still") and not known:
            found.append(f"{file.name}:{call.lineno} {name}")
    return found


def test_no_page_goes_on_without_asking_who_reads() -> None:
    modules = [file for file in HERE.rglob("*.py") if file.name != "still.py"]
    assert [each for file in modules for each in called_later(file)] == []


class Page:
    """A page that asks the same twice."""

    def __init__(self) -> None:
        self.asked = 0

    def ask(self) -> int:
        self.asked += 1
        return self.asked

    def run(self) -> None:
        assert still.once("x", self.ask) == still.once("x", self.ask)


def test_a_page_and_a_part_that_draws_itself_ask_once_and_the_next_time_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page()
    for runs in (1, 2):
        frame._run(page)  # type: ignore[arg-type]
        assert page.asked == runs
    monkeypatch.setattr(still, "_drawn", lambda: still._Drawn("reader", lambda: "reader"))
    monkeypatch.setattr(st, "fragment", lambda run_every: lambda draw: draw)  # as Streamlit calls it, by itself
    part = still.fragment(run_every=60)(page.run)
    part()
    assert page.asked == 3
    with still.drawing():
        part()
        page.run()
    assert page.asked == 4, "a part within its page asks nothing of its own"
    assert (still.once("x", page.ask), still.once("x", page.ask)) == (5, 6), "outside a page nothing is kept"
