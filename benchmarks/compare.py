"""Compare two answers cell by cell; a single wrong cell is an error, whatever the speed."""

from __future__ import annotations

from typing import Final

import polars as pl

from benchmarks.questions import Question

_CLOSE: Final = 1e-6  # percentiles are interpolated in floating point
SHOWN: Final = 5


def cells(answer: pl.DataFrame, question: Question) -> pl.DataFrame:
    """Bring an answer into the one form: keys as text and days, values as numbers, no row of zeros."""
    days = [k for k in question.keys if k in ("day", "week")]
    words = [k for k in question.keys if k not in days]
    typed = answer.select(
        pl.col(days).cast(pl.Date), pl.col(words).cast(pl.String), pl.col(question.values).cast(pl.Float64)
    )
    if "event" in words:  # parts of the cube may hold the same day; other questions answer each key once
        typed = typed.group_by(question.keys).agg(pl.col(question.values).sum())
    return typed.filter(pl.any_horizontal(pl.col(v) != 0 for v in question.values))


def differences(right: pl.DataFrame, other: pl.DataFrame, question: Question) -> list[str]:
    """Name the first cells in which ``other`` differs from ``right``; empty when every cell is the same."""
    keys = list(question.keys)
    doubled = other.height - other.select(keys).unique().height
    if doubled:
        return [f"{doubled:,} rows with a key that is there already"]
    both = right.join(other, on=keys, how="full", coalesce=True, nulls_equal=True, suffix="_other")
    if both.height == right.height == other.height and not _wrong(both, question).height:
        return []
    wrong = _wrong(both, question).sort(keys, nulls_last=True)
    return [_sentence(row, question) for row in wrong.head(SHOWN).iter_rows(named=True)]


def _wrong(both: pl.DataFrame, question: Question) -> pl.DataFrame:
    apart = [
        (pl.col(v).is_null() != pl.col(f"{v}_other").is_null())
        | ((pl.col(v) - pl.col(f"{v}_other")).abs() > _CLOSE).fill_null(False)
        for v in question.values
    ]
    return both.filter(pl.any_horizontal(apart))


def _sentence(row: dict[str, object], question: Question) -> str:
    place = " · ".join(str(row[k]) for k in question.keys)
    pairs = [(v, row[v], row[f"{v}_other"]) for v in question.values]
    told = ", ".join(f"{name} {ours} but {other}" for name, ours, other in pairs if ours != other)
    return f"{place}: {told}"
