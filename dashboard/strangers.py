"""Sockets of whoever is not signed in: a few a minute, for an open page whose session ended, and no flood of them.

Every socket is a session of Streamlit and a run of a page, which then says that nobody is signed in.
"""

from __future__ import annotations

from typing import Final

from anyio import to_thread
from starlette.requests import HTTPConnection

from config.errors import StoreError
from dashboard import scope, wall_door
from dashboard.paced import Pace
from store import failures

#: Sockets a minute of one address; of all that a proxy of this machine may hide together.
PER_MINUTE: Final = 20
PER_MINUTE_ALL: Final = 200
PACE: Final = Pace()


async def too_many(asked: HTTPConnection) -> bool:
    """Say whether a socket is refused: nobody is signed in who asks for it, and too many of those came."""
    session, wall = asked.cookies.get(scope.COOKIE, ""), asked.cookies.get(wall_door.COOKIE, "")
    known = await to_thread.run_sync(_knows, session, wall) if session or wall else False
    if known:
        return False
    who = failures.of_address(asked.client.host if asked.client else "")
    return PACE.wait(who, each=PER_MINUTE if who else PER_MINUTE_ALL, together=None) > 0


def _knows(session: str, wall: str) -> bool:
    """Say whether a session or a wall's token holds. A tab that comes back by itself is nobody who does something."""
    try:
        return scope.reader_of(session, noted=False) is not None or wall_door.opens(wall)
    except StoreError:  # the page says so itself
        return True
