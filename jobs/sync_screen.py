"""What ``dunghan sync`` says on the error output while it reads: that a source begins, how far it is, how it ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from rich.console import Console
from rich.progress import Progress

#: Off a terminal a line is printed after so many seconds or rows, whichever comes first.
EVERY_SECONDS: Final = 10.0
EVERY_ROWS: Final = 20_000


@dataclass(slots=True)
class Lines:
    """Progress where no bar can be drawn: into a file, a journal, a pipe."""

    console: Console
    name: str
    clock: Callable[[], float] = time.monotonic
    rows: int = 0
    at: float = field(init=False)

    def __post_init__(self) -> None:
        self.at = self.clock()

    def __call__(self, read: int, expected: int) -> None:
        """Say how many rows were read, when it is time to."""
        now = self.clock()
        if read - self.rows < EVERY_ROWS and now - self.at < EVERY_SECONDS:
            return
        self.rows, self.at = read, now
        of = f" of {expected:,}" if expected > read else ""
        line(self.console, f"  {self.name}: {read:,}{of} rows read")


@contextmanager
def progress(console: Console, name: str, title: str) -> Iterator[Callable[[int, int], None]]:
    """Say that ``name`` begins, and show how far it is: a bar on a terminal, lines anywhere else."""
    line(console, f"{name}: reading {title}" if title and title != name else f"{name}: reading")
    if not console.is_terminal:
        yield Lines(console, name)
        return
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task(title or name, total=None)
        yield lambda read, expected: bar.update(task, completed=read, total=max(read, expected))


def line(console: Console, text: str) -> None:
    """Print one line as it is: names in it are no markup, and nothing is wrapped."""
    console.print(text, highlight=False, markup=False, soft_wrap=True)
