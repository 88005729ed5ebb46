"""What holds for a moment: asked of the database once for all who draw a page within it.

Of sources and of who is silent, never of who may see what: whoever reads is asked for anew at every drawing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, TypeVar

T = TypeVar("T")
#: How long a moment is, in seconds; 0: everything is asked each time.
SECONDS = 1.0
_MOST: Final = 64
_known: Final[dict[Hashable, tuple[float, Any]]] = {}
_one: Final = Lock()


def within(what: Hashable, ask: Callable[[], T]) -> T:
    """Give what ``ask`` answers about ``what``, or what it answered a moment ago."""
    now = time.monotonic()
    found = _known.get(what)
    if found is not None and now - found[0] < SECONDS:
        answer: T = found[1]
        return answer
    told = ask()
    with _one:
        if len(_known) >= _MOST:
            _known.clear()
        _known[what] = now, told
    return told
