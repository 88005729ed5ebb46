"""The commands ``dunghan report``: make one into a folder, and follow those of the store from draft to restatement."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, get_args

import typer
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from config.errors import ConfigError
from jobs.options import AsJson, StoreOption, day_option, err, opened, out, show_json
from jobs.whom import by_whom
from metrics.scope import Scope

if TYPE_CHECKING:
    from store.database import Store
    from store.issued import Edition

app = typer.Typer(
    help="Reports: dunghan report friday --date 2018-11-09 --out DIR makes one; the others follow those of the store.",
    no_args_is_help=True,
)
ATTENTION: Final = 1
_NUMBER: Final = re.compile(r"(\d{1,5})/(\d{4})")
Day = Annotated[datetime, day_option("--date", "Day of issue; the report is of the period that ended before it.")]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where PDF, Word, workbook and content go.")]
Which = Annotated[str, typer.Argument(metavar="ID|NUMBER/YEAR", help="As dunghan report list names it.")]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who does it: the name they sign in with.")]
FOLDER: Final = Path("var/reports")


def _make(kind: str, day: datetime, folder: Path, store: str, unit: str | None = None) -> None:
    from config.report import load
    from jobs.friday import make
    from reports.editions import of

    with err.status("report"):
        files = make(opened(store), day.date(), folder, of(load().friday, kind, unit))  # type: ignore[arg-type]
    for file in files:
        out.print(str(file), highlight=False, soft_wrap=True)


@app.command()
def friday(day: Day, folder: Out = FOLDER, store: StoreOption = "") -> None:
    """Make the Friday report: A4 PDF, Word, Excel workbook, and the content that all are printed from."""
    _make("friday", day, folder, store)


@app.command()
def month(day: Day, folder: Out = FOLDER, store: StoreOption = "") -> None:
    """Make the report of a month of the state's, 15th to 14th."""
    _make("month", day, folder, store)


@app.command()
def quarter(day: Day, folder: Out = FOLDER, store: StoreOption = "") -> None:
    """Make the report of a quarter of the state's."""
    _make("quarter", day, folder, store)


@app.command()
def year(day: Day, folder: Out = FOLDER, store: StoreOption = "") -> None:
    """Make the report of a year of the state's."""
    _make("year", day, folder, store)


@app.command()
def unit(
    name: Annotated[str, typer.Argument(help="The department, as the register of units names it.")],
    day: Day,
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="friday, month, quarter or year.")] = "friday",
    folder: Out = FOLDER,
    store: StoreOption = "",
) -> None:
    """Make one department's own sheet: the same report of its dossiers alone."""
    from config import units
    from config.errors import nearest
    from reports.editions import Id

    if kind not in get_args(Id):
        raise ConfigError(f"--kind {kind}", "there is no such edition.", f"Known: {', '.join(get_args(Id))}.")
    register = units.load()
    if register.names and name not in register.names:
        raise ConfigError(name, f"no unit has that name.{nearest(name, register.names)}", "See dunghan units list.")
    _make(kind, day, folder, store, name)


@app.command("list")
def listed(json_: AsJson = False, store: StoreOption = "") -> None:
    """List the reports of the store: claimed, drafted, held back, approved, issued."""
    from store import issued

    found = [_told(one) for one in issued.editions_of(opened(store), Scope.province())]
    if json_:
        show_json(found)
        return
    table = Table(box=SIMPLE_HEAD)
    for name in ("id", "number", "kind", "department", "period", "issue on", "state"):
        table.add_column(name, overflow="fold")
    for one in found:
        period = f"{one['from']} – {one['to']}"
        cells = (one["id"], one["number"], one["kind"], one["department"], period, one["issue_on"], one["state"])
        table.add_row(*(escape(str(cell or "—")) for cell in cells))
    out.print(table if found else "No report was drafted yet; the worker drafts them at their hour (report.toml).")


@app.command()
def show(which: Which, json_: AsJson = False, store: StoreOption = "") -> None:
    """Show a report: its state, what stands against it, what happened to it, its files, what was learned since."""
    from store import issued

    place = opened(store)
    one = _found(place, which)
    acts = issued.acts(place, one.id, Scope.province()).to_dicts()
    told = _told(one) | {
        "held": [_reason(note).english for note in one.held], "draft": one.mark or None, "acts": acts,
        "files": issued.hashes(place, one.id, Scope.province()),
        "restatements": issued.restatements_of(place, one.id, Scope.province()),
    }  # fmt: skip
    show_json(told) if json_ else _show(told)


def _show(told: Mapping[str, Any]) -> None:
    for name in ("id", "number", "kind", "department", "from", "to", "issue_on", "state", "remark", "caveat"):
        if told[name]:
            out.print(f"{name}: {told[name]}", highlight=False, markup=False)
    for reason in told["held"]:
        out.print(f"not sent: {reason}", highlight=False, markup=False)
    if told["draft"]:
        out.print(f"draft: {told['draft']}", highlight=False)
    for act in told["acts"]:
        line = f"{act['at']:%Y-%m-%d %H:%M} UTC  {act['act']}  {act['by']}  {act['detail'] or ''}".rstrip()
        out.print(line, highlight=False, markup=False)
    for form, digest in told["files"].items():
        out.print(f"{form}  sha256 {digest}", highlight=False)
    for kept in told["restatements"]:
        for each in kept["told"]:
            then, now, n = each["then"]["t"], each["now"]["t"], len(each["dossiers"])
            line = f"restatement {kept['number']}: {each['name']}: {then} → {now} ({n} dossiers: {each['why']})"
            out.print(line, highlight=False, markup=False)


@app.command("hold-reasons")
def hold_reasons(store: StoreOption = "") -> None:
    """Say why reports are held back. Exit code 1 when one is."""
    from store import issued

    held = issued.editions_of(opened(store), Scope.province(), states=("held",))
    for one in held:
        for note in one.held:
            line = f"{one.id}  {one.kind} {one.start} – {one.end} {one.department}".rstrip()
            out.print(f"{line}: {_reason(note).english}", highlight=False, markup=False)
    if held:
        raise typer.Exit(ATTENTION)
    out.print("No report is held back.")


@app.command()
def remark(
    which: Which, text: Annotated[str, typer.Argument(help="What is printed as the director's remark; '' for none.")],
    by: By, store: StoreOption = "",
) -> None:  # fmt: skip
    """Write the director's remark on a report that is not issued; approved before, it is approved again."""
    from store import editions

    place = opened(store)
    one = _found(place, which)
    editions.remark(place, one.id, text, by=by_whom(place, by, before_anybody="director"), at=datetime.now(UTC))
    out.print(f"report {one.id}: remark kept", highlight=False)


@app.command()
def approve(
    which: Which,
    draft: Annotated[str, typer.Option("--draft", metavar="MARK", help="Which: as dunghan report show names it.")],
    by: By,
    store: StoreOption = "",
) -> None:
    """Approve the draft that was read: the worker sends it at its hour."""
    from store import editions

    place = opened(store)
    one = _found(place, which)
    who = by_whom(place, by, before_anybody="director")
    editions.approve(place, one.id, by=who, at=datetime.now(UTC), read=draft)
    out.print(f"report {one.id}: approved", highlight=False)


@app.command()
def issue(
    which: Which,
    force: Annotated[bool, typer.Option("--force", help="Send a report that is held back.")] = False,
    draft: Annotated[str, typer.Option("--draft", metavar="MARK", help="Which: as dunghan report show names it.")] = "",
    caveat: Annotated[str, typer.Option("--caveat", metavar="TEXT", help="Why; it is printed on page one.")] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="With --force: who sends it.")] = "",
    store: StoreOption = "",
) -> None:
    """Issue an approved report now: number it, print it, put its mail into the outbox. Exit code 1 when it is held."""
    from jobs import issuing
    from store import editions

    place, now = opened(store), datetime.now(UTC)
    one = _found(place, which)
    if force:
        who = by_whom(place, by, before_anybody="director")
        editions.force(place, one.id, caveat, by=who, at=now, read=draft)
    done = issuing.issue(place, one.id, now)
    after = _found(place, str(one.id))
    number = f", number {after.number}/{after.year}" if after.number else ""
    out.print(f"report {one.id}: {after.state}{number}", highlight=False)
    if not done or after.state != "issued":
        raise typer.Exit(ATTENTION)


@app.command()
def send(which: Which, by: By, store: StoreOption = "") -> None:
    """Mail an issued report to recipients of report.toml for whom no mail was put in; each gets it once."""
    from jobs import resending

    place = opened(store)
    n = resending.send(place, _issued(place, which), by=by, at=datetime.now(UTC))  # the worker's role reads no person
    out.print(f"report {which}: mail to {n} more recipients waits to be sent", highlight=False)


@app.command()
def verify(which: Which, store: StoreOption = "") -> None:
    """Print an issued report again from its stored content and compare every byte. Exit code 1 when one differs."""
    from jobs.reprinting import wrong

    place = opened(store)
    one = _issued(place, which)
    with err.status("printing"):
        found = wrong(place, one)
    for line in found or ["every form is what was issued, byte for byte"]:
        out.print(f"{one.number}/{one.year} {line}", highlight=False, markup=False)
    if found:
        raise typer.Exit(ATTENTION)


@app.command()
def restate(
    which: Annotated[str, typer.Argument(metavar="[ID|NUMBER/YEAR]", help="None: those of the last weeks.")] = "",
    store: StoreOption = "",
) -> None:
    """Compare issued reports with what they would say today; what differs is kept as a numbered restatement."""
    from jobs import restating

    place, now = opened(store), datetime.now(UTC)
    with err.status("comparing"):
        one = _issued(place, which) if which else None
        told = {one.id: restating.restate(place, one, now)} if one else restating.restate_all(place, now)
    new = {id: number for id, number in told.items() if number}
    for id, number in new.items():
        out.print(f"report {id}: restatement {number} (dunghan report show {id})", highlight=False)
    if not new:
        out.print("nothing more has changed")


def _found(store: Store, which: str) -> Edition:
    """Find a report by its id, or by number and year. Raises ConfigError."""
    from store import issued

    scope, numbered = Scope.province(), _NUMBER.fullmatch(which)
    if numbered:
        found = issued.numbered(store, int(numbered[1]), int(numbered[2]), scope)
    else:
        found = issued.edition(store, int(which), scope) if which.isdigit() and len(which) < 10 else None
    if found is None:
        raise ConfigError(f"report {which}", "there is none.", "See dunghan report list.")
    return found


def _issued(store: Store, which: str) -> Edition:
    found = _found(store, which)
    if found.state != "issued":
        raise ConfigError(f"report {which}", f"it is not issued ({found.state}).", "Name one that is.")
    return found


def _reason(kept: Mapping[str, Any]) -> Any:
    from config.notes import Note

    return Note.read(dict(kept))


def _told(one: Edition) -> dict[str, Any]:
    """Give a report as JSON values, without its content."""
    return {
        "id": one.id, "number": f"{one.number}/{one.year}" if one.number else None, "kind": one.kind,
        "department": one.department or None, "from": one.start, "to": one.end, "issue_on": one.issue_on,
        "state": one.state, "data_version": one.data_version, "remark": one.remark, "caveat": one.caveat,
        "approved_by": one.approved_by, "issued_at": one.issued_at,
    }  # fmt: skip
