"""The command ``dunghan simulate``: dossiers with given totals, or offices at work (jobs/flows_cli.py)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.progress import Progress
from rich.table import Table

from jobs.options import AsJson, StoreOption, err, opened, out, show_json

if TYPE_CHECKING:  # polars and numpy are loaded when the question is asked
    from jobs.simulate import Outcome

ATTENTION = 1
_OUT = "Totals: a national-format file too. Flow: .json .csv .xlsx .jsonl .xes .sql."
Scenario = Annotated[
    str, typer.Argument(help="demo, quang-nam-2018, mot-cua … (docs/simulate.md), or the FILE.toml of a flow.")
]
Totals = Annotated[
    Path | None, typer.Option("--totals", metavar="FILE.toml", help="Totals of your own (docs/simulate.md).")
]
Name = Annotated[str, typer.Option("--source", metavar="NAME", help="Name of the source; without it, the scenario's.")]
Seed = Annotated[int | None, typer.Option("--seed", help="Another number: other dossiers with the same totals.")]
Rows = Annotated[str, typer.Option("--rows", metavar="N", help="Flow: so many dossiers, such as 10_000_000.")]
Day = Annotated[
    datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="Flow: what its source shows on this day.")
]
Every = Annotated[
    int,
    typer.Option("--every", metavar="DAYS", min=0, help="Flow: load again every so many days; 0: once, at the end."),
]
Into = Annotated[
    str,
    typer.Option(
        "--into", metavar="URL", help="Flow: fill a vendor's table (SQLite, PostgreSQL, MariaDB); load nothing."
    ),
]
Parquet = Annotated[
    Path | None, typer.Option("--out-parquet", metavar="DIR", help="Flow: write Parquet, a part per month.")
]


def simulate(
    scenario: Scenario,
    totals: Totals = None,
    file: Annotated[Path | None, typer.Option("--out", metavar="FILE", help=_OUT)] = None,
    source: Name = "",
    seed: Seed = None,
    rows: Rows = "",
    as_of: Day = None,
    every: Every = 0,
    into: Into = "",
    out_parquet: Parquet = None,
    json_: AsJson = False,
    store: StoreOption = "",
) -> None:
    """Build dossiers with given totals, or play offices at work, load them, and say what comes out beside what is true.

    Exit 1 when a total does not come out. A flow is loaded as its source shows it; with --out, --into or --out-parquet
    it is written and nothing is loaded. The figures are read from the store: dunghan figures --from --to --as-of.
    """
    from jobs import flows_cli

    if flows_cli.is_flow(scenario):
        flow = flows_cli.flow_of(scenario, rows, seed, as_of.date() if as_of else None, source, every)
        return flows_cli.run(flow, flows_cli.Wanted(file, out_parquet, into, json_, store), totals)
    flows_cli.only_for_flows(rows=rows, as_of=as_of, every=every, into=into, out_parquet=out_parquet)
    return _totals(scenario, totals, file, source, seed, json_, store)


def _totals(
    scenario: str, totals: Path | None, file: Path | None, source: str, seed: int | None, json_: bool, store: str
) -> None:
    """Build a set with given totals, load it and show it."""
    from jobs import simulate as work
    from jobs.rebuild import rebuild

    place = opened(store)
    with Progress(console=err, transient=True) as bar:
        task = bar.add_task(scenario, total=None)
        wanted = work.Wanted(scenario, totals, source, work.SEED if seed is None else seed)
        found = work.simulate(
            place, wanted, out=file, progress=lambda done, total: bar.update(task, completed=done, total=total)
        )
        bar.update(task, description="figures")
        rebuild(place)
    show_json(as_json(found)) if json_ else _show(found)
    if not found.holds:
        raise typer.Exit(ATTENTION)


def as_json(found: Outcome) -> dict[str, Any]:
    """Give source, from, to, holds, read and quarantined rows, every total, and what gave way."""
    lines = [asdict(line) | {"holds": line.holds} for line in found.lines]
    dropped = [{"where": g.where, "key": g.key, "value": g.value} for g in found.dropped]
    period = {"from": _iso(found.from_on), "to": _iso(found.to_on)}
    counts = {"read": found.counts.read, "quarantined": found.counts.quarantined}
    return {"source": found.source, **period, "holds": found.holds, **counts, "totals": lines, "gave_way": dropped}


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


def _show(found: Outcome) -> None:
    """Print each total beside what was asked, then one line."""
    table = Table(title=f"{found.source}: {found.from_on} to {found.to_on}", box=SIMPLE_HEAD)
    for name in ("total", "asked", "came out", "", "where"):
        table.add_column(name, justify="right" if name in ("asked", "came out") else "left")
    for line in found.lines:
        asked = "derived" if line.asked is None else f"{line.asked:,}"
        mark = "✓" if line.holds else f"✗ {line.expected:,}"
        if line.asked is not None or line.expected or line.came_out:
            table.add_row(line.key, asked, f"{line.came_out:,}", mark, "" if line.asked is None else line.where)
    if found.lines:
        out.print(table)
    for gone in found.dropped:
        out.print(f"gave way: {gone.where}: {gone.key} = {gone.value:,} no longer fits", markup=False)
    out.print(_said(found), highlight=False, markup=False, soft_wrap=True)


def _said(found: Outcome) -> str:
    counts = found.counts
    read = f"{found.source}: {counts.read:,} dossiers read, {counts.new:,} new, {counts.quarantined:,} quarantined"
    wrong = [line for line in found.lines if not line.holds]
    asked = [line for line in found.lines if line.asked is not None]
    if wrong:
        names = ", ".join(f"{line.key} {line.came_out:,} for {line.expected:,}" for line in wrong)
        held = "; some dossiers of this source were in the store before" if counts.new < counts.read else ""
        return f"{read}; {len(wrong)} totals differ: {names}{held}"
    return f"{read}; all {len(asked)} totals asked for come out as given" if asked else read
