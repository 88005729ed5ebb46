"""Stretches of days in a dossier's life: each promise in force, each time it was overdue, and how stocks count them."""

from __future__ import annotations

import polars as pl

from metrics.events import Event, counted
from metrics.verdicts import BEFORE, EVER


def numbered(facts: pl.DataFrame) -> pl.DataFrame:
    """Add ``id``, ``has_due`` and ``left_on`` (a finish before the receipt leaves on the day of receipt)."""
    left = pl.max_horizontal("closed_on", "received_on")
    return facts.with_row_index("id").with_columns(
        has_due=pl.col("due_on").is_not_null(), left_on=pl.when(pl.col("closed_on").is_not_null()).then(left)
    )


def spans_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Give one row per dossier and promise in force: id, received_on, closed_on, left_on, with_result, without_result,
    to_the_minute, past_the_minute, and from_on, to_on, due_on, suspended, late (metrics.spans.SPANS)."""
    shared = ["id", "received_on", "closed_on", "left_on", "with_result", "without_result", "to_the_minute",
              "past_the_minute"]  # fmt: skip
    calm = rows.filter(pl.col("spans").is_null(), pl.col("received_on").is_not_null()).select(
        *shared,
        from_on=pl.lit(BEFORE),
        to_on=pl.lit(EVER),
        due_on="due_on",
        suspended=pl.lit(False),
        late=pl.lit(False),
    )
    troubled = rows.filter(pl.col("spans").is_not_null(), pl.col("received_on").is_not_null())
    told = troubled.select(*shared, "spans").explode("spans", empty_as_null=False, keep_nulls=False).unnest("spans")
    return pl.concat([calm, told.select(calm.columns)])


def held_days() -> tuple[pl.Expr, pl.Expr]:
    """Give first day and end of a span inside the time that the dossier was pending."""
    return pl.max_horizontal("from_on", "received_on"), pl.min_horizontal("to_on", pl.col("left_on").fill_null(EVER))


def overdue_days(spans: pl.DataFrame) -> pl.DataFrame:
    """Give the stretches in which a dossier was overdue: id, due_on, start, end (the day it no longer was; EVER).

    From the day after the due day (to the minute: on the day itself), unless the clock stood; if late then, it stays.
    """
    running = spans.filter(pl.col("due_on").is_not_null(), ~pl.col("suspended") | pl.col("late"))
    start, end = held_days()
    passed = pl.when("to_the_minute").then("due_on").otherwise(pl.col("due_on").dt.offset_by("1d"))
    return running.select("id", "due_on", start=pl.max_horizontal(start, passed), end=end)


def stock(rows: pl.DataFrame, event: Event, start: pl.Expr, end: pl.Expr) -> pl.DataFrame:
    """Count +1 at ``start`` and −1 at ``end`` of every interval that is not empty; EVER never ends."""
    held = rows.select("id", start=start, end=end).filter(pl.col("start") < pl.col("end"))
    left = held.filter(pl.col("end") < EVER)
    return pl.concat([counted(held, "start", event), counted(left, "end", event, -1)])
