"""Readers as browsers are: the page by HTTP, then its socket, spoken as Streamlit speaks it."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from dashboard.scope import COOKIE

SLOW: Final = 90.0
#: What differs from minute to minute and from reader to reader, not with the figures.
_OWN: Final = re.compile(r"\d+ (giây|phút|giờ) trước|\d{1,2}:\d{2}|k=[0-9a-f]+")


class AwayError(OSError):
    """Nobody answers, or the line broke."""


@dataclass(slots=True)
class Reader:
    """Somebody with a session: goes to the first of ``ports`` that answers, the one last used before the others."""

    ports: Sequence[int]
    token: str
    path: str = "/"
    moved: int = 0
    line: ClientConnection | None = field(default=None, repr=False)
    at: int = 0

    def welcome(self) -> bool:
        """Say whether the dashboard lets this reader in: not away, not to the sign-in page."""
        with suppress(OSError, http.client.HTTPException):
            return self._page(self.ports[self.at]) == 200
        return False

    def _page(self, port: int) -> int:
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=SLOW)
        try:
            asked.request("GET", self.path, headers={"Cookie": f"{COOKIE}={self.token}", "Accept": "text/html"})
            return asked.getresponse().status
        finally:
            asked.close()

    def open(self) -> None:
        """Go to a dashboard that answers. Raises AwayError when none does."""
        for step in range(len(self.ports)):
            at = (self.at + step) % len(self.ports)
            with suppress(OSError, http.client.HTTPException, WebSocketException):
                if self._page(self.ports[at]) != 200:
                    continue
                self.line = connect(
                    f"ws://127.0.0.1:{self.ports[at]}/_stcore/stream", open_timeout=SLOW, max_size=None,
                    additional_headers={"Cookie": f"{COOKIE}={self.token}"}, proxy=None,
                    ping_interval=None,
                    legacy=True,
                    origin=Origin(f"http://127.0.0.1:{self.ports[at]}"),
                )  # fmt: skip
                self.moved, self.at = self.moved + (at != self.at), at
                return
        raise AwayError("no dashboard answers")

    def ask(self) -> None:
        """Ask for the page."""
        from streamlit.proto.BackMsg_pb2 import BackMsg

        asked = BackMsg()
        asked.rerun_script.query_string = ""
        assert self.line is not None
        self.line.send(asked.SerializeToString())

    def figures(self) -> str:
        """Draw the page and give all its text, less the minutes. Raises AwayError."""
        try:
            if self.line is None:
                self.open()
            self.ask()
            return _OWN.sub("…", "\n".join(self._texts()))
        except (WebSocketException, EOFError) as error:
            self.close()
            raise AwayError(str(error)) from error
        except OSError:
            self.close()
            raise

    def at_last(self, seconds: float) -> str:
        """Draw the page wherever it can be had, as a browser that tries again; "" when it cannot."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with suppress(OSError):
                return self.figures()
            time.sleep(0.2)
        return ""

    def close(self) -> None:
        """Hang up."""
        if self.line is not None:
            with suppress(OSError, WebSocketException):
                self.line.close()
        self.line = None

    def _texts(self) -> Iterator[str]:
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        assert self.line is not None
        while True:
            told = ForwardMsg.FromString(self.line.recv(timeout=SLOW, decode=False))
            kind: Any = told.WhichOneof("type")
            if kind == "script_finished":
                return
            if kind == "delta" and told.delta.WhichOneof("type") == "new_element":
                element = told.delta.new_element
                if element.WhichOneof("type") in ("markdown", "html", "metric", "heading"):
                    yield str(element)
