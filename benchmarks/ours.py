"""The one place where the benchmark calls our rules: derive a part, load what deriving needs, ask as a page does."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from functools import cache
from typing import Final

import polars as pl

from benchmarks.catalogue import FIELDS, PROCEDURES, limits, procedure
from benchmarks.questions import SOURCES
from config.procedures import Allowed
from metrics import rulebook
from metrics.calendar import WorkingCalendar
from metrics.heard import Question
from metrics.rulebook import Rulebook
from metrics.scope import Period, Scope
from metrics.slices import derived
from metrics.terms import Terms

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


def asked(period: Period | None, by: tuple[str, ...]) -> Question:
    """Ask about a whole period, after it, the way a page does."""
    if period is None:
        raise ValueError("a question without a period")
    return Question(period, period.end + timedelta(days=1), Scope.province(), by)
