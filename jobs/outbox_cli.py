"""The command ``dunghan outbox``: what was sent, what waits, and what a person has to decide."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final, get_args

import typer
from rich.markup import escape
from rich.table import Table

from config.errors import ConfigError, StoreError, nearest
from jobs.options import AsJson, StoreOption, opened, out, show_json
from store import delivery, outbox

app = typer.Typer(help="What was sent and what waits: dunghan outbox list.", no_args_is_help=True)
Id = Annotated[int, typer.Argument(metavar="ID", help="The message's number in the list.")]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides it.")]
STATES: Final = get_args(delivery.State)
#: Columns that ``show`` prints first, and in this order.
_TOLD: Final = (
    "id", "about", "state", "reply", "channel", "recipient", "subject", "message_id", "attempts", "put_at", "begun_at",
    "ended_at", "next_at", "edition_id", "department", "attached", "body",
)  # fmt: skip


@app.command("list")
def list_(
    state: Annotated[
        list[str] | None, typer.Option("--state", metavar="STATE", help=f"Only {', '.join(STATES)}; may be repeated.")
    ] = None,
    json_: AsJson = False,
    store: StoreOption = "",
) -> None:
    """List the newest messages; those of which nobody knows whether they arrived are ``unknown``."""
    for word in state or ():
        if word not in STATES:
            raise ConfigError(
                f"--state {word}", "there is no such state.", f"Known: {', '.join(STATES)}.{nearest(word, STATES)}"
            )
    found = outbox.listed(opened(store), states=tuple(state or ()))
    if json_:
        show_json([_row(message) for message in found])
        return
    table = Table("id", "about", "to", "state", "attempts", "put in (UTC)", "again at (UTC)", "what the server said")
    for told in found:
        at = (f"{told[name]:%Y-%m-%d %H:%M}" if told[name] else "" for name in ("put_at", "next_at"))
        words = (told["about"], told["recipient"], told["state"], str(told["attempts"]), *at, told["reply"] or "")
        table.add_row(str(told["id"]), *map(escape, words))
    out.print(table)


@app.command()
def show(id: Id, json_: AsJson = False, store: StoreOption = "") -> None:
    """Show one message with its text, its Message-ID and what its server said last."""
    found = outbox.shown(opened(store), id)
    if found is None:
        raise StoreError(f"message {id}", "there is none of this number.", "Look at them: dunghan outbox list.")
    if json_:
        show_json(_row(found))
        return
    for name in _TOLD:
        if found[name] is not None:
            out.print(f"{name}: {found[name]}", highlight=False, markup=False)


@app.command()
def retry(id: Id, by: By, store: StoreOption = "") -> None:
    """Send a message again that was refused or given up, or is unknown: that one may arrive twice. One that waits for
    its next attempt goes now."""
    delivery.send_again(opened(store), id, by=by, at=datetime.now(UTC))
    out.print(f"Message {id} waits to be sent again.", highlight=False)


@app.command("give-up")
def give_up(id: Id, by: By, store: StoreOption = "") -> None:
    """End a message without sending it."""
    delivery.give_up(opened(store), id, by=by, at=datetime.now(UTC))
    out.print(f"Message {id} is given up.", highlight=False)


def _row(message: dict[str, Any]) -> dict[str, Any]:
    return {name: message[name] for name in _TOLD}
