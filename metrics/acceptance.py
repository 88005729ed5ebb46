"""The acceptance clock: an online dossier is accepted or turned down within so many working hours of submission."""

from __future__ import annotations

from datetime import time as hour
from typing import Final

import polars as pl

from metrics.dossier import Channel
from metrics.worktime import WorkTime

_MIDNIGHT: Final = hour(0, 0)


def with_acceptance(rows: pl.DataFrame, time: WorkTime) -> pl.DataFrame:
    """Add ``acceptance_due_on`` (Date) and ``accepted_late`` (answered after the limit, or unanswered past it).

    Null without such a clock: not online, submitted before the law knew it, withdrawn by the applicant in time. Where
    only the day of submission is known (its hour is 00:00) the limit is the end of the next working day; where only
    the day of withdrawal is, the day of the limit is in time. Reads submitted_local, answered_local, closed_local,
    acceptance_hours, received_on, channel (metrics.local, .expectation).
    """
    asked = (pl.col("channel").cast(pl.String) == Channel.ONLINE) & pl.col("acceptance_hours").is_not_null()
    few = rows.filter(asked & pl.col("submitted_local").is_not_null()).select(
        "id", "submitted_local", "answered_local", "closed_local", "acceptance_hours", "received_on"
    )
    whole_day = pl.col("submitted_local").dt.time() == _MIDNIGHT
    exact = time.add(pl.col("submitted_local"), pl.col("acceptance_hours") * 60)
    next_day = time.calendar.shift(pl.col("submitted_local").dt.date(), 1).cast(pl.Datetime("us"))
    few = few.with_columns(limit=pl.when(whole_day).then(next_day.dt.offset_by("23h59m")).otherwise(exact))
    late = (pl.col("answered_local").dt.truncate("1m") > pl.col("limit")).fill_null(True)
    gone = pl.col("received_on").is_null() & _left_by(pl.col("limit"))
    judged = few.filter(~gone.fill_null(False)).select(
        "id", acceptance_due_on=pl.col("limit").dt.date(), accepted_late=late
    )
    return rows.join(judged, on="id", how="left", maintain_order="left")


def _left_by(limit: pl.Expr) -> pl.Expr:
    """Compare the withdrawal by the minute; by the day where its hour is 00:00, which names the day alone."""
    left = pl.col("closed_local").dt.truncate("1m")
    return pl.when(left.dt.time() == _MIDNIGHT).then(left.dt.date() <= limit.dt.date()).otherwise(left <= limit)
