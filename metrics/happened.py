"""What happened, a few events alone: flows as metrics.evaluate.figures counts them, from the rows of these alone."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from metrics.evaluate import about, known, stretches, with_stretch
from metrics.events import COHORTS, FLOWS, Event
from metrics.heard import Question
from metrics.portable import POLARS


def happened(cube: pl.LazyFrame, asked: Question, events: Sequence[Event]) -> pl.DataFrame:
    """Count ``events`` in a period: columns ``by`` and the events; groups in which none happened are left out.

    Raises ValueError for an event that is no flow: what stands on a day follows from all days before it.
    """
    known(asked.by)
    if stocks := [event.value for event in events if event not in FLOWS]:
        raise ValueError(f"a stock does not happen in a period: {', '.join(stocks)}")
    day, n, event = pl.col("day"), pl.col("n"), pl.col("event")
    end = min(asked.period.end, asked.as_of)
    judged = day < asked.as_of if any(each in COHORTS for each in events) else pl.lit(True)
    here = cube.filter(
        event.is_in([each.value for each in events]),
        *about(POLARS, asked.scope, asked.filters, asked.on_map),
        day.is_between(asked.period.start, end),
        ~event.is_in([each.value for each in COHORTS]) | judged,
    )
    told = with_stretch(here, stretches(asked.period, end, asked.by))
    sums = [pl.when(event == each.value).then(n).otherwise(0).sum().cast(pl.Int64).alias(each) for each in events]
    counted = (told.group_by(asked.by).agg(sums) if asked.by else told.select(sums)).collect()
    if not asked.by:
        return counted
    some = counted.filter(pl.any_horizontal(pl.col(each) != 0 for each in events))
    return some.with_columns(pl.col(pl.Categorical).cast(pl.String)).sort(asked.by, nulls_last=True)
