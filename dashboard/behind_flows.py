"""The dossiers behind the flows of a period: which of the facts a list is about, within a reader's scope and choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import polars as pl

from dashboard.filters import Choice
from dashboard.listing import Kind, Listing
from metrics import behind, cohorts, stock_moves, whose
from metrics.evaluate import Map
from metrics.events import Event
from metrics.scope import Filters, Period, Scope

#: Columns that ``rows`` needs of results, and metrics.took.usual_limits.
RESULTS: Final = (
    "source", "code", "department", "holding_unit", "receiving_unit", "field", "procedure", "level", "channel",
    "places", "received_on", "closed_on", "due_on", "taken_days", "committed_days",
)  # fmt: skip
_FLOWS: Final[Mapping[Kind, Callable[[pl.DataFrame, Period, date], pl.DataFrame]]] = {
    "due": cohorts.due, "received": cohorts.received, "resolved": cohorts.resolved, "form": behind.of_form,
    "came_late": stock_moves.came, "left_late": stock_moves.left,
}  # fmt: skip
#: The day of what put a dossier into a list: whose it then was.
_DAYS: Final[Mapping[Kind, pl.Expr]] = {
    "due": pl.col("cohort_on"), "received": pl.col("received_on"), "event": pl.col("event_on"),
    "came_late": pl.col("event_on"), "left_late": pl.col("event_on"),
    "resolved": pl.max_horizontal("closed_on", "received_on"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class About:
    """What a list of a flow is about: within which scope and filters, which days, judged on which, what happened (and
    what did not), and on which map of units."""

    scope: Scope
    filters: Filters
    period: Period
    today: date
    kind: Kind
    event: Event | None
    less: Event | None
    on_map: Map


def about(scope: Scope, choice: Choice, listing: Listing) -> About:
    """Say what a list is about of somebody's choice; one of several weeks begins so many before."""
    asked = choice.period
    period = Period(asked.start - timedelta(weeks=listing.weeks - 1), asked.end)
    return About(
        scope, choice.filters, period, choice.today, listing.kind, listing.event, listing.less, choice.on_map
    )  # fmt: skip


def rows(facts: pl.LazyFrame, asked: About) -> pl.DataFrame:
    """Give the facts that a list is about, with what its flow says of them (metrics.cohorts, behind, stock_moves).

    ``facts``: all of which anything may be told in the period (metrics.lately.since); more of them do no harm.
    """
    mine = whose.may_be(facts, asked.scope, asked.filters, asked.on_map).collect()
    if asked.event:
        found = behind.behind(mine, asked.event, asked.period, asked.today, less=asked.less)
    else:
        found = _FLOWS[asked.kind](mine, asked.period, asked.today)
    day = _DAYS.get(asked.kind, pl.lit(min(asked.today, asked.period.end)))
    return whose.on_day(found, day, asked.scope, asked.filters, asked.on_map)
