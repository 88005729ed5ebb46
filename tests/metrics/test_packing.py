"""Columns packed into one number come out again as they were, and sort as they did."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from metrics.packing import Packing

KIND = pl.Enum(["zeta", "alpha", "mu"])
SCHEMA: dict[str, pl.DataType] = {
    "day": pl.Date(),
    "kind": KIND,
    "yes": pl.Boolean(),
    "n": pl.Int32(),
    "place": pl.Categorical(),
}
ROWS = st.lists(
    st.tuples(
        st.none() | st.dates(date(1990, 1, 1), date(2100, 1, 1)),
        st.none() | st.sampled_from(KIND.categories.to_list()),
        st.none() | st.booleans(),
        st.none() | st.integers(-1000, 1000),
        st.none() | st.sampled_from(["Sở Y tế", "UBND xã Ba Vì", ""]),
    ),
    max_size=30,
)


@given(rows=ROWS)
def test_what_was_packed_comes_out_again(rows: list[tuple[object, ...]]) -> None:
    frame = pl.DataFrame(rows, pl.Schema(SCHEMA), orient="row")
    packing = Packing.of(frame, frame.columns)
    assert_frame_equal(packing.unpacked(frame.select(key=packing.key)["key"]), frame)


@given(rows=ROWS)
def test_the_number_sorts_as_the_columns_do_what_is_not_known_first(rows: list[tuple[object, ...]]) -> None:
    frame = pl.DataFrame(rows, pl.Schema(SCHEMA), orient="row").drop("place")
    packing = Packing.of(frame, frame.columns)
    by_number = frame.sort(packing.key, maintain_order=True)
    assert_frame_equal(by_number, frame.sort(frame.columns, nulls_last=False, maintain_order=True))


def test_two_rows_have_one_number_only_when_they_are_alike() -> None:
    frame = pl.DataFrame({"a": [1, 1, 2, None, None], "b": [3, 4, 3, 3, None]})
    assert frame.select(Packing.of(frame, ["a", "b"]).key).n_unique() == frame.height


def test_what_one_number_cannot_hold_is_said() -> None:
    wide = pl.DataFrame({name: [0, 2**40] for name in ("a", "b")})
    with pytest.raises(ValueError, match="a, b: too many combinations"):
        Packing.of(wide, ["a", "b"])
