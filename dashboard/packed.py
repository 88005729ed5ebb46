"""Send Streamlit's own files packed: it sends them as they lie, which is two thirds of what a first visit weighs.

Packing at every request would cost more than it saves (so says Streamlit's gzip layer, which leaves them out). They
never change while a process lives, so each is packed once and kept: all that is there comes to 7 MB.
"""

from __future__ import annotations

import gzip
from functools import cache
from mimetypes import guess_type
from pathlib import Path
from typing import Final

import anyio
import streamlit
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

_FOLDER: Final = Path(streamlit.__file__).parent / "static"
#: Pictures and fonts are packed already; what is smaller fits into a packet or two.
_ENDINGS: Final = frozenset((".js", ".css", ".json", ".svg", ".html"))
_LEAST: Final = 1_000
_LEVEL: Final = 5  # one per cent larger than 9, in a third of the time
_HEADERS: Final = {
    "Cache-Control": "public, immutable, max-age=31536000",  # as Streamlit sends them: their names hold a digest
    "Content-Encoding": "gzip",
    "Vary": "Accept-Encoding",
}


@cache
def files() -> dict[str, Path]:
    """Give what is sent packed, by its address; nothing else is looked for on disk, whatever is asked."""
    found = (file for file in (_FOLDER / "static").rglob("*") if file.suffix in _ENDINGS)
    return {f"/{file.relative_to(_FOLDER).as_posix()}": file for file in found if file.stat().st_size >= _LEAST}


@cache
def packed(address: str) -> bytes:
    """Give one of ``files`` packed; the same bytes every time."""
    return gzip.compress(files()[address].read_bytes(), _LEVEL, mtime=0)


class Packed:
    """Answer for Streamlit's files where the reader takes gzip; leave everything else as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in files() or not _takes_it(scope):
            await self.app(scope, receive, send)
            return
        content = await anyio.to_thread.run_sync(packed, scope["path"])
        kind = guess_type(scope["path"])[0]
        await Response(content, headers=_HEADERS, media_type=kind)(scope, receive, send)


def _takes_it(scope: Scope) -> bool:
    """Say whether the whole file is asked for and may come packed (RFC 9110 §12.5.3: a weight of 0 forbids it)."""
    asked = Headers(scope=scope)
    if scope["method"] != "GET" or "range" in asked:
        return False
    for told in asked.get("accept-encoding", "").lower().split(","):
        name, _, weight = told.strip().partition(";")
        if name.strip() == "gzip":
            return weight.replace(" ", "").rstrip("0.") != "q="
    return False
