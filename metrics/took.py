"""How long results took: median and 90th percentile of the working days, exact, from daily counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from metrics.evaluate import Map, about, known, stretches, with_stretch
from metrics.packing import Packing
from metrics.portable import POLARS, Frame, collected, opened
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
    told = quantiles(collected(few), by, pl.col("n").sum())
    if not by:
        return told if told.height else pl.DataFrame({"took_n": [0]}).select(pl.all(), *_NOTHING)
    return told.sort(by, nulls_last=True)


_TENTHS: Final = {"took_median": 5, "took_p90": 9}
_NOTHING: Final = [pl.lit(None, pl.Int32).alias(name) for name in _TENTHS]


def quantiles(rows: pl.DataFrame, by: Sequence[str], n: pl.Expr) -> pl.DataFrame:
    """Give ``by`` (text where it was categories), took_n, took_median and took_p90 of the groups of ``rows``.

    ``rows``: ``by`` and ``days`` (whole numbers, none missing); ``n``: how many results some of them stand for, an
    aggregation, e.g. pl.len(). What one number holds is grouped and sorted once, not per group.
    """
    words = rows.with_columns(pl.col(b).cast(pl.Categorical) for b in by if rows.schema[b] == pl.String)
    packing = Packing.of(words, (*by, "days"))
    line = words.group_by(key=packing.key).agg(n=n.cast(pl.Int64)).filter(pl.col("n") > 0).sort("key")
    told = packing.unpacked(line["key"])
    group, counts = line["key"].to_numpy() // packing.columns[-1].wide, line["n"].to_numpy()
    first = np.flatnonzero(np.diff(group, prepend=-1))
    so_far = counts.cumsum()
    before = so_far[first] - counts[first]
    whole = np.diff(np.append(before, so_far[-1:]))
    # The smallest number of days by which that share was there: the first place that reaches it, rounded up.
    at = {name: so_far.searchsorted(before - whole * tenths // -10) for name, tenths in _TENTHS.items()}
    names = [pl.col(b).cast(pl.String) if isinstance(told.schema[b], pl.Categorical | pl.Enum) else b for b in by]
    reached = {name: told["days"].gather(place) for name, place in at.items()}
    return told[first].select(*names, took_n=pl.Series(whole, dtype=pl.Int64), **reached)


def usual_limits(results: pl.DataFrame, by: str) -> pl.DataFrame:
    """Give ``by`` and ``limit``: the committed limit (working days) that half of the results had or a shorter one.

    ``results``: rows of metrics.clocks.facts; null where no result has a limit in working days.
    """
    limit = pl.col("committed_days").drop_nulls().quantile(0.5, "lower").cast(pl.Int64)
    return results.group_by(pl.col(by).cast(pl.String)).agg(limit=limit)
