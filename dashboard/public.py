"""The addresses for everybody, /cong-khai and /cong-khai.json: off unless public.toml says so, made once, asked often.

No session is read here and no cookie is set: who is signed in gets what everybody gets.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from config import public
from config.errors import ConfigError, StoreError
from config.public import Public
from dashboard import data, doors, posted, public_html, public_json, publishing, watched, watching
from dashboard.paced import Pace
from store import failures

PATH: Final = "/cong-khai"
MACHINES: Final = f"{PATH}.json"
#: For so long a copy may be shown elsewhere, and whether there is something newer is looked up no more often here.
SHOWN_SECONDS: Final = 300
LOOKED_SECONDS: Final = 15
_SECURE: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_NOT_KEPT: Final = _SECURE | {"Cache-Control": "no-store"}
_TYPES: Final = {PATH: "text/html; charset=utf-8", MACHINES: "application/json; charset=utf-8"}


class NothingYetError(Exception):
    """There are no figures to tell yet."""


@dataclass(frozen=True, slots=True)
class Made:
    """Both forms of one state of the figures, each with its mark; ``key``: what they were made of."""

    key: Hashable
    bodies: dict[str, tuple[bytes, str]]


@dataclass(slots=True)
class Shelf:
    """What was made last. One at a time makes the next; meanwhile the others get what stands there."""

    clock: Callable[[], float] = time.monotonic
    made: Made | None = None
    looked_at: float = -math.inf
    busy: bool = False
    makers: posted.Few = field(default_factory=lambda: posted.Few(1))

    async def newest(self, settings: Public) -> Made:
        """Give what everybody is told now. Raises StoreError, ConfigError, NothingYetError, posted.BusyError."""
        if self.made is not None and self.stands():
            return self.made
        try:
            return await self.makers.do(self._look, settings)
        except posted.BusyError:
            if self.made is None:
                raise
            return self.made

    def stands(self) -> bool:
        """Say whether an answer is there without asking the store."""
        return self.made is not None and (self.busy or self._is_fresh())

    def _is_fresh(self) -> bool:
        return self.clock() - self.looked_at < LOOKED_SECONDS

    def _look(self, settings: Public) -> Made:
        """Make it anew where something is newer; whoever waited for that finds it made."""
        if self.made is not None and self._is_fresh():
            return self.made
        self.busy = True
        try:
            self.made = _made(settings, self.made)
            self.looked_at = self.clock()
            return self.made
        finally:
            self.busy = False


def _made(settings: Public, before: Made | None) -> Made:
    state = data.manifest()
    if state is None:
        raise NothingYetError
    today = data.today(state)
    silent = publishing.silent(state, today)
    key = (state.data_version, today, silent, settings)
    if before is not None and before.key == key:
        return before
    told = publishing.content(state, today, silent, settings)
    texts = {PATH: public_html.page(told), MACHINES: public_json.text(told)}
    bodies = {path: text.encode() for path, text in texts.items()}
    return Made(key, {path: (body, f'"{hashlib.sha256(body).hexdigest()[:32]}"') for path, body in bodies.items()})


SHELF: Final = Shelf()
PACE: Final = Pace()


def is_here(path: str) -> bool:
    """Say whether an address is one of ours, or stands under it."""
    return path in (PATH, MACHINES) or path.startswith((f"{PATH}/", f"{MACHINES}/"))


async def answer(request: Request) -> Response:
    """Answer with the page, or the same for machines; 404 where it is off, 429 to who asks too often."""
    settings = _settings()
    if settings is None:
        return absent(request)
    who = failures.of_address(doors.address(request))
    waits = PACE.wait(
        who,  # "": a proxy of this machine may hide everybody behind it
        each=settings.per_minute if who else settings.per_minute_all,
        together=None if SHELF.stands() else settings.per_minute_all,
    )
    if waits:
        return _later(429, "Quá nhiều yêu cầu.", math.ceil(waits))
    try:
        made = await SHELF.newest(settings)
    except (StoreError, ConfigError) as error:
        told = watching.words(watched.incident(error))
        return PlainTextResponse(f"{told}\n", 503, _NOT_KEPT | {"Retry-After": "30"})
    except (NothingYetError, posted.BusyError):
        return _later(503, "Chưa có số liệu.", 30)
    body, mark = made.bodies[request.url.path]
    kept = _SECURE | {"Cache-Control": f"public, max-age={SHOWN_SECONDS}", "ETag": mark}
    if _has(request.headers.get("if-none-match", ""), mark):
        return Response(status_code=304, headers=kept)
    return Response(body, headers=kept | {"Content-Type": _TYPES[request.url.path]})


def absent(_: Request) -> Response:
    """Answer as for an address that nobody knows."""
    return PlainTextResponse("Not Found", 404)


def _settings() -> Public | None:
    """Give the settings where the page is open; what cannot be read opens nothing, and the doctor says so."""
    try:
        told = public.load()
    except ConfigError:
        return None
    return told if told.open else None


def _later(status: int, why: str, seconds: int) -> Response:
    return PlainTextResponse(f"{why} Thử lại sau {seconds} giây.\n", status, _NOT_KEPT | {"Retry-After": f"{seconds}"})


def _has(told: str, mark: str) -> bool:
    """Say whether the asker has this very state (If-None-Match)."""
    marks = {one.strip().removeprefix("W/") for one in told.split(",")}
    return mark in marks or "*" in marks


ROUTES: Final = (
    Route(PATH, answer, methods=["GET"]),
    Route(MACHINES, answer, methods=["GET"]),
    Route(f"{PATH}/{{rest:path}}", absent),
    Route(f"{MACHINES}/{{rest:path}}", absent),
)
