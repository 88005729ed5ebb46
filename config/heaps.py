"""How a process that stays up for weeks keeps its memory: few heaps, for what one thread gave back serves another."""

from __future__ import annotations

import ctypes
import sys
import threading
import time
from contextlib import suppress
from typing import Final

#: The C library gives threads heaps of their own, eight for each core, so that they need not wait for each other; ours
#: wait for the interpreter anyway. What is free in one heap is of no use in another, and with the many threads that
#: come and go it was twice of what was in use.
MOST: Final = 2
_ARENA_MAX: Final = -8  # malloc.h
#: How often a process that does heavy work now and then gives back what that left free.
EVERY_SECONDS: Final = 600


def keep_small() -> None:
    """Keep this process to MOST heaps, and give back what is free in them every EVERY_SECONDS, from now on.

    Where the C library knows no such thing, nothing happens.
    """
    _ask("mallopt", _ARENA_MAX, MOST)
    threading.Thread(target=_now_and_then, name="heaps", daemon=True).start()


def _now_and_then() -> None:
    while True:
        time.sleep(EVERY_SECONDS)
        _ask("malloc_trim", 0)  # the C library keeps what lies below anything that is in use


def _ask(name: str, *told: int) -> None:
    if sys.platform.startswith("linux"):
        with suppress(OSError, AttributeError):
            getattr(ctypes.CDLL(None), name)(*told)
