"""Loops, hand-overs and ways: how many dossiers went which way, how many in time, and what turning back cost."""

from __future__ import annotations

from typing import Final

import polars as pl

from metrics.step_figures import CHOSEN, MOST_HANDS, MOST_LOOPS, whole

#: Dossiers, closed and open, by what their way was like. ``way`` null: a rare one; ``days``: working days to the result
#: less those suspended, null without a result; ``loop_minutes``: spent at steps entered again; ``hand_minutes``: waited
#: before the new hands began.
WAYS: Final = (
    *CHOSEN, "ending", "way", "loops", "hands", "days", "n", "loops_sum", "hands_sum", "units_sum", "loop_minutes",
    "hand_minutes",
)  # fmt: skip
_KEYS: Final = (*CHOSEN, "ending", "way", "loops", "hands", "days")


def costs(rows: pl.DataFrame) -> pl.DataFrame:
    """Give what turning back and changing hands cost each dossier (timed visits): id, loop_minutes, hand_minutes."""
    some = rows.lazy().filter(pl.col("again") | pl.col("handed"))
    return some.group_by("id").agg(
        loop_minutes=whole().filter("again").sum().cast(pl.Int64),
        hand_minutes=pl.col("waiting").filter("handed").sum().cast(pl.Int64),
    ).collect()  # fmt: skip


def counted(dossiers: pl.DataFrame, most: int) -> pl.DataFrame:
    """Count dossiers by their way: WAYS. Of each procedure the ``most`` frequent ways are named.

    ``dossiers``: CHOSEN, ending, days, and metrics.visits.ways and ``costs`` of each.
    """
    frequent = dossiers.group_by("procedure", "way").agg(n=pl.len()).sort("n", "way", descending=[True, False])
    rank = pl.int_range(pl.len()).over("procedure")
    named = frequent.filter(pl.col("way").is_not_null(), rank < most).select("procedure", "way", known=pl.lit(True))
    told = dossiers.join(named, on=["procedure", "way"], how="left", nulls_equal=True, maintain_order="left")
    cut = told.with_columns(
        way=pl.when("known").then("way"), loops_sum="loops", hands_sum="hands", units_sum="units",
        loops=pl.col("loops").clip(upper_bound=MOST_LOOPS), hands=pl.col("hands").clip(upper_bound=MOST_HANDS),
    )  # fmt: skip
    sums = [pl.col(name).fill_null(0).cast(pl.Int64).sum() for name in WAYS[len(_KEYS) + 1 :]]
    return cut.group_by(_KEYS).agg(pl.len().cast(pl.Int64).alias("n"), *sums).select(WAYS)
