"""Recompute issued reports from what is known today, and keep what differs as numbered restatements."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from config import report
from jobs import making
from jobs.answers import Asked, ready
from jobs.difference import difference
from metrics import rulebook
from metrics.scope import Filters, Period, Scope
from reports import editions, restating
from reports.earlier import Restated
from reports.editions import Edition
from store import issued, restatements
from store.database import Store

PROVINCE = Scope.province()


def edition_of(one: issued.Edition) -> Edition:
    """Give the edition that a report of the store is of."""
    return editions.of(report.load().friday, one.kind, one.department or None)  # type: ignore[arg-type]


def planned(one: issued.Edition) -> making.Issue:
    """Say which days a report is of, and its day of issue by the calendar: it may have been issued later."""
    period = Period(one.start, one.end)
    return making.Issue(period, edition_of(one).issue_day(period, rulebook.load().calendar))


def restate(store: Store, one: issued.Edition, now: datetime) -> int | None:
    """Compare an issued report with what it would say today, and give the number of a new restatement; None where
    nothing more has changed since the last."""
    paper = issued.paper(store, one.id, "json", PROVINCE)
    if paper is None or ready(store).data_version == _known(store, one):
        return None
    then: Mapping[str, Any] = json.loads(paper.content)
    made = making.make(store, edition_of(one), planned(one))
    found = restating.changed(then, made.content)
    dossiers = _dossiers(store, one) if found else []
    told = [restating.explained(change, dossiers) for change in found]
    return restatements.keep(store, one.id, told, data_version=made.state.data_version, at=now)


def _known(store: Store, one: issued.Edition) -> str | None:
    """Give the state of the figures that the report, or its last restatement, is of."""
    told = issued.restatements_of(store, one.id, PROVINCE)
    return told[-1]["data_version"] if told else one.data_version


def _dossiers(store: Store, one: issued.Edition) -> list[dict[str, Any]]:
    """Give the dossiers of which something was learned since the report was drafted that changed a count of it."""
    if one.known_at is None:
        return []
    as_of = editions.judged_on(Period(one.start, one.end)).isoformat()
    mine = Filters(department=(one.department,)) if one.department else Filters()
    asked = Asked(one.start, one.end, as_of, filters=mine, known_at=one.known_at.isoformat())
    found: list[dict[str, Any]] = difference(store, asked, apart=True)["dossiers"]
    return found


def restate_all(store: Store, now: datetime, kind: str = "", department: str | None = None) -> dict[int, int]:
    """Restate the reports of the last weeks (report.toml), the oldest first; gives edition → number of what is new."""
    since = now - timedelta(weeks=report.load().friday.restated_weeks)
    found = {}
    for one in reversed(_issued(store, kind, department)):
        if one.issued_at and one.issued_at >= since and (number := restate(store, one, now)):
            found[one.id] = number
    return found


def _issued(store: Store, kind: str, department: str | None) -> list[issued.Edition]:
    every = issued.editions_of(store, PROVINCE, states=("issued",))
    return [one for one in every if kind in ("", one.kind) and department in (None, one.department)]


def rows(store: Store, one: issued.Edition, now: datetime) -> list[Restated] | None:
    """Give the rows of Phụ lục IV for a report that is drafted: what was found since the last one of its kind.

    None before any was issued.
    """
    before = _issued(store, one.kind, one.department)
    if not before:
        return None
    restate_all(store, now, one.kind, one.department)
    last = max(each.known_at for each in before if each.known_at)
    return [row for each in reversed(before) for row in _rows(store, each, last)]


def _rows(store: Store, one: issued.Edition, after: datetime) -> list[Restated]:
    """Give what is known of a report since ``after``; a figure that was told before as it is now is not told again."""
    kept = issued.restatements_of(store, one.id, PROVINCE)
    if not kept or kept[-1]["found_at"] <= after:
        return []
    before = [told for told in kept if told["found_at"] <= after]
    known = {each["key"]: each["now"] for each in before[-1]["told"]} if before else {}
    news = [each for each in kept[-1]["told"] if known.get(each["key"]) != each["now"]]
    period = edition_of(one).named(Period(one.start, one.end))
    return restating.rows(f"{one.number}/{one.year}", period, news)
