"""A hundred sums over conditions at once: what one of each kind adds to each sum is worked out once, and multiplied.

Every count of metrics.evaluate is a sum of ``n`` over some kinds of rows. How many conditions there are then costs
nothing: the rows are added up by kind, and one product of two tables gives all sums of all groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.events import EVENT

#: Whole numbers up to here a product of floating point numbers holds exactly.
EXACT: Final = 2**53
_BOTH: Final = (False, True)
#: Numbers that are held at once.
_AT_ONCE: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Sums:
    """Named sums of ``n`` over conditions on the kind of a row: its event, has_due, here, and by (``channels``; any
    other is one kind). ``adds``: kinds × names, what one of each kind adds to each."""

    sums: tuple[pl.Expr, ...]
    names: tuple[str, ...]
    channels: tuple[str, ...]
    adds: NDArray[np.float64]

    @classmethod
    def of(cls, sums: Sequence[pl.Expr], channels: tuple[str, ...]) -> Self:
        """Work out of the sums themselves what one of each kind adds to each."""
        kinds = list(product(EVENT.categories, _BOTH, _BOTH, (*channels, "")))
        schema = pl.Schema({"event": EVENT, "has_due": pl.Boolean(), "here": pl.Boolean(), "by": pl.String()})
        ones = pl.DataFrame(kinds, schema=schema, orient="row").with_columns(n=pl.lit(1, pl.Int64))
        table = ones.with_row_index("#").group_by("#").agg(*sums).sort("#").drop("#")
        return cls(tuple(sums), tuple(table.columns), channels, table.to_numpy().astype(np.float64))

    def over(self, rows: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
        """Give ``keys`` and every sum (Int64) of each group of ``rows``, in any order; without ``keys`` one row.

        ``rows``: ``keys``, event, has_due, here, by (text), n (Int64).
        """
        n = rows["n"].to_numpy().astype(np.float64)
        if np.abs(n).sum() >= EXACT:  # fees in đồng, one of them nonsense
            return rows.group_by(keys).agg(self.sums) if keys else rows.select(self.sums)
        groups, group = _groups(rows, keys)
        kinds = self._kinds(rows)
        seen = np.flatnonzero(np.bincount(kinds, minlength=len(self.adds)))
        at = np.zeros(len(self.adds), np.int64)
        at[seen] = np.arange(len(seen))
        kind = at[kinds]
        count, wide = groups.height if keys else 1, max(len(seen), 1)
        step = max(1, _AT_ONCE // wide)
        told = np.empty((count, len(self.names)), np.int64)
        for first in range(0, count, step):
            some = min(step, count - first)
            here = (group >= first) & (group < first + some) if some < count else slice(None)
            cells = np.bincount((group[here] - first) * wide + kind[here], n[here], some * wide)
            told[first : first + some] = np.rint(cells[: some * len(seen)].reshape(some, -1) @ self.adds[seen])
        columns = [pl.Series(name, column) for name, column in zip(self.names, told.T, strict=True)]
        return pl.DataFrame([*groups.get_columns(), *columns])

    def _kinds(self, rows: pl.DataFrame) -> NDArray[np.int64]:
        """Number the kind of each row, as ``of`` does."""
        others, channel = len(self.channels), pl.lit(len(self.channels), pl.Int64)
        for at, name in enumerate(self.channels):
            channel = pl.when(pl.col("by") == name).then(pl.lit(at, pl.Int64)).otherwise(channel)
        event = pl.col("event").cast(EVENT).to_physical().cast(pl.Int64)
        due, here = (pl.col(name).cast(pl.Int64) for name in ("has_due", "here"))
        number = ((event * 2 + due) * 2 + here) * (others + 1) + channel
        return rows.select(number).to_series().to_numpy()


def _groups(rows: pl.DataFrame, keys: Sequence[str]) -> tuple[pl.DataFrame, NDArray[np.int64]]:
    """Give the groups, and the number of its group for each row."""
    if not keys:
        return pl.DataFrame(), np.zeros(rows.height, np.int64)
    groups = rows.select(keys).unique()
    numbered = groups.with_row_index("#")
    found = rows.select(keys).join(numbered, on=list(keys), how="left", nulls_equal=True, maintain_order="left")
    return groups, found["#"].to_numpy().astype(np.int64)
