"""Thirteen weeks of counts for the province and for each of its units, with what the control limits say of the last.

Everything is asked of ``metrics.evaluate.figures``; here nothing is counted, only compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from metrics.charts_of_control import Limits, RateChart, Verdict, judge, judge_rate, rate_chart, stock_limits
from metrics.definitions import rates
from metrics.evaluate import figures
from metrics.scope import Filters, Period, Scope
from reports import formats, weeks

EVERYTHING = Filters()
By = Literal["department", "field", "source"]
Counts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unit:
    """Counts of one unit (None: the province) in each charted week; None for a week before the data began."""

    name: str | None
    weeks: tuple[Counts | None, ...]

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
        return rate_chart([pair(week) if week else None for week in self.weeks[:-1]])

    @property
    def verdict(self) -> Verdict:
        """What this week's on_time_due is against the unit's own earlier weeks."""
        met, due = pair(self.now)
        return judge_rate(met, due, self.chart)

    @property
    def stock_limits(self) -> Limits | None:
        """Limits of overdue_pending, from the earlier weeks."""
        return stock_limits([week["pending_overdue"] if week else None for week in self.weeks[:-1]])

    @property
    def stock_verdict(self) -> Verdict:
        """What this week's overdue stock is against the earlier weeks."""
        return judge(self.count("pending_overdue"), self.stock_limits, better="lower")


def pair(counts: Counts | None, rate: str = "on_time_due") -> tuple[int, int]:
    """Give numerator and denominator of a declared rate; 0 of 0 where there is nothing."""
    told = (counts or {}).get(rate) or {}
    return int(told.get("numerator") or 0), int(told.get("denominator") or 0)


def change(unit: Unit, places: int) -> float | None:
    """Give this week's rate less last week's in points, of the two rates *as printed*, so that a pencil agrees."""
    now, before = formats.share(*pair(unit.now), places), formats.share(*pair(unit.before), places)
    return None if now is None or before is None else float(now - before)


def province(cube: pl.DataFrame, week: Period, scope: Scope, filters: Filters = EVERYTHING) -> Unit:
    """Measure the whole scope."""
    rows = [_asked(cube, each, scope, filters, ()).to_dicts()[0] for each in weeks.charted(week)]
    first = next((i for i, row in enumerate(rows) if _anything(row)), len(rows))
    return Unit(None, tuple(row if i >= first else None for i, row in enumerate(rows)))


def units(
    cube: pl.DataFrame, week: Period, scope: Scope, by: By, known: Unit, filters: Filters = EVERYTHING
) -> list[Unit]:
    """Measure each department, field or source that appears in the 13 weeks; weeks unknown in ``known`` stay so."""
    frames = [
        _asked(cube, each, scope, filters, (by,)).with_columns(pl.lit(i).alias("week"), pl.col(by).cast(pl.String))
        for i, each in enumerate(weeks.charted(week))
    ]
    found: dict[str | None, dict[int, Counts]] = {}
    for row in pl.concat(frames, how="vertical_relaxed").to_dicts():
        if _anything(row):
            found.setdefault(row[by], {})[row["week"]] = row
    names = sorted(found, key=lambda name: (name is None, name or ""))
    return [Unit(name, _filled(found[name], known)) for name in names]


def _filled(rows: Mapping[int, Counts], known: Unit) -> tuple[Counts | None, ...]:
    """Say nothing of the weeks before the unit's first; a later week without rows had nothing (an empty count)."""
    first = min(rows)
    return tuple(
        rows.get(i, _NOTHING if i >= first else None) if whole is not None else None
        for i, whole in enumerate(known.weeks)
    )


_NOTHING: Counts = {"pending_overdue": 0}


def _asked(cube: pl.DataFrame, week: Period, scope: Scope, filters: Filters, by: Sequence[str]) -> pl.DataFrame:
    found = figures(cube, period=week, as_of=weeks.judged_on(week), by=by, scope=scope, filters=filters)
    return rates(found)


def _anything(row: Counts) -> bool:
    return any(row[name] for name in ("submitted", "received", "carried_over", "resolved", "pending", "due"))
