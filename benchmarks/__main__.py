"""`make bench`: lay a province out, ask every engine the same questions, compare every cell, tell the ratios."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import asking, pages, results
from benchmarks.engines import POSTGRES, READING, asked
from benchmarks.layout import lay_out
from benchmarks.province import Province
from benchmarks.questions import QUESTIONS
from benchmarks.race import RaceError, Runner, race
from benchmarks.wanted import growth


def main(words: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0 when every figure is there, 1 when one falls short, 2 when a cell differs."""
    given = list(sys.argv[1:] if words is None else words)
    chosen = _parser().parse_args(given)
    if chosen.keep:
        return _run(chosen, chosen.keep, given)
    with tempfile.TemporaryDirectory(prefix="dunghan-bench-") as folder:
        return _run(chosen, Path(folder), given)


def _parser() -> argparse.ArgumentParser:
    parser = asking.parser("bench", __doc__)
    parser.add_argument("--months", type=int, default=120, help="months of receipt (120)")
    parser.add_argument("--seed", type=int, default=2016)
    parser.add_argument("--times", type=int, default=5, help="repetitions of every engine (5)")
    parser.add_argument("--patience", type=float, default=60, help="seconds after which an engine is not asked again")
    parser.add_argument("--ask", nargs="+", choices=list(QUESTIONS), default=list(QUESTIONS))
    parser.add_argument("--peers", nargs="+", choices=["duckdb", "pandas", "postgres", "sqlite"], default=[])
    parser.add_argument("--pages", action="store_true", help="ask what pages ask, too")
    parser.add_argument("--tenth", action="store_true", help="ask us of a tenth of the rows too: how the time grows")
    return parser


def _run(chosen: argparse.Namespace, folder: Path, given: list[str]) -> int:
    words, on = results.machine(), datetime.now(UTC)
    if not ((folder / "snapshot.sqlite").exists() and (folder / "weeks").exists()):
        begun = time.monotonic()
        lay_out(_province(chosen), folder, tell=_tell)
        _tell(f"{chosen.rows:,} dossiers laid out in {time.monotonic() - begun:.0f} s")
    with _server(chosen, folder):
        return _asked(chosen, folder, given, words, on)


def _server(chosen: argparse.Namespace, folder: Path) -> AbstractContextManager[None]:
    """Run PostgreSQL meanwhile, if it is asked and installed."""
    if not any(e.module == POSTGRES for name in chosen.ask for e in asked(name, frozenset(chosen.peers))):
        return nullcontext()
    from benchmarks import postgres

    return postgres.running(folder, tell=_tell)


def _asked(chosen: argparse.Namespace, folder: Path, given: list[str], words: str, on: datetime) -> int:
    found: dict[str, list[Runner]] = {}
    beside: list[tuple[str, list[str]]] = []
    chapter, short = "", list[str]()
    try:
        for name in chosen.ask:
            question, engines = QUESTIONS[name], asked(name, frozenset(chosen.peers))
            _tell(f"asking for {question.title}")
            found[name] = race(question, engines, folder, times=chosen.times, patience=chosen.patience, tell=_tell)
            chapter, short = _told(chosen, found, beside, given, words, on)
        if chosen.pages:
            beside.append(_pages(chosen, folder))
        if chosen.tenth:
            beside.append(_growth(chosen, folder, found))
    except (RaceError, pages.DifferentError) as wrong:
        _tell(str(wrong))
        return 2
    chapter, short = _told(chosen, found, beside, given, words, on)
    sys.stdout.write(f"\n{chapter}\n")
    for line in short:
        _tell(f"not yet: {line}")
    return bool(short)


def _told(
    chosen: argparse.Namespace, found: dict[str, list[Runner]], beside: list[tuple[str, list[str]]],
    given: list[str], words: str, on: datetime,
) -> tuple[str, list[str]]:  # fmt: skip
    """Lay out what was measured so far: a long run that is stopped leaves it."""
    whole = found.get("recompute", [])
    tables = [*(results.table(QUESTIONS[n], runners, whole) for n, runners in found.items()), *beside]
    chapter = results.section(chosen.rows, _command(given), on, words, [told for told, _ in tables])
    if chosen.write:
        results.write(chapter)
    return chapter, [line for _, lines in tables for line in lines]


def _pages(chosen: argparse.Namespace, folder: Path) -> tuple[str, list[str]]:
    _tell("asking what pages ask")
    told = pages.measured(folder, _province(chosen).as_of)
    return told.table(), [] if told.wanted.reached else [told.wanted.words]


def _growth(chosen: argparse.Namespace, folder: Path, found: dict[str, list[Runner]]) -> tuple[str, list[str]]:
    """Ask our own engine of a tenth of the rows, and say how much longer the whole took."""
    few = folder / "tenth"
    if not (few / "snapshot.sqlite").exists():
        _tell("laying a tenth of them out")
        lay_out(Province(chosen.rows // 10, chosen.months, chosen.seed), few, tell=_tell)
    told = []
    for name, runners in found.items():
        ours = next(r for r in runners if r.cells)
        engines = [READING, ours.engine]
        again = race(QUESTIONS[name], engines, few, times=chosen.times, patience=chosen.patience, tell=_tell)
        told.append(growth(QUESTIONS[name], ours, again[1]))
    lines = ["### Ten times the dossiers", "", *(f"- {each}" for each in told), ""]
    return "\n".join(lines), [each.words for each in told if not each.reached]


def _province(chosen: argparse.Namespace) -> Province:
    return Province(chosen.rows, chosen.months, chosen.seed)


def _command(given: list[str]) -> str:
    """Give the command as anyone can repeat it: where the files lay does not matter."""
    told = list(given)
    if "--keep" in told:
        at = told.index("--keep")
        del told[at : at + 2]
    return " ".join(["make bench", *([f'ARGS="{" ".join(told)}"'] if told else [])])


def _tell(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


if __name__ == "__main__":
    sys.exit(main())
