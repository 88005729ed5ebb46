"""The door of the wall screen: its token comes once in the address, then as a cookie of its own, for this page only."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import urlencode

import streamlit as st
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from config import report
from dashboard import data, scope
from dashboard.doors import secure
from metrics.scope import Scope
from store import tokens
from store.tokens import WALL_KEY, WALL_PATH, Token

COOKIE: Final = "dunghan_wall"
#: In the address: "sang" shows the light colours.
GROUND: Final = "nen"
#: In the address: one screen that stays, 1 to 3.
HELD: Final = "man"
#: Browsers keep no cookie for longer than 400 days.
COOKIE_SECONDS: Final = 400 * 24 * 3600
UNKNOWN: Final = "Mã không đúng hoặc đã bị thu hồi"
ENDED: Final = "Mã đã bị thu hồi"
_HERE: Final = Path(__file__).parent
_ENDED: Final = Template((_HERE / "wall_ended.html").read_text(encoding="utf-8"))
_HOST: Final = Template((_HERE / "wall_host.html").read_text(encoding="utf-8"))
_POLICY: Final = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'"
_HEADERS: Final = {
    "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": f"{_POLICY}; frame-ancestors 'self'",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Looker:
    """Who looks at the wall: what may be seen, and what stands in its head."""

    scope: Scope
    title: str


def looker() -> Looker | None:
    """Give who looks, asked on every run: a person who is signed in, else the screen of a token that still holds.

    A screen that stands there is nobody who does something: it does not keep a session from growing idle.
    """
    person = scope.reader(noted=False)
    if person is not None:
        return Looker(person.scope, _title(person.departments))
    token = _token(secret())
    return Looker(token.scope, _title(token.departments)) if token else None


def secret() -> str:
    """Give the secret that the browser's cookie holds, empty when there is none."""
    return st.context.cookies.get(COOKIE, "")


def _title(departments: tuple[str, ...] | None) -> str:
    return " ".join(report.load().letterhead.agency) if departments is None else ", ".join(departments)


async def answer(request: Request, *, signed_in: bool) -> Response | None:
    """Answer a request for the wall; None lets it through to the page, or, signed out without a token, to the gate.

    A secret in the address becomes a cookie at once and leaves the address: it stands on no screen, in no history and
    in no Referer.
    """
    if request.url.path.startswith(f"{WALL_PATH}/"):  # Streamlit asks whether it lives under the page's address
        return Response(status_code=404)
    if request.url.path != WALL_PATH:
        return None
    given = request.query_params.get(WALL_KEY)
    if given is not None:
        return await _exchanged(request, given)
    if not signed_in and COOKIE in request.cookies and not await _opens(request):
        return _ended(ENDED)
    inside = request.query_params.get("embed") == "true"  # the page itself, in the frame of the host
    return _host(request) if not inside and (signed_in or COOKIE in request.cookies) else None


async def lets_in(request: Request) -> bool:
    """Say whether the wall's cookie opens what is asked: the page of the wall, nothing else."""
    return request.url.path == WALL_PATH and await _opens(request)


async def _opens(request: Request) -> bool:
    return await to_thread.run_sync(_token, request.cookies.get(COOKIE, "")) is not None


def opens(given: str) -> bool:
    """Say whether a secret is that of a wall's token which holds."""
    return _token(given) is not None


async def _exchanged(request: Request, given: str) -> Response:
    if await to_thread.run_sync(_token, given) is None:
        return _ended(UNKNOWN)
    kept = urlencode(_kept(request))
    found = RedirectResponse(f"{WALL_PATH}?{kept}" if kept else WALL_PATH, 303, _HEADERS)
    found.set_cookie(COOKIE, given, max_age=COOKIE_SECONDS, httponly=True, samesite="lax", secure=secure(request))
    return found


def _host(request: Request) -> Response:
    """Give the page around the wall: it scales it to the screen, and says when the server does not answer."""
    light = request.query_params.get(GROUND) == "sang"
    told = _kept(request) | {"embed": "true", "embed_options": "light_theme" if light else "dark_theme"}
    nonce = secrets.token_urlsafe(18)
    page = _HOST.substitute(
        ground="light" if light else "dark", inside=escape(f"{WALL_PATH}?{urlencode(told)}"), nonce=nonce
    )
    allowed = f"{_POLICY}; script-src 'nonce-{nonce}'; connect-src 'self'; frame-src 'self'; frame-ancestors 'none'"
    return HTMLResponse(page, headers=_HEADERS | {"Content-Security-Policy": allowed})


def _kept(request: Request) -> dict[str, str]:
    return {name: request.query_params[name] for name in (GROUND, HELD) if name in request.query_params}


def _token(given: str) -> Token | None:
    return tokens.by_secret(data.store(), given, "wall") if given else None


def _ended(title: str) -> Response:
    return HTMLResponse(_ENDED.substitute(title=title), 403, _HEADERS)
