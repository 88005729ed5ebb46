"""What somebody has to be told of at a moment: single dossiers, lines of a unit, figures of a unit, what feeds it all.

Nothing here knows what was told before: metrics.ladder compares with that. A dossier that was late already when it was
first seen, or when its source was first watched, is told in one line of its unit.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import polars as pl

from config.alerts import Alerts
from config.calendar import RunsOut
from config.insight import Signal
from metrics import heard, signals
from metrics.calendar import WorkingCalendar
from metrics.charts_of_control import begun_at
from metrics.freshness import Silent, State
from metrics.freshness import Standing as Heard
from metrics.heard import Question
from metrics.scope import Period, Scope
from metrics.signals import Judged
from metrics.standing import Standing

#: One row for each thing to be told. ``detail``: JSON of the figures that the sentence is made of.
TOLD: Final = pl.Schema({name: pl.String() for name in ("rule", "subject", "department", "source", "code", "detail")})
#: Parts of a subject.
APART: Final = "|"
_WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """``today``: the day that standings are told for, where the office is; ``watched``: since when each source is;
    ``signal``: when a figure is out of the ordinary."""

    today: date
    rules: Alerts
    calendar: WorkingCalendar
    zone: ZoneInfo
    watched: Mapping[str, date]
    signal: Signal


def none() -> pl.DataFrame:
    """Give nothing to be told."""
    return TOLD.to_frame()


def of_dossiers(opened: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    """Give what is to be told of the open dossiers of a day (metrics.standing.opened; first_seen_at): TOLD."""
    rows = opened.with_columns(pl.col("source", "department", "standing").cast(pl.String))
    watched = pl.col("source").replace_strict(dict(asked.watched), default=None, return_dtype=pl.Date)
    seen = pl.col("first_seen_at").dt.convert_time_zone(asked.zone.key).dt.date()
    rows = rows.with_columns(since=pl.max_horizontal(watched.fill_null(pl.lit(date.max)), seen))
    late = rows.filter(pl.col("standing") == Standing.OVERDUE.value).with_columns(limit="due_on")
    unanswered = rows.filter("answer_overdue").with_columns(limit="acceptance_due_on")
    told = [
        *([_soon(rows, asked)] if asked.rules.due_soon.on else []),
        *(_each("overdue", late) if asked.rules.overdue.on else []),
        *(_each("acceptance", unanswered) if asked.rules.acceptance.on else []),
    ]
    return pl.concat([none(), *told])


def _soon(rows: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    """Give one row for the dossiers of a source and unit that share a due day, from the first of the listed days on."""
    left, days = pl.col("days_left"), sorted(asked.rules.due_soon.days)
    step = pl.min_horizontal(pl.when(left <= d).then(pl.lit(d)) for d in days)
    near = rows.filter(left.is_between(0, days[-1])).with_columns(days=step)
    found = near.group_by("source", "department", "due_on", "days", maintain_order=True).agg(n=pl.len())
    subject = pl.concat_str("source", pl.col("department").fill_null(""), pl.col("due_on").dt.to_string("iso"),
                            separator=APART)  # fmt: skip
    return _rows(found, "due_soon", subject, ("due_on", "days", "n"))


def _each(rule: str, late: pl.DataFrame) -> list[pl.DataFrame]:
    """Give one row for each dossier past its ``limit``, and one line a unit for those that came so late."""
    so_came = pl.col("limit") < pl.col("since")
    single = late.filter(~so_came)
    subject = pl.concat_str("source", "code", separator=APART)
    lines = late.filter(so_came).group_by("source", "department", maintain_order=True).agg(n=pl.len())
    of_line = pl.concat_str("source", pl.lit(""), pl.col("department").fill_null(""), separator=APART)
    return [
        _rows(single.with_columns(due_on="limit"), rule, subject, ("due_on",)),
        _rows(lines, rule, of_line, ("n",)),
    ]


def _rows(found: pl.DataFrame, rule: str, subject: pl.Expr, detail: Sequence[str]) -> pl.DataFrame:
    nothing = [pl.lit(None, pl.String).alias(c) for c in ("source", "department", "code") if c not in found.columns]
    told = found.with_columns(nothing).with_columns(pl.lit(rule).alias("rule"), subject.alias("subject"))
    return told.with_columns(detail=pl.struct(detail).struct.json_encode()).select(TOLD.names()).cast(TOLD)


def of_units(
    cube: pl.DataFrame, asked: Asked, silent: Sequence[Silent], breaks: Callable[[str], Collection[date]]
) -> pl.DataFrame:
    """Give the units whose rate, or whose overdue stock, is out of the ordinary on the bad side: TOLD.

    ``breaks``: gives the days at which the limits of a unit restart (config.breaks).
    """
    monday = asked.today - timedelta(days=asked.today.weekday())
    weeks_before = asked.signal.before + 1
    period = Period(monday - weeks_before * _WEEK, asked.today)
    question = Question(period, asked.today, Scope.province(), ("department", "week"))
    rows = heard.told(cube, question, silent, asked.calendar).filter(pl.col("department").is_not_null())
    mondays = [period.start + i * _WEEK for i in range(weeks_before + 1)]
    first = cube.select(pl.col("day").min()).item()
    told: list[dict[str, Any]] = []
    for (name,), weeks in rows.partition_by("department", as_dict=True).items():
        counts = {w["week"]: w for w in weeks.to_dicts()}
        unit = UnitWeeks(str(name), mondays, first, counts, breaks(str(name)), asked.signal)
        told += [*unit.rate(asked.rules), *unit.backlog(asked.rules)]
    return pl.concat([none(), *(_row(**each) for each in told)])


@dataclass(frozen=True, slots=True)
class UnitWeeks:
    """The weeks of one unit: those before, the last whole one, and the running one; since the data's ``first`` day."""

    name: str
    mondays: Sequence[date]
    first: date | None
    counts: Mapping[date, Mapping[str, Any]]
    breaks: Collection[date]
    signal: Signal

    def rate(self, rules: Alerts) -> list[dict[str, Any]]:
        """Judge the last whole week: under the threshold, with enough dossiers, and a signal."""
        metric, below = rules.rate.metric, rules.rate_below
        pairs = [self._pair(monday, metric) for monday in self.mondays[:-1]]
        now = pairs[-1] or (0, 0)
        judged = signals.judge_rates(pairs[self._begun(len(pairs) - 1) :], self.signal)
        worse = judged.verdict is signals.Verdict.WORSE
        if not rules.rate.on or below is None or not worse or now[0] >= below * now[1]:
            return []
        detail = {"metric": metric, "week": self.mondays[-2], "met": now[0], "n": now[1], "below": below}
        detail |= _why(judged)
        return [{"rule": "rate", "department": self.name, "parts": (metric, self.name), "detail": detail}]

    def backlog(self, rules: Alerts) -> list[dict[str, Any]]:
        """Judge the overdue stock of the running week against the weeks before it."""
        stocks = [self._stock(monday) for monday in self.mondays]
        grown = signals.growing(stocks[self._begun(len(stocks) - 1) :], self.signal)
        if not rules.backlog.on or grown is None:
            return []
        detail = {"week": self.mondays[-1 - grown.ago], "n": stocks[-1], "more": grown.more, **_why(grown.judged)}
        return [{"rule": "backlog", "department": self.name, "parts": (self.name,), "detail": detail}]

    def _begun(self, at: int) -> int:
        return begun_at(self.mondays, at, 7, sorted(self.breaks))

    def _pair(self, monday: date, metric: str) -> tuple[int, int] | None:
        told = self.counts.get(monday, {}).get(metric)
        return (int(told["numerator"]), int(told["denominator"])) if told and told["denominator"] else None

    def _stock(self, monday: date) -> int | None:
        """Give the stock at the end of a week; None before the data began."""
        if self.first is None or monday < self.first:
            return None
        return int(self.counts.get(monday, {}).get("pending_overdue") or 0)


def _why(judged: Judged) -> dict[str, Any]:
    """Keep which rule of signal spoke, for the sentence: its name and how many weeks it rests on."""
    return {"signal": judged.spoken.rule, "row": judged.spoken.row} if judged.spoken else {}


def _row(
    rule: str, parts: Sequence[str], detail: Mapping[str, Any], *, department: str | None = None,
    source: str | None = None,
) -> pl.DataFrame:  # fmt: skip
    told = pl.DataFrame({"department": [department], "source": [source], **{k: [v] for k, v in detail.items()}})
    return _rows(told, rule, pl.lit(APART.join(parts)), tuple(detail))


def of_feeds(
    standings: Sequence[Heard], refused: Mapping[str, tuple[int, int]], ends: RunsOut | None, rules: Alerts
) -> pl.DataFrame:
    """Give what is wrong with what feeds the figures: TOLD.

    ``refused``: source → rows that wait in quarantine, and those of them that came within a day; ``ends``: the
    calendar, where it runs out (config.calendar.runs_out).
    """
    quiet = [s for s in standings if s.state in (State.LATE, State.SILENT)] if rules.stale_source.on else []
    whole = {s.told.source for s in quiet if s.told.department is None}
    told = [
        _row("stale_source", (s.told.source, *([s.told.department] if s.told.department else [])),
             {"state": s.state.value, "heard_at": s.told.heard_at and s.told.heard_at.isoformat()},
             source=s.told.source, department=s.told.department)
        for s in quiet if s.told.department is None or s.told.source not in whole
    ]  # fmt: skip
    if rules.quarantine.on:
        told += [
            _row("quarantine", (source,), {"n": waiting, "more": new}, source=source)
            for source, (waiting, new) in sorted(refused.items())
            if new >= rules.quarantine.more
        ]
    if ends is not None and rules.calendar.on:
        told.append(_row("calendar", ("calendar",), {"after": ends.after.isoformat(), "left": ends.days_left}))
    return pl.concat([none(), *told])
