"""Marks of closings: peaks of withdrawn and given back, withdrawn just before due, many closed within minutes at night.

Rows are facts (metrics.clocks.facts): source, code, department, department_own, field, procedure, status, received_on,
closed_on, due_on, with_result, closed_local.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any, Final

import polars as pl

from config.insight import Integrity, Signal
from metrics import chance
from metrics.calendar import WorkingCalendar
from metrics.charts_of_control import rate_chart
from metrics.dossier import Status
from metrics.integrity import QUIET, Flag, cells, looked, marks, since
from metrics.integrity_promises import Found
from metrics.worktime import WorkTime

#: Closed without a result at somebody's word: the applicant's, or the office's. What vanished is no such word.
GIVEN_UP: Final = (Status.WITHDRAWN.value, Status.REFUSED.value)
_WEEK: Final = 7


def peaks(rows: pl.DataFrame, first: date, as_of: date, by: Integrity, rules: Signal) -> Found:
    """Test every full week of every department: withdrawn or given back, among all that were closed in it.

    Against a chart of the weeks before it (metrics.charts_of_control), and against what all of them together tell of
    how often that is: the larger chance of the two. ``day``: of the closing; ``from_on``: its due day; ``kind``:
    withdrawn or refused; ``days``: days from the receipt.
    """
    closed = rows.filter(pl.col("closed_on").is_not_null(), pl.col("closed_on") <= as_of)
    closed = closed.with_columns(week=pl.col("closed_on").dt.truncate("1w"), given_up=_given_up())
    weekly = closed.group_by("department", "week").agg(n=pl.col("given_up").sum(), whole=pl.len())
    weekly = weekly.filter(pl.col("week") <= as_of - timedelta(days=_WEEK - 1)).sort("department", "week")
    told: list[tuple[Any, ...]] = []
    for _, part in weekly.group_by("department", maintain_order=True):
        found = _weeks(part, first, by, rules)
        told += found
    stands = chance.found([row[-1] for row in told], by.false_finds)
    schema = {"department": pl.String, "from_on": pl.Date, "n": pl.Int64, "whole": pl.Int64, "expected": pl.Float64,
              "p": pl.Float64}  # fmt: skip
    tested = pl.DataFrame(told, schema=schema, orient="row").with_columns(
        marked=pl.Series(stands, dtype=pl.Boolean), to_on=pl.col("from_on").dt.offset_by("6d")
    )
    which = tested.filter("marked").select("department", week="from_on")
    listed = closed.filter("given_up").join(which, on=["department", "week"], nulls_equal=True).with_columns(
        day="closed_on", from_on="due_on", kind=pl.col("status").cast(pl.String),
        days=(pl.col("closed_on") - pl.col("received_on")).dt.total_days(),
    )  # fmt: skip
    base = looked(closed.filter("given_up", since("closed_on", first)), Flag.PEAK)
    return {"marks": marks(listed, Flag.PEAK), "cells": cells(tested, Flag.PEAK), "looked": base}


def _given_up() -> pl.Expr:
    return pl.col("status").cast(pl.String).is_in(GIVEN_UP)


def _weeks(part: pl.DataFrame, first: date, by: Integrity, rules: Signal) -> list[tuple[Any, ...]]:
    """Test the weeks of one department; one with too few to speak of, or no more than usual, has the chance 1."""
    weeks = list(part.iter_rows())
    found: list[tuple[Any, ...]] = []
    for at, (department, week, n, whole) in enumerate(weeks):
        if week < first:
            continue
        chart = rate_chart([(before, d) for _, _, before, d in weeks[:at]], rules)
        if chart is None:
            continue
        p, usual = 1.0, chart.center * whole
        if n >= by.peak_fewest and n > usual:
            sigma = max((chart.at(whole).upper - chart.center) / 3, 1e-9)
            beyond = chance.normal_tail((n / whole - chart.center) / sigma)
            hits, known = (sum(row[c] for row in weeks[:at]) for c in (2, 3))
            p = max(beyond, chance.tail_after(n, whole, hits, known))
        found.append((department, week, n, whole, usual, p))
    return found


def near_due(rows: pl.DataFrame, first: date, as_of: date, calendar: WorkingCalendar, by: Integrity) -> Found:
    """Test every department: withdrawn or given back on the due day or up to pause_days before it, among all that were
    withdrawn or given back by then.

    Expected: the larger of what an even spread over the promise brings, and what results bring to the same days.
    ``day``: of the closing; ``from_on``: the due day; ``days``: working days that were left; ``kind``: the status.
    """
    length = calendar.working_days_between(pl.col("received_on"), pl.col("due_on"))
    told = rows.filter(since("closed_on", first), pl.col("closed_on") <= pl.min_horizontal("due_on", pl.lit(as_of)))
    told = told.filter(length >= by.pause_limit).with_columns(
        left=calendar.working_days_between(pl.col("closed_on"), pl.col("due_on")), given_up=_given_up(), length=length
    )
    near = pl.col("left") <= by.pause_days
    even = ((by.pause_days + 1) / (pl.col("length") + 1)).clip(upper_bound=1)
    up = pl.col("given_up")
    counted = told.group_by("department").agg(
        n=(up & near).sum().cast(pl.Int64), whole=up.sum().cast(pl.Int64), even=even.filter(up).mean(),
        results=near.filter(pl.col("with_result")).mean(),
    ).filter(pl.col("whole") >= by.peak_fewest).sort("department", nulls_last=True)  # fmt: skip
    share = [max(row["even"], row["results"] or 0.0) for row in counted.iter_rows(named=True)]
    pairs = zip(counted.iter_rows(named=True), share, strict=True)
    p = [chance.binomial_tail(row["n"], row["whole"], s) if row["n"] >= by.peak_fewest else 1.0 for row, s in pairs]
    tested = counted.with_columns(
        expected=pl.Series(share, dtype=pl.Float64) * pl.col("whole"), p=pl.Series(p, dtype=pl.Float64),
        marked=pl.Series(chance.found(p, by.false_finds), dtype=pl.Boolean), from_on=pl.lit(first), to_on=pl.lit(as_of),
    )  # fmt: skip
    of = told.filter("given_up", near).join(tested.filter("marked").select("department"), on="department",
                                            nulls_equal=True)  # fmt: skip
    listed = of.with_columns(day="closed_on", from_on="due_on", days="left", kind=pl.col("status").cast(pl.String))
    base = looked(told.filter("given_up"), Flag.WITHDRAWN)
    return {"marks": marks(listed, Flag.WITHDRAWN), "cells": cells(tested, Flag.WITHDRAWN), "looked": base}


def at_night(rows: pl.DataFrame, first: date, time_of: WorkTime, by: Integrity) -> Found:
    """Mark dossiers of one department that were closed one after the other out of office hours, many within minutes.

    Hours are those of each unit, with night_margin_minutes on both sides. A finish at midnight names a day, not a time.
    ``day``, ``at``: of the closing; ``n``: how many were closed together; ``days``: minutes from the first to the last.
    """
    closed = rows.filter(since("closed_on", first), "with_result", pl.col("closed_local").dt.time() != time(0))
    margin = pl.duration(minutes=by.night_margin_minutes)
    parts = []
    for work, part in time_of.groups(closed, "department_own"):
        from_, to = pl.col("closed_local") - margin, pl.col("closed_local") + margin + pl.duration(minutes=1)
        parts.append(part.with_columns(out=work.minutes_between(from_, to) == 0))
    told = pl.concat(parts)
    quiet = told.group_by("source").agg(pl.col("out").mean()).filter(pl.col("out") > by.night_share)["source"].sort()
    told = told.filter(~pl.col("source").is_in(quiet.implode()))
    line = told.filter("out").sort("department", "closed_local", "source", "code", nulls_last=True)
    gap = pl.col("closed_local") - pl.col("closed_local").shift().over("department")
    apart = (gap > pl.duration(minutes=by.night_gap_minutes)).fill_null(True)
    line = line.with_columns(burst=apart.cum_sum().over("department"))
    of = ["department", "burst"]
    lasted = pl.col("closed_local").max().over(of) - pl.col("closed_local").min().over(of)
    line = line.with_columns(n=pl.len().over(of), days=lasted.dt.total_minutes(), day="closed_on", at="closed_local")
    found = line.filter(pl.col("n") >= by.night_fewest)
    why = pl.DataFrame({"source": quiet}).select(
        pl.lit(Flag.NIGHT.value).alias("flag"), "source", why=pl.lit("machine_hours")
    )
    return {"marks": marks(found, Flag.NIGHT), "looked": looked(told, Flag.NIGHT), "quiet": why.cast(QUIET)}
