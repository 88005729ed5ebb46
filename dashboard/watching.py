"""The layer that gives every request its number, and every reader a page where something broke."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any, Final

from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnected

from config import diary
from config.errors import ConfigError, StoreError
from dashboard import doors, spoken
from dashboard.scope import COOKIE
from dashboard.watched import HEADER, incident, kind_of, page_of, pseudonym, request_number

_PAGE: Final = doors.template("broken.html")
_RETRY: Final = "30"
#: Requests since the process began, by kind and by the first digit of the answer's code.
asked: Final[Counter[tuple[str, str]]] = Counter()


class Counted:
    """Count requests by kind and answer, before anything else sees them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        kind = kind_of(scope["path"])

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start":
                asked[kind, f"{message['status'] // 100}xx"] += 1
            await send(message)

        return await self.app(scope, receive, counting)


class Watched:
    """Number requests, give the number back, and answer for what broke; nothing of it reaches the server's own log."""

    def __init__(self, app: ASGIApp, pages: Collection[str] = ()) -> None:
        self.app, self.pages = app, frozenset(path.strip("/") for path in pages)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        with diary.about(**_of(HTTPConnection(scope), self.pages)):
            await self._answered(scope, receive, send)

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun, number = False, diary.now_known()["request"].encode()

        async def told(message: Message) -> None:
            nonlocal begun
            if message["type"] in ("http.response.start", "websocket.accept"):
                begun = True
                message = {**message, "headers": [*message.get("headers", ()), (HEADER, number)]}
            await send(message)

        try:
            await self.app(scope, receive, told)
        except WebSocketDisconnected:
            return  # whoever asked is gone, and Streamlit still listened: nobody is told, and nothing broke
        except Exception as error:
            code = incident(error)
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1011})
            elif not begun:
                await answer(Request(scope), error, code)(scope, receive, told)


def _of(request: HTTPConnection, pages: frozenset[str]) -> dict[str, Any]:
    """Say what is known of a request: never its address, which may hold what somebody typed."""
    kind, session = kind_of(request.url.path), pseudonym(request.cookies.get(COOKIE, ""))
    page = page_of(request.url.path, pages) if kind == "page" else kind
    told = {"request": request_number(request), "kind": kind, "page": page}
    return told | ({"session": session} if session else {})


def answer(request: Request, error: Exception, code: str) -> Response:
    """Tell who asked that something broke, in the form that was asked for: a page, JSON, or a line of text."""
    status = 503 if isinstance(error, StoreError | ConfigError) else 500
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": _RETRY} if status == 503 else {})
    if kind_of(request.url.path) == "api" or request.url.path.endswith(".json"):
        return JSONResponse(for_machines(code), status, headers)
    if "text/html" in request.headers.get("accept", ""):
        return _page(request, status, headers, code)
    return PlainTextResponse(f"{words(code)}\n", status, headers)


def words(code: str) -> str:
    """Say in one line that something broke, under which number."""
    return f"Hệ thống đang gặp sự cố. Thử lại sau ít phút; nếu vẫn gặp, báo quản trị trung tâm mã sự cố {code}."


def for_machines(code: str, error: str = "Something broke here.") -> dict[str, str]:
    """Say it to another system: ``error`` in English as everything of /api/, and in Vietnamese for who reads it."""
    return {"error": f"{error} Incident {code}.", "loi": words(code), "incident": code}


def _page(request: Request, status: int, headers: dict[str, str], code: str) -> Response:
    page, given = _PAGE.substitute(code=code), doors.HEADERS | headers
    try:
        return spoken.answer(request, page, status=status, headers=given, secure=doors.secure(request))
    except ConfigError:  # the very file of the English words may be what broke
        return Response(page, status, given, media_type="text/html")
