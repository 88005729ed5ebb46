"""What anybody may post to us: forms of a page's size, and passwords and providers that are asked a few at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar, TypeVarTuple

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

MOST: Final = 64 * 1024  # bytes of a form; ours send some hundred
#: How our forms are written. The other way names a decoder of the sender's choice, for texts that nothing can hold.
KIND: Final = "application/x-www-form-urlencoded"
#: Who may wait beside those whose turn it is: some seconds' work.
WAITING: Final = 100
Given = TypeVarTuple("Given")
Found = TypeVar("Found")


class BusyError(Exception):
    """More wait for an answer than can soon be given one."""


async def form(request: Request) -> FormData:
    """Read a form of ours. Raises HTTPException: 415 for one written otherwise, 413 for one beyond MOST, whatever its
    head says of its length."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != KIND:
        raise HTTPException(415)
    told, read = request.headers.get("content-length", ""), 0
    if told.isdecimal() and int(told) > MOST:
        raise HTTPException(413)

    async def cut() -> Message:
        nonlocal read
        message = await request.receive()
        read += len(message.get("body", b""))
        if read > MOST:
            raise HTTPException(413)
        return message

    return await Request(request.scope, cut).form(max_files=0, max_fields=10)


class Few:
    """Threads of their own for what is slow: whoever waits for one of them takes none from the pages."""

    def __init__(self, threads: int) -> None:
        self.threads = CapacityLimiter(threads)
        self.there = 0

    async def do(self, work: Callable[[*Given], Found], *given: *Given) -> Found:
        """Do ``work`` when its turn comes. Raises BusyError at once where WAITING wait already."""
        if self.there >= self.threads.total_tokens + WAITING:
            raise BusyError
        self.there += 1
        try:
            return await to_thread.run_sync(work, *given, limiter=self.threads)
        finally:
            self.there -= 1


PASSWORDS: Final = Few(4)  # two hash at a time (store/passwords.py)
PROVIDER: Final = Few(8)
