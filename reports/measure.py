"""Thirteen weeks of counts for the province and for each of its units, with what the control limits say of the last.

Everything is asked of ``metrics.evaluate.figures``; here nothing is counted, only compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

import polars as pl

from config import insight
from config.breaks import Breaks
from config.insight import Signal
from metrics import heard, signals
from metrics.calendar import WorkingCalendar
from metrics.charts_of_control import Limits, RateChart, begun_at, rate_chart
from metrics.definitions import AGES
from metrics.freshness import Silent
from metrics.heard import Question
from metrics.scope import Filters, Period, Scope
from metrics.signals import Judged, Verdict
from reports import formats
from reports.editions import WEEKLY, Edition, judged_on

EVERYTHING: Final = Filters()
By = Literal["department", "field", "source"]
Counts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the figures of an edition are asked of: the cube, the week, the reader's scope, and who is silent; these
    leave the rates of every week that they were not heard to the end of (metrics.heard). ``breaks``: days at which
    limits restart."""

    cube: pl.DataFrame
    week: Period
    scope: Scope
    calendar: WorkingCalendar
    silent: tuple[Silent, ...] = ()
    edition: Edition = WEEKLY
    breaks: Breaks | None = None
    rules: Signal = field(default_factory=lambda: insight.load().signal)

    def begun(self, unit: str | None) -> int:
        """Give the first of the charted periods that is the like of the one reported, for a unit or the whole."""
        starts = [each.start for each in self.edition.charted(self.week)]
        days = self.breaks.days(unit or self.edition.unit) if self.breaks else ()
        return begun_at(starts, len(starts) - 1, (self.week.end - self.week.start).days + 1, days)


@dataclass(frozen=True, slots=True)
class Unit:
    """Counts of one unit (None: the province) in each charted week; None for a week before the data began.

    ``first``: the first of them that limits may be taken from."""

    name: str | None
    weeks: tuple[Counts | None, ...]
    rules: Signal
    first: int = 0

    @property
    def now(self) -> Counts:
        """Counts of the week that is reported; zeros when nothing happened in it."""
        return self.weeks[-1] or {}

    @property
    def before(self) -> Counts | None:
        """Counts of the week before."""
        return self.weeks[-2]

    def count(self, column: str) -> int:
        """Give one count of the week that is reported."""
        return int(self.now.get(column) or 0)

    @property
    def chart(self) -> RateChart | None:
        """Limits of on_time_due, from the earlier weeks."""
        return rate_chart(self._pairs[:-1], self.rules)

    @property
    def judged(self) -> Judged:
        """What this week's on_time_due is against the unit's own earlier weeks, and by which rule."""
        return signals.judge_rates(self._pairs, self.rules)

    @property
    def verdict(self) -> Verdict:
        """The verdict of ``judged`` alone."""
        return self.judged.verdict

    @property
    def stock_judged(self) -> Judged:
        """What this week's overdue stock is against the earlier weeks, and by which rule."""
        stocks = [week["pending_overdue"] if week else None for week in self.weeks[self.first : -1]]
        return signals.judge_stocks([*stocks, self.count("pending_overdue")], self.rules)

    @property
    def stock_limits(self) -> Limits | None:
        """Limits of overdue_pending, from the earlier weeks."""
        return self.stock_judged.limits

    @property
    def _pairs(self) -> list[tuple[int, int] | None]:
        return [pair(week) if week else None for week in self.weeks[self.first :]]


def pair(counts: Counts | None, rate: str = "on_time_due") -> tuple[int, int]:
    """Give numerator and denominator of a declared rate; 0 of 0 where there is nothing."""
    told = (counts or {}).get(rate) or {}
    return int(told.get("numerator") or 0), int(told.get("denominator") or 0)


def change(unit: Unit, places: int) -> float | None:
    """Give this week's rate less last week's in points, of the two rates *as printed*, so that a pencil agrees."""
    now, before = formats.share(*pair(unit.now), places), formats.share(*pair(unit.before), places)
    return None if now is None or before is None else float(now - before)


def province(asked: Asked, filters: Filters = EVERYTHING) -> Unit:
    """Measure the whole scope."""
    rows = _weeks_of(asked, filters, ()).get(None, {})
    found = [rows.get(each.start, {}) for each in asked.edition.charted(asked.week)]
    first = next((i for i, row in enumerate(found) if _anything(row)), len(found))
    weeks = tuple(row if i >= first else None for i, row in enumerate(_carried(found)))
    return Unit(None, weeks, asked.rules, asked.begun(None))


def units(asked: Asked, by: By, known: Unit, filters: Filters = EVERYTHING) -> list[Unit]:
    """Measure each department, field or source that appears in the 13 weeks; weeks unknown in ``known`` stay so."""
    rows = _weeks_of(asked, filters, (by,))
    names = sorted(rows, key=lambda name: (name is None, name or ""))
    charted = asked.edition.charted(asked.week)
    begun = {name: asked.begun(name if by == "department" else None) for name in names}
    return [
        Unit(name, _known([rows[name].get(w.start, {}) for w in charted], known), asked.rules, begun[name])
        for name in names
    ]


def _known(found: list[Counts], known: Unit) -> tuple[Counts | None, ...]:
    """Say nothing of the weeks before the unit's first, and of those before the data began."""
    first = next(i for i, row in enumerate(found) if _anything(row))
    whole = zip(_carried(found), known.weeks, strict=True)
    return tuple(row if i >= first and told is not None else None for i, (row, told) in enumerate(whole))


def _carried(found: list[Counts]) -> list[Counts]:
    """Fill a week in which nothing at all happened: no flows, and the stock of the week before."""
    rows: list[Counts] = []
    for row in found:
        before = rows[-1] if rows else {}
        rows.append(row or {name: before.get(name, 0) for name in _STOCKS})
    return rows


_STOCKS: Final = ("pending", "pending_overdue", "pending_undetermined", *AGES)


Rows = dict[str | None, dict[date, Counts]]


def _weeks_of(asked: Asked, filters: Filters, by: tuple[By, ...]) -> Rows:
    """Ask once for all 13 periods: unit → first day of the period → counts and rates."""
    week, stretch = asked.week, asked.edition.stretch
    rows: Rows = {}
    if stretch:
        together = Period(asked.edition.charted(week)[0].start, week.end)
        for row in _told(asked, together, judged_on(week), filters, (*by, stretch)):
            rows.setdefault(row[by[0]] if by else None, {})[row[stretch]] = row
    _ask_others(rows, asked, filters, by)
    return rows


def _told(asked: Asked, period: Period, as_of: date, filters: Filters, by: tuple[str, ...]) -> list[dict[str, Any]]:
    question = Question(period, as_of, asked.scope, by, filters)
    found = heard.told(asked.cube, question, asked.silent, asked.calendar)
    return [row for row in found.to_dicts() if _anything(row)]


def _ask_others(rows: Rows, asked: Asked, filters: Filters, by: tuple[By, ...]) -> None:
    """Add the periods without a row: nothing happened in them, but they have a stock; or no stretch cuts them."""
    told = {start for found in rows.values() for start in found}
    for each in asked.edition.charted(asked.week):
        if each.start not in told:
            for row in _told(asked, each, judged_on(each), filters, by):
                rows.setdefault(row[by[0]] if by else None, {})[each.start] = row


def _anything(row: Counts) -> bool:
    return any(row.get(name) for name in ("submitted", "received", "carried_over", "resolved", "pending", "due"))
