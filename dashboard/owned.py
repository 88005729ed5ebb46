"""A file that a page made opens for the reader it was made for, not for whoever else has its address.

Streamlit gives a file an address and asks nobody who comes for it. Here every file is known by what stands in it, with
the readers it was made for; another reader, or one who sees less by now, is told that there is no such file. Pictures
of the frame hold no data and are for everybody.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.entering import person_of
from dashboard.owners import has

ADDRESS: Final = "/media/"
_GONE: Final = PlainTextResponse("Không có tệp này.\n", 404, {"Cache-Control": "no-store"})


class Owned:
    """Let nobody take a made file but whom it was made for."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        file = scope["type"] == "http" and scope["path"].startswith(ADDRESS)
        await (self._judged if file else self.app)(scope, receive, send)

    async def _judged(self, scope: Scope, receive: Receive, send: Send) -> None:
        told: list[Message] = []

        async def held(message: Message) -> None:
            told.append(message)

        await self.app(_whole(scope), receive, held)
        if not _picture(told) and not await _may(Request(scope), told):
            await _GONE(scope, receive, send)
            return
        for message in told:
            await send(message)


#: What would make the answer another text than the file: a part of it, a packed one.
_FORMS: Final = (b"range", b"accept-encoding")


def _whole(scope: Scope) -> Scope:
    """Ask for the whole file as it was made: a part of it, or a packed one, could not be known again."""
    return {**scope, "method": "GET", "headers": [each for each in scope["headers"] if each[0] not in _FORMS]}


def _picture(told: list[Message]) -> bool:
    start = dict(told[0]["headers"])
    return bool(start.get(b"content-type", b"").startswith(b"image/") and b"content-disposition" not in start)


async def _may(request: Request, told: list[Message]) -> bool:
    person = await person_of(request)
    content = b"".join(message.get("body", b"") for message in told[1:])
    return told[0]["status"] == 200 and person is not None and not person.must_change and has(person, content)
