"""One list that a number on a page can open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import polars as pl

from metrics.events import Event

Kind = Literal["open", "held", "due", "received", "resolved", "form", "event", "came_late", "left_late"]


@dataclass(frozen=True, slots=True)
class Listing:
    """One list. ``kind``: the open dossiers of a day; those of other units that lie with one in scope (``held``); those
    that were due, received or resolved in ``weeks``, or in the period of the address; those of form II.06 of that
    period; those to which ``event`` happened in it; those that came into the overdue stock in it, or left that."""

    code: str  # in the URL
    title: str
    kind: Kind
    keep: pl.Expr
    sort: tuple[str, ...]
    descending: bool = False
    weeks: int = 1
    tab: bool = False  # always offered; the others only when a link opened them
    event: Event | None = None
    less: Event | None = None  # those to which this happened on the same day are not in it

    @property
    def on_event(self) -> bool:
        """Say whether its lines have a day of their own (``event_on``)."""
        return self.kind in ("event", "came_late", "left_late")

    @property
    def of_heard(self) -> bool:
        """Say whether the list stands behind a figure that is told of those who were heard: a rate, a duration."""
        return self.kind == "due" or "taken_days" in self.sort


def by_code(listings: Iterable[Listing]) -> dict[str, Listing]:
    """Give lists by their code; one that stands twice would stand behind another's number. Raises ValueError."""
    found: dict[str, Listing] = {}
    for each in listings:
        if each.code in found:
            raise ValueError(f"two lists are called {each.code}: {found[each.code].title}; {each.title}")
        found[each.code] = each
    return found
