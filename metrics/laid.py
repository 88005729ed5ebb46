"""Daily counts as questions read them: of ten years of days a question needs a few months, and what stood before.

Days before the first that is asked about add up to one (metrics.evaluate.since), and what a question does not tell
apart is one row: both leave every answer as it was.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

import polars as pl

from metrics.scope import Filters

#: What few questions tell apart, and what makes most of the rows.
FINE: Final = ("procedure", "receiving_unit")
_MONTHS_BACK: Final = (1, 6)


def marks(today: date) -> tuple[date, ...]:
    """Give the days since which counts are laid out, the latest first: the first of the last month, of the one six
    months ago, and of last year."""
    months = [divmod(today.year * 12 + today.month - 1 - back, 12) for back in _MONTHS_BACK]
    return (*(date(year, month + 1, 1) for year, month in months), date(today.year - 1, 1, 1))


def mark(start: date, today: date) -> date | None:
    """Give the latest mark from which a question can be answered that begins on ``start``; None: it reaches further
    back than all."""
    return next((day for day in marks(today) if day <= start), None)


def wider(day: date, today: date) -> date | None:
    """Give the mark before ``day``, of whose counts its own can be made; None: of none."""
    return next((other for other in marks(today) if other < day), None)


def is_fine(filters: Filters, by: Collection[str]) -> bool:
    """Say whether a question tells apart what ``coarse`` adds up."""
    return any(getattr(filters, name) or name in by for name in FINE)


def coarse(cube: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    """Add up what only FINE tells apart: the columns of the cube, those of FINE null."""
    rows = cube.lazy().with_columns(pl.col("n").cast(pl.Int64))
    schema = rows.collect_schema()
    summed = rows.group_by(pl.exclude("n", *FINE)).agg(pl.col("n").sum())
    nothing = [pl.lit(None, schema[name]).alias(name) for name in FINE]
    return summed.with_columns(nothing).select(schema.names()).collect()
