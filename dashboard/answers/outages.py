"""When a source was not heard, as it is said beside charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from dashboard import wording
from dashboard.answers.analysis import Mark
from metrics.outages import Outage
from metrics.scope import Period

#: Letters of a source's name in a chart: more would cross the next mark.
LONGEST: Final = 28


def marks(
    found: Sequence[Outage], titles: Mapping[str, str], shown: Period, *, named: bool = False
) -> list[Mark]:  # fmt: skip
    """Give the outages of the shown time, the oldest first; one that lasts reaches to its end. ``titles``: what the
    sources are called; ``named``: in the chart too, where no words stand below it."""
    mine = (each for each in found if each.first <= shown.end and (each.last or shown.end) >= shown.start)
    return [_mark(each, titles.get(each.source) or each.source, shown, named) for each in mine]


def _mark(outage: Outage, title: str, shown: Period, named: bool) -> Mark:
    words = f"không nghe được {wording.flat(title, LONGEST) if named else 'nguồn'}"
    first, last = max(outage.first, shown.start), min(outage.last or shown.end, shown.end)
    return Mark(first, words, is_break=False, last=last, said=_said(outage, title))


def _said(outage: Outage, title: str) -> str:
    told = f"Nguồn {wording.plain(title, 80)} không nghe được"
    if outage.last == outage.first:
        return f"{told} ngày {wording.day(outage.first)}"
    return f"{told} từ {wording.day(outage.first)} đến {wording.day(outage.last) if outage.last else 'nay'}"
