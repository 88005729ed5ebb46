"""The facts that lists of late days are about: of ten years the open ones, and a few months of the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import polars as pl

#: What is counted of a dossier may be dated some days after what it follows from: the day after a promise, or the third
#: working day after it, with Tết between them. Rows more than are needed are harmless.
_MARGIN: Final = timedelta(days=31)
_DAYS: Final = (
    "submitted_on", "received_on", "rejected_on", "closed_on", "first_due_on", "promised_first_on", "due_on",
    "acceptance_due_on",
)  # fmt: skip
#: Lists of a dossier, and the days in each of their lines.
_LINES: Final = {
    "spans": ("from_on", "due_on"), "moves": ("on", "due_on"), "halts": ("from_on", "to_on"),
    "letters": ("on", "due_on"),
}  # fmt: skip


def maybe(first: date) -> pl.Expr:
    """Keep all of ``since``, and some more: asked of plain columns alone, which are quick to read."""
    return _open() | _late(first, _DAYS) | pl.any_horizontal(pl.col(*_LINES).is_not_null())


def since(first: date) -> pl.Expr:
    """Keep the facts (metrics.clocks.facts) of which anything may be told on ``first`` or a later day: what is not
    over, and what has a day in it that is no earlier. Whatever metrics.behind, cohorts, standing or stock_moves give
    for a period that begins on ``first`` or later, they give of these alone."""
    lines = [
        pl.col(name).list.eval(pl.element().struct.field(day)).list.max()
        for name, days in _LINES.items()
        for day in days
    ]
    return _open() | _late(first, (*_DAYS, *lines))


def _open() -> pl.Expr:
    refused = pl.col("received_on").is_null() & pl.col("rejected_on").is_not_null()
    return pl.col("closed_on").is_null() & ~refused


def _late(first: date, days: Sequence[str | pl.Expr]) -> pl.Expr:
    return (pl.max_horizontal(*days) >= first - _MARGIN).fill_null(True)
