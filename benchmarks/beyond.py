"""``make bench-beyond``: 100 million dossiers derived again in 4 GiB, beside 10 million in the same run.

Ten provinces of ten years lie as observed Parquet parts, a file per month of receipt. Every one is derived as ``dunghan
rebuild`` derives it, by the same function: all clocks, the cube and the durations of the whole catalogue, written to
disk. What was counted is compared with what is known of the dossiers laid out, and with DuckDB over the observed files,
before a figure is told. What was derived of a month is deleted when it has been read, so that a disk can hold it all.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchmarks import results
from benchmarks.province import Province
from benchmarks.worker import peak_bytes

SEED: Final = 2016
MEMORY: Final = 4 * 1024**3
DEARER: Final = 1.5
#: What is compared: of every month the dossiers and their events, of every group of one question its count.
EVENTS: Final = ("submitted", "not_accepted", "received", "resolved")
GROUPS: Final = ("department", "field", "month")
_CLOSED: Final = ("resolved", "returned", "withdrawn", "refused", "stopped")


class WrongCountsError(Exception):
    """What was derived counts other dossiers than there are: no figure is worth telling."""


def lay_out(rows: int, beside: int, months: int, folder: Path) -> None:
    """Write observed parts and, beside them, what is known of each: dossiers and EVENTS. Parts that are there stay.

    More than ``beside`` dossiers are as many provinces of that size, each with units of its own: a cube that grows
    with them, as a country's does, and not one in which the same cells count ten times as much.
    """
    observed, known = folder / "observed", folder / "known.parquet"
    if known.exists():
        return
    observed.mkdir(parents=True, exist_ok=True)
    there = {file.stem for file in observed.glob("*.parquet")}
    for month, part in _drawn(folder.parent / str(beside), min(rows, beside), months, there):
        country = pl.concat(_named(part, k) for k in range(max(rows // beside, 1)))
        fresh = folder / f"{month}.new"
        country.write_parquet(fresh, compression="zstd", compression_level=3)
        fresh.replace(observed / f"{month}.parquet")
        _tell(f"laid out {month}")
    pl.concat(_known(pl.scan_parquet(file), file.stem) for file in parts(folder)).write_parquet(known)


def _drawn(beside: Path, rows: int, months: int, there: set[str]) -> Iterator[tuple[str, pl.DataFrame]]:
    """Give the parts of one province that are not there yet: as they were laid out just before, else drawn anew."""
    files = sorted((beside / "observed").glob("*.parquet"))
    if len(files) < months:
        yield from Province(rows, months, SEED).parts(without=there)
    else:
        yield from ((file.stem, pl.read_parquet(file)) for file in files if file.stem not in there)


def _named(part: pl.DataFrame, province: int) -> pl.DataFrame:
    """Give a part's codes and units names of a province of its own."""
    number = f"{province + 1:02}"
    told = pl.element().struct.with_fields(department=pl.format("{}, tỉnh {}", pl.field("department"), pl.lit(number)))
    return part.with_columns(
        code=pl.concat_str(pl.lit(f"H{number}"), pl.col("code").str.slice(3)),
        places=pl.col("places").list.eval(told),
        **{name: pl.format("{}, tỉnh {}", name, pl.lit(number)) for name in ("department", "receiving_unit")},
    )


def _known(rows: pl.LazyFrame, month: str) -> pl.DataFrame:
    """Count a part the plain way, from what its dossiers say."""
    taken = pl.col("received_at").is_not_null() & (pl.col("status") != "not_accepted")
    told = rows.select(
        part=pl.lit(month),
        dossiers=pl.len().cast(pl.Int64),
        submitted=pl.col("submitted_at").count().cast(pl.Int64),
        not_accepted=(pl.col("status") == "not_accepted").sum().cast(pl.Int64),
        received=taken.sum().cast(pl.Int64),
        resolved=(taken & pl.col("status").is_in(_CLOSED)).sum().cast(pl.Int64),
    )
    return told.collect()


def derive(folder: Path) -> dict[str, float]:
    """Derive every part in this process; leaves the counts in ``folder`` and tells seconds by the clock and of all
    processors, peak bytes and bytes written."""
    from benchmarks.ours import TERMS, book
    from jobs.deriving import Given, part_of
    from store.database import open_store

    store = open_store(f"sqlite:///{folder / 'empty.db'}", home=folder)
    given, seconds, worked, written = Given(dict(TERMS), book()), 0.0, 0.0, 0
    counted, groups = [], []
    for file in parts(folder):
        begun, before = time.perf_counter(), time.process_time()
        part = part_of(store, pl.read_parquet(file), file.stem, given)
        seconds, worked = seconds + time.perf_counter() - begun, worked + time.process_time() - before
        assert part is not None
        facts = pl.scan_parquet(store.derived / part.facts).select(pl.len()).collect().item()
        events, grouped = _counted(pl.scan_parquet(store.derived / part.cube))
        counted.append(events.with_columns(part=pl.lit(file.stem), dossiers=pl.lit(facts, pl.Int64)))
        groups.append(grouped)
        for name in part.files:
            written += (store.derived / name).stat().st_size
            (store.derived / name).unlink()
        _tell(f"{file.stem}: {facts:,} dossiers, {seconds:,.0f} s, {peak_bytes() / 1e6:,.0f} MB at most")
    store.engine.dispose()
    pl.concat(counted).write_parquet(folder / "counted.parquet")
    pl.concat(groups).group_by(GROUPS).agg(pl.col("n").sum()).write_parquet(folder / "groups.parquet")
    return {"seconds": seconds, "worked": worked, "peak": peak_bytes(), "written": written}


def parts(folder: Path) -> Iterable[Path]:
    """Give the observed parts in order."""
    return sorted((folder / "observed").glob("*.parquet"))


def _counted(cube: pl.LazyFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give a part's events in all, and its receipts by GROUPS; of the two maps only today's."""
    event = pl.col("event").cast(pl.String)
    rows = cube.filter(pl.col("map").is_null() | (pl.col("map").cast(pl.String) == "today")).collect()
    resolved = event.str.starts_with("resolved_")
    sums = {name: pl.col("n").filter(resolved if name == "resolved" else event == name).sum() for name in EVENTS}
    received = rows.filter(event == "received").group_by("department", "field", month=pl.col("day").dt.truncate("1mo"))
    return rows.select(**sums), received.agg(pl.col("n").sum())


def by_duckdb(folder: Path) -> pl.DataFrame:
    """Ask DuckDB for receipts by GROUPS, from the observed files."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        answer = connection.sql(f"""
            SELECT department, field, CAST(DATE_TRUNC('month', received_at + INTERVAL 7 HOUR) AS DATE) AS month,
                COUNT(*) AS n
            FROM read_parquet('{folder}/observed/*.parquet')
            WHERE received_at IS NOT NULL AND status <> 'not_accepted' GROUP BY ALL""")
        return pl.DataFrame(answer.fetchall(), schema=[*GROUPS, "n"], orient="row", infer_schema_length=None)


def compare(known: pl.DataFrame, counted: pl.DataFrame, groups: pl.DataFrame, peers: pl.DataFrame) -> int:
    """Hold counts against what is known of every part, and groups against DuckDB's; gives how many were compared.

    Raises WrongCountsError, which names the first that differ.
    """
    compared = 0
    for keys, ours, theirs in ((("part",), counted, known), (GROUPS, groups, peers)):
        values = [name for name in theirs.columns if name not in keys]
        shape = [*(pl.col(k).cast(pl.Date if k == "month" else pl.String) for k in keys), *_numbers(values)]
        mine, right = (frame.select(shape).sort(keys) for frame in (ours, theirs))
        if not mine.equals(right):
            apart = pl.concat([mine.with_columns(who=pl.lit("ours")), right.with_columns(who=pl.lit("theirs"))])
            odd = apart.filter(pl.struct(*keys, *values).is_unique()).sort(*keys, "who").head(6)
            raise WrongCountsError(f"counts differ: {odd.rows()}")
        compared += right.height * len(values)
    return compared


def _numbers(names: Sequence[str]) -> list[pl.Expr]:
    return [pl.col(name).cast(pl.Int64) for name in names]


def measured(rows: int, beside: int, months: int, folder: Path) -> dict[str, float]:
    """Lay ``rows`` dossiers out, derive them in a process of their own and compare. Raises WrongCountsError."""
    place = folder / str(rows)
    for step in ("lay-out", "derive"):
        words = [
            "--step",
            step,
            "--rows",
            str(rows),
            "--beside",
            str(beside),
            "--months",
            str(months),
            "--folder",
            str(place),
        ]
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.beyond", *words], stdout=subprocess.PIPE, text=True, check=False
        )
        if done.returncode:
            raise WrongCountsError(f"{step} of {rows:,} dossiers ended with {done.returncode}")
    told: dict[str, float] = json.loads(done.stdout)
    known, counted, groups = (pl.read_parquet(place / f"{name}.parquet") for name in ("known", "counted", "groups"))
    told["compared"] = compare(known, counted, groups, by_duckdb(place))
    told["observed"] = sum(file.stat().st_size for file in (place / "observed").glob("*.parquet"))
    _tell(f"{rows:,} dossiers: {told['compared']:,} counts the same")
    return told


def told(found: dict[int, dict[str, float]]) -> tuple[list[str], bool]:
    """Write both sizes, the smaller first, and whether the larger keeps its limits."""
    lines = [
        "| dossiers | s by the clock | s of processors | µs of them a dossier | MB at most | GB observed | GB derived "
        "| counts compared |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for rows, one in found.items():
        lines.append(
            f"| {rows:,} | {one['seconds']:,.1f} | {one['worked']:,.1f} | {one['worked'] / rows * 1e6:.2f} "
            f"| {one['peak'] / 1e6:,.0f} | {one['observed'] / 1e9:.2f} | {one['written'] / 1e9:.2f} "
            f"| {one['compared']:,} |"
        )
    (few, small), (many, large) = found.items()
    dearer = large["worked"] / many / (small["worked"] / few)  # by the clock it tells what else the machine did
    wanted = {
        f"at most 4 GiB: {large['peak'] / 1024**3:.2f}": large["peak"] <= MEMORY,
        f"a dossier at most {DEARER:g} times as dear as of {few:,}, in seconds of processors: {dearer:.2f}": dearer
        <= DEARER,
    }
    said = [f"- {words}: {'there' if there else '**not yet**'}" for words, there in wanted.items()]
    return [*lines, "", *said], all(wanted.values())


def main(words: Sequence[str] | None = None) -> int:
    """Run; 1: a figure falls short, 2: it could not be measured, or a count differs."""
    parser = argparse.ArgumentParser(prog="make bench-beyond ARGS=…", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000_000, help="of so many provinces (100_000_000)")
    parser.add_argument("--beside", type=int, default=10_000_000, help="the smaller size: one province (10_000_000)")
    parser.add_argument("--months", type=int, default=120, help="months of receipt, a file each (120)")
    parser.add_argument("--folder", type=Path, help="lay out here (some 5 GB) and keep it; used again when it is there")
    parser.add_argument("--step", choices=("lay-out", "derive"), help=argparse.SUPPRESS)
    parser.add_argument("--write", action="store_true", help="put the figures into benchmarks/RESULTS.md")
    asked = parser.parse_args(sys.argv[1:] if words is None else words)
    if asked.step:
        return _step(asked)
    machine, on = results.machine(), datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="dunghan-beyond-") as name:
        try:
            sizes = (asked.beside, asked.rows)
            found = {rows: measured(rows, asked.beside, asked.months, asked.folder or Path(name)) for rows in sizes}
        except WrongCountsError as wrong:
            _tell(f"{wrong}")
            return 2
    lines, kept = told(found)
    chapter = _chapter(asked, on, machine, lines)
    if asked.write:
        results.write(chapter)
    sys.stdout.write(f"{chapter}\n")
    return 0 if kept else 1


def _step(asked: Any) -> int:
    if asked.step == "lay-out":
        lay_out(asked.rows, asked.beside, asked.months, asked.folder)
        return 0
    shutil.rmtree(asked.folder / "derived", ignore_errors=True)
    sys.stdout.write(json.dumps(derive(asked.folder)) + "\n")
    return 0


def _chapter(asked: Any, on: datetime, machine: str, lines: Sequence[str]) -> str:
    command = f'`make bench-beyond ARGS="--rows {asked.rows:_} --beside {asked.beside:_} --write"` on {on:%Y-%m-%d}.'
    about = (
        "Every month derived as `dunghan rebuild` does it (read, all clocks, cube and durations of the whole catalogue "
        "written), a large month in slices; the larger size is so many provinces with units of their own. Both in one "
        "run, each in a process of its own. Dossiers, receipts, refusals and closures of every month are those that "
        "were laid out; receipts by department × field × month are those that DuckDB counts in the observed files."
    )
    return "\n".join([f"## Beyond memory: {asked.rows:,} dossiers", "", f"{command} {machine}.", "", about, "", *lines])


def _tell(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


if __name__ == "__main__":
    sys.exit(main())
