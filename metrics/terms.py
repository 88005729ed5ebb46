"""How the word of one source is taken: its time zone, how it counts, and whose due date holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Terms:
    """The settings of a source that change what its dossiers mean; kept with the source in the store.

    ``counting``: a limit in working days runs over whole days, or over 8 working hours a day from the minute of
    receipt. ``precision``: kept or missed goes by the calendar day, or by the promised minute. ``promise``: the due
    date that counts is the source's, or our own reckoning where a limit is known. ``moves``: a due date moved without a
    form or too late is judged, or taken as told ("theo nguồn").
    """

    zone: str = "Asia/Ho_Chi_Minh"
    counting: Literal["days", "minutes"] = "days"
    precision: Literal["day", "minute"] = "day"
    promise: Literal["source", "computed"] = "source"
    moves: Literal["judged", "as_told"] = "judged"
