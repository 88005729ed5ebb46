"""Lay promises and halts on one line of days: every span in which one promise ran or stood."""

from __future__ import annotations

from typing import Final

import polars as pl

from metrics.verdicts import BEFORE, EVER

#: One promise running or halted, from ``from_on`` to the day before ``to_on``. ``late``: it was overdue when halted.
SPANS: Final = pl.List(
    pl.Struct({"from_on": pl.Date, "to_on": pl.Date, "due_on": pl.Date, "suspended": pl.Boolean, "late": pl.Boolean})
)


def cut(first: pl.DataFrame, moves: pl.DataFrame, halts: pl.DataFrame) -> pl.DataFrame:
    """Give id, from_on, to_on, due_on, suspended, late; ordered.

    ``first``: id, due_on. ``moves``: id, on, due_on of those that count. ``halts``: id, from_on, to_on.
    """
    none = pl.lit(None, pl.Date)
    marks = pl.concat(
        [
            first.select("id", on=pl.lit(BEFORE), due_on="due_on", step=pl.lit(0), order=pl.lit(0)),
            halts.select("id", on="to_on", due_on=none, step=pl.lit(-1), order=pl.lit(1)),
            moves.select("id", "on", "due_on", step=pl.lit(0), order=pl.lit(2)),
            halts.select("id", on="from_on", due_on=none, step=pl.lit(1), order=pl.lit(3)),
        ]
    ).sort("id", "on", "order", maintain_order=True)
    line = marks.with_columns(
        pl.col("due_on").forward_fill().over("id"),
        depth=pl.col("step").cum_sum().over("id"),
    )
    ends = line.group_by("id", "on", maintain_order=True).agg(pl.col("due_on", "depth").last())
    ends = ends.with_columns(to_on=pl.col("on").shift(-1).over("id").fill_null(EVER), suspended=pl.col("depth") > 0)
    halting = pl.col("suspended") & ~pl.col("suspended").shift(1).over("id").fill_null(False)
    late = pl.when(halting).then((pl.col("due_on") < pl.col("on")).fill_null(False))
    return (
        ends.with_columns(late=late.forward_fill().over("id"))
        .with_columns(late=pl.when("suspended").then("late").otherwise(False))
        .filter(pl.col("on") < EVER)
        .select("id", from_on="on", to_on="to_on", due_on="due_on", suspended="suspended", late="late")
    )
