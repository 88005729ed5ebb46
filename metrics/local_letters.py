"""Letters of apology of two origins in one list: those a source tells, and those that people recorded beside it."""

from __future__ import annotations

from typing import Final

import polars as pl

_STAMP: Final = pl.Datetime("us")
#: One letter in local time. ``by``: who recorded it here; null: the source tells it.
LETTER: Final = pl.Struct(
    {"at": _STAMP, "due_before": _STAMP, "due_after": _STAMP, "letter": pl.String, "reason": pl.String, "by": pl.String}
)

_ONE: Final = ["_row", "day", "same"]  # what makes two records one letter


def with_recorded(rows: pl.DataFrame) -> pl.DataFrame:
    """Put ``letters_recorded`` (store.recorded, local instants) among ``letters``, in the order of their days.

    A letter that was recorded counts from the day on which it was: until then nobody could have known. One that was
    recorded again, by the same number and day, is one letter; with another due date the last holds, from its own day.
    One that the source tells too is the source's.
    """
    fields = [pl.element().struct.field(f.name) for f in LETTER.fields if f.name != "by"]
    told = pl.col("letters").list.eval(pl.struct(*fields, pl.lit(None, pl.String).alias("by")))
    named = rows.with_columns(told.cast(pl.List(LETTER))).with_row_index("_row")
    recorded = _long(named, "letters_recorded")
    if recorded.is_empty():
        return named.drop("_row")
    seen = _long(named.filter(pl.col("_row").is_in(recorded["_row"].implode())), "letters")
    day, number = pl.col("at").dt.date(), _number("letter")
    ours = _once(recorded.with_columns(day=pl.col("issued_at").dt.date(), same=_number("number"))).join(
        seen.select("_row", day=day, same=number), on=_ONE, how="anti"
    )
    none = {name: pl.lit(None, LETTER.to_schema()[name]) for name in ("due_before", "reason")}
    ours = ours.select("_row", "at", "by", due_after="due_at", letter="number", **none)
    whole = pl.concat([seen, ours.select(seen.columns)]).sort("_row", "at", maintain_order=True)
    both = whole.group_by("_row", maintain_order=True).agg(_both=pl.struct(f.name for f in LETTER.fields))
    joined = named.join(both, on="_row", how="left", maintain_order="left")
    return joined.with_columns(letters=pl.coalesce("_both", "letters")).drop("_row", "_both")


def _once(recorded: pl.DataFrame) -> pl.DataFrame:
    """Keep each letter once: the first record since its due date is what it is."""
    other = pl.col("due_at").ne_missing(pl.col("due_at").shift().over(_ONE))
    turns = recorded.with_columns(turn=other.cast(pl.Int32).cum_sum().over(_ONE))
    last = turns.filter(pl.col("turn") == pl.col("turn").max().over(_ONE))
    return last.unique(_ONE, keep="first", maintain_order=True).drop("turn")


def _long(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """Give one row per letter of ``column``, with ``_row``."""
    listed = rows.filter(pl.col(column).list.len() > 0).select("_row", column)
    return listed.explode(column, empty_as_null=False, keep_nulls=False).unnest(column)


def _number(column: str) -> pl.Expr:
    """Write a letter's number without what people type differently: blanks and capitals."""
    return pl.col(column).str.replace_all(r"\s+", "").str.to_lowercase()
