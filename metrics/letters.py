"""Letters of apology: who sent one, who owed one, who is overdue without (Nghị định 61/2018, 118/2025)."""

from __future__ import annotations

import polars as pl

from metrics.events import Event, counted
from metrics.stretches import overdue_days, stock
from metrics.verdicts import EVER


def letters(rows: pl.DataFrame, spans: pl.DataFrame) -> list[pl.DataFrame]:
    """Count letters on their day, and what was owed: events of metrics.events.

    A letter is owed by the day on which the promise could not be kept: the first day overdue, or the day of the first
    letter when that came before. Sent by then, it was in time.
    """
    line = rows.filter(pl.col("received_on").is_not_null(), pl.col("letters").is_not_null())
    sent = line.select("id", "letters").explode("letters", empty_as_null=False, keep_nulls=False).unnest("letters")
    first = sent.group_by("id").agg(first_letter=pl.col("on").min())
    late = _first_overdue(spans)
    owed = late.join(first, on="id", how="full", coalesce=True).with_columns(
        owed_on=pl.min_horizontal("overdue_on", "first_letter")
    )
    return [
        counted(sent, "on", Event.LETTERS),
        counted(sent.filter("valid"), "on", Event.EXTENSIONS),
        counted(sent.filter(~pl.col("valid")), "on", Event.EXTENSIONS_REFUSED),
        counted(owed, "owed_on", Event.LETTERS_OWED),
        counted(owed.filter(pl.col("first_letter") <= pl.col("owed_on")), "owed_on", Event.LETTERS_IN_TIME),
        _without(spans, first),
    ]


def _first_overdue(spans: pl.DataFrame) -> pl.DataFrame:
    """Give id, overdue_on: the first day that began with the promise broken, resolved later that day or not."""
    running = spans.filter(pl.col("due_on").is_not_null(), ~pl.col("suspended") | pl.col("late"))
    start = pl.max_horizontal("from_on", "received_on", pl.col("due_on").dt.offset_by("1d"))
    begun = running.with_columns(start=start).filter(pl.col("start") < pl.col("to_on"))
    begun = begun.filter(pl.col("left_on").is_null() | (pl.col("start") <= pl.col("left_on")))
    return begun.group_by("id").agg(overdue_on=pl.col("start").min())


def _without(spans: pl.DataFrame, first: pl.DataFrame) -> pl.DataFrame:
    """Count the overdue stock for which no letter was sent yet."""
    late = overdue_days(spans).join(first, on="id", how="left", maintain_order="left")
    end = pl.min_horizontal("end", pl.col("first_letter").fill_null(EVER))
    return stock(late, Event.UNLETTERED, pl.col("start"), end)
