"""``make test-spark``: derive and count the same Parquet parts by polars and by Spark, and compare every cell.

A master and two workers of one core each on loopback, started by ``spark-class``, beside polars in this process. The
derived files are compared by the hashes in their names, the answers cell by cell, before a figure is told. Exit code 1
when anything differs, 2 when this machine has no Spark.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from benchmarks import results
from benchmarks.province import Province
from jobs import spark
from metrics.scope import Period
from tests.spark.cluster import cluster, missing
from tests.spark.compared import (
    Asked,
    Laid,
    answered,
    by_polars,
    by_spark,
    difference,
    observed,
    ours_of,
    questions,
    theirs_of,
)


class DifferentError(Exception):
    """Spark derived or counted something else than polars: no figure is worth telling."""


@dataclass(frozen=True, slots=True)
class Line:
    """What was done by both, in seconds, and how many files or cells were the same."""

    what: str
    polars: float
    spark: float
    same: str


def main(words: Sequence[str] | None = None) -> int:
    """Run and print a table."""
    parser = argparse.ArgumentParser(prog="make test-spark ARGS=…", description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000, help="dossiers (200_000)")
    parser.add_argument("--months", type=int, default=12, help="months of receipt, a part each (12)")
    parser.add_argument("--memory", default="512m", help="of each worker's JVM (512m); Python has its own beside it")
    parser.add_argument("--keep", type=Path, help="lay observed parts out here and keep them; used again when there")
    parser.add_argument("--write", action="store_true", help="put the figures into benchmarks/RESULTS.md")
    given = list(sys.argv[1:] if words is None else words)
    chosen = parser.parse_args(given)
    if lacks := missing():
        _tell(lacks)
        return 2
    machine, on = results.machine(), datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="dunghan-spark-") as name:
        try:
            lines = _measured(chosen, Path(name))
        except DifferentError as wrong:
            _tell(f"{wrong}")
            return 1
    chapter = _chapter(chosen, given, on, machine, lines)
    if chosen.write:
        results.write(chapter)
    sys.stdout.write(f"{chapter}\n")
    return 0


def _measured(chosen: argparse.Namespace, folder: Path) -> list[Line]:
    """Derive and ask by both; Spark's start is a line of its own. Raises DifferentError."""
    province = Province(chosen.rows, chosen.months)
    seen = observed(province, chosen.keep or folder / "observed")
    here = by_polars(seen, folder / "here")
    _tell(f"polars derived {chosen.rows:,} dossiers in {here.seconds:.1f} s")
    with cluster(folder / "cluster", memory=chosen.memory, many=chosen.rows > 1_000_000) as told:
        os.environ.update(told.environment)
        begun = time.perf_counter()
        with spark.session(told.master) as session:
            started = time.perf_counter() - begun
            again = observed(province, chosen.keep or folder / "observed")
            there = by_spark(session, again, folder / "there")
            _tell(f"Spark derived them in {there.seconds:.1f} s, after {started:.1f} s to start")
            lines = [Line("a session", 0.0, started, ""), _derived(here, there)]
            lines += [_asked(session, here, there, asked) for asked in _questions(province)]
    return lines


def _derived(here: Laid, there: Laid) -> Line:
    if here.parts != there.parts:
        months = sorted(m for m in {**here.parts, **there.parts} if here.parts.get(m) != there.parts.get(m))
        raise DifferentError(f"other files were derived of {', '.join(months)}")
    files = sum(len(part.files) for part in here.parts.values())
    return Line("all months derived", here.seconds, there.seconds, f"{files} files")


def _questions(province: Province) -> tuple[Asked, ...]:
    last = province.as_of
    return questions(Period(date(2016, 1, 11), last), last.replace(day=11), "Đơn vị 07")


def _asked(session: Any, here: Laid, there: Laid, asked: Asked) -> Line:
    """Ask one question of both, each reading its parts anew."""
    begun = time.perf_counter()
    right = answered(ours_of(here, "cube"), ours_of(here, "durations"), asked)
    middle = time.perf_counter()
    found = answered(theirs_of(session, there, "cube"), theirs_of(session, there, "durations"), asked)
    ended = time.perf_counter()
    if apart := difference(right, found, asked):
        raise DifferentError(apart)
    _tell(f"{asked.words}: {right.height:,} rows the same")
    return Line(asked.words, middle - begun, ended - middle, f"{right.height * right.width:,} cells")


def _chapter(chosen: Any, given: Sequence[str], on: datetime, machine: str, lines: Sequence[Line]) -> str:
    told = [word for k, word in enumerate(given) if word != "--keep" and (k == 0 or given[k - 1] != "--keep")]
    command = " ".join(["make test-spark", *([f'ARGS="{" ".join(told)}"'] if told else [])])
    return "\n".join(
        [
            f"## Spark: {chosen.rows:,} dossiers",
            "",
            f"`{command}` on {on:%Y-%m-%d}. {machine}.",
            "",
            "A master and two workers of one core each on the same machine, beside polars in one process: what several "
            "machines would gain is not in these figures, what Spark costs is. One after the other, so no race; each "
            "question reads its parts anew. Files are compared by the hashes of their content, answers cell by cell: "
            "every count, share and length of the catalogue.",
            "",
            "| what | polars s | Spark s | the same |",
            "|---|--:|--:|--:|",
            *(f"| {line.what} | {line.polars:.1f} | {line.spark:.1f} | {line.same} |" for line in lines),
        ]
    )


def _tell(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


if __name__ == "__main__":
    sys.exit(main())
