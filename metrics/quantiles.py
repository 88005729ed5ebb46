"""Median and 90th percentile of whole numbers, exact, of very many groups: nothing is rounded, nothing is sampled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

from metrics.packing import Packing, summed

_TENTHS: Final = {"took_median": 5, "took_p90": 9}
#: What is given where there is no result.
NOTHING: Final = [pl.lit(None, pl.Int32).alias(name) for name in _TENTHS]
#: Rows from which a histogram is quicker than to group and to sort.
_MANY: Final = 500_000
#: Numbers that a histogram tells apart; few groups have a quantile beyond.
_BINS: Final = 64
#: Most combinations of keys, and most cells of histograms: about 300 MB each.
_COMBINATIONS: Final = 2**26
_CELLS: Final = 2**25


def quantiles(rows: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Give ``by`` (text where it was categories), took_n, took_median and took_p90 of the groups of ``rows``.

    ``rows``: ``by``, ``days`` (whole numbers, none missing) and ``n``, how many results a row stands for (1 or more).
    A quantile is the smallest of the numbers within which that share of the results was there.
    """
    words = rows.with_columns(pl.col(b).cast(pl.Categorical) for b in by if rows.schema[b] == pl.String)
    packing = Packing.of(words, by)
    many = by and words.height >= _MANY and packing.size <= _COMBINATIONS
    found = _by_histogram(words, by, packing) if many else _by_sorting(words, by, packing)
    return found.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))


def _by_sorting(rows: pl.DataFrame, by: Sequence[str], packing: Packing) -> pl.DataFrame:
    """Sort all groups at once."""
    line = summed(rows, [*by, "days"], pl.col("n").sum())
    counts = line["n"].to_numpy()
    group = line.select(packing.key).to_series().to_numpy() if by else np.zeros(line.height, np.int64)
    begun = np.flatnonzero(np.diff(group, prepend=-1))
    so_far = counts.cumsum()
    before = so_far[begun] - counts[begun]
    whole = np.diff(np.append(before, so_far[-1:]))
    # The smallest number of days by which that share was there: the first place that reaches it, rounded up.
    at = {name: so_far.searchsorted(before - whole * tenths // -10) for name, tenths in _TENTHS.items()}
    reached = {name: line["days"].gather(place) for name, place in at.items()}
    return line[begun].select(*by, took_n=pl.Series(whole, dtype=pl.Int64), **reached)


def _by_histogram(rows: pl.DataFrame, by: Sequence[str], packing: Packing) -> pl.DataFrame:
    """Count how many results took how many days, group by group; groups with a quantile beyond are sorted."""
    key = rows.select(packing.key).to_series().to_numpy()
    seen = np.zeros(packing.size, bool)
    seen[key] = True
    keys = np.flatnonzero(seen)
    if keys.size * _BINS > _CELLS:
        return _by_sorting(rows, by, packing)
    group = (np.cumsum(seen, dtype=np.int32) - 1)[key].astype(np.int64)
    days, low = rows["days"].to_numpy().astype(np.int64), int(rows["days"].min())  # type: ignore[arg-type]
    bins = np.minimum(days - low, _BINS - 1)
    # Sums of whole numbers below 2^53 are exact.
    cells = np.bincount(group * _BINS + bins, rows["n"].to_numpy(), keys.size * _BINS).reshape(-1, _BINS)
    so_far = cells.cumsum(axis=1)
    whole = so_far[:, -1].astype(np.int64)
    at = {name: (so_far < (-(whole * tenths // -10))[:, None]).sum(axis=1) for name, tenths in _TENTHS.items()}
    reached = {name: low + place for name, place in at.items()}
    if (over := np.maximum.reduce(list(at.values())) == _BINS - 1).any():
        rest = _by_sorting(rows.filter(pl.Series(over[group])), by, packing)
        for name, told in reached.items():
            told[over] = rest[name].to_numpy()
    return packing.unpacked(pl.Series(keys)).with_columns(
        took_n=pl.Series(whole), **{name: pl.Series(told).cast(rows.schema["days"]) for name, told in reached.items()}
    )
