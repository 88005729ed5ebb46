"""The command ``dunghan sources``: who is heard, who is late, who is silent, and whether as much came as usual."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jobs.options import AsJson, StoreOption, opened, out, show_json

if TYPE_CHECKING:
    from rich.table import Table


def sources(json_: AsJson = False, store: StoreOption = "") -> None:
    """List the sources: how they stand, when they were read last, what came today and on the last whole day."""
    from jobs.sources import answer

    found = answer(opened(store))
    if json_:
        show_json(found)
        return
    out.print(_table(found))
    for each in found["sources"]:
        if told := each["whole_reading_refused"]:
            sentence = f"{each['name']}: its reading of all of {told['at'][:16]} came to nothing: {told['why']}"
            out.print(sentence, highlight=False, markup=False)


def _table(found: dict[str, Any]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    shown = Table(title=f"at {found['at'][:16]} UTC", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in ("source", "state", "heard at", "every", "dossiers", "quarantined", "today", "last day", "units"):
        shown.add_column(name, overflow="fold")
    for each in found["sources"]:
        every = f"{each['cadence_minutes']} min" if each["cadence_minutes"] else "file"
        shown.add_row(
            escape(each["name"]), _state(each["state"]), (each["heard_at"] or "never")[:16], every,
            f"{each['dossiers']:,}", f"{each['quarantined']:,}", _came(each["today"]), _came(each["last_day"]),
            escape(_units(each)),
        )  # fmt: skip
    return shown


def _state(state: str) -> str:
    words = {"ok": "[green]ok[/]", "late": "[yellow]late[/]", "silent": "[bold]no data[/]", "never": "never read"}
    return words.get(state, state)


def _came(volume: dict[str, Any]) -> str:
    """Write what came, beside what usually comes."""
    if not volume.get("day"):
        return "—"
    usual = "" if volume["low"] is None else f" (usually {volume['low']}–{volume['high']})"
    return f"{volume['n']}{usual}{' ' + volume['volume'] if volume['volume'] in ('low', 'high') else ''}"


def _units(source: dict[str, Any]) -> str:
    """Name the units that are not well."""
    unwell = [f"{u['department']}: {u['state']}" for u in source["units"] if u["state"] != "ok"]
    odd = [f"{u['department'] or '—'}: {u['volume']} ({u['n']})" for u in source["last_day"]["odd_units"]]
    return "; ".join([*unwell, *odd]) or "—"
