"""A hundred sums at once are those that polars gives one by one."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from metrics import evaluate, summing
from metrics.events import EVENT
from metrics.portable import POLARS
from metrics.summing import EXACT, Sums

SUMS = evaluate._sums(POLARS)
KEYS = ["department", "week"]


def rows(count: int, *, seed: int = 1, largest: int = 50) -> pl.DataFrame:
    dice = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "department": [None if n == 0 else f"Đơn vị {n}" for n in dice.integers(0, 9, count)],
            "week": dice.integers(0, 7, count),
            "event": pl.Series(dice.choice(EVENT.categories.to_list(), count), dtype=EVENT),
            "has_due": dice.random(count) < 0.5,
            "here": dice.random(count) < 0.5,
            "by": dice.choice([*evaluate.CHANNELS, "fax"], count),
            "n": dice.integers(-largest, largest, count),
        },
        schema_overrides={"event": EVENT, "department": pl.String, "by": pl.String},
    )


def one_by_one(frame: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    return frame.group_by(keys).agg(*SUMS).sort(keys) if keys else frame.select(*SUMS)


@pytest.mark.parametrize("keys", [[], ["department"], KEYS])
@pytest.mark.parametrize("count", [1, 40, 5_000])
@pytest.mark.parametrize("at_once", [1, 500, summing._AT_ONCE])
def test_all_sums_of_all_groups_are_those_of_polars(
    keys: list[str], count: int, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summing, "_AT_ONCE", at_once)
    frame = rows(count)
    found = Sums.of(SUMS, evaluate.CHANNELS).over(frame, keys)
    assert_frame_equal(found.sort(keys) if keys else found, one_by_one(frame, keys), check_dtypes=True)


def test_of_nothing_there_is_nothing_to_tell_and_the_whole_of_it_is_nought() -> None:
    sums = Sums.of(SUMS, evaluate.CHANNELS)
    assert sums.over(rows(0), KEYS).height == 0
    assert set(sums.over(rows(0), []).row(0)) == {0}


@pytest.mark.parametrize("keys", [[], KEYS])
def test_numbers_beyond_what_a_product_holds_exactly_are_added_one_by_one(keys: list[str]) -> None:
    frame = rows(200, largest=EXACT // 4)
    found = Sums.of(SUMS, evaluate.CHANNELS).over(frame, keys)
    assert_frame_equal(found.sort(keys) if keys else found, one_by_one(frame, keys))
    assert frame["n"].abs().sum() > EXACT


def test_events_may_be_text() -> None:
    frame = rows(300)
    sums = Sums.of(SUMS, evaluate.CHANNELS)
    told = sums.over(frame.with_columns(pl.col("event").cast(pl.String)), KEYS)
    assert_frame_equal(told.sort(KEYS), sums.over(frame, KEYS).sort(KEYS))
