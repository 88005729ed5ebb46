"""The commands ``dunghan fault``: the log of faults of a source's software, and what its vendor is given of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from config.errors import ConfigError, nearest
from jobs.options import AsJson, StoreOption, day_of, day_option, opened, out, show_json
from jobs.whom import by_whom

app = typer.Typer(help="Faults of the software of a source: dunghan fault list.", no_args_is_help=True)
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who does it: the name they sign in with.")]
On = Annotated[datetime | None, day_option("--on", "The day of it. Without it: today.")]
#: How far back what is measured goes.
WEEKS = 13


@app.command()
def report(
    source: Annotated[str, typer.Argument(help="The source whose software it is.", metavar="SOURCE")],
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="What is wrong, in one line.")],
    vendor: Annotated[str, typer.Option("--vendor", metavar="NAME", help="To whom it was reported.")],
    by: By,
    kind: Annotated[str, typer.Option("--kind", help="availability, delay, data, function, other.")] = "other",
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="More of it; nothing personal.")] = "",
    on: On = None,
    store: StoreOption = "",
) -> None:
    """Keep a fault that was reported to a vendor; gives its number. Nothing of it can be changed later."""
    from jobs.alerting import ZONE
    from store import faults

    place, now = opened(store), datetime.now(UTC)
    number = faults.report(
        place, source, vendor=vendor, kind=kind, title=title, text=text,
        reported_on=day_of(on) or now.astimezone(ZONE).date(), by=by_whom(place, by, before_anybody="director"),
        at=now, zone=ZONE,
    )  # fmt: skip
    out.print(f"fault {number} of {source}.", highlight=False)


@app.command()
def act(
    number: Annotated[int, typer.Argument(help="As dunghan fault list numbers it.", metavar="NUMBER")],
    what: Annotated[str, typer.Argument(help="answered, mended, reopened, note.", metavar="WHAT")],
    by: By,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="What was said or done; a note needs it.")] = "",
    on: On = None,
    store: StoreOption = "",
) -> None:
    """Keep what became of a fault; what was kept before stays beside it."""
    from jobs.alerting import ZONE
    from store import faults

    place, now = opened(store), datetime.now(UTC)
    person, day = by_whom(place, by, before_anybody="director"), day_of(on) or now.astimezone(ZONE).date()
    faults.act(place, number, what, on=day, text=text, by=person, at=now, zone=ZONE)
    out.print(f"fault {number}: {what} on {day}.", highlight=False)


@app.command("list")
def list_(
    source: Annotated[str, typer.Option("--source", metavar="NAME", help="Only those of one source.")] = "",
    json_: AsJson = False,
    store: StoreOption = "",
) -> None:
    """List the faults, newest first: how each stands, and how many working days it waited."""
    from jobs.alerting import ZONE
    from metrics import rulebook
    from store import faults

    rows = faults.listed(
        opened(store), faults.OPERATOR, today=datetime.now(ZONE).date(), calendar=rulebook.load().calendar,
        source=source,
    )  # fmt: skip
    if json_:
        show_json(rows.to_dicts())
        return
    table = Table("number", "source", "kind", "fault", "reported", "state", "answer days", "mend days")
    for row in rows.to_dicts():
        said = (row["source"], row["kind"], row["title"], row["reported_on"], row["state"])
        table.add_row(str(row["seq"]), *said, str(row["answer_days"]), str(row["mend_days"]))
    out.print(table)


@app.command()
def export(
    source: Annotated[str, typer.Argument(help="The source whose software it is.", metavar="SOURCE")],
    file: Annotated[Path, typer.Argument(help="The workbook to write.", metavar="FILE.xlsx")],
    by: By,
    codes: Annotated[bool, typer.Option("--codes", help="With the codes of the rows that were refused.")] = False,
    store: StoreOption = "",
) -> None:
    """Write what the vendor of a source is given: its faults and what was measured in 13 weeks; no person is in it."""
    from jobs.alerting import ZONE
    from metrics import rulebook
    from metrics.scope import Scope
    from reports import software
    from reports.files import write_whole
    from store import audit, faults, runs, snapshot

    place, now = opened(store), datetime.now(UTC)
    person, known = by_whom(place, by, before_anybody="director"), runs.latest(place)
    titles = dict(known.select("name", "title").iter_rows())
    if source not in titles:
        found = f"nothing of that name was ever read.{nearest(source, titles)}"
        raise ConfigError(f'source "{source}"', found, "Check the name (dunghan sources).")
    if person.role not in faults.READING or person.departments is not None:
        raise ConfigError(f"--by {by}", f"{by} may not read the log of faults ({person.role}).", "Ask the director.")
    since, today = now - timedelta(weeks=WEEKS), now.astimezone(ZONE).date()
    told = software.measured(place, dict(known.select("name", "time_zone").iter_rows()), since=since, now=now)
    state = snapshot.read_manifest(place)
    about = software.About(titles[source], since.astimezone(ZONE).date(), today, state.data_version if state else "")
    rows = faults.listed(place, person, today=today, calendar=rulebook.load().calendar, source=source)
    refused = runs.quarantined(place, Scope.province(), source) if codes else None
    made = software.workbook(about, told.of(source), rows, faults.history(place, person, source), refused)
    audit.keep(place, person=person.name, act="export", at=now, what="phan-mem", detail=source)
    write_whole(file, made)
    out.print(f"{file}: {rows.height} faults of {source}.", highlight=False)
