"""The one place where the benchmark calls our rules: derive a part, load what deriving needs, ask as a page does."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from functools import cache
from typing import Final

import polars as pl

from benchmarks.catalogue import FIELDS, PROCEDURES, limits, procedure
from benchmarks.questions import SOURCES
from config.procedures import Allowed
from metrics import evaluate, rulebook
from metrics.calendar import WorkingCalendar
from metrics.rulebook import Rulebook
from metrics.scope import Period, Scope
from metrics.slices import derived
from metrics.terms import Terms
from metrics.took import took

TERMS: Final = dict.fromkeys(SOURCES, Terms())


@cache
def book() -> Rulebook:
    """Give the rulebook with a limit for every procedure of the made-up province, so that every clock runs."""
    return replace(rulebook.load(), procedures=tuple(_allowed(f, p) for f in range(FIELDS) for p in range(PROCEDURES)))


def _allowed(field: int, number: int) -> Allowed:
    days = int(limits()[field, number])
    return Allowed(
        source="",
        procedure=procedure(field, number),
        from_on=date(1990, 1, 1),
        statutory=f"{days + days // 2}wd",
        committed=f"{days}wd",
        cutoff=None,
        on_return=None,
        basis="made up",
        place="benchmarks",
    )


def calendar() -> WorkingCalendar:
    """Give the working days that everything here counts with."""
    return book().calendar


def derive(observed: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Derive one observed part: the pieces of a snapshot by name, ``observed`` left out."""
    made = derived(observed, TERMS, book())
    return {each.name: getattr(made, each.name) for each in fields(made)}


def figures(cube_rows: pl.DataFrame, by: tuple[str, ...]) -> pl.DataFrame:
    """Ask for the whole catalogue of counts over all time, the way a page does."""
    period = _all_of(cube_rows)
    return evaluate.figures(cube_rows, period=period, as_of=period.end, scope=Scope.province(), by=by)


def quantiles(duration_rows: pl.DataFrame, by: tuple[str, ...]) -> pl.DataFrame:
    """Ask for median and p90 over all time, the way a page does."""
    return took(
        duration_rows, period=(period := _all_of(duration_rows)), as_of=period.end, scope=Scope.province(), by=by
    )


def _all_of(rows: pl.DataFrame) -> Period:
    """Give the period of all rows, in whole weeks from the first: a stretch is clipped to the period."""
    first, last = rows.select(first=pl.col("day").dt.truncate("1w").min(), last=pl.col("day").max()).row(0)
    return Period(first, last)
