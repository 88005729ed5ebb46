"""The command ``dunghan simulate``: dossiers with given totals, loaded, and what comes out beside what was asked."""

from __future__ import annotations

from dataclasses import asdict
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


def simulate(
    scenario: Annotated[str, typer.Argument(help="demo, or one of docs/simulate.md such as quang-nam-2018.")],
    totals: Annotated[
        Path | None, typer.Option("--totals", metavar="FILE.toml", help="Totals of your own (docs/simulate.md).")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.json", help="Write the set as a national-format file too.")
    ] = None,
    source: Annotated[
        str, typer.Option("--source", metavar="NAME", help="Name of the source; without it, the scenario's.")
    ] = "",
    seed: Annotated[int, typer.Option("--seed", help="Another number: other dossiers with the same totals.")] = 2018,
    json_: AsJson = False,
    store: StoreOption = "",
) -> None:
    """Build dossiers with given totals, load them, and say what comes out; exit 1 when a total does not.

    The figures are read from the store. Read them yourself with dunghan figures --from --to --as-of.
    """
    from jobs import simulate as work
    from jobs.rebuild import rebuild

    place = opened(store)
    with Progress(console=err, transient=True) as bar:
        task = bar.add_task(scenario, total=None)
        wanted = work.Wanted(scenario, totals, source, seed)
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
