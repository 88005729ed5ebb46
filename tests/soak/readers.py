"""Readers who come, go from page to page and leave again, spoken as Streamlit speaks; each drawing of a page counts."""

from __future__ import annotations

import http.client
import random
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from config.errors import DunghanError
from dashboard.scope import COOKIE

SLOW: Final = 120.0
#: What readers open, those most often that a director opens most often.
PAGES: Final = (
    "", "", "", "ho-so-can-xu-ly", "ho-so-can-xu-ly", "canh-bao", "co-quan-don-vi", "co-quan-don-vi", "linh-vuc",
    "thu-tuc-hanh-chinh", "chat-luong", "vi-sao", "diem-nghen", "du-bao", "bieu-mau", "chi-so-766", "bao-cao-tuan",
    "nguon-du-lieu", "so-tay-chi-so",
)  # fmt: skip
#: So many pages are drawn in one visit; then the line is hung up, and a new one begins a new session of Streamlit.
A_VISIT: Final = 12


@dataclass(slots=True)
class Readers:
    """Some people at once. ``signed_in``: gives the token of a fresh session; ``drawn``: pages, by their address."""

    port: int
    signed_in: Callable[[], str]
    seed: int = 1
    rest: float = 0.0
    drawn: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    stop: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many pages were drawn."""
        return sum(self.drawn.values())

    def come(self, count: int) -> None:
        """Let so many of them in."""
        for n in range(count):
            self.threads.append(threading.Thread(target=self._read, args=(random.Random(self.seed + n),), daemon=True))
            self.threads[-1].start()

    def leave(self) -> None:
        """Send all away, and wait until they are gone."""
        self.stop.set()
        for thread in self.threads:
            thread.join(SLOW)

    def _read(self, dice: random.Random) -> None:
        while not self.stop.is_set():
            try:
                self._visit(dice)
            except (DunghanError, OSError, WebSocketException, EOFError, http.client.HTTPException) as error:
                if not self.stop.is_set():
                    self.wrong[f"{type(error).__name__}: {error}"[:120]] += 1
                self.stop.wait(1)

    def _visit(self, dice: random.Random) -> None:
        token = self.signed_in()
        _page(self.port, token)
        with _line(self.port, token) as line:
            for _ in range(A_VISIT):
                page = dice.choice(PAGES)
                if self.stop.is_set() or not self._drew(line, page):
                    return
                self.drawn[page] += 1
                self.stop.wait(self.rest)

    def _drew(self, line: ClientConnection, page: str) -> bool:
        """Draw a page; False when it showed the sign-in instead, for the session was over."""
        from streamlit.proto.BackMsg_pb2 import BackMsg
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        asked = BackMsg()
        asked.rerun_script.query_string, asked.rerun_script.page_name = "", page
        line.send(asked.SerializeToString())
        text = ""
        while True:
            told = ForwardMsg.FromString(line.recv(timeout=SLOW))
            kind: Any = told.WhichOneof("type")
            if kind == "script_finished":
                break
            if kind == "delta" and told.delta.WhichOneof("type") == "new_element":
                text += str(told.delta.new_element)
        if "mã sự cố" in text:
            self.wrong[f"an incident on /{page}"] += 1
        if "dang-nhap" in text:
            self.drawn["(signed out)"] += 1
            return False
        return True


def _page(port: int, token: str) -> None:
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=SLOW)
    try:
        asked.request("GET", "/", headers={"Cookie": f"{COOKIE}={token}", "Accept": "text/html"})
        with suppress(http.client.IncompleteRead):
            asked.getresponse().read()
    finally:
        asked.close()


def _line(port: int, token: str) -> ClientConnection:
    return connect(
        f"ws://127.0.0.1:{port}/_stcore/stream", open_timeout=SLOW, max_size=None, proxy=None,
        additional_headers={"Cookie": f"{COOKIE}={token}"}, origin=Origin(f"http://127.0.0.1:{port}"),
    )  # fmt: skip
