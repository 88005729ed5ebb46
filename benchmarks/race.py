"""Ask every engine in turn, each in its own process: first compare every cell, then repeat, and only then tell."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import IO

import polars as pl

from benchmarks.compare import cells, differences
from benchmarks.engines import READING, Engine
from benchmarks.questions import Question

ROOT = Path(__file__).resolve().parents[1]


class RaceError(Exception):
    """There is nothing to tell: an engine broke down, or answered wrongly."""


class WrongCellsError(RaceError):
    """An engine gave other figures than ours: no ratio is worth printing."""

    def __init__(self, engine: Engine, question: Question, found: Sequence[str]) -> None:
        """Name the engine, the question and the first cells."""
        super().__init__(
            "\n  ".join([f"{engine.name} differs from ours in {question.title} (ours but theirs):", *found])
        )


@dataclass(slots=True)
class Runner:
    """One engine under way, and what it took so far."""

    engine: Engine
    process: subprocess.Popen[str]
    seconds: list[float] = field(default_factory=list)
    peak: int = 0
    cells: int = 0

    @property
    def least(self) -> float:
        """The quickest repetition."""
        return min(self.seconds)

    @property
    def middle(self) -> float:
        """The median repetition."""
        return median(self.seconds)

    def ask(self, answer: str = "") -> None:
        """Have the question answered once more; the first time leaves ``answer`` to be compared."""
        into, out = _pipes(self.process)
        into.write(answer + "\n")
        into.flush()
        line = out.readline()
        if not line:
            raise RaceError(f"{self.engine.name} ended without an answer (exit {self.process.wait()})")
        told = json.loads(line)
        self.seconds.append(told["seconds"])
        self.peak = self.peak or told["peak"]  # of the first answer: later the process has written it out as well

    def warmed(self, patience: float) -> None:
        """Forget the first answer's time, which holds what is loaded once; unless there will be no other."""
        if sum(self.seconds) < patience:
            self.seconds.clear()


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("a worker without pipes")
    return process.stdin, process.stdout


def race(
    question: Question,
    engines: Sequence[Engine],
    folder: Path,
    *,
    times: int,
    patience: float,
    tell: Callable[[str], None] = lambda _: None,
) -> list[Runner]:
    """Compare every cell of every engine, then repeat in turns. Raises RaceError.

    An engine that has taken ``patience`` seconds in all is not asked again: its fewer repetitions are told.
    """
    runners = [_started(engine, question, folder) for engine in engines]
    try:
        _compared(question, runners, folder, tell)
        for runner in runners:
            runner.warmed(patience)
        for _ in range(times):
            for runner in runners:
                if sum(runner.seconds) < patience:
                    runner.ask()
    finally:
        for runner in runners:
            _end(runner.process)
    return runners


def _started(engine: Engine, question: Question, folder: Path) -> Runner:
    command = [sys.executable, "-m", "benchmarks.worker", engine.module, engine.source, question.name, str(folder)]
    return Runner(engine, subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))


def _end(process: subprocess.Popen[str]) -> None:
    into, out = _pipes(process)
    into.close()
    out.close()
    process.terminate()
    process.wait()


def _compared(question: Question, runners: Sequence[Runner], folder: Path, tell: Callable[[str], None]) -> None:
    right: pl.DataFrame | None = None
    for runner in runners:
        file = folder / f"answer-{question.name}.arrow"
        runner.ask("" if runner.engine is READING else str(file))
        if runner.engine is READING:
            continue
        answer = cells(pl.read_ipc(file), question)
        file.unlink()
        if right is None:
            right = answer
        elif found := differences(right, answer, question):
            raise WrongCellsError(runner.engine, question, found)
        runner.cells = answer.height * len(question.values)
        tell(f"{runner.engine.name}: {runner.cells:,} cells the same")
