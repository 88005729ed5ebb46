"""Did as much come as on other such days? The dossiers received on a day against the same weekdays before it.

A source can be read every ten minutes and still have lost a department on its side: then its unit goes quiet among
others that do not. The band is robust (median and median deviation), never narrower than chance makes it, and nothing
is said of units that receive a handful a day, of holidays, or of a history too short.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import polars as pl

from metrics.calendar import WorkingCalendar
from metrics.events import Event

#: How many worked days of the same weekday make the history, and how few are too few.
WEEKS: Final = 8
FEWEST_WEEKS: Final = 4
#: A median smaller than this is noise.
SMALL: Final = 5
#: The band reaches so many spreads to either side; MAD × 1.4826 is the standard deviation of a normal distribution.
WIDTH: Final = 3
MAD_TO_SPREAD: Final = 1.4826


class Volume(StrEnum):
    """How a day's number stands."""

    USUAL = "usual"
    LOW = "low"
    HIGH = "high"
    UNTOLD = "untold"  # too small, too new, or a day off: nothing is expected


def received(cube: pl.DataFrame) -> pl.DataFrame:
    """Give day, source, department, n: the dossiers received, as today's map of units has them."""
    here = pl.col("map").is_null() | (pl.col("map").cast(pl.String) == "today")
    came = cube.filter(here, pl.col("event") == Event.RECEIVED.value)
    counted = came.group_by("day", "source", "department").agg(pl.col("n").cast(pl.Int64).sum())
    return counted.with_columns(pl.col("source", "department").cast(pl.String))


def nothing() -> pl.DataFrame:
    """Give ``received`` of a store that holds nothing."""
    return pl.DataFrame(schema={"day": pl.Date, "source": pl.String, "department": pl.String, "n": pl.Int64})


def both(came: pl.DataFrame, day: date, calendar: WorkingCalendar) -> pl.DataFrame:
    """Judge ``day`` for each source (``unit`` False, department null), and under it for each unit of each source."""
    whole = volumes(came, day, calendar, ["source"]).with_columns(department=pl.lit(None, pl.String), unit=False)
    units = volumes(came, day, calendar, ["source", "department"]).with_columns(unit=True)
    return pl.concat([whole, units], how="diagonal")


def begins(day: date) -> date:
    """Give the first day that a judgement of ``day`` may look at."""
    return day - timedelta(weeks=2 * WEEKS)


def volumes(came: pl.DataFrame, day: date, calendar: WorkingCalendar, by: Sequence[str]) -> pl.DataFrame:
    """Judge ``day`` for each group of ``came`` (columns of ``received``) that had a dossier by then.

    Columns: ``by``, n, usual (median of the history), low, high (whole numbers that are still usual; null where nothing
    is said), volume (Volume). The history is that of the last WEEKS worked days of the same weekday, from the group's
    first day on; a worked day without a dossier counts as zero.
    """
    days = [day, *same_weekdays(day, calendar)]
    known = came.filter(pl.col("day") <= day)
    groups = known.group_by(by).agg(first=pl.col("day").min())
    grid = groups.join(pl.DataFrame({"day": days}, schema={"day": pl.Date}), how="cross")
    summed = known.group_by(*by, "day").agg(pl.col("n").sum())
    line = grid.join(summed, on=[*by, "day"], how="left", nulls_equal=True).with_columns(pl.col("n").fill_null(0))
    before = (pl.col("day") < day) & (pl.col("day") >= pl.col("first"))
    told = line.group_by(by).agg(n=pl.col("n").filter(pl.col("day") == day).first(), history=pl.col("n").filter(before))
    return _banded(told, calendar.is_working(day)).drop("history", "spread").sort(by, nulls_last=True)


def same_weekdays(day: date, calendar: WorkingCalendar) -> list[date]:
    """Give the last WEEKS worked days before ``day`` that are the same day of the week; a holiday is left out."""
    found: list[date] = []
    for week in range(1, 2 * WEEKS + 1):
        then = day - timedelta(weeks=week)
        if calendar.is_working(then) and len(found) < WEEKS:
            found.append(then)
    return found


def _banded(told: pl.DataFrame, worked: bool) -> pl.DataFrame:
    history = pl.col("history")
    usual = history.list.median()
    off = history.list.eval((pl.element() - pl.element().median()).abs()).list.median()
    spread = pl.max_horizontal(off * MAD_TO_SPREAD, usual.sqrt())  # arrivals vary by their square root by chance alone
    enough = (history.list.len() >= FEWEST_WEEKS) & (usual >= SMALL) & worked
    rows = told.with_columns(usual=usual, spread=spread)
    low = (pl.col("usual") - WIDTH * pl.col("spread")).ceil().clip(lower_bound=0).cast(pl.Int64)
    high = (pl.col("usual") + WIDTH * pl.col("spread")).floor().cast(pl.Int64)
    rows = rows.with_columns(low=pl.when(enough).then(low), high=pl.when(enough).then(high))
    return rows.with_columns(
        volume=pl.when(pl.col("low").is_null()).then(pl.lit(Volume.UNTOLD.value))
        .when(pl.col("n") < pl.col("low")).then(pl.lit(Volume.LOW.value))
        .when(pl.col("n") > pl.col("high")).then(pl.lit(Volume.HIGH.value))
        .otherwise(pl.lit(Volume.USUAL.value))
    )  # fmt: skip
