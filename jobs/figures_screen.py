"""What the command line shows a person: tables by rich."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import polars as pl
from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

from jobs.doctor import Finding

_SHOWN: Final = (
    ("received", "received"), ("resolved", "resolved"), ("resolved_overdue", "late"), ("pending", "pending"),
    ("pending_overdue", "overdue"),
)  # fmt: skip
_RATES: Final = ("on_time_due", "on_time_resolved")
_BANDS: Final = {"1_3": "1–3", "4_10": "4–10", "11_30": "11–30", "over_30": "over 30"}
MOST: Final = 50


def table(found: dict[str, Any]) -> RenderableType:
    """Show figures: all of them for the whole, the most asked for by group; a share of nothing as a dash."""
    groups: Sequence[dict[str, Any]] = found["groups"]
    title = f"{found['from']} – {found['to']}, as of {found['as_of']}"
    if known_at := found.get("known_at"):
        title += f", known at {known_at}"
    if of := found.get("of_sources"):
        title += f", of {', '.join(map(escape, of))} alone"
    if other := found.get("compared_with"):
        title += f"\nbeside {other['from']} – {other['to']}, as of {other['as_of']}"
    taken = [f"{source}: {'; '.join(said)}" for source, said in found["taken"].items()]
    beside = [*taken, *_unheard(found["silent"]), *strange(found)]
    caption = "\n".join([f"data version {found['data_version']}", *map(escape, beside)])
    shown = Table(title=title, caption=caption, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    if len(groups) == 1 and not groups[0]["by"]:
        _whole(shown, groups[0])
    else:
        _by_group(shown, groups)
    return shown


def strange(found: dict[str, Any]) -> list[str]:
    """Name the units that the register does not know; they count under the name that their source writes."""
    names = found["unregistered"]
    return [f"not in the register of units (dunghan units): {', '.join(names)}"] if names else []


def _unheard(silent: Sequence[dict[str, Any]]) -> list[str]:
    """Name who is silent: counted as last known, and in no rate."""
    return [
        f"not in the rates, silent since {each['heard_at'] or 'ever'}: {each['source']}"
        + (f", {each['department']}" if each["department"] else "")
        + f" ({each['pending']:,} open dossiers)"
        for each in silent
    ]


def _whole(shown: Table, group: dict[str, Any]) -> None:
    sides = [group, group["before"]] if "before" in group else [group]
    for title in ("count or rate", "", "before")[: len(sides) + 1]:
        shown.add_column(title, justify="left" if title == "count or rate" else "right", no_wrap=bool(title))
    for name in group["counts"]:
        shown.add_row(name, *(f"{side['counts'][name]:,}" for side in sides))
    shown.add_section()
    for band in group["ages"]:
        shown.add_row(f"overdue, {_BANDS[band]} working days", *(f"{side['ages'][band]:,}" for side in sides))
    shown.add_section()
    for name in group["rates"]:
        shown.add_row(name, *(_parted(side["rates"][name]) for side in sides))
    for name, told in {"median": "half of the results took at most", "p90": "nine in ten took at most"}.items():
        shown.add_row(f"{told} (working days)", *(_number(side["took"][name]) for side in sides))


def _by_group(shown: Table, groups: Sequence[dict[str, Any]]) -> None:
    for name in groups[0]["by"] if groups else ():
        shown.add_column(name, min_width=14, overflow="fold")
    for title in (*(title for _, title in _SHOWN), "due met", "on time"):
        shown.add_column(title, justify="right", no_wrap=True)
    for group in groups:
        told = [escape("—" if v is None else str(v)) for v in group["by"].values()]
        counts = [f"{group['counts'][key]:,}{_change(group, key)}" for key, _ in _SHOWN]
        shown.add_row(*told, *counts, *(_share(group["rates"][r]) for r in _RATES))


def _change(group: dict[str, Any], key: str) -> str:
    """Write by how much a count differs from the period beside, where one was asked for."""
    return f" ({group['change'][key]:+,})" if "change" in group else ""


def _number(value: int | None) -> str:
    return "—" if value is None else f"{value:,}"


def _parted(rate: dict[str, Any]) -> str:
    """Write a share with its two numbers."""
    return f"{_share(rate)}  {rate['numerator']:,} / {rate['denominator']:,}"


def _share(rate: dict[str, Any]) -> str:
    """Write a share; the parts stand in the whole's table and in --json."""
    if rate["value"] is None:
        return "—"
    return f"{rate['value']:.2%}"


def overdue_table(rows: pl.DataFrame, day: date) -> RenderableType:
    """Show the longest overdue; the whole list is in --json and --xlsx."""
    shown = Table(title=f"{rows.height:,} dossiers overdue on {day}", caption=_more(rows.height))
    for name in ("days late", "due", "code", "department", "procedure"):
        shown.add_column(
            name, justify="right" if name == "days late" else "left", no_wrap=name == "due", overflow="fold"
        )
    for row in rows.head(MOST).iter_rows(named=True):
        name = row["procedure_name"] or row["procedure"]
        told = (row["days_late"], row["due_on"], row["code"], row["department"], name)
        shown.add_row(*(escape("—" if v is None else str(v)) for v in told))
    return shown


def quarantine_table(rows: pl.DataFrame) -> RenderableType:
    """Show refused rows, newest first, with their number by reason."""
    reasons = rows.select(pl.col("reasons").explode()).to_series().value_counts(sort=True)
    counted = Table(title=f"{rows.height:,} rows in quarantine")
    counted.add_column("reason")
    counted.add_column("rows", justify="right")
    for reason, n in reasons.iter_rows():
        counted.add_row(str(reason), f"{n:,}")
    listed = Table(caption=_more(rows.height))
    for name in ("source", "place", "code", "reasons", "found"):
        listed.add_column(name)
    for row in rows.head(MOST).iter_rows(named=True):
        told = (row["source"], row["place"], row["code"] or "—", ", ".join(row["reasons"]), row["found"])
        listed.add_row(*(escape(v) for v in told))
    return Group(counted, listed) if rows.height else "No row is in quarantine."


def _more(height: int) -> str | None:
    return f"the first {MOST} of {height:,}; --json gives all" if height > MOST else None


_SIGN: Final = {"ok": "[green]✓[/]", "look": "[yellow]![/]", "wrong": "[red]✗[/]"}


def findings_table(found: Sequence[Finding]) -> RenderableType:
    """Show what was examined, each with its next step."""
    shown = Table(box=None, show_header=False)
    for finding in found:
        step = f"\n→ {escape(finding.next_step)}" if finding.next_step else ""
        shown.add_row(_SIGN[finding.verdict], escape(finding.what), escape(finding.found) + step)
    return shown
