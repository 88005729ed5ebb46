"""Child processes that never outlive us: each in a group of its own, with a log, under a guard."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from jobs.guard import PATIENCE_SECONDS, stop_groups

LOG_BYTES = 5_000_000


@dataclass(slots=True)
class Child:
    """A running part of the product. ``started`` is on the monotonic clock."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes]
    log: Path
    started: float = field(default_factory=time.monotonic)

    @property
    def died(self) -> bool:
        """Whether it ended by itself."""
        return self.process.poll() is not None

    @property
    def age(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self.started


class Family:
    """The children of one supervisor; leaving the ``with`` block stops them all, however it is left."""

    def __init__(self, *, logs: Path, environment: Mapping[str, str]) -> None:
        self.logs, self.environment = logs, environment
        self.children: list[Child] = []
        self._guard = subprocess.Popen(
            [sys.executable, "-m", "jobs.guard"], stdin=subprocess.PIPE, text=True, start_new_session=True
        )

    def __enter__(self) -> Family:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, name: str, command: Sequence[str]) -> Child:
        """Start ``command`` in its own process group; what it prints goes to ``logs/NAME.log``."""
        log = self.logs / f"{name}.log"
        _turn_over(log)
        with log.open("ab") as out:
            process = subprocess.Popen(
                command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._tell("+", process.pid)
        child = Child(name, command, process, log)
        self.children.append(child)
        return child

    def restart(self, child: Child) -> Child:
        """Start the same command again in place of a child that died."""
        self.forget([child])
        return self.start(child.name, child.command)

    def turn_over(self) -> None:
        """Begin the log of a child anew that grew too long while it runs; what stood there is kept beside it, once."""
        for child in self.children:
            if _is_long(child.log):
                shutil.copyfile(child.log, _before(child.log))
                os.truncate(child.log, 0)  # the child goes on at the new end (O_APPEND); a line between may be lost

    def forget(self, children: Iterable[Child]) -> None:
        """Let go of children that are gone."""
        for child in list(children):
            self.children.remove(child)
            self._tell("-", child.process.pid)

    def stop(self) -> None:
        """End every child with all that it started, and the guard with them; who came last goes first, for it may still
        be asking the others."""
        for child in reversed(self.children):
            stop_groups([child.process.pid], reap=child.process.poll, patience=PATIENCE_SECONDS)
            child.process.wait()
        self.forget(self.children)
        with suppress(BrokenPipeError):
            self._guard.communicate()

    def _tell(self, sign: str, group: int) -> None:
        if self._guard.stdin:  # always a pipe here; the type does not know
            with suppress(BrokenPipeError):
                self._guard.stdin.write(f"{sign}{group}\n")
                self._guard.stdin.flush()


def last_lines(log: Path, count: int = 15) -> str:
    """Give the end of a log, for a message; at most 64 KiB are read."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 65_536))
        lines = file.read().decode("utf-8", errors="replace").splitlines()
    return "\n".join(lines[-count:])


def _turn_over(log: Path) -> None:
    if _is_long(log):
        log.replace(_before(log))


def _is_long(log: Path) -> bool:
    return log.exists() and log.stat().st_size > LOG_BYTES


def _before(log: Path) -> Path:
    return log.with_suffix(".log.1")
