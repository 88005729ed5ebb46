"""The command ``dunghan reconcile``: two sources on the same dossiers, and what lies behind the overdue of either."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jobs.options import AsJson, AsOf, KnownAt, StoreOption, err, opened, out, show_json

if TYPE_CHECKING:
    from rich.console import RenderableType

    from jobs.reconcile import Asked, Found


def reconcile(
    a: Annotated[str, typer.Argument(metavar="A", help="The source in which the dossiers are worked.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The source that is told of it.")],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    by: Annotated[list[str] | None, typer.Option("--by", metavar="NAME", help="department, field.")] = None,
    list_: Annotated[
        str, typer.Option("--list", metavar="CLASS", help="The dossiers behind a count: real, not_closed, only_b, …")
    ] = "",
    tolerance: Annotated[
        int | None,
        typer.Option("--tolerance", metavar="MINUTES", min=0, help="Compare instants, not days.", show_default=False),
    ] = None,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", metavar="FILE", help="Write everything as a workbook.", show_default=False)
    ] = None,
    dossier: Annotated[str, typer.Option("--dossier", metavar="CODE", help="Record a cause for this one.")] = "",
    cause: Annotated[str, typer.Option("--cause", metavar="CODE", help="One of causes.toml.")] = "",
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="Beside the cause; no applicant's data.")] = "",
    person: Annotated[str, typer.Option("--recorded-by", metavar="NAME", help="Who says so.")] = "",
    json_: AsJson = False,
    store: StoreOption = "",
) -> None:
    """Hold two sources against each other: who has which dossier, where they differ, which overdue are real."""
    from jobs import reconcile as asking

    place = opened(store)
    names = tuple(name.strip() for text in by or () for name in text.split(",") if name.strip())
    asking.check(names, list_)
    asked = asking.Asked(a, b, as_of, known_at, tolerance)
    found = asking.find(place, asked)
    if dossier or cause:
        told = asking.record_cause(
            place, found, asked, dossier, cause=cause, note=note, by=person, at=datetime.now(UTC)
        )
        out.print(f"{told.code}: {cause} recorded ({told.overdue or 'not overdue'})", highlight=False)
        return
    if xlsx:
        _write(found, asked, xlsx)
    if json_:
        show_json(asking.answer(found, asked, names, list_))
    elif not xlsx:
        out.print(_shown(found, asked, names, list_))


def _write(found: Found, asked: Asked, path: Path) -> None:
    from reports.files import write_whole
    from reports.reconciliation_xlsx import render

    write_whole(path, render(found.rows, found.subject(asked)))
    err.print(f"{found.rows.height} dossiers written to {path}", highlight=False)


def _shown(found: Found, asked: Asked, by: tuple[str, ...], list_: str) -> RenderableType:
    from jobs import reconcile_screen

    if list_:
        return reconcile_screen.listed(found, list_)
    return reconcile_screen.grouped(found, asked, by) if by else reconcile_screen.whole(found, asked)
