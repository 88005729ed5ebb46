"""What the command line shows a person: tables by rich."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import polars as pl
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

from jobs.doctor import Finding

_SHOWN: Final = (
    ("received", "received"), ("resolved", "resolved"), ("resolved_early", "early"), ("resolved_on_time", "on time"),
    ("resolved_overdue", "overdue"), ("resolved_undetermined", "no due date"), ("pending", "pending"),
    ("pending_overdue", "of which overdue"), ("pending_undetermined", "no due date"),
)  # fmt: skip
_RATES: Final = ("on_time_due", "on_time_resolved")
MOST: Final = 50


def table(found: dict[str, Any]) -> RenderableType:
    """Show figures, one line a group; every rate with its parts, a share of nothing as a dash."""
    groups: Sequence[dict[str, Any]] = found["groups"]
    names = list(groups[0]["by"]) if groups else []
    shown = Table(
        title=f"{found['from']} – {found['to']}, as of {found['as_of']}",
        caption=f"data version {found['data_version']}",
    )
    for name in names:
        shown.add_column(name)
    for _, title in _SHOWN:
        shown.add_column(title, justify="right")
    for name in _RATES:
        shown.add_column(name, justify="right")
    for group in groups:
        told = [escape("—" if v is None else str(v)) for v in group["by"].values()]
        counts = [f"{group['counts'][key]:,}" for key, _ in _SHOWN]
        shown.add_row(*told, *counts, *(_share(group["rates"][r]) for r in _RATES))
    return shown


def _share(rate: dict[str, Any]) -> str:
    if rate["value"] is None:
        return "—"
    return f"{rate['value']:.2%} ({rate['numerator']:,}/{rate['denominator']:,})"


def overdue_table(rows: pl.DataFrame, day: date) -> RenderableType:
    """Show the longest overdue; the whole list is in --json and --xlsx."""
    shown = Table(title=f"{rows.height:,} dossiers overdue on {day}", caption=_more(rows.height))
    for name in ("days late", "due", "code", "department", "procedure"):
        shown.add_column(name, justify="right" if name == "days late" else "left")
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
