"""The commands ``dunghan survey``: load satisfaction slips, say how many people were asked, and list what is there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from config.errors import ConfigError, MappingError
from jobs.options import AsJson, StoreOption, day_option, opened, out, show_json

if TYPE_CHECKING:
    from connectors.surveys import Slips
    from jobs.surveys import Loaded

ATTENTION = 1
SHOWN = 20  # refused rows that a preview lists
app = typer.Typer(help="Satisfaction slips of surveys: dunghan survey load FILE.", no_args_is_help=True)
SurveyOption = Annotated[str, typer.Option("--survey", metavar="NAME", help="Which survey: where and how it asked.")]
Toml = Annotated[
    Path | None,
    typer.Option("--mapping", help="TOML that says what each column is (docs/surveys.md). Else: FILE.toml beside it."),
]


@app.command()
def load(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX or JSON; JSON of the national form needs no mapping.")],
    survey: SurveyOption = "",
    mapping: Toml = None,
    preview: Annotated[bool, typer.Option("--preview", help="Show how the file would be read; store nothing.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 when a row was refused (for scripts).")] = False,
    store: StoreOption = "",
) -> None:
    """Load one file of slips. The same file twice changes nothing; names, telephones and remarks are never kept."""
    from jobs import surveys

    if preview:
        _preview(file, survey, mapping)
        return
    done = surveys.load(opened(store), file, survey=survey, mapping=mapping, at=datetime.now(UTC))
    for line in report(done):
        out.print(line, highlight=False, markup=False)
    if strict and done.counts.refused:
        raise typer.Exit(ATTENTION)


def _preview(file: Path, survey: str, mapping: Path | None) -> None:
    from jobs import surveys

    try:
        name, told = surveys.read(file, survey=survey, mapping=mapping, at=datetime.now(UTC))
    except MappingError as error:
        if mapping is not None or "national form" not in error.found:
            raise
        out.print("No mapping was given. A start to save, check and complete:\n", highlight=False)
        out.print(surveys.suggested(file, survey), highlight=False, markup=False)
        out.print("Nothing was stored.")
        return
    _show(name, told)


def report(done: Loaded) -> list[str]:
    """Say what a load did, in a few lines."""
    counts = done.counts
    lines = [
        f"{done.file} → survey {done.survey}: {counts.read} rows read = {counts.new} new + {counts.unchanged} unchanged"
        f" + {counts.refused} refused; {done.skipped} rows are no slips"
    ]
    lines += [f"refused for {reason}: {n}" for reason, n in done.reasons.items()]
    if done.contradicting:
        lines.append(f"refused because the slip is kept with another content: {done.contradicting}")
    return lines + ([f"personal, never kept: {', '.join(done.dropped)}"] if done.dropped else [])


def _show(survey: str, told: Slips) -> None:
    words = Table("in the file", "score", "rows", title="Words of the score", title_justify="left")
    for word, score, n in told.words[:40]:
        words.add_row(escape(word), str(score) if score else "[bold red]unknown: refused[/]", str(n))
    out.print(words)
    dates = ", ".join(f"{name} × {n}" for name, n in told.notations.items()) or "none"
    rows = told.slips.height + told.repeated + told.refused.height
    out.print(f"days read as {dates}", highlight=False, markup=False)
    out.print(
        f"survey {survey}: {rows} rows read = {told.slips.height} slips + {told.repeated} told twice + "
        f"{told.refused.height} to be refused; {told.skipped} rows are no slips", highlight=False, markup=False,
    )  # fmt: skip
    for reason, n in told.reasons().items():
        out.print(f"refused for {reason}: {n}", highlight=False, markup=False)
    for row in told.refused.head(SHOWN).to_dicts():
        out.print(f"  {row['place']}: {row['found']} ({', '.join(row['reasons'])})", highlight=False, markup=False)
    for said, columns in (("personal, never kept", told.dropped), ("not used", told.unused)):
        if columns:
            out.print(f"{said}: {', '.join(columns)}", highlight=False, markup=False)
    out.print("Nothing was stored.")


@app.command()
def asked(
    survey: SurveyOption,
    number: Annotated[int, typer.Option("--asked", metavar="N", help="How many people were asked.")],
    from_: Annotated[datetime, day_option("--from", "First day on which people were asked.")],
    to: Annotated[datetime, day_option("--to", "Last day.")],
    department: Annotated[
        str, typer.Option("--department", metavar="UNIT", help="Of this unit alone. Without it: of all together.")
    ] = "",
    store: StoreOption = "",
) -> None:
    """Say how many people a survey asked: without it there is no response rate. The last word about a stretch holds."""
    from jobs import surveys
    from metrics.scope import Period

    if to < from_:
        raise ConfigError("--to", f"{to.date()} lies before --from, {from_.date()}.", "Give the last day of asking.")
    period = Period(from_.date(), to.date())
    counts = surveys.ask(opened(store), survey, period, number, department=department, at=datetime.now(UTC))
    said = "kept" if counts.new else "known already, nothing changed"
    out.print(
        f"survey {survey}, {period.start} to {period.end}: {number} asked, {said}.", highlight=False, markup=False
    )


@app.command("list")
def list_(json_: AsJson = False, store: StoreOption = "") -> None:
    """List what was loaded, newest first, and how its rows fared."""
    from store import intakes

    rows = intakes.history(opened(store), "surveys").to_dicts()
    if json_:
        show_json(rows)
        return
    table = Table("number", "file", "read", "new", "unchanged", "refused", "by", "at (UTC)")
    for row in rows:
        cells = (row[name] for name in ("id", "origin", "read", "new", "unchanged", "refused", "by"))
        table.add_row(*(escape(str(cell)) for cell in cells), f"{row['at']:%Y-%m-%d %H:%M}")
    out.print(table)


@app.command()
def refused(
    number: Annotated[int, typer.Argument(help="Number of a reading: dunghan survey list.", metavar="NUMBER")],
    json_: AsJson = False,
    store: StoreOption = "",
) -> None:
    """Show the rows of one reading that were refused, and why."""
    from store import intakes

    rows = intakes.refused(opened(store), number).to_dicts()
    if json_:
        show_json(rows)
        return
    table = Table("where", "why", "found")
    for row in rows:
        table.add_row(*(escape(str(row[name])) for name in ("place", "reasons", "found")))
    out.print(table)
