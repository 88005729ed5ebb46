"""The command ``dunghan difference``: what was learned since a past evening, and which counts it changed."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Final

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

from jobs.options import AsJson, AsOf, StoreOption, day_of, day_option, err, opened, out, show_json

MOST: Final = 50
_INSTANT: Final = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)(?:\.\d+)?[+-]\d\d:\d\d")


def difference(
    known_at: Annotated[
        str,
        typer.Option("--known-at", metavar="DAY|INSTANT", help="The moment to go back to; a day means its end."),
    ],
    start: Annotated[datetime | None, day_option("--from", "First day; without it, the first there is.")] = None,
    end: Annotated[datetime | None, day_option("--to", "Last day; without it, the day of --as-of.")] = None,
    as_of: AsOf = None,
    json_: AsJson = False,
    store: StoreOption = "",
) -> None:
    """Compare the figures of a period as they were known then with those of now, and name the dossiers that explain it.

    Both are judged by the same day, without --as-of by that of the newest observation then, and by today's rules.
    """
    from jobs.answers import Asked
    from jobs.difference import difference as compared

    with err.status("deriving what was known then"):
        found = compared(opened(store), Asked(day_of(start), day_of(end), as_of, known_at=known_at))
    show_json(found) if json_ else out.print(shown(found))


def shown(found: dict[str, Any]) -> RenderableType:
    """Show the counts that changed and the dossiers behind them."""
    then = datetime.fromisoformat(found["known_at"])
    title = f"{found['from']} – {found['to']}, as of {found['as_of']}: known on {then:%Y-%m-%d at %H:%M}, and now"
    changed = {name: n for name, n in found["counts"].items() if n["difference"]}
    if not found["dossiers"]:
        return f"{title}: no count has changed."
    counts = Table(box=SIMPLE_HEAD)
    counts.add_column("count")
    for name in ("then", "now", "difference"):
        counts.add_column(name, justify="right")
    for name, n in changed.items():
        counts.add_row(name, f"{n['then']:,}", f"{n['now']:,}", f"{n['difference']:+,}")
    return Group(title, _rules(found), counts, _dossiers(found["dossiers"]))


def _rules(found: dict[str, Any]) -> str:
    """Say by which rules both were made, and whether others were in use then."""
    now, then = found["rules"]["now"], found["rules"]["then"]
    was = {None: "those of that time were not kept", now: "the same as then"}.get(then, f"in use then: {then}")
    return f"both by the rules of now, {now} ({was})"


def _dossiers(dossiers: list[dict[str, Any]]) -> Table:
    more = f"the first {MOST} of {len(dossiers):,}; --json gives all" if len(dossiers) > MOST else None
    listed = Table(caption=more, box=SIMPLE_HEAD)
    for name in ("code", "department", "counts", "what was learned"):
        listed.add_column(name, overflow="fold")
    for one in dossiers[:MOST]:
        counts = ", ".join(f"{name} {n:+}" for name, n in one["counts"].items())
        learned = "\n".join(_learned(change) for change in one["changes"])
        listed.add_row(*(escape(text) for text in (one["code"], one["department"] or "—", counts, learned)))
    return listed


def _learned(change: dict[str, Any]) -> str:
    seen_at, before, after = (_told(change[name]) for name in ("seen_at", "before", "after"))
    return f"{seen_at}  {change['column']}: {before} → {after}"


def _told(value: str | None) -> str:
    """Write an instant to the second, as on the clocks of the sources; any other text as it is."""
    instant = _INSTANT.fullmatch(value or "")
    return f"{instant[1]} {instant[2]}" if instant else value if value is not None else "—"
