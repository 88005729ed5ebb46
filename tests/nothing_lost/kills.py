"""Give orders to the nursery: readings of a source by processes of their own, some of them killed on the way."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
KILLED: Final = -9


@dataclass(frozen=True, slots=True)
class Order:
    """One reading by one process. ``point``: where to die, when it is passed for the ``nth`` time; "": live.

    ``told``: the folder of a sources.toml whose first source is read, instead of the office at ``url``.
    """

    store: str
    home: str
    url: str
    seen_at: str
    sweep: bool = False
    point: str = ""
    nth: int = 1
    told: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended, and the points that it passed."""

    status: int
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nursery:
    """A process that brings up others."""

    process: subprocess.Popen[str]

    def bear(self, order: Any) -> Ended:
        """Let one process do ``order``, a dataclass, and wait for its end."""
        asked, told = self.process.stdin, self.process.stdout
        assert asked is not None
        assert told is not None
        asked.write(json.dumps(asdict(order)) + "\n")
        asked.flush()
        answer = json.loads(told.readline())
        return Ended(answer["status"], tuple(answer["points"]))


@contextmanager
def nursery(module: str = "tests.nothing_lost.nursery") -> Iterator[Nursery]:
    """Keep a nursery while the block runs. ``module``: what brings the processes up, and says what they do."""
    words = [sys.executable, "-m", module]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Nursery(process)
        assert process.stdin is not None
        process.stdin.close()


def writers() -> set[str]:
    """Name every function in store/ that opens a transaction that writes, as the nursery names places."""
    return {
        f"store.{path.stem}.{name}"
        for path in (ROOT / "store").glob("*.py")
        for name in _writing(ast.parse(path.read_text(encoding="utf-8")), "")
    }


def _writing(node: ast.AST, inside: str) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            yield from _writing(child, f"{inside}.{child.name}".removeprefix("."))
        elif isinstance(child, ast.Call) and getattr(child.func, "id", "") == "writing":
            yield inside
        else:
            yield from _writing(child, inside)
