"""Whose a dossier was on the day that a list is about: the rows behind figures told on the map as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

import polars as pl
import polars.selectors as cs

from metrics.evaluate import Map
from metrics.scope import Filters, Scope

#: Whether the reader may look at a row by itself today; only on lists told on the map as it was, where some may not.
IN_SIGHT: Final = "in_sight"
#: What a row tells of the present and not of the day that its list is about.
_OF_TODAY: Final = ("holding_unit", "step", "handler", "step_since_on", "days_at_step", "steps", "ball", "ball_days")


def may_be(facts: pl.LazyFrame, scope: Scope, filters: Filters, on_map: Map) -> pl.LazyFrame:
    """Keep the facts that scope and filters may be about; on the map as it was, also those that changed hands."""
    mine = scope.expr() & filters.expr()
    if on_map == "today":
        return facts.filter(mine)
    moved = pl.col("places").is_not_null() & replace(filters, department=()).expr()
    return facts.filter(moved | mine)


def held(facts: pl.LazyFrame, scope: Scope, filters: Filters) -> pl.LazyFrame:
    """Keep the facts that lie with units in scope and are for others to resolve; of a chosen unit what it holds."""
    holders = scope.within(filters.department) if filters.department else scope
    return facts.filter(holders.holds(), replace(filters, department=()).expr())


def on_day(rows: pl.DataFrame, day: pl.Expr, scope: Scope, filters: Filters, on_map: Map) -> pl.DataFrame:
    """Keep of ``may_be`` what scope and filters are about, with the ``department`` of ``day`` on the map as it was, and
    there also IN_SIGHT: a dossier that has moved on still counts with whom it was, and is another unit's to look at."""
    if on_map == "today":
        return rows
    told = rows.with_columns(scope.sees().alias(IN_SIGHT))
    return _as_it_was(told, day).filter(scope.expr(), filters.expr())


def blanked(rows: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Take from rows out of sight what they tell of days after ``as_of``, on which they were another unit's; the lines
    stay, so that a list is as long as its figure says."""
    if IN_SIGHT not in rows.columns:
        return rows
    seen = pl.col(IN_SIGHT)
    known = seen | (pl.col("closed_on") <= as_of).fill_null(False)
    return rows.with_columns(
        only_where(seen, cs.by_name(*_OF_TODAY, require_all=False)), only_where(known, pl.col("closed_on"))
    )


def only_where(seen: pl.Expr, told: pl.Expr) -> pl.Expr:
    """Keep what is told where it may be seen. A plain when-then marks the rest as null and leaves the texts in the
    column's memory, which goes to the browser as it is; taking no row leaves nothing."""
    return told.gather(pl.when(seen).then(pl.int_range(pl.len())))


def _as_it_was(rows: pl.DataFrame, day: pl.Expr) -> pl.DataFrame:
    told = rows.with_row_index("at_row").with_columns(on=day)
    moved = told.filter(pl.col("places").is_not_null()).select("at_row", "on", "places")
    line = moved.explode("places", empty_as_null=False, keep_nulls=False).unnest("places")
    held = line.filter(pl.col("from_on") <= pl.col("on")).group_by("at_row").agg(then=pl.col("department").last())
    placed = told.join(held, on="at_row", how="left", maintain_order="left")
    there = pl.col("places").is_not_null() & pl.col("on").is_not_null()
    own = pl.when(there).then("then").otherwise(pl.col("department").cast(pl.String))
    return placed.with_columns(department=own).drop("at_row", "on", "then")
