"""The days of a clock folded by week, for people: how far the count came, and every day that is not an ordinary one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from metrics.explanation import Day

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Note:
    """Days in a row that share a reason; ``counted``: they count all the same (a make-up Saturday, half a day)."""

    from_on: date
    to_on: date
    counted: bool
    reason: str
    rule: str
    decision: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday, or the part of it that the clock saw. ``first``, ``last``: numbers of the days that count, None
    where none does; ``minutes``: working minutes counted, None unless the limit is in hours."""

    from_on: date
    to_on: date
    first: int | None
    last: int | None
    minutes: int | None
    notes: tuple[Note, ...]


def weeks(days: Sequence[Day]) -> tuple[Week, ...]:
    """Fold the days of a clock, in order, by week."""
    return tuple(_week(list(told)) for _, told in groupby(days, key=lambda day: day.on.isocalendar()[:2]))


def _week(days: Sequence[Day]) -> Week:
    numbers = [day.number for day in days if day.number is not None]
    minutes = [day.minutes for day in days if day.minutes is not None]
    return Week(
        days[0].on,
        days[-1].on,
        min(numbers, default=None),
        max(numbers, default=None),
        sum(minutes) if minutes else None,
        notes(days),
    )


def notes(days: Sequence[Day]) -> tuple[Note, ...]:
    """Gather neighbouring days of one reason; ordinary days that count need none."""
    found: list[Note] = []
    for day in (day for day in days if day.reason):
        note = Note(day.on, day.on, day.counted, day.reason, day.rule, day.decision, day.source)
        before = found[-1] if found else None
        if before and before.to_on + _DAY == day.on and _like(before) == _like(note):
            found[-1] = Note(before.from_on, day.on, *_like(note))
        else:
            found.append(note)
    return tuple(found)


def _like(note: Note) -> tuple[bool, str, str, str | None, str | None]:
    return note.counted, note.reason, note.rule, note.decision, note.source
