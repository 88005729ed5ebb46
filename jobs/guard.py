"""End the processes of a supervisor that was killed: wait for the end of standard input, then stop every named group.

Started by jobs/processes.py with a pipe nobody writes to after its death, so that not even ``kill -9`` leaves orphans.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

PATIENCE_SECONDS = 8.0


def stop_groups(
    groups: Iterable[int], *, reap: Callable[[], object] = lambda: None, patience: float = PATIENCE_SECONDS
) -> None:
    """Ask every process group to end; after ``patience`` seconds, end it.

    ``reap`` collects our own dead children: until then a dead one still answers as a member of its group.
    """
    left = {group for group in groups if _signal(group, signal.SIGTERM)}
    deadline = time.monotonic() + patience
    while left and time.monotonic() < deadline:
        time.sleep(0.05)
        reap()
        left = {group for group in left if _signal(group, 0)}
    for group in left:
        _signal(group, signal.SIGKILL)


def _signal(group: int, number: int) -> bool:
    with suppress(ProcessLookupError):
        os.killpg(group, number)
        return True
    return False


def main() -> None:
    """Read ``+GROUP`` and ``-GROUP`` lines until the supervisor is gone."""
    groups: set[int] = set()
    for line in sys.stdin:
        (groups.add if line.startswith("+") else groups.discard)(int(line[1:]))
    stop_groups(groups)


if __name__ == "__main__":
    main()
