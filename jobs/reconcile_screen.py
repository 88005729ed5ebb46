"""What ``dunghan reconcile`` shows a person: tables by rich."""

from __future__ import annotations

from typing import Final

import polars as pl
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from jobs.reconcile import Asked, Found
from metrics import reconcile
from metrics.reconcile import CLASS_OF, LISTS, Overdue, Why

MOST: Final = 50
_BESIDE: Final = ("real_b", "not_real_b", *(each.value for each in Overdue), *(each.value for each in Why))
_SHOWN: Final = (
    "dossiers", "both", "only_a", "only_b", "ambiguous_a", "ambiguous_b", "late_a", "late_b",
    *(each.value for each in Overdue),
)  # fmt: skip


def whole(found: Found, asked: Asked) -> Table:
    """Show every count, the overdue by class and case, and what part of B's overdue is none."""
    (counts,) = reconcile.counted(found.rows).to_dicts()
    title = f"A = {asked.a}, B = {asked.b}, as of {found.as_of}"
    shown = Table(title=title, caption=f"data version {found.data_version}", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    shown.add_column("count")
    shown.add_column("dossiers", justify="right")
    for name in LISTS:
        if name not in _BESIDE:
            shown.add_row(name, f"{counts[name]:,}")
    for told in Overdue:
        shown.add_section()
        shown.add_row(told.value, f"{counts[told.value]:,}")
        for why in Why:
            if CLASS_OF[why] is told:
                shown.add_row(f"  {why.value}", f"{counts[why.value]:,}")
    shown.add_section()
    shown.add_row("overdue in B, real", _share(counts["real_b"], counts["late_b"]))
    shown.add_row("overdue in B, synchronisation or not closed", _share(counts["not_real_b"], counts["late_b"]))
    return shown


def _share(part: int, of: int) -> str:
    return f"{part / of:.1%}  {part:,} / {of:,}" if of else "—"


def grouped(found: Found, asked: Asked, by: tuple[str, ...]) -> Table:
    """Show the counts most asked for, by group; all of them are in --json and --xlsx."""
    shown = Table(title=f"A = {asked.a}, B = {asked.b}, as of {found.as_of}", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in by:
        shown.add_column(name, min_width=14, overflow="fold")
    for name in _SHOWN:
        shown.add_column(name, justify="right")
    for row in reconcile.counted(found.rows, by).iter_rows(named=True):
        told = [escape(row[name] or "—") for name in by]
        shown.add_row(*told, *(f"{row[name]:,}" for name in _SHOWN))
    return shown


def listed(found: Found, name: str) -> Table:
    """Show the dossiers behind a count; the whole list is in --json and --xlsx."""
    rows = reconcile.listed(found.rows, name)
    more = f"the first {MOST} of {rows.height:,}; --json and --xlsx give all" if rows.height > MOST else None
    shown = Table(title=f"{rows.height:,} dossiers: {name}", caption=more, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for title in ("A", "B", "department", "why", "due A", "due B", "closed A", "closed B", "paired by", "cause"):
        shown.add_column(title, overflow="fold")
    keys = (
        "a_code", "b_code", "department", "why", "a_due_on", "b_due_on", "a_closed_on", "b_closed_on", "paired",
        "cause",
    )  # fmt: skip
    for row in rows.with_columns(paired=pl.format("{}: {}", "link", "link_code")).head(MOST).iter_rows(named=True):
        shown.add_row(*(escape("—" if row[key] is None else str(row[key])) for key in keys))
    return shown
