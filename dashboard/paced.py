"""How often an address that anybody may ask is answered: so many times a minute each, and all of them together.

Kept in this process alone, of so many askers at most: a page that is the same for everybody is not worth a row in the
store. Whoever is refused costs the others nothing, and so does an answer that stands made.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

#: Askers kept at the most; beyond them those are forgotten that asked the longest ago.
MOST: Final = 10_000


@dataclass(slots=True)
class Bucket:
    """Answers that may still be given at once (``left``), as of ``at`` in seconds."""

    left: float
    at: float

    def fill(self, per_minute: int, now: float) -> None:
        """Add what has come since."""
        self.left = min(float(per_minute), self.left + (now - self.at) * per_minute / 60)
        self.at = now

    def wait(self, per_minute: int) -> float:
        """Give the seconds until there is one answer; 0 when there is."""
        return max(0.0, (1 - self.left) * 60 / per_minute)


@dataclass(slots=True)
class Pace:
    """Who asked how often. ``clock``: seconds that only grow."""

    clock: Callable[[], float] = time.monotonic
    known: OrderedDict[str, Bucket] = field(default_factory=OrderedDict)
    everybody: Bucket | None = None
    lock: Lock = field(default_factory=Lock)

    def wait(self, who: str, *, each: int, together: int | None) -> float:
        """Take one answer for ``who`` and give 0, or give the seconds to wait for one and take none.

        ``each``, ``together``: answers a minute to one asker and to all; None: an answer that costs nothing, of which
        none is taken from what all have.
        """
        now = self.clock()
        with self.lock:
            mine = self._bucket(who, each, now)
            if left := mine.wait(each):
                return left
            if together is not None:
                if left := self._whole(together, now).wait(together):
                    return left
                self._whole(together, now).left -= 1
            mine.left -= 1
            return 0.0

    def knows(self, who: str) -> bool:
        """Say whether somebody asked here before, and is not forgotten."""
        return who in self.known

    def give_back(self, who: str) -> None:
        """Give back an answer that was taken and shall not count."""
        with self.lock:
            if who in self.known:
                self.known[who].left += 1

    def forget(self, who: str) -> None:
        """Know somebody no more."""
        with self.lock:
            self.known.pop(who, None)

    def _whole(self, together: int, now: float) -> Bucket:
        self.everybody = self.everybody or Bucket(float(together), now)
        self.everybody.fill(together, now)
        return self.everybody

    def _bucket(self, who: str, each: int, now: float) -> Bucket:
        found = self.known.pop(who, None) or Bucket(float(each), now)
        found.fill(each, now)
        self.known[who] = found
        while len(self.known) > MOST:
            self.known.popitem(last=False)
        return found
