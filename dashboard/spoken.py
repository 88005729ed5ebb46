"""The reader's language on the pages outside Streamlit: what a request asks for, and the cookie that keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from dashboard import english, languages
from dashboard.languages import ASKED, COOKIE, OTHER, Language, read

_SECONDS: Final = 400 * 24 * 3600  # browsers keep no cookie for longer


def of(request: Request) -> Language:
    """Give the language that a request asks for: its address, else its cookie."""
    return read(request.query_params.get(ASKED)) or read(request.cookies.get(COOKIE)) or "vi"


def answer(request: Request, page: str, *, status: int = 200, headers: Mapping[str, str], secure: bool) -> HTMLResponse:
    """Show a page of ours in the reader's language."""
    told = english.page(page) if of(request) == "en" else page
    found = HTMLResponse(told, status_code=status, headers=dict(headers))
    keep(request, found, secure=secure)
    return found


def keep(request: Request, found: Response, *, secure: bool) -> None:
    """Keep in a cookie the language that the address of a request asks for; nothing where it asks for none."""
    asked = read(request.query_params.get(ASKED))
    if asked is not None:
        found.set_cookie(COOKIE, asked, _SECONDS, httponly=True, samesite="lax", secure=secure)


def cookie(request: Request, *, secure: bool) -> bytes:
    """Give the header of that cookie for an answer that somebody else makes; empty where nothing is asked for."""
    found = Response()
    keep(request, found, secure=secure)
    return found.headers.get("set-cookie", "").encode()


def link(request: Request, path: str, after: str) -> str:
    """Give the link to a page outside Streamlit in the other language."""
    language, told = OTHER[of(request)]
    return languages.link(f"{path}?{ASKED}={language}&tiep={quote(after, safe='')}", language, told)
