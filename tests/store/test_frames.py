"""What goes into a table as a frame comes out as it was, on both engines: every sign, null and instant."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest
import sqlalchemy as sa

from metrics.dossier import INSTANT
from store import frames
from store.database import Store, reading, writing
from store.kinds import Instant

TEXTS = (
    "thường", "", 'ngoặc "kép", phẩy', "hai\ndòng\r\nba", "\\.", "\\N", "null", "a\tb", " đầu và cuối ", "=1+1",
    "e\u0302", "{x}", "%s", "…" * 5_000, None,
)  # fmt: skip
AT = datetime(2026, 11, 20, 3, 4, 5, 678, tzinfo=UTC)
TABLE = sa.Table(
    "signs", sa.MetaData(), sa.Column("n", sa.BigInteger, primary_key=True), sa.Column("text", sa.Text),
    sa.Column("at", Instant), sa.Column("amount", sa.BigInteger), sa.Column("empty", sa.Text),
)  # fmt: skip


@pytest.fixture
def given(store: Store) -> pl.DataFrame:
    n = len(TEXTS)
    rows = pl.DataFrame(
        {
            "n": range(n), "text": TEXTS, "at": [AT, None, AT.replace(microsecond=0)] * (n // 3),
            "amount": [2**62, -1, None] * (n // 3), "empty": [None] * n,
        },
        schema=[
            ("n", pl.Int64()), ("text", pl.String()), ("at", INSTANT), ("amount", pl.Int64()), ("empty", pl.String()),
        ],
    )  # fmt: skip
    with writing(store) as connection:
        TABLE.create(connection)
        frames.insert(connection, TABLE, rows)
    return rows


def held(store: Store) -> pl.DataFrame:
    with reading(store) as connection:
        return frames.select(connection, sa.select(TABLE).order_by(TABLE.c.n))


def test_what_is_inserted_is_held(store: Store, given: pl.DataFrame) -> None:
    assert held(store).equals(given)


def test_what_is_replaced_is_held_and_null_takes_the_place_of_a_value(store: Store, given: pl.DataFrame) -> None:
    turned = given.with_columns(pl.col("text").reverse(), pl.col("at", "amount").shift(1))
    with writing(store) as connection:
        frames.replace(connection, TABLE, turned.drop("empty"), ["n"])
    assert held(store).equals(turned)
    assert not turned.equals(given)


def test_a_row_that_is_not_there_is_left_out(store: Store, given: pl.DataFrame) -> None:
    other = given.with_columns(pl.col("n") + 1_000)
    with writing(store) as connection:
        frames.replace(connection, TABLE, other, ["n"])
    assert held(store).equals(given)


def test_an_answer_without_rows_has_its_columns(store: Store, given: pl.DataFrame) -> None:
    with reading(store) as connection:
        none = frames.select(connection, sa.select(TABLE).where(TABLE.c.n < 0))
    assert none.schema == given.schema
    assert none.is_empty()
