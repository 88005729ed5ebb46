"""Whose a dossier was on the day that a list is about: the rows behind figures told on the map as it was."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from metrics.evaluate import Map
from metrics.scope import Filters, Scope


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
    """Keep of ``may_be`` what scope and filters are about, with the ``department`` of ``day`` on the map as it was."""
    if on_map == "today":
        return rows
    return _as_it_was(rows, day).filter(scope.expr(), filters.expr())


def _as_it_was(rows: pl.DataFrame, day: pl.Expr) -> pl.DataFrame:
    told = rows.with_row_index("at_row").with_columns(on=day)
    moved = told.filter(pl.col("places").is_not_null()).select("at_row", "on", "places")
    line = moved.explode("places", empty_as_null=False, keep_nulls=False).unnest("places")
    held = line.filter(pl.col("from_on") <= pl.col("on")).group_by("at_row").agg(then=pl.col("department").last())
    placed = told.join(held, on="at_row", how="left", maintain_order="left")
    there = pl.col("places").is_not_null() & pl.col("on").is_not_null()
    own = pl.when(there).then("then").otherwise(pl.col("department").cast(pl.String))
    return placed.with_columns(department=own).drop("at_row", "on", "then")
