"""The command ``dunghan procedures``: what the register does not know, and how a list is loaded into it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import typer

from jobs.moments import HOME_ZONE
from jobs.options import AsJson, StoreOption, day_option, opened, out, show_json

app = typer.Typer(
    help="Procedures without a limit: dunghan procedures; a list into the register: dunghan procedures load FILE.",
    invoke_without_command=True,
)
ATTENTION: Final = 1


@app.callback()
def procedures(context: typer.Context, json_: AsJson = False, store: StoreOption = "") -> None:
    """List the procedures for which procedures.csv has no limit: dossiers, open and overdue ones, the nearest known."""
    if context.invoked_subcommand is None:
        from jobs import unregistered
        from jobs.units_cli import show

        show(unregistered.procedures(opened(store)), json_, empty_register=False)


@app.command()
def load(
    file: Annotated[Path, typer.Argument(help="A list of procedures: CSV, XLSX, JSON (lines), Parquet.")],
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", help="TOML that says what each column is (docs/procedures.md); without it by names."),
    ] = None,
    source: Annotated[
        str, typer.Option("--source", metavar="NAME", help="Only for this source; without it for every one.")
    ] = "",
    day: Annotated[
        datetime | None,
        day_option("--from", "First day of what is new. Without it: new procedures always, changes from today."),
    ] = None,
    basis: Annotated[str, typer.Option("--basis", help="The decision, where the list names none.")] = "",
    complete: Annotated[
        bool,
        typer.Option(
            "--complete", help="The list is whole: what it does not name has ended (not while rows are refused)."
        ),
    ] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Write it; without this, only show what would change.")
    ] = False,
    refused: Annotated[
        Path | None, typer.Option("--refused", metavar="CSV", help="Put the refused rows there, each with its reason.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 when a row was refused (for scripts).")] = False,
    json_: AsJson = False,
) -> None:
    """Load a list of procedures into the office's register; without --write, show what that would change.

    The same list twice changes nothing. Old lines stay: a change is a new line from its day on.
    """
    from jobs import procedures_screen, registering

    first = day.date() if day else None
    today = datetime.now(ZoneInfo(HOME_ZONE)).date()
    found = registering.prepare(file, mapping, source=source, first=first, today=today, basis=basis, complete=complete)
    if refused is not None and found.refused:
        procedures_screen.put_aside(found.refused, refused)
    written = registering.write(found) if write else None
    if json_:
        show_json(procedures_screen.as_json(found, written))
    else:
        out.print(procedures_screen.render(found, asked=write, written=written))
    if strict and found.refused:
        raise typer.Exit(ATTENTION)
