"""How long the analyses of the night take, and how much memory: a million dossiers of ten years with their steps.

``make bench-insight``: dossiers of a flow, four steps each told by the source; what stands in the folder is used again.
Each analysis is made as the worker makes it; exits with 1 where one failed or all together took longer than LIMIT.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import polars as pl

from benchmarks.evidence_why import asked_live
from benchmarks.worker import peak_bytes
from config.mapping import TIME_ZONE
from jobs.flows import Flow, play
from jobs.insights import make
from jobs.rebuild import rebuild
from metrics import capacity, rulebook
from metrics.dossier import INSTANT, PLAIN
from store import snapshot, steps
from store.database import Store, open_store, reading
from store.ingest import Source, begin_run

LIMIT: Final = 30.0  # seconds for a million
STEPS: Final = ("Tiếp nhận", "Thẩm định", "Phê duyệt", "Trả kết quả")
#: Of the time from receipt to the end, each step's end.
_ENDS: Final = (0.05, 0.7, 0.95, 1.0)
_BATCH: Final = 100_000
_OFFICERS: Final = 8


def lay_out(folder: Path, rows: int, flow: str = "muoi-nam") -> Store:
    """Fill a store, or take the one that stands in ``folder``, made ready again where an older version left it."""
    folder.mkdir(parents=True, exist_ok=True)
    store = open_store(f"sqlite:///{folder / 'dunghan.db'}", home=folder)
    with reading(store) as connection:
        told = steps.last(connection) > 0
    if told:
        rebuild(store)
    elif snapshot.read_manifest(store) is None:
        play(store, Flow(flow, rows=rows))
        rebuild(store)
        _tell_steps(store)
        rebuild(store)
    return store


def _tell_steps(store: Store) -> None:
    state = snapshot.read_manifest(store)
    assert state is not None
    facts = snapshot.facts(store, state).select("source", "code", "department_own", "received_on", "closed_on")
    known = facts.filter(pl.col("received_on").is_not_null()).collect()
    now = datetime.now(UTC)
    for (name,), mine in known.group_by("source"):
        for some in mine.iter_slices(_BATCH):
            with begin_run(store, Source(str(name), TIME_ZONE), kind="sync", origin="bench", seen_at=now) as run:
                run.batch(pl.DataFrame(schema=PLAIN), told_steps=told_of(some))


def told_of(dossiers: pl.DataFrame) -> pl.DataFrame:
    """Give four steps of each dossier, the last open where it is (store.steps.STEPS)."""
    begun = pl.col("received_on").cast(INSTANT)
    end = pl.coalesce(pl.col("closed_on").cast(INSTANT), begun + pl.duration(days=10))
    officer = (pl.col("code").hash(7) % _OFFICERS).cast(pl.String)
    each = []
    for place, (step, until) in enumerate(zip(STEPS, _ENDS, strict=True)):
        since = _ENDS[place - 1] if place else 0.0
        open_ = pl.col("closed_on").is_null()
        length = (end - begun).dt.total_seconds()
        each.append(
            dossiers.filter(~open_ | pl.lit(place < 2)).select(
                "code",
                step=pl.lit(step),
                handler=pl.concat_str(pl.lit(f"CB{place}-"), officer),
                unit="department_own",
                state=pl.lit(None, pl.String),
                started_at=begun + pl.duration(seconds=(length * since).cast(pl.Int64)),
                due_at=begun + pl.duration(seconds=(length * until).cast(pl.Int64), hours=8),
                ended_at=pl.when(~open_ | pl.lit(place < 1)).then(
                    begun + pl.duration(seconds=(length * until).cast(pl.Int64))
                ),
            )
        )
    return pl.concat(each).match_to_schema(steps.STEPS, missing_columns="insert", extra_columns="ignore")


def _live(store: Store, rows: int, as_of: date) -> Iterator[str]:
    """Time the questions of "Vì sao?", of like with like, and of the season."""
    state = snapshot.read_manifest(store)
    assert state is not None
    yield from asked_live(store, state, rows, as_of)
    cube, calendar = snapshot.cube(store, state), rulebook.load().calendar
    begun = time.perf_counter()
    received = cube.filter(pl.col("event") == "received").group_by("day").agg(pl.col("n").sum()).sort("day")
    months = capacity.by_month(received, calendar, as_of)
    took, years = 1000 * (time.perf_counter() - begun), months.select(pl.col("years").max()).item()
    yield f"  - the season of {years} years: {took:.0f} ms."


def main() -> int:
    """Measure and say it. Exit code 1: one failed, or all took too long."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.insight", description=__doc__)
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--flow", default="muoi-nam")
    asked.add_argument("--folder", type=Path, default=None, help="Keep the store here, and use it again.")
    asked.add_argument("--live", action="store_true", help="Also time what pages ask while a reader waits.")
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as aside:
        store = lay_out(told.folder or Path(aside), told.rows, told.flow)
        worked = time.process_time()
        made = make(store, now=datetime.now(UTC))
        worked = time.process_time() - worked
        assert made is not None
        for line in _live(store, told.rows, made.as_of) if told.live else ():
            sys.stdout.write(f"{line}\n")
    for name, seconds in made.seconds.items():
        sys.stdout.write(f"| {name} | {seconds:.2f} s |\n")
    total = sum(made.seconds.values())
    sys.stdout.write(f"| all, {told.rows:,} dossiers | {total:.2f} s (at most {LIMIT:.0f}) |\n")
    sys.stdout.write(f"| of all processors | {worked:.2f} s |\n")
    sys.stdout.write(f"| peak memory | {peak_bytes() / 2**20:,.0f} MB |\n")
    return 1 if made.failed or total > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
