"""How long results took: median and 90th percentile of the working days, exact, from daily counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from metrics.evaluate import STRETCHES, Map, mine
from metrics.scope import Filters, Period, Scope


def took(
    durations: pl.DataFrame,
    *,
    period: Period,
    as_of: date,
    scope: Scope,
    by: Sequence[str] = (),
    filters: Filters = Filters(),  # noqa: B008 - frozen
    on_map: Map = "today",
) -> pl.DataFrame:
    """Give ``by``, took_n (results), took_median, took_p90 (working days; null over nothing) of a period.

    Reads metrics.cube.durations. A quantile is the smallest number of days within which that share of the results was
    there, so it is always a number of days that occurred. Raises ValueError for an unknown name in ``by``.
    """
    inside = pl.col("day").is_between(period.start, min(period.end, as_of))
    rows = mine(durations, by, scope, filters, on_map).filter(inside)
    stretch = {b: pl.max_horizontal(STRETCHES[b], pl.lit(period.start)) for b in by if b in STRETCHES}
    line = (
        rows.with_columns(**stretch)
        .group_by(*by, "days")
        .agg(pl.col("n").cast(pl.Int64).sum())
        .sort("days")
        .with_columns(pl.col(b).cast(pl.String) for b in by if b not in STRETCHES)
    )
    if not by:
        return line.select(*_quantiles())
    return line.group_by(by, maintain_order=True).agg(*_quantiles()).sort(by, nulls_last=True)


def _quantiles() -> list[pl.Expr]:
    """Read quantiles off a line ordered by days."""
    so_far, whole = pl.col("n").cum_sum(), pl.col("n").sum()
    named = {"took_median": 5, "took_p90": 9}
    return [
        whole.alias("took_n"),
        *(pl.col("days").filter(so_far * 10 >= whole * tenths).first().alias(name) for name, tenths in named.items()),
    ]


def usual_limits(results: pl.DataFrame, by: str) -> pl.DataFrame:
    """Give ``by`` and ``limit``: the committed limit (working days) that half of the results had or a shorter one.

    ``results``: rows of metrics.clocks.facts; null where no result has a limit in working days.
    """
    limit = pl.col("committed_days").drop_nulls().quantile(0.5, "lower").cast(pl.Int64)
    return results.group_by(pl.col(by).cast(pl.String)).agg(limit=limit)
