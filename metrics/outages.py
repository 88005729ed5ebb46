"""When a source was not heard: times between two good readings that its own rule (metrics.freshness) calls silence.

They stand beside charts and in reports. No figure, limit or verdict rests on them: while it lasts a silent source is in
no rate (metrics.heard), and what it had to tell came with the next reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import polars as pl

from metrics.calendar import WorkingCalendar
from metrics.freshness import State, Told, state_of
from metrics.worktime import WorkTime

_LOCAL = pl.Datetime("us")


@dataclass(frozen=True, slots=True)
class Outage:
    """A source that was not heard from the working day ``first`` to ``last``; None: it still is not."""

    source: str
    first: date
    last: date | None


def outages(
    gaps: pl.DataFrame, told: Sequence[Told], at: datetime, time: WorkTime, *, least: int
) -> tuple[Outage, ...]:  # fmt: skip
    """Find them as they were known ``at`` a moment (aware), the oldest first.

    ``gaps``: source, before, after (store.heard.gaps); ``told``: every source as of ``at``, with the rule that it goes
    by today; one without a rule is never silent. A gap of fewer than ``least`` working minutes kept nobody waiting.
    """
    rules = {each.source: each for each in told if each.department is None and each.cadence_minutes is not None}
    lasting = [(each.source, each.heard_at, at, True) for each in rules.values() if each.heard_at]
    passed = [(name, before, after, False) for name, before, after in gaps.iter_rows() if name in rules]
    found = [
        (Outage(name, first, None if lasts else last), replace(rules[name], heard_at=before), after)
        for name, before, after, lasts, first, last in _missed([*passed, *lasting], rules, time, least)
    ]
    silent = {each for each, rule, after in found if _is_silent(rule, after, time.calendar)}
    return tuple(sorted(silent, key=lambda each: (each.first, each.source)))


def _is_silent(rule: Told, at: datetime, calendar: WorkingCalendar) -> bool:
    return state_of(rule, at, calendar) is State.SILENT


_Gap = tuple[str, datetime, datetime, bool]


def _missed(
    gaps: Sequence[_Gap], rules: dict[str, Told], time: WorkTime, least: int
) -> list[tuple[str, datetime, datetime, bool, date, date]]:
    """Keep the gaps in which ``least`` minutes were worked, with the days of the first and the last such minute."""
    local = [
        (i, *(at.astimezone(ZoneInfo(rules[name].zone)).replace(tzinfo=None) for at in (before, after)))
        for i, (name, before, after, _) in enumerate(gaps)
    ]
    rows = pl.DataFrame(local, schema={"i": pl.Int64, "before": _LOCAL, "after": _LOCAL}, orient="row")
    worked = rows.with_columns(begun=time.minutes_before(pl.col("before")), ended=time.minutes_before(pl.col("after")))
    long = worked.filter(pl.col("ended") - pl.col("begun") >= max(1, least))
    days = long.select("i", time.at(pl.col("begun") + 1).dt.date(), time.at(pl.col("ended")).dt.date())
    return [(*gaps[i], first, last) for i, first, last in days.iter_rows()]
