"""The questions that pages ask, of counts that are laid out as the dashboard lays them: how long, and as all counts do.

Run as a process of its own by benchmarks.pages.measured: one answers from layers and is timed, the other answers from
all counts and is not; every cell of both is compared before a time is told.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchmarks.questions import DIMENSIONS
from benchmarks.wanted import Wanted
from benchmarks.worker import peak_bytes
from metrics import evaluate
from metrics.heard import Question
from metrics.laid import Laid
from metrics.scope import Filters, Period, Scope

MOST_MS: Final = 50.0
_TIMES: Final = 7
_ALL: Final = Scope.province()


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a page, and the words for it."""

    name: str
    words: str
    question: Question


def questions(today: date, department: str, field: str) -> Iterator[Asked]:
    """Give what the pages of a week ask, those of a head of ``department`` and of a ``field`` among them."""
    monday = today - timedelta(days=today.weekday())
    week, quarter = Period(monday, monday + timedelta(days=6)), Period(monday - timedelta(weeks=12), today)
    half, year = Period(monday - timedelta(weeks=25), today), Period(date(today.year, 1, 1), today)

    def asked(
        name: str, words: str, period: Period, *by: str, scope: Scope = _ALL, **filters: tuple[str, ...]
    ) -> Asked:
        return Asked(name, words, Question(period, today, scope, by, Filters(**filters)))

    yield asked("week", "the week, all of the province", week)
    yield asked("units", "the week by unit", week, "department")
    yield asked("fields", "the week by field", week, "field")
    yield asked("heat", "thirteen weeks by unit and field", quarter, "department", "field")
    yield asked("weeks", "26 weeks, one by one", half, "week")
    yield asked("months", "the year, month by month", year, "month")
    yield asked("procedures", "thirteen weeks by procedure and source", quarter, "procedure", "source")
    own = Scope.of(department)
    yield asked("own", "the week of a head of one unit, by field", week, "field", scope=own)
    yield asked("own_weeks", "26 weeks of one unit", half, "week", scope=own)
    yield asked("chosen", "26 weeks of one field, online", half, "week", field=(field,), channel=("online",))


def _counts(folder: Path) -> pl.LazyFrame:
    rows = pl.scan_parquet(sorted((folder / "cube").glob("*.parquet")))
    return rows.with_columns(pl.col(name).cast(pl.Categorical) for name in DIMENSIONS)


def _asked_of(folder: Path, today: date) -> list[Asked]:
    """Choose the unit and the field of which most was received."""
    rows = _counts(folder).filter(pl.col("event").cast(pl.String) == "received")
    most = rows.group_by("department", "field").agg(pl.col("n").sum()).sort("n", "field", descending=True).collect()
    department, field, _ = most.with_columns(pl.exclude("n").cast(pl.String)).row(0)
    return list(questions(today, department, field))


def _answer(rows: pl.DataFrame, asked: Question) -> pl.DataFrame:
    return evaluate.figures(
        rows, period=asked.period, as_of=asked.as_of, scope=asked.scope, by=asked.by, filters=asked.filters
    )


def _from_layers(folder: Path, today: date, into: Path) -> dict[str, object]:
    """Answer each question from layers, as if it were asked for the first time; give milliseconds by question."""
    laid_out = Laid(_counts(folder), today)
    begun = time.perf_counter()
    asked = _asked_of(folder, today)

    def ask(one: Asked) -> pl.DataFrame:
        told = one.question
        return _answer(laid_out.of(told.scope, told.filters, told.on_map, told.period.start, told.by), told)

    for one in asked:  # lays out what is not there yet
        ask(one).write_ipc(into / f"{one.name}.arrow")
    laying = time.perf_counter() - begun
    return {"ms": {one.name: _quickest(partial(ask, one)) for one in asked}, "laying": laying}


def _quickest(work: Callable[[], object]) -> float:
    found = []
    for _ in range(_TIMES):
        begun = time.perf_counter()
        work()
        found.append((time.perf_counter() - begun) * 1000)
    return min(found)


def _from_all(folder: Path, today: date, into: Path) -> dict[str, object]:
    rows = _counts(folder).collect()
    for one in _asked_of(folder, today):
        _answer(rows, one.question).write_ipc(into / f"{one.name}.arrow")
    return {}


class DifferentError(Exception):
    """A layer answered otherwise than all counts do."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds of each question, seconds in which the layers were laid, and the most bytes that were held."""

    asked: list[Asked]
    ms: dict[str, float]
    laying: float
    peak: int
    cells: int

    @property
    def wanted(self) -> Wanted:
        """Judge the longest."""
        most = max(self.ms.values())
        return Wanted(f"every question of a page in ≤ {MOST_MS:g} ms ({most:.0f})", most <= MOST_MS)

    def table(self) -> str:
        """Give the figures as a Markdown table."""
        lines = [
            "### Questions of pages, of counts laid out in memory",
            "",
            f"{self.cells:,} cells, all the same as of all counts. Laid out in {self.laying:.1f} s, once a state "
            f"of the figures; {self.peak / 1024**2:,.0f} MB at most. Each asked for the first time: nothing is kept "
            "of an earlier answer.",
            "",
            "| question | min ms |",
            "|---|--:|",
            *(f"| {one.words} | {self.ms[one.name]:.1f} |" for one in self.asked),
            "",
            f"{self.wanted}.",
        ]
        return "\n".join([*lines, ""])


def measured(folder: Path, today: date) -> Measured:
    """Time the questions of pages. Raises DifferentError where an answer is not that of all counts."""
    told = {way: _run(folder, today, way) for way in ("all", "layers")}
    asked = _asked_of(folder, today)
    cells = 0
    for one in asked:
        right, ours = (pl.read_ipc(folder / f"pages-{way}" / f"{one.name}.arrow") for way in told)
        if not right.equals(ours):
            raise DifferentError(f"{one.words}: the layers answer otherwise than all counts do")
        cells += right.height * (right.width - len(one.question.by))
    found = told["layers"]
    return Measured(asked, found["ms"], found["laying"], found["peak"], cells)


def _run(folder: Path, today: date, way: str) -> Any:
    command = [sys.executable, "-m", "benchmarks.pages", way, str(folder), today.isoformat()]
    out = subprocess.run(
        command, cwd=Path(__file__).resolve().parents[1], stdout=subprocess.PIPE, check=True, text=True
    )
    return json.loads(out.stdout)


def main(way: str, folder: Path, today: date) -> None:
    """Answer in one way, and say how long it took."""
    into = folder / f"pages-{way}"
    into.mkdir(exist_ok=True)
    told = (_from_layers if way == "layers" else _from_all)(folder, today, into)
    sys.stdout.write(json.dumps(told | {"peak": peak_bytes()}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), date.fromisoformat(sys.argv[3]))
