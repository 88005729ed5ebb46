"""A clock for all processes of a soak: it runs as fast as it is told to, and stops where it is told to.

The product is not changed. Its processes are started with a small library before them (clock.c) that answers what time
of day it is; the speed of everything else, sleeping and measuring among it, stays as it is. So a worker that looks
every second at what is due finds twenty minutes passed when the clock runs at 1,200 times.
"""

from __future__ import annotations

import mmap
import os
import shutil
import struct
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

SECOND: Final = 10**9
_PAGE: Final = struct.Struct("5q")
_FLAGS: Final = ("-O2", "-shared", "-fPIC", "-Wall", "-Werror")
_SOURCE: Final = Path(__file__).with_name("clock.c")


def missing() -> str:
    """Say what this machine lacks for a clock of its own; "" when nothing."""
    if not sys.platform.startswith("linux"):
        return "a clock of its own is for Linux alone (LD_PRELOAD)."
    return "" if _compiler() else "no C compiler was found (Debian: apt-get install gcc libc6-dev)."


def _compiler() -> str | None:
    return shutil.which(os.environ.get("CC", "cc")) or shutil.which("gcc")


class Clock:
    """The time of day of a soak. It stands until ``run`` lets it go."""

    def __init__(self, folder: Path, opened: datetime) -> None:
        file, self._library = folder / "clock", folder / "clock.so"
        subprocess.run(
            [str(_compiler()), *_FLAGS, "-o", str(self._library), str(_SOURCE), "-ldl"],
            check=True,
        )
        file.write_bytes(bytes(_PAGE.size))
        with file.open("r+b") as opened_file:
            self._page = mmap.mmap(opened_file.fileno(), _PAGE.size)
        self.environment: Final = {"LD_PRELOAD": str(self._library), "SOAK_CLOCK": str(file)}
        self._set(_nanoseconds(opened), 0, _nanoseconds(opened))

    @property
    def now(self) -> datetime:
        """What time it is."""
        _, at, since, rate, until = _PAGE.unpack(self._page[:])
        told = min(at + (time.monotonic_ns() - since) * rate, until)
        return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=told // 1000)

    def run(self, rate: int, until: datetime) -> None:
        """Run ``rate`` times as fast, and stop at ``until``."""
        self._set(_nanoseconds(self.now), rate, _nanoseconds(until))

    def stop(self) -> None:
        """Stand still."""
        now = _nanoseconds(self.now)
        self._set(now, 0, now)

    def jump(self, to: datetime) -> None:
        """Be ``to`` at once, and stand."""
        self._set(_nanoseconds(to), 0, _nanoseconds(to))

    def _set(self, at: int, rate: int, until: int) -> None:
        (turn,) = struct.unpack_from("q", self._page)
        struct.pack_into("q", self._page, 0, turn + 1)
        struct.pack_into("4q", self._page, 8, at, time.monotonic_ns(), rate, until)
        struct.pack_into("q", self._page, 0, turn + 2)


def _nanoseconds(moment: datetime) -> int:
    return (moment - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1) * 1000
