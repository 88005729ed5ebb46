"""How long results took: median and 90th percentile of the working days, exact, from daily counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from metrics.evaluate import Map, about, known, stretches, with_stretch
from metrics.portable import POLARS, Frame, collected, opened
from metrics.quantiles import NOTHING, quantiles
from metrics.scope import Filters, Period, Scope


def took(
    durations: Frame,
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
    known(by)
    words, rows = opened(durations)
    end = min(period.end, as_of)
    inside = words.col("day").is_between(period.start, end)
    asked = with_stretch(rows.filter(*about(words, scope, filters, on_map), inside), stretches(period, end, by))
    n, keys = words.col("n").cast(words.Int64), [*by, "days"]
    # Rows of another engine are added up there; ours are, as one number, below.
    few = asked.select(*keys, n=n) if words is POLARS else asked.group_by(keys).agg(n.sum())
    told = quantiles(collected(few), by)
    if not by:
        return told if told.height else pl.DataFrame({"took_n": [0]}).select(pl.all(), *NOTHING)
    return told.sort(by, nulls_last=True)


def usual_limits(results: pl.DataFrame, by: str) -> pl.DataFrame:
    """Give ``by`` and ``limit``: the committed limit (working days) that half of the results had or a shorter one.

    ``results``: rows of metrics.clocks.facts; null where no result has a limit in working days.
    """
    limit = pl.col("committed_days").drop_nulls().quantile(0.5, "lower").cast(pl.Int64)
    return results.group_by(pl.col(by).cast(pl.String)).agg(limit=limit)
