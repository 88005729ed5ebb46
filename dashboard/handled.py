"""What pages ask of officers: worked out of steps and states, kept by the version of the figures, told within scope."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

import polars as pl

from config import catalogue, officers
from config.officers import Criterion
from dashboard import cached, data, wording
from dashboard.data import Ask
from dashboard.keys import HASH
from metrics import criteria
from metrics import officers as rules
from metrics.scope import Period, Scope
from store import snapshot, steps
from store.database import seeing

_FACTS: Final = (
    "source", "code", "department", "department_own", "procedure", "handler", "step", "holding_unit", "submitted_on",
    "received_on", "rejected_on", "closed_on", "step_since_on",
)  # fmt: skip


#: The version of the figures, and the newest step: a step may change no figure of dossiers, and so no version.
_State = tuple[str, int]


def _state(ask: Ask) -> _State:
    with seeing(data.store(), Scope.province()) as connection:
        return ask.version, steps.last(connection)


@cached.resource(max_entries=4)
def _told(state: _State, first: date) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Give the steps of all units that lasted until ``first`` or later (metrics.officers.lines), and who tells none.

    Whoever asks of them needs a scope.
    """
    version, _ = state
    since = datetime.combine(first - timedelta(days=1), time(), wording.LOCAL)  # a day more: sources have own zones
    with seeing(data.store(), Scope.province()) as connection:
        told, terms = steps.since(connection, since), snapshot.terms(connection)
    facts = snapshot.facts(data.store(), data.of_version(version)).select(_FACTS)
    there = pl.col("closed_on").is_null() | (pl.col("closed_on") >= first)
    known = facts.filter(there | pl.col("code").is_in(told["code"].unique().implode())).collect()
    rows = rules.lines(told, known, data.book().units, terms)
    return rows, rules.untold(known, rows)


def _first(period: Period) -> date:
    """Give a day from which on steps are read: the same for the stretches of one month, so that they share them."""
    return period.start.replace(day=1)


@cached.resource(max_entries=64, hash_funcs=HASH)
def _figures(state: _State, period: Period, as_of: date, scope: Scope) -> pl.DataFrame:
    """Count for the officers of units in ``scope``, beside those of the whole province."""
    rows, _ = _told(state, _first(period))
    few = catalogue.load().small
    told = rules.figures(rows, period, as_of, data.calendar(), fewest=few, seen=scope.departments)
    return told.filter(scope.expr())


def figures(ask: Ask) -> pl.DataFrame:
    """Give what officers did in the chosen period: metrics.officers.figures within scope and choice."""
    return _chosen(ask, _figures(_state(ask), ask.choice.period, ask.choice.as_of, ask.scope))


def cells(ask: Ask, department: str, handler: str | None) -> pl.DataFrame:
    """Give what one officer did, by procedure and step (metrics.officers.cells); nothing of a unit out of scope."""
    rows, _ = _told(_state(ask), _first(ask.choice.period))
    found = rules.cells(rows, ask.choice.period, ask.choice.as_of, ask.scope.departments).filter(ask.scope.expr())
    return found.filter(pl.col("department") == department, pl.col("handler").eq_missing(handler))


def untold(ask: Ask) -> tuple[str, ...]:
    """Name the sources that tell no step."""
    return _told(_state(ask), _first(ask.choice.period))[1]


def sheet(ask: Ask, day: date) -> tuple[pl.DataFrame, tuple[Criterion, ...], pl.DataFrame]:
    """Give the sheet of a day: what officers did on it (metrics.officers.figures), the criteria in force, and how each
    stands to each (metrics.criteria.put)."""
    asked = officers.in_force(officers.load(), day)
    told = {days: _of_days(ask, day, days) for days in {1, *(each.days for each in asked)}}
    there = told[1].select(rules.OFFICER)
    stands = criteria.put(asked, told).join(there, on=rules.OFFICER, how="semi", nulls_equal=True)
    return told[1], asked, stands


def _of_days(ask: Ask, day: date, days: int) -> pl.DataFrame:
    period = Period(day - timedelta(days=days - 1), day)
    return _chosen(ask, _figures(_state(ask), period, day, ask.scope))


def _chosen(ask: Ask, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(ask.choice.filters.expr()) if ask.choice.department is not None else rows
