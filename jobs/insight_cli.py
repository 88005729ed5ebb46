"""The command ``dunghan insight``: work out the analyses of the night now, and say how long each took."""

from __future__ import annotations

from datetime import UTC, datetime

import typer
from rich.table import Table

from jobs.options import AsJson, StoreOption, opened, out, show_json
from store.insight import Made

FAILED = 1


def insight(json_: AsJson = False, store: StoreOption = "") -> None:
    """Work out the analyses that pages show (steps, integrity, risk …) for the figures as they stand."""
    from jobs.answers import ready
    from jobs.insights import make

    place = opened(store)
    ready(place)
    made = make(place, now=datetime.now(UTC))
    if made is None:
        out.print("another process is at it: its result will be there in a moment")
        return
    if json_:
        show_json(_told(made))
    else:
        out.print(_table(made))
    if made.failed:
        raise typer.Exit(FAILED)


def _told(made: Made) -> dict[str, object]:
    return {
        "data_version": made.data_version, "as_of": made.as_of.isoformat(), "made_at": made.made_at.isoformat(),
        "seconds": made.seconds, "failed": list(made.failed), "tables": sorted(made.tables),
    }  # fmt: skip


def _table(made: Made) -> Table:
    table = Table("analysis", "seconds", "result", title=f"as of {made.as_of}, figures {made.data_version}")
    for name, seconds in made.seconds.items():
        table.add_row(name, f"{seconds:.2f}", "failed: the log says why" if name in made.failed else "made")
    return table
