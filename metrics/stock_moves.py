"""What came into the overdue stock in a period and what left it, and why: they differ by exactly what the stock moved.

From the very stretches that the cube counts (metrics.stretches.overdue_days), so that nothing has to be left over.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import polars as pl

from metrics.scope import Period
from metrics.stretches import numbered, overdue_days, spans_of
from metrics.verdicts import EVER


class Way(StrEnum):
    """How a dossier came to be overdue, or ceased to be; exactly one for each time."""

    FELL_DUE = "fell_due"  # its day passed without a result
    RECEIVED_LATE = "received_late"  # the promise had passed when it was received
    RESUMED = "resumed"  # a suspension ended after the promise had passed
    PROMISE_EARLIER = "promise_earlier"  # the promise was moved to a day that had passed
    RESOLVED = "resolved"
    WITHOUT_RESULT = "without_result"  # withdrawn, refused, stopped, or no longer at its source
    SUSPENDED = "suspended"
    PROMISE_LATER = "promise_later"  # extended, corrected, or moved as the source's terms allow


CAME: Final = (Way.FELL_DUE, Way.RECEIVED_LATE, Way.RESUMED, Way.PROMISE_EARLIER)
LEFT: Final = (Way.RESOLVED, Way.WITHOUT_RESULT, Way.SUSPENDED, Way.PROMISE_LATER)
#: Of the columns of metrics.clocks.facts, those that tell what moved; a reader that names them reads no others.
NEEDED: Final = (
    "received_on", "closed_on", "due_on", "spans", "to_the_minute", "past_the_minute", "with_result", "without_result",
)  # fmt: skip
_DAY: Final = timedelta(days=1)


def maybe(first: date, last: date) -> pl.Expr:
    """Keep the facts that may have been overdue, or ceased to be, on the days from ``first`` to ``last``."""
    left = pl.max_horizontal("closed_on", "received_on")
    return (pl.col("received_on") <= last).fill_null(False) & (pl.col("closed_on").is_null() | (left >= first))


def touched(first: date, last: date) -> pl.Expr:
    """Keep of ``maybe`` those that something happened to from ``first`` to ``last``: whose promise never moved came in
    or left on one of two days; of all others every promise has to be looked at."""
    entered = pl.max_horizontal("received_on", _passed())
    left = pl.max_horizontal("closed_on", "received_on")
    calm = pl.col("due_on").is_not_null() & (entered.is_between(first, last) | left.is_between(first, last))
    return pl.col("spans").is_not_null() | calm.fill_null(False)


def _passed() -> pl.Expr:
    return pl.col("due_on") + pl.when("to_the_minute").then(timedelta()).otherwise(_DAY)


def moves(facts: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """Give one row for each time that a dossier came into the overdue stock or left it on a day from ``first`` to
    ``last``: the columns of ``facts`` (metrics.clocks.facts, at least NEEDED), ``event_on`` and ``way`` (Way).

    Rows of CAME less rows of LEFT = the stock at the end of ``last`` less that at the end of the day before ``first``.
    A promise that is moved while a dossier stays overdue is neither.
    """
    rows = numbered(facts.filter(maybe(first, last)).filter(touched(first, last)))
    spans = spans_of(rows)
    held = overdue_days(spans).filter(pl.col("start") < pl.col("end"))
    inside = pl.col("on").is_between(first, last)
    came = held.select("id", "due_on", on="start").join(held.select("id", on="end"), on=["id", "on"], how="anti")
    left = held.select("id", on="end").join(held.select("id", on="start"), on=["id", "on"], how="anti")
    told = [
        _came(came.filter(inside), rows, spans), _left(left.filter(inside & (pl.col("on") < EVER)), rows, spans),
    ]  # fmt: skip
    found = rows.join(pl.concat(told), on="id", how="inner", maintain_order="left")
    return found.drop("id", "left_on", "has_due")


def _came(moved: pl.DataFrame, rows: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """Name how each came in: its day had just passed, else what else happened on that day."""
    before = spans.filter("suspended").select("id", on="to_on", resumed=pl.lit(True)).unique()
    told = moved.join(rows.select("id", "received_on", "to_the_minute"), on="id")
    told = told.join(before, on=["id", "on"], how="left")
    way = (
        pl.when(pl.col("on") == _passed()).then(pl.lit(Way.FELL_DUE.value))
        .when(pl.col("resumed")).then(pl.lit(Way.RESUMED.value))
        .when(pl.col("on") == pl.col("received_on")).then(pl.lit(Way.RECEIVED_LATE.value))
        .otherwise(pl.lit(Way.PROMISE_EARLIER.value))
    )  # fmt: skip
    return told.select("id", event_on="on", way=way)


def _left(moved: pl.DataFrame, rows: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """Name how each left: closed, or what the promise that began on that day says."""
    begun = spans.filter("suspended").select("id", on="from_on", paused=pl.lit(True)).unique()
    told = moved.join(rows.select("id", "left_on", "without_result"), on="id")
    told = told.join(begun, on=["id", "on"], how="left")
    closed = (pl.col("on") == pl.col("left_on")).fill_null(False)
    way = (
        pl.when(closed & pl.col("without_result")).then(pl.lit(Way.WITHOUT_RESULT.value))
        .when(closed).then(pl.lit(Way.RESOLVED.value))
        .when(pl.col("paused")).then(pl.lit(Way.SUSPENDED.value))
        .otherwise(pl.lit(Way.PROMISE_LATER.value))
    )  # fmt: skip
    return told.select("id", event_on="on", way=way)


def came(facts: pl.DataFrame, period: Period, as_of: date) -> pl.DataFrame:
    """Give the dossiers that came into the overdue stock in ``period`` up to ``as_of``: columns of ``moves``."""
    found = moves(facts, period.start, min(period.end, as_of))
    return found.filter(pl.col("way").is_in([way.value for way in CAME]))


def left(facts: pl.DataFrame, period: Period, as_of: date) -> pl.DataFrame:
    """Give the dossiers that left the overdue stock in ``period`` up to ``as_of``: columns of ``moves``."""
    found = moves(facts, period.start, min(period.end, as_of))
    return found.filter(pl.col("way").is_in([way.value for way in LEFT]))
