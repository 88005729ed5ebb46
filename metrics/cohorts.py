"""The dossiers behind the flows of a period: what was due, received, resolved. The same rules as the cube."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from metrics.cube import spans_of
from metrics.scope import Period


def due(facts: pl.DataFrame, period: Period, as_of: date) -> pl.DataFrame:
    """Give the dossiers whose promise fell due in ``period`` and can be judged: due up to the day before ``as_of``.

    A dossier belongs to the first day that was its own due day, when it then was neither suspended nor closed
    without a result (domain: one rate, many denominators). Columns: those of ``facts``, ``cohort_on`` and ``met``
    (closed with a result by then). Row count = ``due`` of metrics.evaluate, with ``met`` = ``due_met``.
    """
    rows = _left(facts)
    spans = spans_of(rows).filter(pl.col("from_on") <= pl.col("due_on"), pl.col("due_on") < pl.col("to_on"))
    closed_by_then = (pl.col("closed_on") <= pl.col("due_on")).fill_null(False)
    judged = (
        spans.filter(~pl.col("suspended"), ~(pl.col("without_result") & closed_by_then))
        .sort("due_on")
        .unique("id", keep="first")
        .filter(pl.col("due_on").is_between(period.start, min(period.end, as_of - timedelta(days=1))))
        .select("id", cohort_on="due_on", met=pl.col("with_result") & closed_by_then)
    )
    return rows.join(judged, on="id", maintain_order="left").drop("id", "left_on")


def received(facts: pl.DataFrame, period: Period, as_of: date) -> pl.DataFrame:
    """Give the dossiers received in ``period`` up to ``as_of``; row count = ``received`` of metrics.evaluate."""
    return facts.filter(pl.col("received_on").is_between(period.start, min(period.end, as_of)))


def resolved(facts: pl.DataFrame, period: Period, as_of: date) -> pl.DataFrame:
    """Give the dossiers closed in ``period`` up to ``as_of``, with a result or without; row count = ``resolved``."""
    left = pl.col("left_on").is_between(period.start, min(period.end, as_of))
    return _left(facts).filter(pl.col("received_on").is_not_null(), left).drop("id", "left_on")


def _left(facts: pl.DataFrame) -> pl.DataFrame:
    """Add ``id`` and ``left_on``: a finish before the receipt leaves on the day it comes."""
    left = pl.max_horizontal("closed_on", "received_on")
    return facts.with_row_index("id").with_columns(left_on=pl.when(pl.col("closed_on").is_not_null()).then(left))
