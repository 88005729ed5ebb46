"""What may move a promise, and why a move counts or does not."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

import polars as pl

EVER: Final = date(2999, 12, 31)  # a span that has not ended
BEFORE: Final = date(1900, 1, 1)  # the first promise counts from the beginning


class Move(StrEnum):
    """What moved a promise."""

    RETURN = "return"  # the source wrote the new due date beside the return from a suspension
    WAITED = "waited"  # nobody wrote one: the due day moves by the working days waited
    EXTENSION = "extension"  # a letter with a new date
    CORRECTION = "correction"  # an operator recorded it with a reason
    UNEXPLAINED = "unexplained"  # the source shows another date and does not say why


class Verdict(StrEnum):
    """Why a move counts or does not."""

    COUNTS = "counts"
    AS_TOLD = "as_told"  # counts because the source's terms say so ("theo nguồn")
    LATE_NOTICE = "late_notice"
    ONE_LETTER_TOO_MANY = "one_letter_too_many"
    AFTER_DUE = "after_due"
    AFTER_CLOSING = "after_closing"
    LATE_BEFORE = "late_before"  # already overdue when the clock stopped: it stays overdue


#: Every move of a promise, in order, as facts keep it.
MOVES: Final = pl.List(pl.Struct({"on": pl.Date, "due_on": pl.Date, "kind": pl.String, "verdict": pl.String}))
COUNTING: Final = (Verdict.COUNTS, Verdict.AS_TOLD)
