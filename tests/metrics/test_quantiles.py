"""Exact quantiles of many groups: by histogram and by sorting alike, and as polars gives them one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from metrics import quantiles as module
from metrics.packing import Packing
from metrics.quantiles import quantiles

BY = ("department", "week")
SHAPES = {
    "as days are": (0, 40),
    "beyond the histogram": (0, 5_000),
    "negative": (-30, 10),
    "nothing but zero": (0, 1),
    "all beyond": (90, 400),
}


def made(seed: int, low: int, high: int, many: int = 3_000) -> pl.DataFrame:
    """Results of units, one without a name, in weeks, one without a day; some rows stand for several results."""
    draw = np.random.default_rng(seed)
    names = pl.Series(["Sở Y tế", "Sở X", None, "a"], dtype=pl.Categorical)
    weeks = pl.Series([date(2026, 1, 5) + timedelta(weeks=n) for n in range(9)] + [None])
    tail = draw.random(many) < 0.02
    days = np.where(tail, draw.integers(low, high * 3, many), draw.integers(low, high, many))
    return pl.DataFrame(
        {
            "department": names.gather(pl.Series(draw.integers(0, 4, many))),
            "week": weeks.gather(pl.Series(draw.integers(0, 10, many))),
            "days": pl.Series(days, dtype=pl.Int32),
            "n": pl.Series(draw.integers(1, 4, many), dtype=pl.Int64),
        }
    )


def one_by_one(rows: pl.DataFrame, by: tuple[str, ...]) -> pl.DataFrame:
    """Lay every result out and ask polars."""
    told = rows.with_columns(pl.col(pl.Categorical).cast(pl.String)).select(pl.exclude("n").repeat_by("n")).explode("*")
    days = pl.col("days")
    asked = [
        pl.len().cast(pl.Int64).alias("took_n"),
        *(days.quantile(share, "equiprobable").cast(pl.Int32).alias(name) for name, share in
          (("took_median", 0.5), ("took_p90", 0.9))),
    ]  # fmt: skip
    return told.group_by(by).agg(asked) if by else told.select(asked)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("by", [BY, ("week",), ()])
def test_either_way_gives_what_each_group_gives_alone(
    shape: str, seed: int, by: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = made(seed, *SHAPES[shape])
    sorting = quantiles(rows, by)
    monkeypatch.setattr(module, "_MANY", 0)
    histogram = quantiles(rows, by)
    assert_frame_equal(histogram, sorting)  # in the same order
    assert_frame_equal(histogram, one_by_one(rows, by), check_row_order=False)


def test_many_rows_are_counted_by_histogram_and_those_of_too_many_groups_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = made(1, 0, 12)
    sorted_: list[int] = []
    by_sorting = module._by_sorting

    def noted(some: pl.DataFrame, by: Sequence[str], packing: Packing) -> pl.DataFrame:
        sorted_.append(some.height)
        return by_sorting(some, by, packing)

    monkeypatch.setattr(module, "_by_sorting", noted)
    right = quantiles(rows, BY)
    monkeypatch.setattr(module, "_MANY", rows.height)
    for name, least in (("_COMBINATIONS", 5 * 10), ("_CELLS", right.height * 64)):
        with monkeypatch.context() as few:
            few.setattr(module, name, least - 1)
            assert_frame_equal(quantiles(rows, BY), right)
    assert sorted_ == [rows.height] * 3
    assert_frame_equal(quantiles(rows, BY), right)
    assert len(sorted_) == 3
    some = rows.with_columns(
        days=pl.when(pl.col("week") == date(2026, 1, 5)).then(pl.col("days") + 99).otherwise("days")
    )
    quantiles(some, BY)
    assert 0 < sorted_[-1] < rows.height / 5  # of that week alone


def test_no_rows_are_no_groups() -> None:
    for by in (BY, ()):
        assert quantiles(made(0, 0, 9).clear(), by).is_empty()
