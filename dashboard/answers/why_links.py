"""The way from a figure to what its change is made of: the figure, the days and the filters, in the address."""

from __future__ import annotations

from typing import Final

from dashboard.filters import MAP, PERIOD, WEEK, Choice, week_code
from dashboard.shapes import WHY, Link

#: The names in the address: which figure, and by what it is split.
METRIC, BY = "chi_so", "theo"
WORDS: Final = "Vì sao?"


def why(choice: Choice, metric: str) -> Link:
    """Lead to why ``metric`` changed in the choice's period, on today's map of units."""
    code = choice.named.code if choice.named else week_code(choice.monday)
    return Link(WORDS, choice.query(**{WEEK: None, PERIOD: code, MAP: None, METRIC: metric}), WHY)
