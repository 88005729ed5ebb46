"""The commands ``dunghan alerts``: what would be told to whom, what stands, and who sees to it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from jobs.options import AsJson, StoreOption, day_option, opened, out, show_json
from jobs.whom import by_whom

if TYPE_CHECKING:
    from jobs.alerting import Preview

app = typer.Typer(help="Who is told what: dunghan alerts preview --as-of 2026-11-23.", no_args_is_help=True)


@app.command()
def preview(
    day: Annotated[datetime | None, day_option("--as-of", "The morning of this day. Without it: of today.")] = None,
    json_: AsJson = False, store: StoreOption = "",
) -> None:  # fmt: skip
    """Say what would be told to whom on a morning; nothing is written and nothing is sent."""
    from jobs.alerting import ZONE
    from jobs.alerting import preview as look

    now = datetime.now(UTC)
    found = look(opened(store), (day or now.astimezone(ZONE)).date(), now=now)
    if json_:
        show_json(_told(found))
        return
    table = Table("rule", "alerts", "new")
    for rule, count in found.counts.items():
        table.add_row(rule, f"{count:,}", f"{found.told.filter(rule=rule)['id'].null_count():,}")
    out.print(table)
    for reader, message in found.mails.items():
        out.print(f"\n[bold]{reader.mail}[/] ({reader.audience})", highlight=False)
        out.print(message.body if message else "no mail", highlight=False, markup=False, soft_wrap=True)


def _told(found: Preview) -> dict[str, Any]:
    mails = [
        {"to": reader.mail, "audience": reader.audience, "subject": m and m.subject, "body": m and m.body}
        for reader, m in found.mails.items()
    ]
    names = ("rule", "subject", "department", "source", "code", "level", "state", "detail")
    return {"counts": dict(found.counts), "mails": mails, "alerts": found.told.select(names).to_dicts()}


@app.command("list")
def list_(json_: AsJson = False, store: StoreOption = "") -> None:
    """List the alerts that stand, the oldest first."""
    from metrics.scope import Scope
    from store import alerts

    rows = alerts.standing(opened(store), Scope.province())
    if json_:
        show_json(rows.to_dicts())
        return
    table = Table("id", "rule", "about", "unit", "state", "level", "told", "since")
    for row in rows.iter_rows(named=True):
        about = row["code"] or row["detail"] or row["subject"]
        words = (row["id"], row["rule"], about, row["department"] or "", row["state"], row["level"], row["told"])
        table.add_row(*map(str, words), f"{row['raised_at']:%Y-%m-%d %H:%M}")
    out.print(table)


@app.command()
def acknowledge(
    number: Annotated[int, typer.Argument(help="Number of the alert (dunghan alerts list).")],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who sees to it: the name they sign in with.")],
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What is done about it.")] = "",
    store: StoreOption = "",
) -> None:
    """Say that somebody knows of an alert and sees to it; it is told no more while that holds."""
    from store import alerts

    place = opened(store)
    alerts.acknowledge(place, number, by=by_whom(place, by, before_anybody="director"), note=note, at=datetime.now(UTC))
    out.print(f"alert {number}: {by.strip()} sees to it.", highlight=False)
