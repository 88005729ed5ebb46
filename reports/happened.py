"""What happened in the charted time of a report: mergers, new rules, days of annotations.toml, silences of sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from config.annotated import Annotation
from config.breaks import Break, Breaks
from metrics.outages import Outage
from reports import formats

#: More would be a list, and no help to read a chart by: the newest are told.
MOST: Final = 4


@dataclass(frozen=True, slots=True)
class Happened:
    """A day, one or two words, and whether limits restart there; of a silence ``source``, whose it is, and its last day
    (None: it lasts)."""

    day: date
    words: str
    restarts: bool
    source: str | None = None
    last: date | None = None


def within(
    first: date, last: date, unit: str | None, breaks: Breaks, notes: Sequence[Annotation],
    silences: Sequence[Happened] = (),
) -> tuple[Happened, ...]:  # fmt: skip
    """Give what happened after ``first`` and up to ``last``, of a unit or of the whole, the oldest first.

    ``silences``: of the sources that feed it (``silent``); one that began earlier is told if it lasted into that time.
    """
    told = [Happened(each.day, _words(each), True) for each in breaks.of(unit)]
    mine = (each for each in notes if not each.restarts and (not each.units or unit in each.units))
    told += [Happened(each.day, each.words, False) for each in mine]
    found = [each for each in told if first < each.day <= last]
    found += [each for each in silences if each.day <= last and (each.last is None or each.last >= first)]
    return tuple(sorted(found, key=lambda each: each.day)[-MOST:])


def silent(found: Sequence[Outage], titles: Mapping[str, str]) -> tuple[Happened, ...]:
    """Tell the outages of ``titles`` (source → what it is called), and of no other source."""
    return tuple(
        Happened(each.first, "không nghe được", False, titles[each.source], each.last)
        for each in found
        if each.source in titles
    )


def _words(each: Break) -> str:
    if each.kind == "units":
        return f"{formats.number(len(each.names))} đơn vị sắp xếp lại"
    return each.words if each.kind == "told" else f"quy định mới {each.words}"
