"""The command ``dunghan correct``: record the due date that counts, with the reason; nothing is overwritten."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from jobs.moments import moment_in, zone_of
from jobs.options import StoreOption, opened, out


def correct(
    code: Annotated[str, typer.Argument(help="Code of the dossier, either of the two it may carry.")],
    due: Annotated[str, typer.Option("--due", metavar="DAY|INSTANT", help="The due date that counts from today on.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept and shown.")],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who records it: the name they sign in with.")],
    source: Annotated[str, typer.Option("--source", metavar="NAME", help="Where several sources have the code.")] = "",
    store: StoreOption = "",
) -> None:
    """Record a correction of a due date. It counts from today; a past day stays judged by what was in force then."""
    from jobs.rebuild import counted
    from store import corrections, snapshot
    from store.database import reading
    from store.finding import find

    place = opened(store)
    found = find(place, code, source)
    with reading(place) as connection:
        zone = zone_of([snapshot.terms(connection)[found.source].zone])
    due_at = moment_in(due, zone, option="--due")
    corrections.record(place, found.source, found.code, due_at=due_at, reason=reason, by=by, at=datetime.now(UTC))
    version = counted(place)
    out.print(f"{found.code}: due {due_at.astimezone(zone):%Y-%m-%d %H:%M}, from today on. {version}", highlight=False)
