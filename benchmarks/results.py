"""Put figures into tables for the screen and for RESULTS.md: every one, also where we are slower."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from sqlite3 import sqlite_version
from typing import Final

from benchmarks.engines import READING
from benchmarks.questions import QUARTER, Question
from benchmarks.race import Runner

RESULTS: Final = Path(__file__).with_name("RESULTS.md")
HEAD: Final = """# Measured

Written by `make bench ARGS="… --write"`. Every cell of every answer was compared before a ratio was printed; the
repetitions of all engines were interleaved in one run, each engine in a process of its own, every question read from
disk (files in the page cache). Ratios hold; single times move with what else the machine does. Nothing here is a test.

- **Plain columns** is the ordinary way: local time stamps, a status, one due date, a table of working days. The due
  date given is the promise that counts at the end; no peer works it out from halts, letters and moved promises.
- **Our snapshot** is what `dunghan rebuild` keeps: days already cut, that promise already found.
- In the recompute everybody else makes the 11 kinds of events that follow from plain days, and those are compared;
  ours makes the whole cube, with every clock, from the observed columns. It does far more, and takes longer.
"""
#: What a later step must reach: (question, engine) → least multiple of our time; or, for ours, most times the reading.
SLOWER_AT_LEAST: Final = {
    "DuckDB, plain": 3.0,
    "pandas, plain": 6.0,
    "PostgreSQL, plain": 25.0,
    "SQLite, plain": 50.0,
    "our snapshot": 1.0,
}
READING_AT_MOST: Final = {"counts": 3.0, "durations": 4.0, "took": 4.0, "recompute": 20.0}
WHOLE_AT_LEAST: Final = 10.0  # the last quarter alone, in a tenth of the whole recompute
_MEMORY: Final = 2 * 1024**3


def machine() -> str:
    """Say what this was measured on, in words."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    load = os.getloadavg()[0]
    packages = ", ".join(f"{name} {_version(name)}" for name in ("polars", "duckdb", "pandas", "numpy", "pyarrow"))
    return (
        f"{os.cpu_count()} cores ({platform.machine()}, shared; load {load:.1f} at the beginning), {memory:.0f} GiB; "
        f"Python {platform.python_version()}, {packages}, SQLite {sqlite_version}"
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def table(question: Question, runners: Sequence[Runner], whole: Sequence[Runner]) -> str:
    """Give one question's figures as a Markdown table; ``whole``: those of the whole recompute, if it was asked for."""
    reading = next(r for r in runners if r.engine is READING)
    ours = next(r for r in runners if r.cells)
    lines = [
        f"### {question.title[0].upper()}{question.title[1:]}",
        "",
        f"{ours.cells:,} cells, all the same.",
        "",
        "| engine | min s | median s | × ours | × reading | peak MB | times | to reach later |",
        "|---|--:|--:|--:|--:|--:|--:|---|",
    ]
    wanted = {r.engine.name: _target(question, r, ours, reading) for r in runners}
    if question is QUARTER and (all_of := [r for r in whole if r.cells]):
        share = all_of[0].least / ours.least
        wanted[ours.engine.name] = (
            f"≤ 1/{WHOLE_AT_LEAST:g} of all months: {_yes(share >= WHOLE_AT_LEAST)} (1/{share:.0f})"
        )
    return "\n".join([*lines, *(_line(r, ours, reading, wanted[r.engine.name]) for r in runners), ""])


def _line(runner: Runner, ours: Runner, reading: Runner, wanted: str) -> str:
    times, of_read = runner.least / ours.least, runner.least / reading.least
    cells = [
        runner.engine.name,
        f"{runner.least:.3f}",
        f"{runner.middle:.3f}",
        f"{times:.2f}",
        f"{of_read:.1f}",
        f"{runner.peak / 1024**2:,.0f}",
        str(len(runner.seconds)),
        wanted,
    ]
    return f"| {' | '.join(cells)} |"


def _target(question: Question, runner: Runner, ours: Runner, reading: Runner) -> str:
    """Say what is asked of this line one day, and whether it is there: told, not enforced."""
    if question is QUARTER:
        return ""
    if runner is ours:
        most = READING_AT_MOST[question.name]
        told = [f"≤ {most:g} × reading: {_yes(runner.least / reading.least <= most)}"]
        return "; ".join([*told, f"≤ 2 GiB: {_yes(runner.peak <= _MEMORY)}"])
    wanted = next((least for name, least in SLOWER_AT_LEAST.items() if name in runner.engine.name), None)
    if wanted is None or question.name == "recompute":
        return ""
    return f"≥ {wanted:g} × ours: {_yes(runner.least / ours.least >= wanted)}"


def _yes(reached: bool) -> str:
    return "there" if reached else "**not yet**"


def section(rows: int, command: str, on: datetime, words: str, tables: Sequence[str]) -> str:
    """Give the chapter of one size."""
    head = [f"## {rows:,} dossiers", "", f"`{command}` on {on:%Y-%m-%d}. {words}.", ""]
    return "\n".join([*head, *tables])


def write(chapter: str, file: Path = RESULTS) -> None:
    """Put a chapter into RESULTS.md in place of the one of the same size; chapters stand in order of size."""
    before = file.read_text(encoding="utf-8") if file.exists() else HEAD
    chapters = {_size(c): c for c in re.split(r"(?m)^(?=## )", before)[1:]} | {_size(chapter): chapter}
    told = [HEAD, *(chapters[size].strip() + "\n" for size in sorted(chapters))]
    file.write_text("\n".join(told), encoding="utf-8")


def _size(chapter: str) -> tuple[str, int]:
    """Give what chapters are told apart and sorted by: what was measured, "" for the figures, and how many dossiers."""
    head = chapter.splitlines()[0]
    rows = re.search(r"[\d,]+", head)
    name = "" if head[3].isdigit() else head.split()[1]
    return name, int(rows[0].replace(",", "")) if rows else 0
