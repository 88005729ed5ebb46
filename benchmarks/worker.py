"""One engine in a process of its own: answers as often as it is asked, and says how long it took and what it held.

It reads lines from its input: the path for an answer to be compared, or an empty line for a repetition.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.questions import QUESTIONS


def peak_bytes(pid: int | None = None) -> int:
    """Give the most memory this program has held, or another one; ru_maxrss would count who started us too."""
    status = Path(f"/proc/{pid or 'self'}/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main(module: str, source: str, question: str, folder: str) -> None:
    """Answer until the input ends."""
    engine, asked = import_module(module), QUESTIONS[question]
    peak: Callable[[Any], int] = getattr(engine, "peak", lambda _: peak_bytes())  # of a server, if it is one
    opened = engine.open_(Path(folder), source)
    for line in sys.stdin:
        gc.collect()
        begun = time.perf_counter()
        answer = engine.ask(opened, asked, source)
        told = {"seconds": time.perf_counter() - begun, "peak": peak(opened)}
        if line.strip():
            engine.told(answer).write_ipc(line.strip())
        del answer
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
