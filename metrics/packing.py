"""Several columns as one whole number that sorts as they do: one number is far quicker to group and to sort by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Final

import polars as pl

_INT64: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class _Column:
    """One column in the number: ``low`` its least code, ``wide`` how many there are, what is not known among them."""

    name: str
    dtype: pl.DataType
    low: int
    wide: int


@dataclass(frozen=True, slots=True)
class Packing:
    """How columns become one number. What is not known comes first; text (as categories) sorts by its code."""

    columns: tuple[_Column, ...]

    @classmethod
    def of(cls, rows: pl.DataFrame, names: Sequence[str]) -> Packing:
        """Measure whole numbers, days, yes or no, or categories in ``rows``. Raises ValueError where one number cannot
        hold them."""
        columns = []
        for name in names:
            low, high = rows.select(low=_code(name).min().fill_null(0), high=_code(name).max().fill_null(0)).row(0)
            columns.append(_Column(name, rows.schema[name], low, high - low + 2))
        packing = cls(tuple(columns))
        if packing.size > _INT64:
            raise ValueError(f"{', '.join(names)}: too many combinations for one number ({packing.size})")
        return packing

    @property
    def size(self) -> int:
        """How many numbers there are: all are less."""
        return prod(column.wide for column in self.columns)

    @property
    def key(self) -> pl.Expr:
        """The number of a row (Int64)."""
        key = pl.lit(0, pl.Int64)
        for each in self.columns:
            key = key * each.wide + (_code(each.name) - (each.low - 1)).fill_null(0)
        return key

    def unpacked(self, keys: pl.Series) -> pl.DataFrame:
        """Give the columns of these numbers again, in their order and with their types."""
        found: dict[str, pl.Series] = {}
        for each in reversed(self.columns):
            code = keys % each.wide
            keys = keys // each.wide
            found[each.name] = _read(each, pl.select(pl.when(code > 0).then(code + (each.low - 1))).to_series())
        return pl.DataFrame({each.name: found[each.name] for each in self.columns})


def summed(rows: pl.DataFrame, order: Sequence[str], n: pl.Expr) -> pl.DataFrame:
    """Count rows that are alike: columns ``order``, by which they are sorted, and n (Int64), never zero.

    ``n``: an aggregation, how much some of them count together, e.g. pl.len(). Raises ValueError as Packing.of does.
    """
    packing = Packing.of(rows, order)
    known = rows.group_by(key=packing.key).agg(n.cast(pl.Int64).alias("n"))
    line = known.filter(pl.col("n") != 0).sort("key")
    return packing.unpacked(line["key"]).with_columns(n=line["n"])


def coded(rows: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Make words categories whose codes sort as the words do."""
    words = {name: rows[name].cast(pl.String).unique().drop_nulls().sort() for name in names}
    return rows.with_columns(pl.col(name).cast(pl.Enum(told)) for name, told in words.items())


def _code(name: str) -> pl.Expr:
    return pl.col(name).to_physical().cast(pl.Int64)


def _read(column: _Column, code: pl.Series) -> pl.Series:
    if isinstance(column.dtype, pl.Enum | pl.Categorical):
        physical = pl.Series(dtype=column.dtype).to_physical().dtype
        return code.cast(physical).cat.to(column.dtype)
    return code.cast(column.dtype)
