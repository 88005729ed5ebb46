"""Measure how good the forecast is: on planted risk, on the real sets, and what a night of a million dossiers costs.

Run it: ``python -m benchmarks.evidence_risk [--million]``; it prints lines of Markdown.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from benchmarks import real_sets
from config import insight as settings
from jobs import flows
from jobs.answers import ready
from jobs.insight_risk import Forecast, forecasts, of_world
from jobs.insights import world_of
from jobs.load import load_file
from jobs.rebuild import rebuild
from metrics import rulebook
from metrics.evenings import LIVED
from metrics.spans import SPANS
from store.database import Store, open_store

ROOT: Final = Path(__file__).resolve().parent.parent
MAPPINGS: Final = ROOT / "tests" / "truth" / "mappings"
SEEN: Final = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
#: Flow → how many dossiers (None: as many as come). In the last nothing is planted: who is late is drawn.
FLOWS: Final[dict[str, int | None]] = {
    "qua-tai": None, "mot-cua": None, "sap-nhap": None, "mat-dong-bo": None, "muoi-nam": 60_000,
}  # fmt: skip
REAL: Final = {
    "receipt_wabo": "receipt_wabo/receipt_events.csv", "boston": "boston_311_animal_2015/filtered_2015.csv",
    "houston": "houston_311_flooding_2017/floodingPiped2017.csv",
}  # fmt: skip
_HEADS: Final = (
    "set", "evenings", "forecasts", "were late", "Brier", "base rate", "rate of the procedure", "off the diagonal",
    "intervals held", "shown",
)  # fmt: skip


def tried(store: Store) -> list[Forecast]:
    """Forecast every source of a store as ``dunghan risk backtest`` does."""
    return of_world(world_of(store, ready(store), SEEN))


def line(one: Forecast) -> str:
    """Write the back-test of one source as a line of a table."""
    told = one.tried
    if not told.n:
        return f"| {one.source} | 0 | 0 |" + " — |" * (len(_HEADS) - 4) + f" no ({told.why}) |"
    rows = told.calibration
    late = rows.select((pl.col("observed") * pl.col("n")).sum() / pl.col("n").sum()).item()
    apart = rows.select(
        ((pl.col("predicted") - pl.col("observed")).abs() * pl.col("n")).sum() / pl.col("n").sum()
    ).item()
    held = "—" if told.held is None else f"{told.held:.0%} of {told.held_n}"
    shown = "yes" if not told.hidden else f"no ({told.why})"
    scores = " | ".join(f"{score or 0:.4f}" for score in (told.brier, told.brier_base, told.brier_procedure))
    return (
        f"| {one.source} | {len(told.origins)} | {told.n:,} | {late:.1%} | {scores} | {apart:.3f} | {held} | {shown} |"
    )


def planted() -> Iterator[Forecast]:
    """Play each flow and try the forecast on it."""
    for name, rows in FLOWS.items():
        with tempfile.TemporaryDirectory() as folder:
            store = open_store(f"sqlite:///{folder}/flow.sqlite", home=Path(folder))
            flows.play(store, flows.Flow(name, rows=rows))
            yield from tried(store)
            store.engine.dispose()


def real(shared: Path) -> Iterator[Forecast]:
    """Load each real set and try the forecast on it."""
    for name, file in REAL.items():
        with tempfile.TemporaryDirectory() as folder:
            store = open_store(f"sqlite:///{folder}/real.sqlite", home=Path(folder))
            load_file(store, shared / file, mapping=MAPPINGS / f"{name}.toml", seen_at=SEEN)
            rebuild(store)
            yield from tried(store)
            store.engine.dispose()


def million(rows: int = 1_000_000) -> tuple[float, float, int]:
    """Time the forecast and its back-test over ``rows`` dossiers of two years, made by columns: seconds, those of all
    processors, dossiers open."""
    facts = _many(rows)
    day = facts.select(pl.col("received_on").max()).item()
    begun, worked = time.perf_counter(), time.process_time()
    found = forecasts(facts.lazy(), day, rulebook.load().calendar, settings.load())
    open_ = sum(one.open.height for one in found)
    return time.perf_counter() - begun, time.process_time() - worked, open_


def _many(rows: int) -> pl.DataFrame:
    """Make facts of two years: 60 departments, 900 procedures, limits of 1 to 30 working days, three steps each."""
    draw = np.random.default_rng(1)
    calendar = rulebook.load().calendar
    procedure = draw.integers(0, 900, rows)
    limit = np.array([1, 3, 5, 7, 10, 15, 20, 30])[procedure % 8]
    spent = np.maximum(1, (limit * draw.gamma(3.0, 0.22, rows)).astype(np.int64))
    last = datetime(2026, 6, 30, tzinfo=UTC).date()
    ago = draw.integers(0, 730, rows)
    frame = pl.DataFrame({"procedure": procedure, "limit": limit, "spent": spent, "ago": ago}).with_row_index("number")
    received = pl.lit(last) - pl.duration(days=pl.col("ago"))
    told = frame.with_columns(received_on=received.cast(pl.Date)).with_columns(
        due_on=calendar.shift(pl.col("received_on"), pl.col("limit")),
        closed=calendar.shift(pl.col("received_on"), pl.col("spent")),
        looked=calendar.shift(pl.col("received_on"), (pl.col("spent") * 0.6).cast(pl.Int64)),
    )
    closed = pl.when(pl.col("closed") <= last).then("closed")
    step = [("Tiếp nhận", "received_on"), ("Thẩm định", "looked")]
    named = pl.concat_list(
        pl.struct(step=pl.lit(name), handler=pl.lit(None, pl.String), at=pl.col(at).cast(pl.Datetime("us")))
        for name, at in step
    )
    whole = told.with_columns(
        source=pl.lit("one"), code=pl.format("H99-{}", "number"), department=pl.format("U{}", pl.col("procedure") % 60),
        field=pl.format("F{}", pl.col("procedure") % 90), procedure=pl.format("P{}", "procedure"), closed_on=closed,
        procedure_name=pl.lit(None, pl.String), first_due_on="due_on", spans=pl.lit(None, SPANS), steps=named,
        status=pl.when(pl.col("closed") <= last).then(pl.lit("resolved")).otherwise(pl.lit("processing")),
    )  # fmt: skip
    return whole.with_columns(department_own="department").select(LIVED)


def main() -> int:
    """Print everything that was measured."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--million", action="store_true", help="also time a million dossiers")
    wanted = asked.parse_args()
    out = sys.stdout
    out.write("| " + " | ".join(_HEADS) + " |\n" + "|---" * len(_HEADS) + "|\n")
    for one in planted():
        out.write(line(one) + "\n")
    shared = real_sets.folder()
    for one in real(shared) if shared.is_dir() else ():
        out.write(line(one) + "\n")
    if wanted.million:
        seconds, worked, open_ = million()
        out.write(
            f"\n1,000,000 dossiers: {seconds:.1f} s (processors: {worked:.1f} s) for chances and back-test; {open_:,} "
            "open.\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
