"""The words that polars and narwhals share: a rule written in them counts the frames of either.

A polars frame is counted by polars itself, a frame of Apache Spark through narwhals; the rule stands once. Words that
only one of them knows (a filter inside a sum, weeks cut from a column of days) have no place in such a rule.
"""

from __future__ import annotations

from typing import Any, Final, Protocol, cast

import polars as pl


class Words(Protocol):
    """What a rule says its conditions in: the module ``polars``, or the module ``narwhals``."""

    Int64: Any
    String: Any
    col: Any
    lit: Any
    when: Any

    def __hash__(self) -> int: ...


class Foreign(Protocol):
    """A frame of Apache Spark, as far as it is known here: no package of ours but ``jobs`` has Spark at hand."""

    sparkSession: Any  # noqa: N815 - Spark's name


#: What can be counted.
Frame = pl.DataFrame | pl.LazyFrame | Foreign
POLARS: Final[Words] = pl


def opened(frame: Frame) -> tuple[Words, pl.LazyFrame]:
    """Give the words for a frame, and the frame in them: lazy, to be used as a LazyFrame of polars is."""
    if isinstance(frame, (pl.DataFrame, pl.LazyFrame)):
        return POLARS, frame.lazy()
    import narwhals  # nobody who counts polars frames waits for it

    return narwhals, cast("pl.LazyFrame", narwhals.from_native(cast("Any", frame)))


def collected(rows: object) -> pl.DataFrame:
    """Give an answer as a frame of polars, wherever it was counted."""
    if isinstance(rows, (pl.LazyFrame, pl.DataFrame)):
        return rows.lazy().collect()
    answer: pl.DataFrame = cast("Any", rows).collect("polars").to_native()
    return answer


def with_table(rows: object, table: pl.DataFrame, on: str) -> pl.LazyFrame:
    """Join a small table to the rows, wherever they are; null where it has no line."""
    if isinstance(rows, pl.LazyFrame):
        return rows.join(table.lazy(), on=on, how="left")
    import narwhals

    session = cast("Any", rows).to_native().sparkSession
    there = narwhals.from_native(session.createDataFrame(table.to_arrow()))
    joined: pl.LazyFrame = cast("Any", rows).join(there, on=on, how="left")
    return joined
