"""What happened in the charted time of a report: mergers, new rules, and the days of annotations.toml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from config.annotated import Annotation
from config.breaks import Break, Breaks
from reports import formats

#: More would be a list, and no help to read a chart by: the newest are told.
MOST: Final = 4


@dataclass(frozen=True, slots=True)
class Happened:
    """A day, one or two words, and whether limits restart there."""

    day: date
    words: str
    restarts: bool


def within(
    first: date, last: date, unit: str | None, breaks: Breaks, notes: Sequence[Annotation]
) -> tuple[Happened, ...]:  # fmt: skip
    """Give what happened after ``first`` and up to ``last``, of a unit or of the whole, the oldest first."""
    told = [Happened(each.day, _words(each), True) for each in breaks.of(unit)]
    mine = (each for each in notes if not each.restarts and (not each.units or unit in each.units))
    told += [Happened(each.day, each.words, False) for each in mine]
    found = sorted((each for each in told if first < each.day <= last), key=lambda each: each.day)
    return tuple(found[-MOST:])


def _words(each: Break) -> str:
    if each.kind == "units":
        return f"{formats.number(len(each.names))} đơn vị sắp xếp lại"
    return each.words if each.kind == "told" else f"quy định mới {each.words}"
