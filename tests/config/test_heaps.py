"""A process keeps few heaps, however many threads it has, and gives back what is free in them."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from config.heaps import MOST

#: Lets twelve threads hold memory at once, and counts the heaps: 64 MB of addresses each, whatever is used of them.
_THREADS = """
import pathlib, threading
from config import heaps
{first}
together = threading.Barrier(12)
def work():
    kept = [bytes(5_000) for _ in range(50)]
    together.wait()
    kept.clear()
threads = [threading.Thread(target=work) for _ in range(12)]
for each in threads: each.start()
for each in threads: each.join()
begins = [int(line.split("-")[0], 16) for line in pathlib.Path("/proc/self/maps").read_text().splitlines()]
print(1 + sum(at % (64 << 20) == 0 for at in begins))
"""


def heaps(first: str) -> int:
    told = subprocess.run([sys.executable, "-c", _THREADS.format(first=first)], capture_output=True, text=True)
    return int(told.stdout) if not told.returncode else pytest.fail(told.stderr)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has other heaps")
def test_threads_share_few_heaps() -> None:
    assert heaps("heaps.keep_small()") <= MOST < heaps("")


#: Lets go of 50 MB that lie below something kept, and tells how many of them the process still has.
_LETS_GO = """
import pathlib
from config import heaps
def has():
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6
before, kept = has(), [bytearray(5_000) for _ in range(10_000)]
last, kept[:] = bytearray(5_000), []
{then}
print(has() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has other heaps")
def test_what_is_free_is_given_back() -> None:
    def has(then: str) -> float:
        code = _LETS_GO.format(then=then)
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        return float(told.stdout)

    soon = "import time; heaps.EVERY_SECONDS = 0.05; heaps.keep_small(); time.sleep(1)"
    assert has(soon) < 10 < has("")
