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
from benchmarks.questions import Question
from benchmarks.race import Runner
from benchmarks.wanted import of as wanted_of

RESULTS: Final = Path(__file__).with_name("RESULTS.md")
HEAD: Final = """# Measured

Written by `make bench ARGS="… --write"`. Every cell of every answer was compared before a ratio was printed; the
repetitions of all engines were interleaved in one run, each engine in a process of its own, every question read from
disk (files in the page cache). Ratios hold; single times move with what else the machine does. Nothing here is a test.

- **Plain columns** is the ordinary way: local time stamps, a status, one due date, a table of working days. The due
  date given is the promise that counts at the end; no peer works it out from halts, letters and moved promises.
- **Our snapshot** is what `dunghan rebuild` keeps: days already cut, that promise already found. **By week**: its
  counts and durations, added up by week.
- **Merely reading** is of those columns of the dossiers (facts) that a question needs: what an engine without counts
  reads at least. Ours answers from its counts where the product does, and reads less than that.
- In the recompute everybody else makes the 11 kinds of events that follow from plain days, and those are compared;
  ours makes the whole cube, with every clock, from the observed columns. It does far more, and takes longer.
"""


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


def table(question: Question, runners: Sequence[Runner], whole: Sequence[Runner]) -> tuple[str, list[str]]:
    """Give one question's figures as a Markdown table, and what of them falls short; ``whole``: those of the whole
    recompute, if it was asked for."""
    reading = next(r for r in runners if r.engine is READING)
    ours, all_of = next(r for r in runners if r.cells), next((r for r in whole if r.cells), None)
    wanted = {r.engine.name: wanted_of(question, r, ours, reading, all_of) for r in runners}
    lines = [
        f"### {question.title[0].upper()}{question.title[1:]}",
        "",
        f"{ours.cells:,} cells, all the same.",
        "",
        "| engine | min s | median s | × ours | × reading | peak MB | times | wanted |",
        "|---|--:|--:|--:|--:|--:|--:|---|",
        *(_line(r, ours, reading, "; ".join(str(each) for each in wanted[r.engine.name])) for r in runners),
        "",
    ]
    short = [
        f"{question.title}: {name}: {each.words}" for name, all_ in wanted.items() for each in all_ if not each.reached
    ]
    return "\n".join(lines), short


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
