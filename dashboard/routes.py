"""Our own addresses beside Streamlit's: health, sign-in, sign-out; and the gate in front of every page."""

from __future__ import annotations

import hmac
import secrets
from html import escape
from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import quote, urlsplit

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from config.errors import StoreError
from dashboard import data, filters, wall_door
from dashboard.scope import COOKIE
from store import audit, people, sessions
from store.people import Person

SIGN_IN: Final = "/dang-nhap"
SIGN_OUT: Final = "/dang-xuat"
CSRF_COOKIE: Final = "dunghan_csrf"
WRONG: Final = "Tên đăng nhập hoặc mật khẩu không đúng."
EXPIRED: Final = "Trang đăng nhập đã mở quá lâu. Nhập lại để tiếp tục."
#: Open to everybody: fonts, the frame of the app (holds no data), health; the socket is judged by the page itself, and
#: what other systems ask by its token.
PUBLIC: Final = (
    SIGN_IN,
    SIGN_OUT,
    "/healthz",
    "/static/",
    "/app/static/",
    "/_stcore/",
    "/favicon",
    "/manifest.json",
    "/api/",
)
#: The addresses of the pages (dashboard/frame.py).
PAGES: Final = (
    "/",
    "/ho-so-can-xu-ly",
    "/co-quan-don-vi",
    "/linh-vuc",
    "/bao-cao-tuan",
    "/bieu-mau",
    "/chat-luong",
    "/so-tay-chi-so",
    "/nguon-du-lieu",
    "/don-vi-thu-tuc",
    "/nap-tep",
    "/doi-soat",
    "/ho-so",
    "/man-hinh",
    "/quan-tri",
)
_PAGE: Final = Template((Path(__file__).parent / "signin.html").read_text(encoding="utf-8"))
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def wanted(path: str | None) -> str:
    """Give the page to go on to: a path of this site, else the first page. Never another host."""
    if not path or not path.startswith("/") or "\\" in path or any(ord(c) < 32 for c in path):
        return "/"
    parts = urlsplit(path)
    return "/" if parts.scheme or parts.netloc or path.startswith("//") else path


def sign_out_key(token: str) -> str:
    """Give the key that a sign-out link must carry, so that a foreign page cannot sign a reader out."""
    return hmac.new(token.encode(), b"sign-out", "sha256").hexdigest()[:24]


async def health(_: Request) -> Response:
    """Say whether the store answers: 200 with the version of the figures, else 503."""
    try:
        manifest = await to_thread.run_sync(data.manifest)
    except StoreError:
        return JSONResponse({"status": "store unavailable"}, status_code=503)
    return JSONResponse({"status": "ok", "data_version": manifest.data_version if manifest else None})


async def show_sign_in(request: Request) -> Response:
    """Show the sign-in page; somebody already signed in goes straight on."""
    after = wanted(request.query_params.get("tiep"))
    if await person_of(request):
        return RedirectResponse(after, status_code=303)
    return _sign_in_page(request, after)


async def sign_in(request: Request) -> Response:
    """Check name and password, set the cookie, and go on to the wanted page."""
    form = await request.form(max_files=0, max_fields=10)
    after = wanted(_text(form, "tiep"))
    if not _same_site(request, form):
        return _sign_in_page(request, after, error=EXPIRED, status=403)
    name, password = _text(form, "ten").strip(), _text(form, "mat_khau")
    person = await to_thread.run_sync(people.check, data.store(), name, password)
    if person is None:
        await to_thread.run_sync(_kept, name, "sign_in_failed")
        return _sign_in_page(request, after, name=name, error=WRONG, status=401)
    await to_thread.run_sync(_kept, person.name, "sign_in")
    token = await to_thread.run_sync(_open_session, person)
    answer = RedirectResponse(after, status_code=303)
    secure = request.url.scheme == "https"
    answer.set_cookie(
        COOKIE, token, max_age=int(sessions.LASTS.total_seconds()), httponly=True, samesite="lax", secure=secure
    )
    answer.delete_cookie(CSRF_COOKIE, path=SIGN_IN)
    return answer


async def sign_out(request: Request) -> Response:
    """End the session named by the cookie, when the link was ours, and show the sign-in page."""
    answer = RedirectResponse(SIGN_IN, status_code=303)
    token = request.cookies.get(COOKIE, "")
    if token and hmac.compare_digest(sign_out_key(token), request.query_params.get("k", "")):
        person = await to_thread.run_sync(_by_session, token)
        if person:
            await to_thread.run_sync(_kept, person.name, "sign_out")
        await to_thread.run_sync(sessions.close, data.store(), token)
        answer.delete_cookie(COOKIE, path="/")
    return answer


async def person_of(request: Request) -> Person | None:
    """Give who is signed in, from the cookie of a request."""
    token = request.cookies.get(COOKIE)
    return await to_thread.run_sync(_by_session, token) if token else None


class Gate:
    """Send signed-out readers of any page to the sign-in page, and afterwards to where they wanted to go."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(PUBLIC):
            return await self.app(scope, receive, send)
        request = Request(scope)
        signed_in = await person_of(request) is not None
        wall = await wall_door.answer(request, signed_in=signed_in)
        if wall is not None:
            return await wall(scope, receive, send)
        if not signed_in and await wall_door.lets_in(request):
            return await self.app(scope, receive, send)
        if signed_in:
            if _is_a_page(request) and request.url.path not in PAGES:  # else Streamlit says so, in English
                return await RedirectResponse("/", status_code=303)(scope, receive, send)
            return await self.app(scope, receive, send)
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        answer = RedirectResponse(f"{SIGN_IN}?tiep={quote(path, safe='')}", status_code=303)
        return await answer(scope, receive, send)


def _is_a_page(request: Request) -> bool:
    """Tell whether the browser's address line asks, not a part of a page."""
    return request.method == "GET" and "text/html" in request.headers.get("accept", "")


ROUTES: Final = (
    Route("/healthz", health, methods=["GET"]),
    Route(SIGN_IN, show_sign_in, methods=["GET"]),
    Route(SIGN_IN, sign_in, methods=["POST"]),
    Route(SIGN_OUT, sign_out, methods=["GET"]),
)


def _sign_in_page(request: Request, after: str, *, name: str = "", error: str = "", status: int = 200) -> Response:
    key = request.cookies.get(CSRF_COOKIE) or secrets.token_urlsafe(24)
    page = _PAGE.substitute(
        after=escape(after), key=escape(key), name=escape(name), error=escape(error),
        state="wrong" if error else "fresh", described='aria-describedby="loi" aria-invalid="true"' if error else "",
    )  # fmt: skip
    answer = HTMLResponse(page, status_code=status, headers=_HEADERS)
    secure = request.url.scheme == "https"
    answer.set_cookie(CSRF_COOKIE, key, 3600, path=SIGN_IN, httponly=True, samesite="strict", secure=secure)
    return answer


def _same_site(request: Request, form: FormData) -> bool:
    """Take a form only from our own page: its key must be the cookie's, and the browser must not say otherwise."""
    key = request.cookies.get(CSRF_COOKIE, "")
    foreign = request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
    return bool(key) and hmac.compare_digest(key.encode(), _text(form, "khoa").encode()) and not foreign


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _kept(name: str, act: audit.Act) -> None:
    audit.keep(data.store(), person=name, act=act, at=filters.now())


def _open_session(person: Person) -> str:
    return sessions.open_for(data.store(), person, now=filters.now())


def _by_session(token: str) -> Person | None:
    return sessions.person_of(data.store(), token, now=filters.now())
