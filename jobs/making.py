"""Make the content of a report from a store: gather what it is made of, and build it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from config.errors import ReportError
from jobs import friday
from jobs.answers import ready
from metrics import rulebook
from metrics.scope import Period
from reports.earlier import Restated
from reports.editions import Edition
from store import runs, snapshot
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


def make(
    store: Store, edition: Edition, wanted: Issue, *, restated: Sequence[Restated] | None = None,
    made_on: date | None = None,
) -> Made:  # fmt: skip
    """Make the content of one report of ``edition``, from what is known now; ``made_on``: reports.friday.build.

    Raises ReportError when it cannot be made whole or the day of issue is of another period, StoreError when the store
    holds nothing.
    """
    covered = edition.covered(wanted.on, rulebook.load().calendar)
    if covered != wanted.period:
        found = f"a report issued on {wanted.on} is of {covered.start} to {covered.end}."
        place = f"report of {wanted.period.start} to {wanted.period.end}"
        raise ReportError(place, found, "Look at the calendar and week_starts.")
    content = friday.content(store, wanted.on, edition, friday.Beside(restatements=restated, made_on=made_on))
    state = ready(store)
    if state.data_version != content["seal"]["data_version"]:  # a source was read meanwhile
        return make(store, edition, wanted, restated=restated, made_on=made_on)
    cube, facts = snapshot.cube(store, state), snapshot.facts(store, state)
    return Made(content, state, covered, cube, facts, runs.latest(store))
