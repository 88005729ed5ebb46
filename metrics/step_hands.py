"""How long steps lie with each officer of a unit, beside all others at the same step of the same procedures."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import polars as pl

from metrics.alike import hides
from metrics.officers import FEWEST_OTHERS

#: One line an officer and step: n visits and their median (half hours); the same of all others, null of too few.
HANDS: Final = ("handler", "step", "n", "median", "others", "others_n", "others_median")
_CELL: Final = ("procedure", "step")
_WHO: Final = ("handler", "step")


def beside(
    hands: pl.DataFrame, department: str, *, fewest: int, seen: Collection[str] | None = None
) -> pl.DataFrame:  # fmt: skip
    """Give HANDS of the officers of ``department``, in the order of codes and steps: at whose steps it was with that
    unit, whichever unit's dossiers they were. Whoever has its dossiers elsewhere answers to another head.

    ``hands``: procedure, step, unit, handler, halves, n of the whole province. Of fewer than FEWEST_OTHERS
    others, or fewer than ``fewest`` visits of theirs, nothing is told: it could be one colleague; nor where all but the
    units that the reader sees (``seen``; None: all) are one or two.
    """
    own = hands.filter(pl.col("unit") == department)
    line = own.group_by(*_WHO, *_CELL[:1], "halves").agg(pl.col("n").sum())
    mine = _median(line.group_by(*_WHO, "halves").agg(pl.col("n").sum()), "median", "n")
    cells = line.select(*_WHO, "procedure").unique()
    every = hands.group_by(*_CELL, "halves").agg(pl.col("n").sum())
    both = cells.join(every, on=_CELL, how="inner", nulls_equal=True)
    theirs = hands.join(cells, on=["handler", *_CELL], how="semi", nulls_equal=True)  # the same person elsewhere too
    less = cells.join(theirs.select("handler", *_CELL, "halves", "n"), on=["handler", *_CELL], nulls_equal=True)
    rest = pl.concat([both, less.select(both.columns).with_columns(-pl.col("n"))])
    rest = rest.group_by(*_WHO, "halves").agg(pl.col("n").sum()).filter(pl.col("n") > 0)
    beside = _median(rest, "others_median", "others_n")
    people = hands.select("handler", "unit", *_CELL).unique().rename({"handler": "other"})
    at_it = cells.join(people, on=_CELL, nulls_equal=True).filter(pl.col("other") != pl.col("handler"))
    unseen = pl.lit(False) if seen is None else ~pl.col("unit").is_in(sorted(seen))
    others = at_it.group_by(_WHO).agg(
        others=pl.col("other").n_unique().cast(pl.Int64), unseen=pl.col("unit").filter(unseen).n_unique()
    )
    found = mine.join(beside, on=_WHO, how="left").join(others, on=_WHO, how="left")
    told = (pl.col("others") >= FEWEST_OTHERS) & (pl.col("others_n") >= fewest) & hides("unseen", FEWEST_OTHERS)
    kept = {name: pl.when(told).then(name) for name in ("others", "others_n", "others_median")}
    return found.with_columns(**kept).select(HANDS).sort(_WHO, nulls_last=True)


def _median(rows: pl.DataFrame, median: str, n: str) -> pl.DataFrame:
    so_far, every = pl.col("n").cum_sum(), pl.col("n").sum()
    found = rows.sort("halves").group_by(_WHO, maintain_order=True)
    return found.agg(pl.col("halves").filter(so_far * 2 >= every).first().alias(median), every.alias(n))
