"""How long a procedure may take on a day, and how far the commitment shortens the statutory limit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from metrics.expectation import limits_of


@dataclass(frozen=True, slots=True)
class Cut:
    """The reduction over procedures, each weighing the same, as provinces publish it: mean of 1 − committed/statutory.

    ``share`` None: no procedure has a limit. ``limited``: procedures with a limit; ``shortened``: of these those with a
    shorter commitment; ``odd``: those whose two limits are of different units and cannot be divided.
    """

    share: float | None
    limited: int
    shortened: int
    odd: int


def in_force(procedures: pl.DataFrame, limits: pl.DataFrame, on: date) -> pl.DataFrame:
    """Give one row per procedure: procedure, statutory, committed (struct size, unit), cutoff for a receipt on ``on``.

    ``procedures``: source, procedure, received (dossiers). Where sources have limits of their own, that of the source
    with the most receipts stands. A procedure without a limit is left out.
    """
    asked = procedures.drop_nulls(["source", "procedure"]).sort("received", descending=True, maintain_order=True)
    rows = asked.select(pl.col("source", "procedure").cast(pl.String), received_on=pl.lit(on)).with_row_index("id")
    known = rows.join(limits_of(rows, limits), on="id").filter(pl.col("statutory").struct.field("size").is_not_null())
    return known.unique("procedure", keep="first", maintain_order=True).select(
        "procedure", "statutory", "committed", "cutoff"
    )


def cut(limits: pl.DataFrame) -> Cut:
    """Give the mean reduction of procedures; within the day there is nothing to cut. ``limits``: of ``in_force``."""
    law, promise = pl.col("statutory").struct, pl.col("committed").struct
    told = limits.filter(law.field("size") > 0)
    alike = told.filter(law.field("unit") == promise.field("unit"))
    share = 1 - promise.field("size") / law.field("size")
    found = alike.select(share=share)["share"]
    mean = found.mean()
    return Cut(
        share=mean if isinstance(mean, float) else None,
        limited=told.height,
        shortened=int((found > 0).sum()),
        odd=told.height - alike.height,
    )
