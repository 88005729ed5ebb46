"""The door of the wall screen: its token comes once in the address, then as a cookie of its own, for this page only."""

from __future__ import annotations

from dataclasses import dataclass
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
_PAGE: Final = Template((Path(__file__).parent / "wall_ended.html").read_text(encoding="utf-8"))
_HEADERS: Final = {
    "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Looker:
    """Who looks at the wall: what may be seen, and what stands in its head."""

    scope: Scope
    title: str


def looker() -> Looker | None:
    """Give who looks, asked on every run: a person who is signed in, else the screen of a token that still holds."""
    person = scope.reader()
    if person is not None:
        return Looker(person.scope, _title(person.departments))
    token = _token(st.context.cookies.get(COOKIE, ""))
    return Looker(token.scope, _title(token.departments)) if token else None


def _title(departments: tuple[str, ...] | None) -> str:
    return " ".join(report.load().letterhead.agency) if departments is None else ", ".join(departments)


async def answer(request: Request, *, signed_in: bool) -> Response | None:
    """Answer a request for the wall; None lets it through to the page, or, signed out without a token, to the gate.

    A secret in the address becomes a cookie at once and leaves the address: it stands on no screen, in no history and
    in no Referer.
    """
    if request.url.path != WALL_PATH:
        return None
    secret = request.query_params.get(WALL_KEY)
    if secret is not None:
        return await _exchanged(request, secret)
    if not signed_in and COOKIE in request.cookies and not await _opens(request):
        return _ended(ENDED)
    dressed = _dressed(request)
    return RedirectResponse(dressed, 303, _HEADERS) if dressed and (signed_in or COOKIE in request.cookies) else None


async def lets_in(request: Request) -> bool:
    """Say whether the wall's cookie opens what is asked: the page of the wall, nothing else."""
    return request.url.path == WALL_PATH and await _opens(request)


async def _opens(request: Request) -> bool:
    return await to_thread.run_sync(_token, request.cookies.get(COOKIE, "")) is not None


async def _exchanged(request: Request, secret: str) -> Response:
    if await to_thread.run_sync(_token, secret) is None:
        return _ended(UNKNOWN)
    found = RedirectResponse(_address(request), 303, _HEADERS)
    secure = request.url.scheme == "https"
    found.set_cookie(COOKIE, secret, max_age=COOKIE_SECONDS, httponly=True, samesite="lax", secure=secure)
    return found


def _dressed(request: Request) -> str | None:
    """Give the address in the wall's colours, None when it is: Streamlit takes its theme from there."""
    asked = request.query_params
    wanted = _theme(request)
    return None if asked.get("embed") == "true" and asked.get("embed_options") == wanted else _address(request)


def _address(request: Request) -> str:
    kept = {name: request.query_params[name] for name in (GROUND, HELD) if name in request.query_params}
    return f"{WALL_PATH}?{urlencode(kept | {'embed': 'true', 'embed_options': _theme(request)})}"


def _theme(request: Request) -> str:
    return "light_theme" if request.query_params.get(GROUND) == "sang" else "dark_theme"


def _token(secret: str) -> Token | None:
    return tokens.by_secret(data.store(), secret, "wall") if secret else None


def _ended(title: str) -> Response:
    return HTMLResponse(_PAGE.substitute(title=title), 403, _HEADERS)
