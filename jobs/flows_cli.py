"""The part of ``dunghan simulate`` that plays offices at work: load and compare, or write and hand out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.progress import Progress
from rich.table import Table

from config.errors import ConfigError
from jobs.options import err, opened, out, show_json

if TYPE_CHECKING:  # polars and numpy are loaded when there is something to play
    from jobs.flows import Flow, Outcome


def is_flow(name: str) -> bool:
    """Say whether ``name`` is a flow, or a file of one."""
    from jobs import flows

    return flows.is_flow(name)


def flow_of(name: str, rows: str, seed: int | None, as_of: date | None, source: str, every: int) -> Flow:
    """Put the options together. Raises ConfigError for a number of rows that is none."""
    from jobs.flows import Flow

    count = rows.replace("_", "").replace(",", "")
    if rows and not (count.isdecimal() and 0 < int(count) <= 500_000_000):
        raise ConfigError("--rows", f'"{rows}" is no number of dossiers.', "Give one such as 10_000_000.")
    return Flow(name, int(count) if count else None, seed, as_of, source, every)


def only_for_flows(**given: object) -> None:
    """Refuse options that a set of totals has no use for. Raises ConfigError."""
    for name in (n for n, value in given.items() if value):
        option = "--" + name.replace("_", "-")
        raise ConfigError(option, "a set of totals knows no such option.", "It is for flows: docs/simulate.md.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where a flow is to go: into files, into a vendor's table, or (none of these) into the store."""

    out: Path | None
    out_parquet: Path | None
    into: str
    as_json: bool
    store: str


def run(flow: Flow, wanted: Wanted, totals: Path | None) -> None:
    """Write where something is to be written; load and compare where nothing is. Raises ConfigError, StoreError."""
    if totals:
        raise ConfigError("--totals", "a flow has no totals: they come out of the work.", "Change its scenario file.")
    with Progress(console=err, transient=True) as bar:
        task = bar.add_task(flow.name, total=None)
        shows = _done(flow, wanted, lambda done, total: bar.update(task, completed=done, total=total))
    shows()


def _done(flow: Flow, wanted: Wanted, told: Callable[[int, int], None]) -> Callable[[], None]:
    """Do it, and give what shows it."""
    from jobs import flows

    lines = []
    if wanted.out_parquet:
        rows = flows.to_parquet(flow, wanted.out_parquet, progress=told)
        lines.append(f"{rows:,} dossiers in {wanted.out_parquet}: observed/ and truth/, a part per month")
    if wanted.out or wanted.into:
        for one in flows.export(flow, out=wanted.out, into=wanted.into, progress=told):
            lines += [f"{one.rows:,} dossiers in {one.file}", *(f"  beside it: {path}" for path in one.beside)]
    if lines:
        return lambda: _say(*lines)
    found = flows.play(opened(wanted.store), flow, progress=told)
    return lambda: show_json(told_of(found)) if wanted.as_json else _show(found)


def told_of(found: Outcome) -> dict[str, Any]:
    """Give source, from, as_of, dossiers, read, every figure beside the truth, and the lies that were told."""
    lines = [asdict(line) | {"apart": line.said - line.truth} for line in found.lines]
    period = {"from": found.from_on.isoformat(), "as_of": found.as_of.isoformat()}
    counts = {"dossiers": found.dossiers, "read": found.counts.read, "quarantined": found.counts.quarantined}
    return {"source": found.source, **period, **counts, "figures": lines, "lies": found.lies}


def _show(found: Outcome) -> None:
    table = Table(title=f"{found.source}: {found.from_on} to {found.as_of}", box=SIMPLE_HEAD)
    for name in ("figure", "truth", "the store says", "apart"):
        table.add_column(name, justify="left" if name == "figure" else "right")
    for line in found.lines:
        apart = line.said - line.truth
        table.add_row(line.key, f"{line.truth:,}", f"{line.said:,}", f"{apart:+,}" if apart else "")
    out.print(table)
    lied = ", ".join(f"{name} {count:,}" for name, count in found.lies.items())
    _say(f"{found.counts.read:,} records read of {found.dossiers:,} dossiers; lies told: {lied or 'none'}")


def _say(*lines: str) -> None:
    for line in lines:
        out.print(line, highlight=False, markup=False, soft_wrap=True)
