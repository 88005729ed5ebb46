"""What every answer carries, whoever gives it, and which pages may open the socket: the browser's side of the locks.

One layer around everything (docs/security.md). An answer that says something itself is left as it is: the pages outside
Streamlit are stricter than Streamlit can be.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import streamlit
import uvicorn
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.settings import settings
from dashboard.doors import secure
from store.tokens import WALL_PATH

_YEAR: Final = 365 * 24 * 3600
#: Nothing of ours asks for any of it, so nothing that somebody smuggled in can.
_NO_DEVICES: Final = ", ".join(
    f"{device}=()"
    for device in (
        "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid", "magnetometer",
        "microphone", "midi", "payment", "serial", "usb",
    )
)  # fmt: skip
_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": _NO_DEVICES,
    "Cross-Origin-Resource-Policy": "same-origin",
}
#: Headers by which an answer is lent to pages of other sites: none is.
_LENT: Final = b"access-control-"
_READING: Final = frozenset(("GET", "HEAD", "OPTIONS"))
_INLINE: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)
#: How a server that can is told to refuse a socket with an answer.
_ANSWERED: Final = "websocket.http.response"
_REFUSED: Final = b"This page may not ask here.\n"
_NOT_KEPT: Final = {"Cache-Control": "no-store"}


@cache
def policy(around: str) -> str:
    """Give the content security policy of Streamlit's pages; ``around``: who may show them in a frame.

    Scripts come from this server alone, and the one that stands in Streamlit's page is named by its hash. Styles are
    written by script everywhere in it, which no policy can tell from somebody else's. No other host is ever asked.
    """
    shell = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    known = [f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in _INLINE.findall(shell)]
    return "; ".join((
        "default-src 'none'", f"script-src 'self' {' '.join(known)}".strip(), "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:", "font-src 'self' data:", "connect-src 'self'", "manifest-src 'self'",
        "frame-src 'none'", "object-src 'none'", "base-uri 'none'", "form-action 'self'",
        f"frame-ancestors {around}",
    ))  # fmt: skip


class Guarded:
    """Put the headers on every answer, Streamlit's own too, and take nothing from pages of another site."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answered(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._opened(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _headers(scope, message.get("headers", ()))}
            await send(message)

        foreign = scope["method"] not in _READING and not is_ours(scope)
        await (PlainTextResponse(_REFUSED, 403, _NOT_KEPT) if foreign else self.app)(scope, receive, told)

    async def _opened(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Open a socket for a page of ours; say no with the same headers, also where Streamlit does.

        Streamlit does not judge again: it would take any page of this machine, and ask a server of the internet for
        this machine's address before it refuses one.
        """
        accepted = False

        async def told(message: Message) -> None:
            nonlocal accepted
            accepted = accepted or message["type"] == "websocket.accept"
            if message["type"] == "websocket.close" and not accepted and _ANSWERED in (scope.get("extensions") or ()):
                await send({"type": f"{_ANSWERED}.start", "status": 403, "headers": _headers(scope, ())})
                message = {"type": f"{_ANSWERED}.body", "body": _REFUSED}
            await send(message)

        if is_ours(scope):
            rest = [each for each in scope["headers"] if each[0] != b"origin"]
            await self.app({**scope, "headers": rest}, receive, told)
        else:
            await receive()  # the handshake
            await told({"type": "websocket.close", "code": 1008})


def is_ours(scope: Scope) -> bool:
    """Say whether a page of this site asks, or no page at all: a browser says where its page is from (RFC 6455 §10.2).

    The page's host is the one that is asked, or that of the office's public address, with its scheme where it is https.
    """
    asked = HTTPConnection(scope)
    origin = asked.headers.get("origin")
    if origin is None:
        return True
    public, page = urlsplit(settings().public_url), urlsplit(origin)
    if page.netloc and page.netloc == public.netloc:
        return page.scheme == public.scheme
    return page.netloc != "" and page.netloc == asked.headers.get("host")


_Raw = Iterable[tuple[bytes, bytes]]


def _headers(scope: Scope, given: _Raw) -> list[tuple[bytes, bytes]]:
    """Add what an answer does not say itself; keep its cookies for https where the office's address is."""
    safe = secure(HTTPConnection(scope))
    lower = [(name.lower(), value) for name, value in given]
    kept = [(name, _cookie(value, safe=safe) if name == b"set-cookie" else value) for name, value in lower]
    kept = [each for each in kept if not each[0].startswith(_LENT)]
    told = Headers(raw=kept)
    around = "'self'" if scope["path"] == WALL_PATH else "'none'"  # the wall stands in a frame of our own
    wanted = _ALWAYS | {"Content-Security-Policy": policy(around)}
    wanted["X-Frame-Options"] = "SAMEORIGIN" if "'self'" in _framed(told) or around == "'self'" else "DENY"
    if safe:  # over http a browser heeds neither, and complains
        wanted |= {"Strict-Transport-Security": f"max-age={_YEAR}", "Cross-Origin-Opener-Policy": "same-origin"}
    return kept + [(name.lower().encode(), value.encode()) for name, value in wanted.items() if name not in told]


def _framed(told: Headers) -> str:
    return told.get("content-security-policy", "").partition("frame-ancestors")[2]


def _cookie(value: bytes, *, safe: bool) -> bytes:
    """Finish a cookie: Streamlit's own one for forms is readable by script on purpose, and by http for no reason."""
    parts = [part.strip().lower() for part in value.split(b";")]
    if safe and b"secure" not in parts:
        value += b"; Secure"
    return value if any(part.startswith(b"samesite=") for part in parts) else value + b"; SameSite=Lax"


def _nameless(self: uvicorn.Config) -> Sequence[tuple[bytes, bytes]]:
    return [(name, value) for name, value in self.__dict__.get("encoded_headers", ()) if name != b"server"]


def _kept(self: uvicorn.Config, value: Sequence[tuple[bytes, bytes]]) -> None:
    self.__dict__["encoded_headers"] = value


def say_no_name() -> None:
    """Let the server not tell what it is made with: no setting of ``streamlit run`` reaches uvicorn's."""
    uvicorn.Config.encoded_headers = property(_nameless, _kept)  # type: ignore[assignment]
