"""Weekly figures in a row, as the answers of several pages read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from dashboard.filters import Choice
from dashboard.shapes import Link
from dashboard.wording import number
from metrics.scope import Period


@dataclass(frozen=True, slots=True)
class Weeks:
    """Weekly figures in a row without gaps, oldest first; the last one is the chosen week. ``unheard``: somebody is
    silent in it and left its rates."""

    mondays: Sequence[date]
    rows: Sequence[dict[str, int] | None]
    unheard: bool = False

    @property
    def now(self) -> dict[str, int]:
        return self.rows[-1] or {}

    def column(self, name: str) -> list[int]:
        return [row[name] if row else 0 for row in self.rows]

    def rates(self) -> list[tuple[int, int] | None]:
        return [(row["due_met"], row["due"]) if row else None for row in self.rows]


def weeks_of(figures: pl.DataFrame, period: Period, *, unheard: bool = False) -> Weeks:
    """Lay figures by week (metrics.evaluate, ``by=["week"]``) on every Monday of ``period``."""
    known = {row["week"]: row for row in figures.to_dicts()}
    count = ((period.end - period.start).days + 1) // 7
    mondays = [period.start + timedelta(weeks=i) for i in range(count)]
    begun = min(known, default=period.end)
    rows = [known.get(m) or (None if m < begun else dict.fromkeys(figures.columns, 0)) for m in mondays]
    return Weeks(mondays, rows, unheard)


def told(choice: Choice, weeks: Weeks) -> tuple[Choice, Weeks]:
    """Give the week whose rate is told: the chosen one; while it runs and no promise fell due in it, the last week in
    which some did (on a Monday morning: the one before). Of whom nothing is heard, nobody knows what fell due."""
    if not choice.running or weeks.unheard or weeks.now.get("due"):
        return choice, weeks
    at = max((i for i, row in enumerate(weeks.rows) if row and row.get("due")), default=len(weeks.rows) - 1)
    return replace(choice, monday=weeks.mondays[at]), Weeks(weeks.mondays[: at + 1], weeks.rows[: at + 1])


def ways(count: int, words: str, query: dict[str, str]) -> tuple[Link, ...]:
    """Give the way to the list behind a count; an empty list needs none."""
    return (Link(f"{number(count)} {words}", query),) if count else ()
