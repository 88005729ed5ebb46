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
    form or too late is judged, or taken as told ("theo nguồn"). ``figures``: its dossiers are counted, or they stand
    beside those of another source that tells of the same ones, for reconciliation alone.
    """

    zone: str = "Asia/Ho_Chi_Minh"
    counting: Literal["days", "minutes"] = "days"
    precision: Literal["day", "minute"] = "day"
    promise: Literal["source", "computed"] = "source"
    moves: Literal["judged", "as_told"] = "judged"
    figures: Literal["counted", "beside"] = "counted"

    @property
    def said(self) -> tuple[str, ...]:
        """Say on screen and paper how this source is taken where that is not the common way."""
        told = {
            "theo nguồn: mọi lần đổi ngày hẹn của nguồn đều được tính": self.moves == "as_told",
            "ngày hẹn do hệ thống tự tính theo thời hạn của thủ tục": self.promise == "computed",
            "đếm theo giờ làm việc, một ngày là 8 giờ": self.counting == "minutes",
            "so với giờ hẹn, không chỉ ngày hẹn": self.precision == "minute",
            "không tính vào số liệu, chỉ để đối soát": self.figures == "beside",
        }
        return tuple(words for words, holds in told.items() if holds)
