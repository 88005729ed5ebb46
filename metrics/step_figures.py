"""Figures of steps, counted once in the night so that any choice of unit, field and procedure adds them up.

Times are kept as how many visits took how long, in half hours of work (longer ones in half days and days), so that
medians of any sum are exact to that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

#: What a reader may choose by. ``recent``: closed in the last months, or open.
CHOSEN: Final = ("department", "field", "procedure", "recent")
#: Working minutes in which times are told.
HALF_HOUR: Final = 30
#: Visits that began and ended, by how long: ``kind`` waiting or holding (of those that can be split) or whole.
TIMES: Final = (*CHOSEN, "step", "unit", "kind", "halves", "n", "minutes")
KINDS: Final = ("waiting", "holding", "whole")
#: How a dossier ended or stands, as far as these figures tell it apart.
KEPT, LATE, UNJUDGED, OPEN, OPEN_LATE = "kept", "late", "unjudged", "open", "open_late"
LATE_ONES: Final = (LATE, OPEN_LATE)
#: More loops or hand-overs than these are told together.
MOST_LOOPS, MOST_HANDS = 3, 9
_SPENT: Final = ("waiting", "holding", "unsplit")


def whole() -> pl.Expr:
    """Give the working minutes of a visit: waited, held or either; what was suspended is nobody's."""
    return pl.sum_horizontal(_SPENT).cast(pl.Int32)


def times(rows: pl.DataFrame, by: Sequence[str] = CHOSEN, kinds: Sequence[str] = KINDS) -> pl.DataFrame:
    """Count visits (metrics.visit_times.timed, with ``by``, step, unit) that have ended, by how long each took: TIMES
    with ``by`` for CHOSEN, of ``kinds``."""
    ended = rows.lazy().filter(pl.col("inside"), ~pl.col("running"), ~pl.col("after"), pl.col("step").is_not_null())
    measures = {"waiting": pl.col("split"), "holding": pl.col("split") & pl.col("named"), "whole": pl.lit(True)}
    taken = {"waiting": pl.col("waiting"), "holding": pl.col("holding"), "whole": whole()}
    parts = [
        ended.filter(of).select(*by, "step", "unit", kind=pl.lit(kind), minutes=taken[kind])
        for kind, of in measures.items()
        if kind in kinds
    ]
    counted = [
        part.with_columns(halves=_halves())
        .group_by(*by, "step", "unit", "kind", "halves")
        .agg(n=pl.len().cast(pl.Int64), minutes=pl.col("minutes").cast(pl.Int64).sum())
        for part in parts
    ]
    return pl.concat(pl.collect_all(counted))


def _halves() -> pl.Expr:
    """Round minutes to half hours; from two days of work on to half days, from ten on to days: few different numbers
    make a small table, and nobody asks for the minutes of a fortnight."""
    halves = (pl.col("minutes") + HALF_HOUR // 2) // HALF_HOUR
    day, half = 2 * 8, 8
    rounded = pl.when(halves < 2 * day).then(halves).when(halves < 10 * day).then((halves + half // 2) // half * half)
    return rounded.otherwise((halves + day // 2) // day * day).cast(pl.Int32)


def told_times(counted: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Add up TIMES by ``by``: ``by``, and for each kind n, median and p90 in half hours (the smallest within which that
    share was), minutes: ``waiting_n``, ``waiting_median`` …; the most time first."""
    line = counted.group_by(*by, "kind", "halves").agg(pl.col("n", "minutes").sum()).sort("halves")
    so_far, every = pl.col("n").cum_sum(), pl.col("n").sum()
    told = line.group_by(*by, "kind", maintain_order=True).agg(
        n=every, minutes=pl.col("minutes").sum(),
        **{name: pl.col("halves").filter(so_far * 10 >= every * tenths).first() for name, tenths in _QUANTILES.items()},
    )  # fmt: skip
    found = told.filter(kind="whole").drop("kind").rename({name: f"whole_{name}" for name in _MEASURES})
    for kind in ("waiting", "holding"):
        part = told.filter(kind=kind).drop("kind").rename({name: f"{kind}_{name}" for name in _MEASURES})
        found = found.join(part, on=list(by), how="left", nulls_equal=True, maintain_order="left")
    return found.sort("whole_minutes", *by, descending=[True, *(False for _ in by)], nulls_last=True)


_QUANTILES: Final = {"median": 5, "p90": 9}
_MEASURES: Final = ("n", "minutes", *_QUANTILES)
