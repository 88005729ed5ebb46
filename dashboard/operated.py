"""What the pages of operation ask: what came, what the registers do not know, what was read, what was refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import polars as pl

from dashboard import cached, counts, data
from dashboard.keys import HASH
from metrics import completeness, rulebook, standing, unregistered
from metrics.scope import Filters, Scope
from store import runs, snapshot


def volumes(version: str, day: date, scope: Scope) -> pl.DataFrame:
    """Hold what came on a day against the same weekdays before, within scope: metrics.completeness.both."""
    return _volumes(version, day, scope) if version else completeness.both(completeness.nothing(), day, data.calendar())


@cached.resource(max_entries=16, hash_funcs=HASH)
def _volumes(version: str, day: date, scope: Scope) -> pl.DataFrame:
    came = completeness.received(counts.mine(version, scope, Filters(), "today", completeness.begins(day)))
    return completeness.both(came, day, data.calendar())


def strange(kind: Literal["units", "procedures"], scope: Scope) -> pl.DataFrame:
    """Give what the registers do not know of the dossiers within ``scope``: metrics.unregistered.COLUMNS."""
    state = data.manifest()
    return _strange(kind, state.data_version if state else "", scope, data.today(state))


@cached.resource(max_entries=16, hash_funcs=HASH)
def _strange(kind: str, version: str, scope: Scope, day: date) -> pl.DataFrame:
    if not version:
        return pl.DataFrame(schema=unregistered.COLUMNS)
    facts = snapshot.facts(data.store(), data.of_version(version)).filter(scope.expr())
    mine = standing.standing(facts, day, data.calendar())
    book = rulebook.load()
    return unregistered.units(mine, book.units) if kind == "units" else unregistered.procedures(mine, book.procedures)


def strangers(counts: pl.DataFrame) -> tuple[str, ...]:
    """Name the units of ``counts`` (column department) that the register does not know."""
    return unregistered.strangers(counts["department"].cast(pl.String), data.book().units)


def unknown(scope: Scope) -> tuple[str, ...]:
    """Name the units within ``scope`` that the register does not know; none before the first figures."""
    state = data.manifest()
    if state is None:
        return ()
    names = data.options(state.data_version, scope, data.today(state)).departments
    return unregistered.strangers(pl.Series(names, dtype=pl.String), data.book().units)


def run_history(scope: Scope, limit: int = 200) -> pl.DataFrame:
    """Give runs, newest first: store.runs.history. What a run noticed names dossiers of whatever unit, so only the
    province's readers are told of it; for others notes and errors are null."""
    rows = runs.history(data.store(), limit=limit)
    untold = pl.lit(None, pl.String)
    return rows if scope.departments is None else rows.with_columns(notes=untold, error=untold)


def since(moment: datetime) -> pl.DataFrame:
    """Give the runs that began at ``moment`` or later: store.runs.since; counts alone, of nobody's dossiers."""
    return runs.since(data.store(), moment)


def quarantined(scope: Scope) -> pl.DataFrame:
    """Give refused rows, newest first: store.runs.quarantined; none but to the province's readers."""
    return runs.quarantined(data.store(), scope, limit=2_000)
