"""What Streamlit does again and again for every drawing of a page, done once: the theme, and the way to its readers.

A drawing tells the browser a hundred things. Streamlit reads the whole theme out of its settings before each drawing
and wakes its loop up for every single thing that is told; here the theme is read once, for nothing changes it while a
process lives, and the loop is woken once for all that waits by then. What is told, and its order, stays as it is.

And nothing that is told waits on its way: the last words of a page would be held back until its browser has said that
it heard those before them, which browsers say after 40 ms.
"""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Any, Final
from weakref import WeakKeyDictionary

from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session
from streamlit.runtime.app_session import AppSession

_one: Final = Lock()
_themes: Final[dict[str, CustomThemeConfig]] = {}
_waiting: Final[WeakKeyDictionary[AppSession, deque[Callable[[], None]]]] = WeakKeyDictionary()
_read = app_session._populate_theme_msg
_tell = AppSession._call_soon_on_event_loop


def begin() -> None:
    """Put ours in the place of Streamlit's."""
    app_session._populate_theme_msg = _theme
    AppSession._call_soon_on_event_loop = _together  # type: ignore[method-assign]


def at_once(loop: asyncio.AbstractEventLoop) -> None:
    """Let what ``loop`` serves from now on be sent at once. asyncio sees to it itself, but for a socket whose maker did
    not name TCP, and Streamlit's does not; what a socket takes in inherits it."""
    serve = loop.create_server

    async def serving(*args: Any, sock: socket.socket | None = None, **more: Any) -> Any:
        if sock is not None and sock.family in (socket.AF_INET, socket.AF_INET6):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return await serve(*args, sock=sock, **more)

    loop.create_server = serving  # type: ignore[method-assign]


def _theme(msg: CustomThemeConfig, section: str = "theme") -> None:
    if section not in _themes:
        read = CustomThemeConfig()
        _read(read, section)
        _themes[section] = read
    msg.CopyFrom(_themes[section])


def _together(self: AppSession, callback: Callable[[], None]) -> None:
    """Let the loop of a session hear what it is told after all it was told before; wake it up where nothing waits."""
    with _one:
        waiting = _waiting.setdefault(self, deque())
        waiting.append(callback)
        woken = len(waiting) > 1
    if not woken:
        _tell(self, lambda: _hear(waiting))


def _hear(waiting: deque[Callable[[], None]]) -> None:
    """Hear what waits, in its order, and what comes meanwhile. Each leaves only when it was heard: whoever comes once
    nothing waits wakes the loop up again."""
    while waiting:
        try:
            waiting[0]()
        except Exception as error:  # as the loop itself would: it is told, and what waits behind it is heard
            asyncio.get_running_loop().call_exception_handler({"message": "a page's message", "exception": error})
        with _one:
            waiting.popleft()
            if not waiting:
                return
