"""Our own addresses beside Streamlit's: health, sign-out; and the gate in front of every page."""

from __future__ import annotations

import hmac
from typing import Final
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.errors import StoreError
from dashboard import account, data, doors, entering, filters, outside, public, spoken, strangers, wall_door
from dashboard.doors import ACCOUNT, SIGN_IN, SIGN_OUT
from dashboard.entering import person_of
from dashboard.scope import COOKIE, may_upload
from store import audit, sessions
from store.answering import must_answer
from store.snapshot import Manifest

#: Open to everybody: fonts, the frame of the app (holds no data), health; the socket and one's own account are judged
#: by the page itself, and what other systems ask by its token.
PUBLIC: Final = (
    SIGN_IN,
    SIGN_OUT,
    ACCOUNT,
    "/healthz",
    "/static/",
    "/app/static/",
    "/_stcore/",
    "/favicon",
    "/manifest.json",
    "/api/",
    "/metrics",
)
#: Streamlit's figures of itself (ours are at /metrics, for a token), and what it offers to programs beside the pages.
CLOSED: Final = ("/_stcore/metrics", "/_stcore/agent")
#: Where a browser puts the file it uploads: kept in memory, so for nobody but those who may.
UPLOADS: Final = "/_stcore/upload_file/"
#: The addresses of the pages (dashboard/frame.py).
PAGES: Final = (
    "/",
    "/ho-so-can-xu-ly",
    "/canh-bao",
    "/xin-loi-don-doc",
    "/co-quan-don-vi",
    "/linh-vuc",
    "/bao-cao-tuan",
    "/bieu-mau",
    "/chi-so-766",
    "/thu-tuc-hanh-chinh",
    "/chat-luong",
    "/vi-sao",
    "/diem-nghen",
    "/du-bao",
    "/so-tay-chi-so",
    "/can-bo-phan-mem",
    "/nguon-du-lieu",
    "/don-vi-thu-tuc",
    "/nap-tep",
    "/doi-soat",
    "/ra-soat",
    "/ho-so",
    "/man-hinh",
    "/quan-tri",
)


async def health(_: Request) -> Response:
    """Say whether the store answers: 200 with the version of the figures, else 503."""
    try:
        manifest = await to_thread.run_sync(_state)
    except StoreError:
        return JSONResponse({"status": "store unavailable"}, status_code=503)
    return JSONResponse({"status": "ok", "data_version": manifest.data_version if manifest else None})


def _state() -> Manifest | None:
    must_answer(data.store())
    return data.manifest()


async def sign_out(request: Request) -> Response:
    """End the session named by the cookie, when the link was ours; one that began at the provider ends there too."""
    token = doors.token(request)
    given = request.query_params.get("k", "")
    if not token or not hmac.compare_digest(doors.key(token, "sign-out").encode(), given.encode()):
        return RedirectResponse(SIGN_IN, status_code=303)
    answer = RedirectResponse(await to_thread.run_sync(_ended, token), status_code=303)
    answer.delete_cookie(COOKIE, path="/")
    return answer


class Gate:
    """Send signed-out readers of any page to the sign-in page, and afterwards to where they wanted to go."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(CLOSED):
            return await _NOT_YOURS(scope, receive, send)
        if scope["type"] == "http" and scope["path"].startswith(UPLOADS):
            return await (self.app if await _uploads(Request(scope)) else _NOT_YOURS)(scope, receive, send)
        if scope["type"] == "websocket":
            return await strangers.opened(self.app, scope, receive, send)
        if scope["type"] != "http" or scope["path"].startswith(PUBLIC) or public.is_here(scope["path"]):
            return await self.app(scope, receive, send)
        request = Request(scope)
        send = _keeping_language(request, send)
        person = await person_of(request)
        if person is not None and person.must_change:
            return await _away(request, ACCOUNT)(scope, receive, send)
        signed_in = person is not None
        wall = await wall_door.answer(request, signed_in=signed_in)
        if wall is not None:
            return await wall(scope, receive, send)
        if not signed_in and await wall_door.lets_in(request):
            return await self.app(scope, receive, send)
        if signed_in:
            if _is_a_page(request) and request.url.path not in PAGES:  # else Streamlit says so, in English
                return await RedirectResponse("/", status_code=303)(scope, receive, send)
            return await self.app(scope, receive, send)
        return await _away(request, SIGN_IN)(scope, receive, send)


async def _uploads(request: Request) -> bool:
    """Say whether whoever asks may put files in; asked before a byte of the file is read."""
    person = await person_of(request)
    return person is not None and not person.must_change and may_upload(person)


_NOT_YOURS: Final = JSONResponse({"error": "forbidden"}, status_code=403)


def _away(request: Request, to: str) -> Response:
    """Send somebody to another page first, and from there to what was asked for."""
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"{to}?tiep={quote(path, safe='')}", status_code=303)


def _keeping_language(request: Request, send: Send) -> Send:
    """Keep in a cookie the language that the address of a page asks for, whoever answers."""
    kept = spoken.cookie(request, secure=doors.secure(request)) if _is_a_page(request) else b""
    if not kept:
        return send

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), (b"set-cookie", kept)]
        await send(message)

    return told


def _is_a_page(request: Request) -> bool:
    """Tell whether the browser's address line asks, not a part of a page."""
    return request.method == "GET" and "text/html" in request.headers.get("accept", "")


ROUTES: Final = (
    Route("/healthz", health, methods=["GET"]),
    *entering.ROUTES,
    *outside.ROUTES,
    *account.ROUTES,
    *public.ROUTES,
    Route(SIGN_OUT, sign_out, methods=["GET"]),
)


def _ended(token: str) -> str:
    """End a session and give where to go on."""
    now = filters.now()
    person = sessions.person_of(data.store(), token, now=now, noted=False)
    if person:
        audit.keep(data.store(), person=person.name, act="sign_out", at=now)
    return outside.goodbye(sessions.close(data.store(), token))
