"""When the sources of what is shown were not heard, as marks of a chart: of those that feed it, and of no other."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

from config import insight
from dashboard import cached, data, filters, wording
from dashboard.answers import outages, quality
from dashboard.answers.analysis import Mark
from dashboard.answers.sources import titles
from dashboard.data import Ask
from metrics.outages import Outage
from metrics.scope import Period
from store import heard

#: Minutes for which what was found is good: while a source is silent, other parts of the page say so at once.
KEPT: Final = 10


def marks(ask: Ask, shown: Period, *, named: bool = False) -> list[Mark]:
    """Mark the outages in the shown time of the sources that feed what was chosen, within scope; ``named``: with their
    names in the chart."""
    now = filters.now()
    found = _found(ask.version, shown.start, now.replace(minute=now.minute // KEPT * KEPT, second=0, microsecond=0))
    if not found:
        return []
    span = Period(shown.start, min(shown.end, ask.choice.today))
    fed = {row["source"] for row in data.figures(ask, period=span, by=["source"]).to_dicts() if quality.anything(row)}
    return outages.marks([each for each in found if each.source in fed], titles(data.sources()), span, named=named)


@cached.resource(max_entries=16)
def _found(version: str, since: date, about: datetime) -> tuple[Outage, ...]:  # noqa: ARG001 - when to look anew
    """Find the outages of all sources; whoever shows them needs a scope."""
    book, least = data.book(), insight.load().outages.minutes
    begun = datetime.combine(since, time(), wording.LOCAL)
    return heard.outages(
        data.store(), data.of_version(version), since=begun, until=filters.now(), time=book.time, units=book.units,
        least=least,
    )  # fmt: skip
