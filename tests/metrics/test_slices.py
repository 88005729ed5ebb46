"""A part that is derived in slices is the part derived as a whole, to the byte."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import fields

import polars as pl
import pytest

from benchmarks.ours import TERMS, book
from benchmarks.province import Province
from metrics import slices
from metrics.clocks import facts
from metrics.cube import COLUMNS
from metrics.rulebook import Rulebook
from metrics.slices import Derived, added, derived
from metrics.terms import Terms

PIECES = [each.name for each in fields(Derived)]
ASIDE = ("lien-thong",)


@pytest.fixture(scope="module")
def observed() -> pl.DataFrame:
    return next(iter(Province(rows=72_000, months=12).parts()))[1]


@pytest.fixture(scope="module")
def whole(observed: pl.DataFrame) -> Derived:
    made = derived(observed, TERMS, book(), aside=ASIDE)
    assert {None, "then"} <= set(made.cube["map"].cast(pl.String)) and made.beside.height > 100
    return made


def content(frame: pl.DataFrame) -> bytes:
    """Write as store.snapshot.put does."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=3)
    return buffer.getvalue()


@pytest.mark.parametrize("at_once", [5_999, 2_500, 700])
def test_slices_give_the_same_bytes(observed: pl.DataFrame, whole: Derived, at_once: int) -> None:
    cut = derived(observed, TERMS, book(), aside=ASIDE, at_once=at_once)
    for piece in PIECES:
        assert getattr(cut, piece).equals(getattr(whole, piece)), piece
        assert content(getattr(cut, piece)) == content(getattr(whole, piece)), piece


def test_a_part_is_cut_where_it_is_too_large(
    observed: pl.DataFrame, whole: Derived, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def noted(rows: pl.DataFrame, terms: Mapping[str, Terms], book: Rulebook) -> pl.DataFrame:
        asked.append(rows.height)
        return facts(rows, terms, book)

    monkeypatch.setattr(slices, "AT_ONCE", 4_000)
    monkeypatch.setattr(slices, "facts", noted)
    assert derived(observed, TERMS, book(), aside=ASIDE).cube.equals(whole.cube)
    assert asked == [4_000, 2_000]


def test_a_part_without_dossiers_is_one_without_counts(observed: pl.DataFrame) -> None:
    made = derived(observed.clear(), TERMS, book())
    assert made.facts.is_empty() and made.cube.is_empty() and made.cube.columns == list(COLUMNS)


def test_what_cancels_out_between_slices_is_left_out(whole: Derived) -> None:
    back = whole.cube.with_columns(n=-pl.col("n")).head(10)
    assert added([whole.cube, back], COLUMNS).equals(whole.cube.slice(10))
