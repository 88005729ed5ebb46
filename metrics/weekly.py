"""Weekly counts: the daily ones added up by week, without what few questions tell apart; most questions read them.

A question that begins or ends inside a week tears that week, and so does a month that ends in it: torn weeks are read
day by day, so that every answer is that of the daily counts to the last dossier.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Final

import polars as pl

from metrics import packing
from metrics.cube import DIMENSIONS
from metrics.evaluate import STRETCHES, stretches
from metrics.events import Event
from metrics.heard import Question

KEPT: Final = ("source", "department", "field")
#: Columns of weekly counts: ``week`` its Monday; ``channel`` only of what was received, null of all else.
WEEKS: Final = ("week", *KEPT, "channel", "map", "has_due", "event", "n")
#: Columns of weekly durations.
WEEKS_TAKEN: Final = ("week", *KEPT, "map", "days", "n")
#: What tears every week.
_INSIDE: Final = ("day", "friday_week")
_TOLD: Final = frozenset({*KEPT, *STRETCHES}.difference(_INSIDE))
_MONDAY: Final = pl.col("day").dt.truncate("1w").alias("week")
_WORDS: Final = ("department", "field", "source")  # which sorts long runs


def weeks(cube: pl.DataFrame) -> pl.DataFrame:
    """Add daily counts (metrics.cube.cube) up by week: columns WEEKS, ``n`` not zero, sorted by event, then words."""
    came = pl.col("event") == Event.RECEIVED.value
    rows = cube.select(_MONDAY, *KEPT, "map", "has_due", "event", "n", channel=pl.when(came).then("channel"))
    return _added(rows, ("event", *_WORDS, "channel", "has_due", "map", "week")).select(WEEKS)


def weeks_of_durations(durations: pl.DataFrame) -> pl.DataFrame:
    """Add daily durations (metrics.cube.durations) up by week: columns WEEKS_TAKEN, sorted by words, week and days."""
    return _added(durations.select(_MONDAY, *KEPT, "map", "days", "n"), (*_WORDS, "map", "week", "days")).select(
        WEEKS_TAKEN
    )


def _added(rows: pl.DataFrame, order: tuple[str, ...]) -> pl.DataFrame:
    words = [name for name in order if rows.schema[name] == pl.String]
    summed = packing.summed(packing.coded(rows, words), order, pl.col("n").sum())
    return summed.with_columns(pl.col(words).cast(pl.String))


def fits(asked: Question) -> bool:
    """Say whether weekly counts tell apart what a question tells apart and filters by; a week in pieces, by day or from
    Friday to Thursday, they do not."""
    filters = asked.filters
    return _TOLD.issuperset(asked.by) and not any(getattr(filters, name) for name in DIMENSIONS if name not in KEPT)


def torn(asked: Question) -> list[date]:
    """Give the Mondays of those weeks of which a question counts some days otherwise than others."""
    end = min(asked.period.end, asked.as_of)
    told = stretches(asked.period, end, asked.by)
    # Cohorts are judged up to the day before as_of (metrics.evaluate).
    begun = {asked.period.start, min(end + timedelta(days=1), asked.as_of), end + timedelta(days=1)}
    for name in told.columns[1:]:
        begun.update(told[name].unique())
    return sorted({day - timedelta(days=day.weekday()) for day in begun if day.weekday()})


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of one state of the figures, by day and by week, not read yet; or its durations."""

    days: pl.LazyFrame
    weeks: pl.LazyFrame

    def of(self, *asked: Question) -> pl.LazyFrame:
        """Give rows that answer all these questions as the daily ones do (metrics.evaluate.figures, metrics.took.took):
        weeks, as what happened on their Monday, and torn ones by day; all days where one question does not fit."""
        if not all(fits(each) for each in asked):
            return self.days
        mondays = sorted({day for each in asked for day in torn(each)})
        # A dimension that is not told apart is null.
        whole = self.weeks.rename({"week": "day"}).filter(~pl.col("day").is_in(mondays))
        return pl.concat([whole, _within(self.days, mondays)], how="diagonal").select(
            self.days.collect_schema().names()
        )


def _within(days: pl.LazyFrame, mondays: Iterable[date]) -> pl.LazyFrame:
    """Keep the days of these weeks."""
    # Said as stretches of days: files that hold none of them are not read.
    week = [pl.col("day").is_between(day, day + timedelta(days=6)) for day in mondays]
    return days.filter(reduce(or_, week, pl.lit(False)))
