"""Frames drawn at random for tests of figures."""

from __future__ import annotations

import random
from datetime import date, timedelta

import polars as pl

from metrics.cube import DIMENSIONS
from metrics.maps import MAP


def durations_like(seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give durations as counts, and the same results one by one: days, field."""
    chance = random.Random(seed)
    rows = [
        {"day": date(2026, 1, 1) + timedelta(days=chance.randrange(300)), "field": f"L{chance.randrange(100)}",
         "days": int(chance.paretovariate(0.7))}
        for _ in range(5_000)
    ]  # fmt: skip
    raw = pl.DataFrame(rows)
    plain = {d: pl.lit(None, pl.String) for d in DIMENSIONS if d != "field"}
    counted = raw.with_columns(**plain, map=pl.lit(None, MAP)).group_by("day", *DIMENSIONS, "map", "days")
    return counted.agg(n=pl.len().cast(pl.Int32)), raw
