"""The made-up province's units, all invented, and the procedures they handle: codes, names and limits are facts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl

from connectors.simulator import scenes
from connectors.simulator.days import Floats, Ints

HERE: Final = Path(__file__).parent
PROVINCE: Final = "tỉnh Minh Sơn"


@dataclass(frozen=True, slots=True)
class Tables:
    """Units, procedures, and every pair of them that belongs together with the weight it has in a day's arrivals.

    ``units``: code, name, level, kind, weight, speed (mean share of the limit that work takes).
    ``procedures``: code, name, field, kind, limit, unit (workdays, days, same_day), weight, online, business, paid.
    """

    units: pl.DataFrame
    procedures: pl.DataFrame
    pair_unit: Ints
    pair_procedure: Ints
    pair_weight: Floats  # sums to 1


@cache
def tables() -> Tables:
    """Read both lists and pair them by ``kind``."""
    units = pl.read_csv(HERE / "units.csv").with_row_index("at")
    procedures = pl.read_csv(HERE / "procedures.csv", schema_overrides={"code": pl.String}).with_row_index("at")
    share = pl.col("weight") / pl.col("weight").sum().over("kind")
    pairs = units.join(
        procedures.select("kind", "field", share=share, procedure="at"), on="kind", maintain_order="left_right"
    ).with_columns(both=pl.col("weight") * pl.col("share") * _crowded())
    return Tables(
        units,
        procedures,
        pairs["at"].cast(pl.Int64).to_numpy(),
        pairs["procedure"].cast(pl.Int64).to_numpy(),
        (pairs["both"] / pairs["both"].sum()).to_numpy(),
    )


def _crowded() -> pl.Expr:
    here = (pl.col("code") == scenes.WORSENING_UNIT) & (pl.col("field") == scenes.WORSENING_FIELD)
    return pl.when(here).then(scenes.WORSENING_LOAD).otherwise(1.0)
