"""The commands ``dunghan urging``: phiếu đôn đốc, numbered requests to a unit about its dossiers, and the answers."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer
from rich.table import Table

from config.errors import ConfigError
from jobs.options import AsJson, StoreOption, day_option, opened, out, show_json
from jobs.whom import by_whom

app = typer.Typer(help="Urging slips to units: dunghan urging list.", no_args_is_help=True)
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who does it: the name they sign in with.")]


@app.command()
def issue(
    department: Annotated[str, typer.Argument(help="The unit that is to answer.", metavar="UNIT")],
    codes: Annotated[
        list[str], typer.Option("--dossier", metavar="CODE", help="A dossier of that unit; once for each.")
    ],
    ask: Annotated[str, typer.Option("--ask", metavar="TEXT", help="What is asked of the unit.")],
    answer_by: Annotated[datetime, day_option("--answer-by", "The working day by which it is to answer.")],
    by: By,
    source: Annotated[str, typer.Option("--source", metavar="NAME", help="Where several sources have a code.")] = "",
    store: StoreOption = "",
) -> None:
    """Issue a slip to a unit about some of its dossiers; gives its number. Nothing of it can be changed later."""
    from jobs.alerting import ZONE
    from metrics import rulebook
    from store import urgings
    from store.finding import find

    place, now = opened(store), datetime.now(UTC)
    about = [(found.source, found.code) for found in (find(place, code, source) for code in codes)]
    person, calendar = by_whom(place, by, before_anybody="director"), rulebook.load().calendar
    number = urgings.issue(
        place, department, about, asked=ask, answer_by=answer_by.date(), by=person, at=now, calendar=calendar, zone=ZONE
    )  # fmt: skip
    out.print(f"slip {number}/{now.astimezone(ZONE).year} to {department}, {len(about)} dossiers.", highlight=False)


@app.command()
def answer(
    which: Annotated[str, typer.Argument(metavar="NUMBER/YEAR", help="As dunghan urging list names it.")],
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="What the unit answers.")],
    by: By,
    store: StoreOption = "",
) -> None:
    """Keep a unit's answer to a slip; an earlier answer stays beside it."""
    from store import urgings

    number, year = _numbered(which)
    place = opened(store)
    urgings.answer(
        place, number, year, text=text, by=by_whom(place, by, before_anybody="director"), at=datetime.now(UTC)
    )
    out.print(f"slip {number}/{year}: answered by {by.strip()}.", highlight=False)


@app.command("list")
def list_(json_: AsJson = False, store: StoreOption = "") -> None:
    """List the slips, newest first, with their answers; those past their day without one are late."""
    from jobs.alerting import ZONE
    from metrics.scope import Scope
    from store import urgings

    rows = urgings.issued(opened(store), Scope.province()).to_dicts()
    today = datetime.now(ZONE).date()
    told = [_told(row, today) for row in rows]
    if json_:
        show_json(told)
        return
    table = Table("number", "unit", "dossiers", "answer by", "state", "asked", "answer")
    for slip in told:
        words = (slip["number"], slip["department"], len(slip["dossiers"]), slip["answer_by"], slip["state"])
        table.add_row(*map(str, words), slip["asked"], slip["answer"] or "")
    out.print(table)


_KEPT = ("department", "asked", "answer_by", "made_by", "made_at", "answer", "answered_by", "answered_at")


def _told(row: dict[str, Any], today: date) -> dict[str, Any]:
    from store import urgings

    kept = {name: row[name] for name in _KEPT}
    return {
        "number": urgings.named(row),
        "state": urgings.state(row, today),
        "dossiers": json.loads(row["dossiers"]),
        **kept,
    }


def _numbered(which: str) -> tuple[int, int]:
    number, _, year = which.partition("/")
    if not (number.isdecimal() and year.isdecimal()):
        raise ConfigError(which, "it is no number of a slip.", "Write it as 12/2026 (dunghan urging list).")
    return int(number), int(year)
