"""What the page "Điểm nghẽn" asks: tables of the night within scope and choice, and who holds what by now."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from config import catalogue
from dashboard import analysed, insights
from dashboard.data import Ask
from metrics import step_hands
from metrics.scope import Scope


def table(ask: Ask, name: str, *, recent: bool) -> pl.DataFrame | None:
    """Give the rows of one table (jobs.insight_steps) within scope and choice; ``recent``: of the last months alone.
    None where none was made yet."""
    found = insights.table(name, ask.scope)
    if found is None:
        return None
    chosen = ask.choice.filters.expr()
    return found.filter(chosen, pl.col("recent") | (not recent))


def procedures(scope: Scope, name: str) -> list[str]:
    """Give the procedures that a table of the night knows within scope."""
    found = insights.table(name, scope)
    return [] if found is None else sorted(found["procedure"].drop_nulls().unique())


def names(ask: Ask) -> Mapping[str, str]:
    """Give procedure → its name."""
    return analysed.names(ask)


def unit_of(ask: Ask) -> str | None:
    """Give the chosen unit, or the only one within scope."""
    only = tuple(ask.scope.departments or ())
    return ask.choice.department or (only[0] if len(only) == 1 else None)


def hands(ask: Ask, name: str) -> pl.DataFrame | None:
    """Give how long steps lie with the officers of one unit (``unit_of``), beside all others together; None without."""
    unit = unit_of(ask)
    mine = insights.table(name, ask.scope)
    if unit is None or mine is None or mine.filter(pl.col("department") == unit).is_empty():
        return None
    every = insights.table(name, Scope.province())
    few = catalogue.load().small
    return None if every is None else step_hands.beside(every, unit, fewest=few, seen=ask.scope.departments)
