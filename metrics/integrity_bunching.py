"""Bunching: are more dossiers closed exactly on their due day than the days before it let expect?

The days up to a due day are counted in working days: 0 is the due day itself. Work grows or fades towards a deadline by
about the same factor from day to day; what is put onto the day afterwards stands on it alone. So the five days before
are drawn on to the due day, and what stands above that is set against chance. After R. Chetty et al., "Adjustment
costs, firm responses, and micro vs. macro labor supply elasticities", QJE 126 (2011), by the days on one side only:
whoever takes the nearest due day first closes less on the day after it, and does nothing wrong.
"""

from __future__ import annotations

from datetime import date
from math import exp, inf, log, sqrt
from typing import Any, Final

import polars as pl

from config.insight import Integrity
from metrics import chance
from metrics.calendar import WorkingCalendar
from metrics.integrity import WHO, Flag, cells, looked, marks, since
from metrics.integrity_groups import GROUP, marked
from metrics.integrity_promises import Found

#: A straight line through the logarithms of the five days before, drawn on to the due day: their weights, −1 first.
LINE: Final = (0.8, 0.5, 0.2, -0.1, -0.4)
WINDOW: Final = len(LINE)
_C: Final = tuple(f"c{k}" for k in range(WINDOW + 1))


def offsets(rows: pl.DataFrame, first: date, calendar: WorkingCalendar) -> pl.DataFrame:
    """Give the dossiers closed with a result in the window: WHO, closed_on, due_on, ``k`` (−5 … 0, working days from
    the due day).

    Only promises longer than the window: the whole of a shorter one lies within it. A closing on a day off belongs to
    the working day before, on a day off behind the due day to none.
    """
    k = calendar.working_days_between(pl.col("due_on"), pl.col("closed_on"))
    length = calendar.working_days_between(pl.col("received_on"), pl.col("due_on"))
    told = rows.filter("with_result", since("closed_on", first), pl.col("closed_on") <= pl.col("due_on"))
    told = told.filter(length > WINDOW).with_columns(k=k.cast(pl.Int32))
    return told.filter(pl.col("k").is_between(-WINDOW, 0)).select(*WHO, "closed_on", "due_on", "k")


def tested(line: pl.DataFrame, by: Integrity) -> pl.DataFrame:
    """Test every group (department and field) with enough closings: TESTED of metrics.integrity_groups.

    ``line``: of ``offsets``. ``expected``: what the five days before, drawn on, bring to the due day. ``spread``: how
    many times the closings of one due day scatter more than each by itself would (1 or more), by the same five days.
    ``marked``: stands after Benjamini and Hochberg, and is bunch_ratio times the expected.
    """
    counted = line.group_by(GROUP).agg(
        *((pl.col("k") == -j).sum().cast(pl.Int64).alias(name) for j, name in enumerate(_C))
    )
    enough = counted.with_columns(whole=pl.sum_horizontal(_C)).filter(
        pl.col("whole") >= by.bunch_closings, pl.min_horizontal(_C[1:]) >= by.bunch_day
    )
    told = enough.join(_spread(line), on=GROUP, how="left", nulls_equal=True).sort(GROUP, nulls_last=True)
    return marked([_judged(row) for row in told.iter_rows(named=True)], by)


def expected(before: tuple[int, ...]) -> tuple[float, float]:
    """Give what ``before`` (−1 first, all above 0) lets expect on the due day, and the variance of its logarithm were
    each closing by itself."""
    drawn = sum(weight * log(count) for weight, count in zip(LINE, before, strict=True))
    return exp(drawn), sum(weight * weight / count for weight, count in zip(LINE, before, strict=True))


def _judged(row: dict[str, Any]) -> dict[str, Any]:
    counts = tuple(int(row[name]) for name in _C)
    spread = max(1.0, float(row["spread"] or 1.0))
    mean, variance = expected(counts[1:])
    beyond = log(counts[0] / mean) if counts[0] else -inf
    z = beyond / sqrt(spread * (variance + 1 / max(counts[0], 1)))
    named = {name: row[name] for name in (*GROUP, "whole")}
    return named | {"n": counts[0], "expected": mean, "spread": spread, "p": chance.normal_tail(z)}


def _spread(line: pl.DataFrame) -> pl.DataFrame:
    """Give GROUP, spread: by how much more the closings of a due day scatter over the days before than by themselves.

    Pearson's χ² by its degrees of freedom, of each of the five days before over all due days, and their mean.
    """
    days = line.group_by(*GROUP, "due_on").agg(
        t=pl.len(), **{f"x{-k}": (pl.col("k") == k).sum() for k in range(-WINDOW, 0)}
    )  # fmt: skip
    parts = [_pearson(f"x{j}").alias(f"s{j}") for j in range(1, WINDOW + 1)]
    found = days.group_by(GROUP).agg(parts)
    return found.select(*GROUP, spread=pl.mean_horizontal([f"s{j}" for j in range(1, WINDOW + 1)]))


def _pearson(x: str) -> pl.Expr:
    share = pl.col(x).sum() / pl.col("t").sum()
    chi2 = ((pl.col(x) - pl.col("t") * share) ** 2 / (pl.col("t") * share * (1 - share))).sum()
    return pl.when((share > 0) & (share < 1) & (pl.len() > 1)).then(chi2 / (pl.len() - 1))


def bunched(rows: pl.DataFrame, first: date, last: date, calendar: WorkingCalendar, by: Integrity) -> Found:
    """Test every group, and list the dossiers of marked ones that were closed on their due day.

    Which of them are beyond the expected nobody can say: the mark is the group's. ``day``: of the closing; ``from_on``:
    the due day.
    """
    line = offsets(rows, first, calendar)
    told = tested(line, by)
    of = line.filter(pl.col("k") == 0).join(told.filter("marked").select(GROUP), on=GROUP, nulls_equal=True)
    listed = marks(of.with_columns(day="closed_on", from_on="due_on"), Flag.BUNCHED)
    found = cells(told.with_columns(from_on=pl.lit(first), to_on=pl.lit(last)), Flag.BUNCHED)
    return {"marks": listed, "cells": found, "looked": looked(line, Flag.BUNCHED)}
