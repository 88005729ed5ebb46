"""How a source may be asked: how long to wait, how often to try, how fast to ask, and when to leave it in peace."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Manners(BaseModel):
    """Settings that every connector over HTTP has; each stands in its own table, [source.KIND]."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 60.0  # between two signs of life of the source
    attempts: Annotated[int, Field(ge=1, le=20)] = 6
    requests_a_minute: Annotated[int, Field(ge=0, le=60_000)] = 0  # 0: as fast as it answers
    stops_after: Annotated[int, Field(ge=2, le=1000)] = 20  # failures in a row that end a pull
    largest_megabytes: Annotated[float, Field(gt=0, le=1024)] = 64.0  # of one answer


@dataclass(slots=True)
class Pace:
    """Keeps a distance between requests. The clock is monotonic: a computer whose time is set does not stand still."""

    requests_a_minute: int = 0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _next: float = 0.0

    def wait(self) -> None:
        """Wait until the next request may be sent."""
        if not self.requests_a_minute:
            return
        now = self.clock()
        if now < self._next:
            self.sleep(self._next - now)
        self._next = max(now, self._next) + 60 / self.requests_a_minute


@dataclass(slots=True)
class Circuit:
    """Counts failures in a row within one pull; ``open`` from ``stops_after`` on. Between pulls the worker waits."""

    stops_after: int = 20
    failures: int = field(default=0)

    @property
    def open(self) -> bool:
        return self.failures >= self.stops_after

    def failed(self) -> None:
        self.failures += 1

    def worked(self) -> None:
        self.failures = 0
