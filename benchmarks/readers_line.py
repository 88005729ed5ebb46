"""One reader as a browser is: the page by HTTP, its socket, and what Streamlit's protocol says by it.

A choice is what a browser sends when a box is chosen; parts of a page that draw themselves are asked for in their time.
Every drawing is timed from the question until the server says that it has ended, with all its messages read.
"""

from __future__ import annotations

import asyncio
import http.client
import re
import time
from dataclasses import dataclass, field
from typing import Any, Final

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from dashboard.scope import COOKIE

PATIENCE: Final = 60.0
_RIGHT: Final = re.compile(r"([\d.]+)\s*/\s*([\d.]+)\s*hồ sơ đến ngày hẹn")
_NUMBER: Final = re.compile(r"[\d.]+")


class BrokenError(Exception):
    """A page broke, or showed the sign-in."""


@dataclass(slots=True)
class Drawn:
    """A drawing: seconds, messages, bytes, and the numbers that it showed."""

    seconds: float = 0.0
    messages: int = 0
    size: int = 0
    words: list[str] = field(default_factory=list)
    metrics: dict[str, str] = field(default_factory=dict)

    @property
    def numbers(self) -> tuple[int, int, int] | None:
        """Read due, kept, overdue off it; None where they are not all there."""
        pair = _RIGHT.search(" ".join(self.words).replace("*", ""))
        late = next((value for label, value in self.metrics.items() if "quá hạn" in label.lower()), "")
        if pair is None or not _NUMBER.fullmatch(late):
            return None
        met, due, stock = (int(text.replace(".", "")) for text in (pair[1], pair[2], late))
        return due, met, stock


@dataclass(slots=True)
class Reader:
    """Somebody at a browser. ``token``: of a session, "" for pages that ask nobody who they are."""

    port: int
    token: str = ""
    page: str = ""
    line: ClientConnection | None = None
    boxes: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, float] = field(default_factory=dict)  # fragment → seconds from one drawing to the next
    due: dict[str, float] = field(default_factory=dict)
    chosen: dict[str, tuple[str, str]] = field(default_factory=dict)  # label → id, option
    script: str = ""
    query: str = ""
    cookies: str = ""

    async def open(self) -> Drawn:
        """Load the page, open its socket, and have it drawn."""
        await asyncio.to_thread(self._fetch)
        host = f"127.0.0.1:{self.port}"
        self.line = await connect(
            f"ws://{host}/_stcore/stream", open_timeout=PATIENCE, max_size=None, proxy=None, compression=None,
            additional_headers={"Cookie": self.cookies}, origin=Origin(f"http://{host}"), ping_interval=None,
        )  # fmt: skip
        return await self._draw(BackMsg())

    def _fetch(self) -> None:
        """Ask for the page as a browser does; who is behind a proxy is told whose reader it is."""
        mine = f"{COOKIE}={self.token}" if self.token else ""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            asked.request("GET", f"/{self.page}", headers={"Cookie": mine, "Accept": "text/html"})
            answer = asked.getresponse()
            answer.read()
            if answer.status != 200:
                raise BrokenError(f"/{self.page}: {answer.status}")
            given = [each.partition(";")[0] for each in answer.msg.get_all("Set-Cookie") or ()]
            self.cookies = "; ".join(each for each in (mine, *given) if each)
        finally:
            asked.close()

    async def go(self, page: str) -> Drawn:
        """Go to another page of the same session, with nothing chosen."""
        self.page, self.chosen, self.script, self.query = page, {}, "", ""
        return await self._draw(BackMsg())

    async def choose(self, label: str, option: str) -> Drawn:
        """Choose an option of a box."""
        self.chosen[label] = self.boxes[label].id, option
        asked = BackMsg()
        for name, told in self.chosen.values():
            state = asked.rerun_script.widget_states.widgets.add()
            state.id, state.string_value = name, told
        return await self._draw(asked)

    async def look_after(self) -> Drawn | None:
        """Have the part drawn again whose time has come, as an open page does by itself."""
        now = time.monotonic()
        part = next((name for name, at in self.due.items() if at <= now), None)
        if part is None:
            return None
        self.due[part] = now + self.parts[part]
        asked = BackMsg()
        asked.rerun_script.fragment_id = part
        asked.rerun_script.is_auto_rerun = True
        return await self._draw(asked)

    async def leave(self) -> None:
        """Hang up."""
        if self.line is not None:
            await self.line.close()

    async def _draw(self, asked: BackMsg) -> Drawn:
        assert self.line is not None
        asked.rerun_script.query_string = self.query
        asked.rerun_script.page_name = self.page
        asked.rerun_script.page_script_hash = self.script
        part = bool(asked.rerun_script.fragment_id)
        if not part:
            self.parts, self.due = {}, {}
        drawn, begun = Drawn(), time.perf_counter()
        await self.line.send(asked.SerializeToString())
        async with asyncio.timeout(PATIENCE):
            while not self._hear(await self.line.recv(decode=False), drawn):
                pass
        drawn.seconds = time.perf_counter() - begun
        now = time.monotonic()
        for name, every in self.parts.items():
            self.due.setdefault(name, now + every)
        return drawn

    def _hear(self, told: bytes, drawn: Drawn) -> bool:
        """Read one message; give whether it was the last of the drawing."""
        drawn.messages, drawn.size = drawn.messages + 1, drawn.size + len(told)
        message = ForwardMsg.FromString(told)
        kind = message.WhichOneof("type")
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._see(message.delta.new_element, drawn)
        elif kind == "navigation":
            self.script = message.navigation.page_script_hash  # a browser says by it which page it has open
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self.parts[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        return bool(kind == "script_finished")

    def _see(self, element: Any, drawn: Drawn) -> None:
        kind = element.WhichOneof("type")
        if kind == "selectbox":
            self.boxes[element.selectbox.label] = element.selectbox
        elif kind == "metric":
            drawn.metrics[element.metric.label] = element.metric.body
        elif kind == "markdown":
            drawn.words.append(element.markdown.body)
            if "mã sự cố" in element.markdown.body:
                raise BrokenError(element.markdown.body[:200])
        elif kind == "exception":
            raise BrokenError(str(element.exception)[:300])
