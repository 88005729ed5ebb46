"""Make the content of a report from a store: gather what it is made of, and build it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from config import report
from config.errors import ReportError
from jobs.answers import ready
from jobs.heard import judged
from jobs.moments import HOME_ZONE
from metrics import rulebook
from metrics.scope import Period
from reports import editions, friday
from reports.earlier import Restated
from reports.editions import Edition
from store import recorded, runs, snapshot
from store.database import Store
from store.snapshot import Manifest


@dataclass(frozen=True, slots=True)
class Made:
    """A content object, and the state of the figures that it is made of."""

    content: Mapping[str, Any]
    state: Manifest
    period: Period
    cube: pl.DataFrame
    facts: pl.LazyFrame
    sources: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Issue:
    """Which days a report is of, and its day of issue."""

    period: Period
    on: date


def make(store: Store, edition: Edition, wanted: Issue, *, restated: Sequence[Restated] | None = None) -> Made:
    """Make the content of one report of ``edition``, from what is known now.

    Raises ReportError when it cannot be made whole or the day of issue is of another period, StoreError when the store
    holds nothing.
    """
    state, calendar, period, issued_on = ready(store), rulebook.load().calendar, wanted.period, wanted.on
    if (covered := edition.covered(issued_on, calendar)) != period:
        found = f"a report issued on {issued_on} is of {covered.start} to {covered.end}."
        raise ReportError(f"report of {period.start} to {period.end}", found, "Look at the calendar and week_starts.")
    until = datetime.combine(editions.known_before(period, issued_on, calendar), time(), ZoneInfo(HOME_ZONE))
    cube, facts, sources = snapshot.cube(store, state), snapshot.facts(store, state), runs.latest(store)
    content = friday.build(
        cube, facts, issued_on=issued_on, scope=edition.scope, sources=sources, data_version=state.data_version,
        letterhead=report.load(), calendar=calendar,
        quiet=[s for s in judged(store, state, as_of=period.end).silent if s.department],
        recorded=recorded.last(store, edition.scope, until), edition=edition, restatements=restated,
    )  # fmt: skip
    return Made(content, state, period, cube, facts, sources)
