"""What every figure must reach, and whether it does: a target that falls short ends the run with 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from benchmarks.questions import QUARTER, Question
from benchmarks.race import Runner

#: Least multiples of our time, by a part of an engine's name.
SLOWER_AT_LEAST: Final = {
    "DuckDB, plain": 3.0,
    "pandas, plain": 6.0,
    "PostgreSQL, plain": 25.0,
    "SQLite, plain": 50.0,
    "our snapshot": 1.0,
}
#: Most multiples of the time in which polars merely reads the columns.
READING_AT_MOST: Final = {"counts": 3.0, "durations": 4.0, "took": 4.0, "recompute": 20.0}
WHOLE_AT_LEAST: Final = 10.0  # the last quarter alone, in a tenth of the whole recompute
GROWTH_AT_MOST: Final = 11.0  # of ten times the rows
_MEMORY: Final = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Wanted:
    """One target, in words, and whether it was reached."""

    words: str
    reached: bool

    def __str__(self) -> str:
        """Say both."""
        return f"{self.words}: {'there' if self.reached else '**not yet**'}"


def of(question: Question, runner: Runner, ours: Runner, reading: Runner, whole: Runner | None) -> list[Wanted]:
    """Give what is wanted of one line. ``whole``: ours in the whole recompute, if it was asked for."""
    if question is QUARTER:
        if runner is not ours or whole is None:
            return []
        share = whole.least / ours.least
        return [Wanted(f"≤ 1/{WHOLE_AT_LEAST:g} of all months (1/{share:.0f})", share >= WHOLE_AT_LEAST)]
    if runner is ours:
        most = READING_AT_MOST[question.name]
        return [
            Wanted(f"≤ {most:g} × reading", runner.least / reading.least <= most),
            Wanted("≤ 2 GiB", runner.peak <= _MEMORY),
        ]
    least = next((least for name, least in SLOWER_AT_LEAST.items() if name in runner.engine.name), None)
    if least is None or question.name == "recompute":
        return []
    return [Wanted(f"≥ {least:g} × ours", runner.least / ours.least >= least)]


def growth(question: Question, ours: Runner, few: Runner) -> Wanted:
    """Judge how much longer ten times the rows take. ``few``: ours over a tenth of them."""
    times = ours.least / few.least
    words = f"{question.title}: ten times the dossiers in ≤ {GROWTH_AT_MOST:g} × the time ({times:.1f})"
    return Wanted(words, times <= GROWTH_AT_MOST)
