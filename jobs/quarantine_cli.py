"""The commands ``dunghan quarantine`` and ``quarantine replay``: what was refused, and once more after mending."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from jobs.options import AsJson, StoreOption, opened, out, show_json

app = typer.Typer(help="List refused rows: where, why, what was found.", invoke_without_command=True)
_Source = typer.Option("--source", metavar="NAME", help="Only this source.", show_default=False)


@app.callback()
def quarantine(
    context: typer.Context, source: Annotated[str, _Source] = "", json_: AsJson = False, store: StoreOption = ""
) -> None:
    """List refused rows: where, why, what was found. ``replay`` reads their source again after a mapping was mended."""
    from jobs.figures_screen import quarantine_table
    from metrics.scope import Scope
    from store import runs

    if context.invoked_subcommand:
        return
    rows = runs.quarantined(opened(store), Scope.province(), source or None)
    show_json(rows.to_dicts()) if json_ else out.print(quarantine_table(rows))


@app.command()
def replay(
    source: Annotated[str, typer.Option("--source", metavar="NAME", help="Whose rows.")],
    store: StoreOption = "",
) -> None:
    """Read all of a source again by the settings of now: refused rows that come well go into the store, once."""
    from config import sources
    from jobs import quarantine as again
    from jobs.rebuild import rebuild
    from jobs.sync import said

    place = opened(store)
    if source not in {known.name for known in sources.load()}:
        raise again.by_hand(place, source)
    (chosen,) = sources.chosen((source,))
    done = again.replay(place, chosen, seen_at=datetime.now(UTC))
    rebuild(place)
    out.print(f"{source}: {said(done.counts)}", highlight=False)
    out.print(f"{done.waited:,} rows waited in quarantine, {done.waiting:,} wait still", highlight=False)
