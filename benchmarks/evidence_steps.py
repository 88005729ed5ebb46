"""What is told of steps is true: planted truth found again, a real log counted anew, and what a night costs.

``python -m benchmarks.evidence_steps`` prints it as lines of Markdown; ``--rows``: how many dossiers the cost is of.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from benchmarks.steps_cost import cost
from benchmarks.steps_found import A_DAY, gone_back, overloaded, real
from benchmarks.worker import peak_bytes
from metrics.step_figures import HALF_HOUR, told_times
from metrics.step_tables import LATE_KNOWN, LOST, ROUTES, TIMES
from store.database import open_store

REAL: Final = "receipt_wabo"


def main() -> int:
    """Print what was measured."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.evidence_steps", description=__doc__)
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as aside:
        place = Path(aside)
        for line in (*_of_planted(place), *_of_real(place, told.data), *_of_cost(place, told.rows)):
            sys.stdout.write(f"{line}\n")
    return 0


def _of_planted(aside: Path) -> Iterator[str]:
    store = open_store(f"sqlite:///{aside}/flow.db", home=aside / "flow")
    found = overloaded(store)
    where = f"{'after' if found.after else 'at'} the step {found.step} of {found.unit}"
    yield (
        f"- planted: one ward with too few at the appraisal. Found: {found.share:.0%} of the days lost {where}, the "
        f"next place {found.second:.0%}."
    )
    days = "; ".join(f"{step}, {unit}: {true:,.1f} → {seen:,.1f}" for (step, unit), (true, seen) in sorted(
        found.waited.items()))  # fmt: skip
    yield f"  - working days waited, simulator → found: {days}."
    store.engine.dispose()
    store = open_store(f"sqlite:///{aside}/back.db", home=aside / "back")
    known, loops, dossiers = gone_back(store)
    store.engine.dispose()
    yield f"- planted: {known} dossiers appraised anew after an answer; counted: {loops} loops in {dossiers} dossiers."


def _of_real(aside: Path, data: Path) -> Iterator[str]:
    folder = data / REAL
    if not folder.is_dir():
        yield f"- {REAL}: not here."
        return
    mapping = Path(__file__).resolve().parents[1] / "tests" / "truth" / "mappings" / f"{REAL}.toml"
    for file in ("receipt_events.csv", "receipt.xes.gz"):
        store = open_store(f"sqlite:///{aside}/{file}.db", home=aside / file)
        found = real(store, folder, mapping, file)
        store.engine.dispose()
        late = found.tables[LATE_KNOWN].select(pl.col("late", "compared").sum()).row(0)
        lost = found.tables[LOST].group_by("step", "after").agg(pl.col("lost").sum()).sort("lost", descending=True)
        top = told_times(found.tables[TIMES], ["step"]).head(3)
        back = found.tables[ROUTES].filter(pl.col("loops") > 0)["n"].sum()
        yield (
            f"- {file}: {sum(found.ways.values()):,} cases on {len(found.ways)} ways (counted by themselves: "
            f"{sum(found.counted.values()):,} on {len(found.counted)}; the same: {found.ways == found.counted}); "
            f"{found.loops} loops in {back} cases ({found.loops_counted}), {found.hands:,} hand-overs "
            f"({found.hands_counted:,})."
        )
        steps = "; ".join(
            f"{row['step']}: n = {row['whole_n']:,}, median {row['whole_median'] * HALF_HOUR / 60:.1f} h, "
            f"p90 {row['whole_p90'] * HALF_HOUR / 60:.1f} h" for row in top.to_dicts()
        )  # fmt: skip
        yield f"  - most time: {steps} (working hours; the log tells ends alone: waiting and holding are not split)."
        lines = [
            f"{'after ' * after}{step or 'no known step'} {minutes / A_DAY:,.0f}"
            for step, after, minutes in lost.head(3).iter_rows()
        ]
        yield f"  - late {late[0]}, compared {late[1]}; working days lost: {', '.join(lines)}."


def _of_cost(aside: Path, rows: int) -> Iterator[str]:
    store = open_store(f"sqlite:///{aside}/cost.db", home=aside / "cost")
    seconds, worked, visits, heights = cost(store, rows)
    store.engine.dispose()
    yield (
        f"- {rows:,} dossiers of one year with {visits:,} steps: **{seconds:.1f} s** (processors: {worked:.1f} s), "
        f"{peak_bytes() / 2**20:,.0f} MB."
    )
    yield "  - rows of its tables: " + ", ".join(f"{name} {n:,}" for name, n in heights.items()) + "."


if __name__ == "__main__":
    sys.exit(main())
