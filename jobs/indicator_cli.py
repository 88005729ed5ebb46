"""The commands ``dunghan indicator``: enter, load, take back and list the figures that no system of ours counts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from jobs.options import AsJson, StoreOption, day_option, opened, out, show_json
from jobs.whom import by_whom

ATTENTION = 1
SHOWN = 20  # refused rows that are listed
app = typer.Typer(help="Figures that people enter: dunghan indicator list.", no_args_is_help=True)
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who enters it: the name they sign in with.")]
Which = Annotated[str, typer.Argument(metavar="ID", help="An indicator of config/indicators.toml.")]
Of = Annotated[str, typer.Option("--period", metavar="PERIOD", help="2026-10, 2026-Q3 or 2026, as the indicator has.")]
Unit = Annotated[str, typer.Option("--department", metavar="UNIT", help="Of this unit. Without it: of the province.")]


@app.command()
def enter(
    indicator: Which,
    period: Of,
    value: Annotated[str, typer.Option("--value", metavar="N", help="The value, as it was stated.")],
    stated_by: Annotated[str, typer.Option("--stated-by", metavar="TEXT", help="Whose figure: report, decision.")],
    stated_on: Annotated[datetime, day_option("--stated-on", "The day it was stated.")],
    by: By,
    department: Unit = "",
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="A word beside it.")] = "",
    store: StoreOption = "",
) -> None:
    """Enter one value; the one before stays in the history."""
    from jobs.indicators import day
    from store import entered
    from store.entered import Told

    place, now = opened(store), datetime.now(UTC)
    told = Told(indicator, period, value, stated_by, stated_on.date(), department, note)
    person = by_whom(place, by, before_anybody="operator")
    new = entered.enter(place, told, by=person, at=now, today=day(now))
    said = "entered; what stood before is kept" if new else "known already, nothing changed"
    out.print(f"{indicator} {period}: {value}, {said}.", highlight=False, markup=False)


@app.command("take-back")
def take_back(
    indicator: Which,
    period: Of,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why the value does not hold.")],
    by: By,
    department: Unit = "",
    store: StoreOption = "",
) -> None:
    """Take a value back: there is none then; it stays in the history with the reason."""
    from store import entered

    place = opened(store)
    person = by_whom(place, by, before_anybody="operator")
    entered.take_back(place, indicator, period, department, reason=reason, by=person, at=datetime.now(UTC))
    out.print(f"{indicator} {period}: taken back; it stays in the history.", highlight=False, markup=False)


@app.command()
def load(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX or JSON with the columns of docs/indicators.md.")],
    by: By = "",
    preview: Annotated[bool, typer.Option("--preview", help="Show how the file would be read; store nothing.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 when a row was refused (for scripts).")] = False,
    store: StoreOption = "",
) -> None:
    """Load values from a file. The same file twice changes nothing."""
    from jobs import indicators

    now = datetime.now(UTC)
    if preview:
        told = indicators.read(file, now)
        out.print(
            f"{len(told.rows) + told.repeated + told.refused.height} rows read = {len(told.rows)} values + "
            f"{told.repeated} told twice + {told.refused.height} to be refused", highlight=False,
        )  # fmt: skip
        for row in told.rows:
            cells = (row["indicator"], row["from_on"], row["to_on"], row["department"] or "—", row["value"])
            out.print("  ".join(cells), highlight=False, markup=False)
    else:
        place = opened(store)
        counts, told = indicators.load(place, file, by=by_whom(place, by, before_anybody="operator"), at=now)
        said = f"{counts.new} new + {counts.unchanged} unchanged + {counts.refused} refused"
        out.print(f"{file.name}: {counts.read} rows read = {said}", highlight=False, markup=False)
    for row in told.refused.head(SHOWN).to_dicts():
        out.print(f"  {row['place']}: {row['found']} ({row['reasons'][0]})", highlight=False, markup=False)
    if told.unused:
        out.print(f"not used: {', '.join(told.unused)}", highlight=False, markup=False)
    if preview:
        out.print("Nothing was stored.")
    if strict and told.refused.height:
        raise typer.Exit(ATTENTION)


@app.command("list")
def list_(
    json_: AsJson = False,
    history: Annotated[bool, typer.Option("--history", help="Every word, newest first; else what holds.")] = False,
    store: StoreOption = "",
) -> None:
    """List the indicators and the values that hold."""
    from config import indicators
    from metrics.scope import Scope
    from store import entered

    ask = entered.history if history else entered.holding
    rows = [_told(row) for row in ask(opened(store), Scope.province()).to_dicts()]
    if json_:
        show_json(rows)
        return
    table = Table("indicator", "period", "unit", "value", "stated by", "on", "entered by", "at (UTC)")
    for row in rows:
        words = (row["indicator"], row["period"], row["department"] or "—", row["value"] or "taken back")
        said = (row["stated_by"], str(row["stated_on"]), row["entered_by"], f"{row['entered_at']:%Y-%m-%d %H:%M}")
        table.add_row(*map(escape, (*words, *said)))
    out.print(table)
    bare = [one for one in indicators.load() if all(row["indicator"] != one for row in rows)]
    if bare:
        out.print(f"without a value: {', '.join(bare)}", highlight=False, markup=False)


def _told(row: dict[str, Any]) -> dict[str, Any]:
    from metrics.indicators import code_of
    from metrics.scope import Period

    kept = ("department", "value", "stated_by", "stated_on", "note", "entered_by", "entered_at")
    period = code_of(Period(row["from_on"], row["to_on"]))
    return {"indicator": row["indicator"], "period": period} | {name: row[name] for name in kept}
