"""A made file is its reader's: its address alone opens nothing."""

from __future__ import annotations

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from dashboard import owned, owners, routes
from dashboard.frame import STATIC
from dashboard.scope import COOKIE
from store import people, sessions
from tests.access import planted
from tests.access.conftest import Browser
from tests.access.world import World
from tests.dashboard.loops import answered

FILE = b"dossiers of Cygnus alone\n" * 100
PICTURE = "logo-light.svg"


async def media(request: Request) -> Response:
    """Answer as Streamlit does: a file with its name, a part of it when a part is asked for."""
    if request.path_params["file"] == PICTURE:
        return FileResponse(STATIC / PICTURE)
    part = FILE[:4] if "range" in request.headers else FILE
    return Response(part, 206 if part != FILE else 200, {"Content-Disposition": 'attachment; filename="a.csv"'})


def taken(file: str, token: str = "", **headers: str) -> httpx2.Response:
    app = Starlette(
        routes=[Route("/media/{file}", media), Route("/_stcore/metrics", media)],
        middleware=[
            Middleware(routes.Gate),
            Middleware(owned.Owned),
            Middleware(GZipMiddleware),
        ],  # Streamlit packs too
    )

    async def go() -> httpx2.Response:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://here") as client:
            return await client.get(file, headers={"cookie": f"{COOKIE}={token}", **headers})

    return answered(go)


@pytest.fixture
def signed_in(world: World, browser: Browser) -> dict[str, str]:
    told = {}
    for name in ("cygnus", "aquila", "giamdoc"):
        person = people.by_name(world.app, name)
        assert person is not None
        told[name] = sessions.open_for(world.app, person, now=planted.NOW)
        if name == "cygnus":
            owners.by(person, FILE)
    return told


def test_the_address_of_a_file_opens_for_whom_it_was_made_and_for_nobody_else(signed_in: dict[str, str]) -> None:
    assert taken("/media/a.csv", signed_in["cygnus"]).content == FILE
    for name in ("aquila", "giamdoc"):
        answer = taken("/media/a.csv", signed_in[name])
        assert (answer.status_code, FILE in answer.content) == (404, False)
    assert taken("/media/a.csv").status_code == 303


def test_a_part_of_a_file_is_asked_as_the_whole(signed_in: dict[str, str]) -> None:
    assert taken("/media/a.csv", signed_in["cygnus"], Range="bytes=0-3").content == FILE
    assert taken("/media/a.csv", signed_in["aquila"], Range="bytes=0-3").status_code == 404


def test_a_browser_that_takes_packed_answers_gets_its_file(signed_in: dict[str, str]) -> None:
    packs = {"Accept-Encoding": "gzip, deflate, br, zstd"}
    assert taken("/media/a.csv", signed_in["cygnus"], **packs).content == FILE
    assert taken("/media/a.csv", signed_in["aquila"], **packs).status_code == 404


def test_a_reader_who_sees_other_units_by_now_has_no_file_of_before(world: World, signed_in: dict[str, str]) -> None:
    def sees(unit: str) -> None:
        people.change(
            world.app, "cygnus", role="head", title="cygnus", departments=(unit,), by="quantri", at=planted.NOW
        )

    person = people.by_name(world.app, "cygnus")
    assert person is not None and person.departments
    sees("Sở Aquila")
    assert taken("/media/a.csv", signed_in["cygnus"]).status_code != 200
    people.change(
        world.app, "cygnus", role=person.role, title=person.title, departments=person.departments, by="quantri",
        at=planted.NOW,
    )  # fmt: skip


def test_a_file_nobody_made_opens_for_nobody_and_a_picture_for_whoever_is_in(signed_in: dict[str, str]) -> None:
    owners._owners.clear()
    assert taken("/media/a.csv", signed_in["cygnus"]).status_code == 404
    assert taken(f"/media/{PICTURE}", signed_in["aquila"]).status_code == 200


def test_what_streamlit_tells_of_itself_is_closed(signed_in: dict[str, str]) -> None:
    assert taken("/_stcore/metrics", signed_in["giamdoc"]).status_code == 403
