"""Sockets of whoever is not signed in: a few a minute, for an open page whose session ended, and no flood of them.

Every socket is a session of Streamlit, and what comes by it may be a run of a page, which then says that nobody is
signed in. So what comes is taken in no faster than a page of ours ever asks, from those who are signed in too.
"""

from __future__ import annotations

import hashlib
import math
from typing import Final

import anyio
from anyio import to_thread
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from config.errors import StoreError
from dashboard import scope as reading
from dashboard import wall_door
from dashboard.paced import Pace
from store import failures

#: Sockets a minute of one address; of all that a proxy of this machine may hide together.
PER_MINUTE: Final = 20
PER_MINUTE_ALL: Final = 200
#: Messages a minute that are taken in: of a session or a wall's token; of an address with none, of all of these.
TAKEN_IN: Final = 600
TAKEN_IN_OF_NOBODY: Final = 60
TAKEN_IN_OF_NOBODY_ALL: Final = 300
#: Sockets of nobody that may stand open at once, and how long a message of theirs may be, in bytes.
MOST_OPEN: Final = 300
LONGEST: Final = 64 * 1024
PACE: Final = Pace()
HEARD: Final = Pace()
HEARD_OF_NOBODY: Final = Pace()
_open: set[int] = set()


async def opened(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Open the socket of a page, and hear what comes by it in its time; refuse it to too many of nobody."""
    asked = HTTPConnection(scope)
    session, wall = asked.cookies.get(reading.COOKIE, ""), asked.cookies.get(wall_door.COOKIE, "")
    known = await to_thread.run_sync(_knows, session, wall) if session or wall else False
    if known:
        mark = hashlib.sha256(f"{session} {wall}".encode()).hexdigest()
        await app(scope, _in_time(_short(receive, math.inf), HEARD, mark, TAKEN_IN, None), send)
        return
    who = failures.of_address(asked.client.host if asked.client else "")
    each, most = (PER_MINUTE, TAKEN_IN_OF_NOBODY) if who else (PER_MINUTE_ALL, TAKEN_IN_OF_NOBODY_ALL)
    if len(_open) >= MOST_OPEN or PACE.wait(who, each=each, together=None) > 0:
        await WebSocketClose(code=1013)(scope, receive, send)
        return
    _open.add(id(scope))
    try:
        heard = _in_time(_short(receive, LONGEST), HEARD_OF_NOBODY, who, most, TAKEN_IN_OF_NOBODY_ALL)
        await app(scope, heard, send)
    finally:
        _open.discard(id(scope))


def _in_time(receive: Receive, pace: Pace, who: str, each: int, together: int | None) -> Receive:
    """Take a message in when it is its turn: until then whoever sends more waits, and nobody else does."""

    async def heard() -> Message:
        message = await receive()
        if message["type"] == "websocket.receive":
            while seconds := pace.wait(who, each=each, together=together):
                await anyio.sleep(max(seconds, 0.01))
        return message

    return heard


def _short(receive: Receive, longest: float) -> Receive:
    """Hang up where a message is none of ours: a text, or of nobody's page a longer one than it ever sends."""

    async def heard() -> Message:
        message = await receive()
        if message["type"] == "websocket.receive" and not 0 < len(message.get("bytes") or b"") <= longest:
            return {"type": "websocket.disconnect", "code": 1008}
        return message

    return heard


def _knows(session: str, wall: str) -> bool:
    """Say whether a session or a wall's token holds. A tab that comes back by itself is nobody who does something."""
    try:
        return reading.reader_of(session, noted=False) is not None or wall_door.opens(wall)
    except StoreError:  # the page says so itself
        return True
