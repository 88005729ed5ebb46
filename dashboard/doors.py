"""What the pages outside Streamlit share: their addresses and headers, cookies, and whether a form came from us."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Final

from starlette.datastructures import FormData
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response

from config.settings import settings
from dashboard import spoken
from dashboard.scope import COOKIE
from store import sessions

SIGN_IN: Final = "/dang-nhap"
SIGN_OUT: Final = "/dang-xuat"
#: One's own account: password and open sessions.
ACCOUNT: Final = "/tai-khoan"
CSRF_COOKIE: Final = "dunghan_csrf"
#: What a browser keeps in which somebody signed in with a password (store/browsers.py), and for how many seconds.
MARK_COOKIE: Final = "dunghan_quen"
MARK_SECONDS: Final = 90 * 24 * 3600
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def template(name: str) -> Template:
    """Read a page that is written beside this module; its words are put in escaped."""
    return Template((Path(__file__).parent / name).read_text(encoding="utf-8"))


def wanted(path: str | None) -> str:
    """Give the page to go on to: a path of this site, else the first page. Never another host."""
    if not path or not path.startswith("/") or path.startswith("//"):
        return "/"
    return "/" if "\\" in path or any(ord(c) < 32 for c in path) else path


def secure(asked: HTTPConnection) -> bool:
    """Say whether readers come by https: as the office's public address tells, else as the request came."""
    return asked.scope.get("scheme") in ("https", "wss") or settings().public_url.startswith("https://")


def address(request: Request) -> str:
    """Give where a request comes from; a proxy that is trusted says it (docs/access.md)."""
    return request.client.host if request.client else ""


def key(token: str, what: str) -> str:
    """Give the key that a form or link of ours carries, so that a foreign page cannot do ``what`` for a reader."""
    return hmac.new(token.encode(), what.encode(), "sha256").hexdigest()[:24]


def token(request: Request) -> str:
    """Give the session's token from the request's cookie, empty when there is none."""
    return request.cookies.get(COOKIE, "")


def let_in(request: Request, session: str, after: str) -> Response:
    """Set the cookie of a new session and go on."""
    answer = RedirectResponse(after, status_code=303, headers={"Cache-Control": "no-store"})
    lasts = int(sessions.LASTS.total_seconds())
    answer.set_cookie(COOKIE, session, max_age=lasts, httponly=True, samesite="lax", secure=secure(request))
    answer.delete_cookie(CSRF_COOKIE, path=SIGN_IN)
    return answer


def marked(request: Request, answer: Response, mark: str) -> Response:
    """Let the browser keep that somebody signed in here."""
    safe = secure(request)
    answer.set_cookie(MARK_COOKIE, mark, MARK_SECONDS, path=SIGN_IN, httponly=True, samesite="lax", secure=safe)
    return answer


def csrf(request: Request) -> str:
    """Give the key for the forms of somebody who is not signed in: the browser's, else a new one."""
    return request.cookies.get(CSRF_COOKIE) or secrets.token_urlsafe(24)


def with_csrf(request: Request, page: str, mine: str, status: int, headers: Mapping[str, str]) -> Response:
    """Show a page whose form carries the key ``mine``, and keep the key in a cookie of its own."""
    lasts, safe = 3600, secure(request)
    answer = spoken.answer(request, page, status=status, headers={**HEADERS, **headers}, secure=safe)
    answer.set_cookie(CSRF_COOKIE, mine, lasts, path=SIGN_IN, httponly=True, samesite="strict", secure=safe)
    return answer


def is_ours(request: Request, form: FormData) -> bool:
    """Take a form only from our own page: its key must be the cookie's, and the browser must not say otherwise."""
    return bool(mine := request.cookies.get(CSRF_COOKIE, "")) and has_key(request, form, mine)


def has_key(request: Request, form: FormData, mine: str) -> bool:
    """Say whether a form carries the key ``mine``, and no foreign page sent it."""
    foreign = request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
    return hmac.compare_digest(mine.encode(), text(form, "khoa").encode()) and not foreign


def text(form: FormData, name: str) -> str:
    """Give what was typed into a field."""
    value = form.get(name)
    return value if isinstance(value, str) else ""
