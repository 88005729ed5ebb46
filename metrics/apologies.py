"""Letters of apology one by one, as the figure letters_issued counts them: of which dossier, when, and the new day."""

from __future__ import annotations

from typing import Final

import polars as pl

from metrics.dossier import KEY
from metrics.scope import Period

#: Columns of ``apologies``. ``issued_on``: the day written on it, ``counted_on`` that on which it counts (one that was
#: recorded here counts from then on); ``new_due_on``: the due day it promises, null where it promises none.
COLUMNS: Final = ("source", "code", "department", "number", "issued_on", "counted_on", "new_due_on")


def may_hold() -> pl.Expr:
    """Keep the rows of an observed part that may hold a letter: few of many."""
    told = pl.col("extensions").is_not_null() & (pl.col("extensions") != "[]")
    return told | (pl.col("letters_recorded").list.len() > 0).fill_null(False)


def apologies(rows: pl.DataFrame, facts: pl.DataFrame, period: Period) -> pl.DataFrame:
    """List the letters of ``period``, the newest first (COLUMNS).

    ``rows``: observed dossiers in local time (metrics.local); ``facts``: source, code, department and received_on of
    those that figures count. A dossier that was never received has no letter, as in metrics.letters.
    """
    mine = rows.select(*KEY, "letters", "letters_recorded").join(
        facts.filter(pl.col("received_on").is_not_null()), on=KEY, how="inner"
    )
    line = mine.explode("letters", empty_as_null=False, keep_nulls=False).unnest("letters")
    told = line.with_columns(counted_on=pl.col("at").dt.date(), new_due_on=pl.col("due_after").dt.date())
    written = told.join(_written(mine), on=[*KEY, "at", "letter"], how="left", maintain_order="left")
    by_people = pl.when(pl.col("by").is_not_null()).then("written_on")
    named = written.with_columns(issued_on=pl.coalesce(by_people, "counted_on"), number="letter")
    kept = named.filter(pl.col("counted_on").is_between(period.start, period.end))
    return kept.select(COLUMNS).sort(
        "counted_on", "issued_on", "code", "source", descending=[True, True, False, False], nulls_last=True
    )


def _written(mine: pl.DataFrame) -> pl.DataFrame:
    """Give the day written on each letter that people recorded: source, code, at, letter, written_on."""
    recorded = mine.select(*KEY, "letters_recorded").explode("letters_recorded", empty_as_null=False, keep_nulls=False)
    one = recorded.unnest("letters_recorded").select(
        *KEY, "at", letter="number", written_on=pl.col("issued_at").dt.date()
    )
    return one.unique([*KEY, "at", "letter"], keep="first", maintain_order=True)
