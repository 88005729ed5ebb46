"""The command ``dunghan units``: what the register does not know, and how it is mapped."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.markup import escape
from rich.table import Table

from config import unit_writing
from config.units import load
from jobs import answers, unregistered
from jobs.options import AsJson, StoreOption, day_option, opened, out, show_json

app = typer.Typer(
    help="Units that sources write and the register does not know: dunghan units; dunghan units map NAME --to UNIT.",
    invoke_without_command=True,
)


@app.callback()
def units(context: typer.Context, json_: AsJson = False, store: StoreOption = "") -> None:
    """List the units that the register does not know: dossiers, open and overdue ones, the nearest known name."""
    if context.invoked_subcommand is None:
        show(unregistered.units(opened(store)), json_, empty_register=not load().names)


@app.command("map")
def map_(
    name: Annotated[str, typer.Argument(help="The name or code as the source writes it.")],
    to: Annotated[str, typer.Option("--to", metavar="UNIT", help="The unit of the register that it is.")],
    new: Annotated[bool, typer.Option("--new", help="Begin UNIT in the register: it is told nowhere yet.")] = False,
    store: StoreOption = "",
) -> None:
    """Write an alias into the office's units.toml and work the figures out anew; no row is lost or renamed."""
    file = unit_writing.map_unit(name, to, on=datetime.now(UTC).date(), new=new)
    state = answers.ready(opened(store))
    out.print(
        f'"{name}" is "{to}" from now on ({file}); data version {state.data_version}', highlight=False, markup=False
    )


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV: code, name, province_name, province_code.")],
    province: Annotated[str, typer.Option("--province", metavar="NAME|CODE", help="Whose communes are wanted.")],
    day: Annotated[datetime | None, day_option("--from", "Since when they exist. Without it: 1/7/2025.")] = None,
) -> None:
    """Write the communes of one province into the office's units.csv."""
    since = day.date() if day else unregistered.MERGED_ON
    written, communes = unit_writing.import_wards(file, province, from_on=since)
    out.print(
        f"{written}: {communes} communes under {load().known[0].parent or province}", highlight=False, markup=False
    )


def show(found: pl.DataFrame, json_: bool, *, empty_register: bool) -> None:
    """Print metrics.unregistered.COLUMNS, as a table or as JSON."""
    if json_:
        show_json(found.to_dicts())
        return
    if empty_register:
        out.print("The register of units is empty (units.toml, units.csv): every unit counts under its source's name.")
    table = Table(box=None, pad_edge=False)
    for name in ("name", "role", "source", "dossiers", "open", "overdue", "first", "last", "nearest known"):
        table.add_column(name, justify="right" if name in ("dossiers", "open", "overdue") else "left")
    for row in found.iter_rows(named=True):
        told = f"{row['name']} {row['title'] or ''}".strip()
        counts = (f"{row[c]:,}" for c in ("dossiers", "open", "overdue"))
        days = (str(row[c] or "") for c in ("first_on", "last_on"))
        table.add_row(escape(told), row["role"], row["source"], *counts, *days, escape(row["nearest"] or ""))
    out.print(table if found.height else "The registers know every name that sources write.")
