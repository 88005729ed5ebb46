"""The addresses beside the pages: who is signed out, other systems with their tokens, the wall, and its token."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from dashboard import api, routes, shapes, wall_door
from dashboard.scope import COOKIE
from store import people, sessions, tokens
from tests.access import planted
from tests.access.conftest import Browser
from tests.access.planted import EVERYBODY
from tests.access.world import World
from tests.dashboard.loops import answered

#: Token → kind, units, whose dossiers it may read.
TOKENS: dict[str, tuple[tokens.Kind, tuple[str, ...] | None, frozenset[str]]] = {
    "tinh": ("api", None, EVERYBODY),
    "cygnus": ("api", ("Sở Cygnus",), frozenset({"Cygnus"})),
    "aquila": ("api", ("Sở Aquila",), frozenset({"Aquila"})),
    "revoked": ("api", None, frozenset()),
    "tuong": ("wall", None, frozenset()),
}
ASKED = (
    "/api/overdue",
    "/api/overdue?department=Sở Cygnus",
    "/api/figures/received?by=department&from=2026-10-01",
    "/api/figures/on_time_due?by=department,field&from=2026-10-01&department=Sở Cygnus",
)
INSIDE = "behind the gate"


@pytest.fixture(scope="module")
def secrets(world: World) -> dict[str, str]:
    told = {
        name: tokens.issue(world.app, name, kind=kind, departments=units, by="quantri", at=planted.NOW)[1]
        for name, (kind, units, _) in TOKENS.items()
    }
    tokens.revoke(world.app, "revoked", by="quantri", at=planted.NOW)
    return told


@pytest.fixture
def outside(browser: Browser) -> Iterator[Starlette]:
    """Our own addresses behind their gate; in place of Streamlit a page that says that one is inside."""
    pages = [Route(path, lambda _: PlainTextResponse(INSIDE)) for path in routes.PAGES]
    pages.append(Route(f"{routes.UPLOADS}{{session}}/{{file}}", lambda _: PlainTextResponse(INSIDE), methods=["PUT"]))
    yield Starlette(routes=[*routes.ROUTES, *api.ROUTES, *pages], middleware=[Middleware(routes.Gate)])


def asked(
    app: Starlette, path: str, headers: dict[str, str] | None = None, *, method: str = "GET", content: bytes = b""
) -> httpx2.Response:
    async def go() -> httpx2.Response:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://here") as client:
            return await client.request(method, path, headers=headers, content=content)

    return answered(go)


@pytest.mark.parametrize("path", ASKED)
@pytest.mark.parametrize("name", TOKENS)
def test_a_token_reads_its_own_units_and_no_other(
    outside: Starlette, secrets: dict[str, str], name: str, path: str
) -> None:
    answer = asked(outside, path, headers={"Authorization": f"Bearer {secrets[name]}"})
    may = TOKENS[name][2]
    seen = planted.seen_in(answer.content)
    assert seen == (may & {"Cygnus"} if "department=" in path else may)
    assert answer.status_code == (200 if may else 401)


@pytest.mark.parametrize("path", [*routes.PAGES, "/api/overdue"])
def test_whoever_is_signed_out_comes_to_no_page(outside: Starlette, path: str) -> None:
    answer = asked(outside, f"{path}?don_vi=Sở Cygnus&ma={planted.code('Cygnus')}")
    assert answer.status_code == (401 if path.startswith("/api") else 303)
    assert INSIDE not in answer.text


@pytest.mark.parametrize(
    ("reader", "status"), [("", 403), ("aquila", 403), ("kiemtra", 403), ("quantri", 403), ("vanhanh", 200)]
)
def test_a_file_is_taken_from_nobody_but_those_who_may_put_files_in(
    outside: Starlette, world: World, reader: str, status: int
) -> None:
    person = people.by_name(world.app, reader) if reader else None
    session = sessions.open_for(world.app, person, now=planted.NOW) if person else ""
    cookie = {"cookie": f"{COOKIE}={session}"}
    answer = asked(outside, f"{routes.UPLOADS}a/b", cookie, method="PUT", content=b"x" * 1000)
    assert (answer.status_code, INSIDE in answer.text) == (status, status == 200)
    sessions.close(world.app, session)
    assert asked(outside, f"{routes.UPLOADS}a/b", cookie, method="PUT").status_code == 403


@pytest.mark.parametrize("path", [p for p in routes.PAGES if p != tokens.WALL_PATH])
def test_the_token_of_a_wall_opens_the_wall_alone(outside: Starlette, secrets: dict[str, str], path: str) -> None:
    cookie = {"cookie": f"{wall_door.COOKIE}={secrets['tuong']}"}
    assert asked(outside, path, headers=cookie).status_code == 303
    wall = asked(outside, f"{tokens.WALL_PATH}?embed=true", headers=cookie)
    assert (wall.status_code, wall.text) == (200, INSIDE)


@pytest.mark.parametrize("page", [shapes.OVERVIEW, shapes.WORKLIST, shapes.DOSSIER, shapes.WEEKLY, shapes.ADMIN])
def test_a_session_that_ended_while_the_page_stood_open_shows_nothing(browser: Browser, page: str) -> None:
    query = {"nguon": "mot-cua", "ma": planted.code("Aquila"), "nhom": "qua-han"}
    assert planted.seen_in(browser.visit("", page, query)) == frozenset()
    assert planted.seen_in(browser.visit("giamdoc", page, query)) or page == shapes.ADMIN


def test_the_wall_of_a_unit_shows_that_unit(browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for units, may in ((None, EVERYBODY), (("Sở Cygnus",), frozenset({"Cygnus"}))):
        _, secret = tokens.issue(
            world.app, f"wall of {units}", kind="wall", departments=units, by="quantri", at=planted.NOW
        )
        monkeypatch.setattr(type(st.context), "cookies", {wall_door.COOKIE: secret})
        content = browser.look(shapes.WALL)
        assert planted.seen_in(content) == may
