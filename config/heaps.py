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


def few() -> None:
    """Keep this process to MOST heaps, from now on; where the C library knows no such thing, nothing happens."""
    if sys.platform.startswith("linux"):
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(_ARENA_MAX, MOST)


def give_back() -> None:
    """Give the machine what is free in the heaps: the C library keeps what lies below anything that is in use."""
    if sys.platform.startswith("linux"):
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def keep_giving_back() -> None:
    """Do so every EVERY_SECONDS from now on, beside whatever else this process does."""
    threading.Thread(target=_now_and_then, name="heaps", daemon=True).start()


def _now_and_then() -> None:
    while True:
        time.sleep(EVERY_SECONDS)
        give_back()
