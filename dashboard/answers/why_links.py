"""The way from a figure to what its change is made of: the figure, the days and the filters, in the address."""

from __future__ import annotations

from typing import Final

from dashboard.filters import MAP, PERIOD, WEEK, Choice, week_code
from dashboard.shapes import WHY, Link
from metrics.definitions import RATES

#: The names in the address: which figure, and by what it is split.
METRIC, BY = "chi_so", "theo"
WORDS: Final = "Vì sao?"

#: The share of slips that are satisfied: the one figure that is not told of dossiers.
SATISFIED: Final = "satisfied"


def is_rate(metric: str) -> bool:
    """Say whether a figure is a share, whose change has no volume."""
    return metric in RATES or metric == SATISFIED


def noun(metric: str) -> str:
    """Say what a figure counts."""
    return "phiếu" if metric == SATISFIED else "hồ sơ"


def why(choice: Choice, metric: str) -> Link:
    """Lead to why ``metric`` changed in the choice's period, on today's map of units."""
    code = choice.named.code if choice.named else week_code(choice.monday)
    return Link(WORDS, choice.query(**{WEEK: None, PERIOD: code, MAP: None, METRIC: metric}), WHY)
