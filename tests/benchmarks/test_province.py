"""The made-up province is the same on every machine, and troubled as real ones are."""

from __future__ import annotations

import polars as pl
import pytest

from benchmarks.province import Province
from metrics.dossier import COLUMNS, Dossier
from store.observed import PLACES, PROMISES, STEPS, TURNS
from tests.benchmarks.conftest import PROVINCE


@pytest.fixture(scope="module")
def rows() -> pl.DataFrame:
    return pl.concat(part for _, part in PROVINCE.parts())


def test_there_are_as_many_dossiers_as_asked_for_each_with_a_code_of_its_own(rows: pl.DataFrame) -> None:
    assert rows.height == rows.select("source", "code").unique().height == 20_000


def test_a_part_has_the_columns_that_the_store_observes(rows: pl.DataFrame) -> None:
    assert rows.columns[: len(COLUMNS)] == list(COLUMNS)
    told = {"promises": PROMISES, "places": PLACES, "turns": TURNS, "steps": STEPS}
    assert {name: rows.schema[name] for name in told} == told


def test_every_made_up_dossier_would_be_taken_by_the_border(rows: pl.DataFrame) -> None:
    assert Dossier.filter(rows.select(COLUMNS), cast=True).failure.counts() == {}


def test_one_dossier_in_twenty_five_is_troubled(rows: pl.DataFrame) -> None:
    moved = pl.col("promises").list.len().fill_null(0) > 1
    troubled = moved | pl.col("suspensions").is_not_null() | pl.col("extensions").is_not_null()
    assert 0.03 <= rows.select(troubled.mean()).item() <= 0.05


def test_some_are_pending_some_have_no_due_date_and_none_closes_after_the_last_day(rows: pl.DataFrame) -> None:
    taken = rows.filter(pl.col("received_at").is_not_null())
    assert 0.005 <= taken.select(pl.col("due_at").is_null().mean()).item() <= 0.03
    assert 0.02 <= taken.select(pl.col("resolved_at").is_null().mean()).item() <= 0.15
    local = pl.col("resolved_at").dt.convert_time_zone("Asia/Ho_Chi_Minh").dt.date()
    assert rows.select(local.max()).item() <= PROVINCE.as_of


def test_the_same_seed_gives_the_same_rows_and_another_seed_others() -> None:
    def first(seed: int) -> pl.DataFrame:
        return next(Province(rows=1_200, seed=seed).parts())[1]

    assert first(1).equals(first(1))
    assert not first(1).equals(first(2))
