"""The door of the wall: a token in the address once, in a cookie afterwards, and for the wall alone."""

from __future__ import annotations

from typing import Any

import httpx2
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard import routes, wall_door
from dashboard.scope import COOKIE
from store import tokens
from store.database import Store
from tests.dashboard.conftest import NOW
from tests.dashboard.loops import answered


async def _inside(request: Request) -> Response:
    return PlainTextResponse(f"inside {request.url.path}")


async def asked(*questions: tuple[str, dict[str, str]]) -> list[Any]:
    """Ask the gate, each question with its cookies; gives the answers."""
    inner = [Route("/{path:path}", _inside, methods=["GET"])]
    app = Starlette(routes=inner, middleware=[Middleware(routes.Gate)])
    transport, found = httpx2.ASGITransport(app=app), []
    for path, cookies in questions:
        async with httpx2.AsyncClient(transport=transport, base_url="http://here", cookies=cookies) as client:
            found.append(await client.get(path, headers={"accept": "text/html"}))
    return found


def ask(*questions: tuple[str, dict[str, str]]) -> list[Any]:
    return answered(lambda: asked(*questions))


def issued(store: Store, name: str, kind: tokens.Kind = "wall") -> str:
    return tokens.issue(store, name, kind=kind, departments=None, by="quantri", at=NOW)[1]


def test_the_secret_leaves_the_address_at_once_for_a_cookie_that_scripts_cannot_read(in_use: Store) -> None:
    secret = issued(in_use, "sảnh")
    (found,) = ask((f"/man-hinh?khoa={secret}&nen=sang", {}))
    assert (found.status_code, found.headers["location"]) == (303, "/man-hinh?nen=sang")
    cookie = found.headers["set-cookie"]
    assert cookie.startswith(f"dunghan_wall={secret};")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert found.headers["referrer-policy"] == "no-referrer"
    assert found.headers["cache-control"] == "no-store"


def test_the_cookie_opens_the_wall_and_nothing_else(in_use: Store) -> None:
    cookie = {wall_door.COOKIE: issued(in_use, "phòng họp")}
    host, page = ask(("/man-hinh", cookie), ("/man-hinh?embed=true", cookie))
    assert (host.status_code, page.text) == (200, "inside /man-hinh")
    assert 'src="/man-hinh?embed=true&amp;embed_options=dark_theme"' in host.text
    elsewhere = [path for path in (*routes.PAGES, "/media/x.csv", "/man-hinh2") if path != "/man-hinh"]
    assert len(elsewhere) > 10
    assert {answer.headers["location"].split("?")[0] for answer in ask(*((p, cookie) for p in elsewhere))} == {
        "/dang-nhap"
    }


def test_no_token_an_unknown_one_one_of_another_kind_and_a_revoked_one_open_nothing(in_use: Store) -> None:
    api, ended = issued(in_use, "cổng", "api"), issued(in_use, "cũ")
    tokens.revoke(in_use, "cũ", by="quantri", at=NOW)
    none, unknown, other, revoked, inside = ask(
        ("/man-hinh", {}), ("/man-hinh?khoa=x", {}), (f"/man-hinh?khoa={api}", {}),
        ("/man-hinh", {wall_door.COOKIE: ended}), ("/man-hinh?embed=true", {wall_door.COOKIE: ended}),
    )  # fmt: skip
    assert none.headers["location"] == "/dang-nhap?tiep=%2Fman-hinh"
    assert [a.status_code for a in (unknown, other, revoked, inside)] == [403] * 4
    assert "set-cookie" not in unknown.headers | other.headers
    assert "<h1>Mã đã bị thu hồi</h1>" in revoked.text


def test_whoever_is_signed_in_may_open_the_wall(in_use: Store, sessions: dict[str, str]) -> None:
    (host,) = ask(("/man-hinh", {COOKIE: sessions["giamdoc"]}))
    assert host.status_code == 200
    assert "<iframe" in host.text


def test_the_page_around_it_runs_only_our_script(in_use: Store) -> None:
    cookie = {wall_door.COOKIE: issued(in_use, "hành lang")}
    one, two = ask(("/man-hinh?man=2", cookie), ("/man-hinh?nen=sang&x=%3Cscript%3E", cookie))
    policies = [answer.headers["content-security-policy"] for answer in (one, two)]
    assert all("default-src 'none'" in policy and "script-src 'nonce-" in policy for policy in policies)
    assert policies[0] != policies[1]  # a nonce is used once
    assert "man=2" in one.text
    assert "light_theme" in two.text
    assert "x=" not in two.text
