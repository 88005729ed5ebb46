"""The processes of a house, and the one that brings them up: asked from the test, answered by nursery.py."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]


@dataclass(slots=True)
class Child:
    """A worker or a dashboard. ``stage``: where it says it stands; ``port``: of a dashboard."""

    pid: int
    log: Path
    stage: Path
    port: int = 0

    def said(self) -> str:
        """Give what it wrote into its diary."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def stands(self) -> list[str]:
        """Give what it is doing; nothing when it is between two things, or has not begun."""
        with suppress(OSError, ValueError):
            return [str(name) for name in json.loads(self.stage.read_text(encoding="ascii"))]
        return []

    def dead(self) -> bool:
        """Say whether it is gone, though nobody has buried it yet: the nursery does, when it is ended."""
        with suppress(OSError):
            told = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii", errors="replace")
            return told.rpartition(")")[2].split()[0] == "Z"
        return True


class Nursery:
    """The process that brings children up (nursery.py)."""

    def __init__(self, log: Path) -> None:
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.nursery"], cwd=ROOT, stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=out, text=True,
            )  # fmt: skip
        self._lock, self._ready = threading.Lock(), False

    def ask(self, **order: Any) -> Any:
        """Give an order and wait for the answer."""
        with self._lock:
            assert self._process.stdin is not None
            self._ready = self._ready or bool(self._heard())
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            return self._heard()["answer"]

    def _heard(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the nursery is gone; see its log")
        return json.loads(line)

    def close(self) -> None:
        """End it; its children die with it."""
        self._process.kill()
        self._process.communicate()
