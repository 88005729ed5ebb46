"""The end of the due day: are more dossiers closed late on it than late on the group's other days?

Dates alone tell little of short promises: the whole of one lies within the days that metrics.integrity_bunching draws
on. The hour tells more, of promises of every length: what is written back onto the due day at its end stands out beside
the closings of the days before, which nobody had a reason to write back. So a group is its own measure: of its closings
before the due day, the share that was late in the day.
"""

from __future__ import annotations

from datetime import date, time
from math import ceil
from typing import Any

import polars as pl

from config.insight import Integrity
from metrics import chance
from metrics.integrity import WHO, Flag, cells, looked, marks, since
from metrics.integrity_groups import GROUP, marked
from metrics.integrity_promises import Found
from metrics.worktime import WorkTime


def closings(rows: pl.DataFrame, first: date, work: WorkTime, by: Integrity) -> pl.DataFrame:
    """Give what was closed with a result by its due day, on a day of work: WHO, closed_on, closed_local, due_on,
    ``due`` (on its due day), ``late`` (less than evening_minutes of the unit's hours were left).

    A finish at midnight names a day, not a time.
    """
    told = rows.filter("with_result", since("closed_on", first), pl.col("closed_on") <= pl.col("due_on"))
    told = told.filter(pl.col("closed_local").dt.time() != time(0))
    day = pl.col("closed_local").dt.truncate("1d")
    parts = []
    for of, part in work.groups(told, "department_own"):
        left = of.minutes_between(pl.col("closed_local"), day.dt.offset_by("1d"))
        whole = of.minutes_between(day, day.dt.offset_by("1d"))
        parts.append(part.with_columns(left=left, day_minutes=whole))
    if not parts:
        return rows.clear().select(*WHO, "closed_on", "closed_local", "due_on", due=pl.lit(False), late=pl.lit(False))
    found = pl.concat(parts).filter(pl.col("day_minutes") > 0)
    return found.select(
        *WHO, "closed_on", "closed_local", "due_on", due=pl.col("closed_on") == pl.col("due_on"),
        late=pl.col("left") < by.evening_minutes,
    )  # fmt: skip


def tested(line: pl.DataFrame, by: Integrity) -> pl.DataFrame:
    """Test every group (department and field) with enough closings: TESTED of metrics.integrity_groups.

    ``n`` late of ``whole`` on the due day; ``expected``: by the share of the days before. ``spread``: how many times
    the late ones of one day scatter more than each by itself would (1 or more): dossiers signed in one go prove no more
    than one. All counts are divided by it. ``marked``: stands after Benjamini and Hochberg, and is bunch_ratio times
    the expected.
    """
    late, due = pl.col("late"), pl.col("due")
    counted = line.group_by(GROUP).agg(
        n=(late & due).sum().cast(pl.Int64), whole=due.sum().cast(pl.Int64),
        hits=(late & ~due).sum().cast(pl.Int64), before=(~due).sum().cast(pl.Int64),
    )  # fmt: skip
    enough = counted.filter(pl.col("whole") >= by.evening_fewest, pl.col("before") >= by.bunch_closings)
    told = enough.join(_spread(line), on=GROUP, how="left", nulls_equal=True).sort(GROUP, nulls_last=True)
    return marked([_judged(row) for row in told.iter_rows(named=True)], by)


def _judged(row: dict[str, Any]) -> dict[str, Any]:
    spread = max(1.0, float(row["spread"] or 1.0))
    n, hits = int(row["n"] / spread), ceil(row["hits"] / spread)
    whole, before = ceil(row["whole"] / spread), ceil(row["before"] / spread)
    named = {name: row[name] for name in (*GROUP, "n", "whole")}
    expected = row["whole"] * row["hits"] / row["before"]
    return named | {"expected": expected, "spread": spread, "p": chance.tail_after(n, whole, hits, before)}


def _spread(line: pl.DataFrame) -> pl.DataFrame:
    """Give GROUP, spread: Pearson's χ² by its degrees of freedom of the late ones over the days of closing, of both the
    due days and the days before, each by its own share; the larger."""
    days = line.group_by(*GROUP, "due", "closed_on").agg(t=pl.len(), x=pl.col("late").sum())
    share = pl.col("x").sum() / pl.col("t").sum()
    chi2 = ((pl.col("x") - pl.col("t") * share) ** 2 / (pl.col("t") * share * (1 - share))).sum()
    told = pl.when((share > 0) & (share < 1) & (pl.len() > 1)).then(chi2 / (pl.len() - 1))
    return days.group_by(*GROUP, "due").agg(spread=told).group_by(GROUP).agg(pl.col("spread").max())


def evenings(rows: pl.DataFrame, first: date, last: date, work: WorkTime, by: Integrity) -> Found:
    """Test every group, and list the dossiers of marked ones that were closed at the end of their due day.

    Which of them are beyond the expected nobody can say: the mark is the group's. ``day``, ``at``: of the closing;
    ``from_on``: the due day.
    """
    line = closings(rows, first, work, by)
    told = tested(line, by)
    of = line.filter("due", "late").join(told.filter("marked").select(GROUP), on=GROUP, nulls_equal=True)
    listed = marks(of.with_columns(day="closed_on", from_on="due_on", at="closed_local"), Flag.EVENING)
    found = cells(told.with_columns(from_on=pl.lit(first), to_on=pl.lit(last)), Flag.EVENING)
    return {"marks": listed, "cells": found, "looked": looked(line.filter("due"), Flag.EVENING)}
