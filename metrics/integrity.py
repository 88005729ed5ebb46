"""What is to be checked and cleared up: dossiers and groups whose dates do not look like ordinary work.

A mark is a question, never a finding: each has an innocent reading as well (docs: the handbook names it). No mark moves
a figure, a colour or an order. What the marks go by stands in insight.toml, [integrity].
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

import polars as pl


class Flag(StrEnum):
    """Every kind of mark (domain: how the data lie)."""

    MOVED = "due_moved"  # another due day, and no form that says why
    SEEN_OPEN = "finish_before_seen_open"  # its finish lies before a time at which its source showed it open
    BUNCHED = "bunched_on_due_day"  # of a group: more closings exactly on the due day than the days before let expect
    EVENING = "closed_late_on_due_day"  # of a group: more closings at the end of the due day than of other days
    PAUSED = "paused_before_due"  # suspended the day before it was due
    LATE_LETTER = "extended_after_due"  # extended by a letter that is later than the due day
    AGAIN = "extended_again"  # more than one letter with a new day
    PEAK = "withdrawal_peak"  # of a department's week: more withdrawn or given back than before
    WITHDRAWN = "withdrawn_before_due"  # of a department: withdrawn or given back just before the due day
    NIGHT = "closed_at_night"  # closed with many others within minutes, out of hours
    BACK = "back_after_done"  # done, and open again later


#: Marks of a single dossier; the others are of a group, and say nothing of any one dossier in it.
OF_DOSSIER: Final = (Flag.MOVED, Flag.SEEN_OPEN, Flag.PAUSED, Flag.LATE_LETTER, Flag.AGAIN, Flag.NIGHT, Flag.BACK)
OF_GROUP: Final = (Flag.BUNCHED, Flag.EVENING, Flag.PEAK, Flag.WITHDRAWN)
#: Who a row is about.
WHO: Final = {"source": pl.String(), "code": pl.String(), "department": pl.String(), "field": pl.String(),
              "procedure": pl.String()}  # fmt: skip
#: What a mark goes by; which of them says what: the function that makes it.
EVIDENCE: Final = {
    "day": pl.Date(), "from_on": pl.Date(), "to_on": pl.Date(), "days": pl.Int32(), "n": pl.Int32(),
    "kind": pl.String(), "at": pl.Datetime("us"),
}  # fmt: skip
#: One row of a dossier's mark; of several of a kind the last one.
MARKS: Final = pl.Schema({"flag": pl.String(), **WHO, **EVIDENCE})
#: One row of a tested group; ``marked``: it stands among all that were tested.
CELLS: Final = pl.Schema(
    {
        "flag": pl.String(), "department": pl.String(), "field": pl.String(), "from_on": pl.Date(), "to_on": pl.Date(),
        "n": pl.Int64(), "whole": pl.Int64(), "expected": pl.Float64(), "p": pl.Float64(), "marked": pl.Boolean(),
    }
)  # fmt: skip
#: How many were looked at, by department: what a share is of. ``expected``: how many are so without any doing, by even
#: chance; null where that cannot be said.
LOOKED: Final = pl.Schema(
    {"flag": pl.String(), "department": pl.String(), "whole": pl.Int64(), "expected": pl.Float64()}
)
#: Sources of which a mark says nothing, and why: they tell too little.
QUIET: Final = pl.Schema({"flag": pl.String(), "source": pl.String(), "why": pl.String()})


def marks(rows: pl.DataFrame, flag: Flag) -> pl.DataFrame:
    """Give ``rows`` (WHO and some of EVIDENCE) as MARKS, one a dossier: its last of the kind."""
    lacking = [pl.lit(None, kind).alias(name) for name, kind in EVIDENCE.items() if name not in rows.columns]
    told = rows.with_columns(lacking).select(pl.lit(flag.value).alias("flag"), *MARKS.names()[1:]).cast(MARKS)
    last = told.sort("source", "code", "day", "at", nulls_last=False, maintain_order=True)
    return last.unique(["source", "code"], keep="last", maintain_order=True)


def cells(rows: pl.DataFrame, flag: Flag) -> pl.DataFrame:
    """Give ``rows`` (some of CELLS) as CELLS."""
    lacking = [pl.lit(None, kind).alias(name) for name, kind in CELLS.items() if name not in rows.columns]
    return rows.with_columns(lacking).with_columns(flag=pl.lit(flag.value)).select(CELLS.names()).cast(CELLS)


def looked(rows: pl.DataFrame, flag: Flag, expected: pl.Expr | None = None) -> pl.DataFrame:
    """Count the dossiers of ``rows`` by department as LOOKED; ``expected``: the chance of each, added up."""
    chance = pl.lit(None, pl.Float64).first() if expected is None else expected.cast(pl.Float64).sum()
    told = rows.unique(["source", "code"]) if rows.height else rows
    counted = told.group_by("department").agg(whole=pl.len().cast(pl.Int64), expected=chance)
    return counted.select(pl.lit(flag.value).alias("flag"), "department", "whole", "expected").cast(LOOKED)


def since(column: str, first: date) -> pl.Expr:
    """Keep what happened on ``first`` or later."""
    return (pl.col(column) >= first).fill_null(False)
