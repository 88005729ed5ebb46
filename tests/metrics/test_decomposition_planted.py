"""Two weeks of daily counts in which one thing alone was changed: what was planted is found again through the cube."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import polars as pl
import pytest

from metrics.cube import COLUMNS, DIMENSIONS
from metrics.decomposition import Change, asked, of_count, of_rate
from metrics.heard import Question
from metrics.maps import MAP
from metrics.scope import Period, Scope

FIRST, SECOND = Period(date(2026, 3, 2), date(2026, 3, 8)), Period(date(2026, 3, 9), date(2026, 3, 15))


def planted(*weeks: dict[tuple[str, str], tuple[int, int]]) -> pl.DataFrame:
    """Count (met, due) of each unit and procedure on the Wednesday of each week."""
    rows = [
        (period.start + timedelta(days=2), unit, procedure, event, n)
        for period, week in zip((FIRST, SECOND), weeks, strict=True)
        for (unit, procedure), (met, due) in week.items()
        for event, n in (("due", due), ("due_met", met), ("received", due))
        if n
    ]
    told = pl.DataFrame(rows, schema=["day", "department", "procedure", "event", "n"], orient="row")
    plain = {name: pl.lit(None, pl.String) for name in DIMENSIONS if name not in ("department", "procedure")}
    return told.with_columns(**plain, map=pl.lit(None, MAP), has_due=pl.lit(True)).select(COLUMNS)


CALM = {("Sở A", "P1"): (90, 100), ("Sở A", "P2"): (20, 40), ("Sở B", "P1"): (54, 60)}


@pytest.mark.parametrize(
    ("week", "which"),
    [
        ({key: (3 * met, 3 * due) for key, (met, due) in CALM.items()}, "volume"),
        (CALM | {("Sở A", "P2"): (10, 40)}, "performance"),
        ({("Sở A", "P1"): (36, 40), ("Sở A", "P2"): (50, 100), ("Sở B", "P1"): (54, 60)}, "mix"),
    ],
)
def test_what_was_planted_is_found(week: dict[tuple[str, str], tuple[int, int]], which: str) -> None:
    count, rate = split(week, "procedure", "due_missed"), split(week, "procedure", "on_time_due")
    assert {name for name in ("volume", "mix", "performance") if getattr(count, name)} == {which}
    assert {name for name in ("mix", "performance") if getattr(rate, name)} == {which} - {"volume"}


def test_work_that_moves_within_a_unit_is_seen_by_procedure_alone() -> None:
    week = {("Sở A", "P1"): (36, 40), ("Sở A", "P2"): (50, 100), ("Sở B", "P1"): (54, 60)}
    found = split(week, "department", "on_time_due")
    assert (found.mix, found.performance) == (Fraction(0), found.change)


def split(week: dict[tuple[str, str], tuple[int, int]], by: str, metric: str) -> Change:
    frame, day_after = planted(CALM, week), SECOND.end + timedelta(days=9)
    now, before = (Question(period, day_after, Scope.province()) for period in (SECOND, FIRST))
    cells = asked(frame, now, before, by, metric)
    found = of_count(cells) if metric == "due_missed" else of_rate(cells)
    assert found is not None
    return found
