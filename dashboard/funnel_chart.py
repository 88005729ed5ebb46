"""A funnel as it is drawn: units by size and rate, the limits round the common rate. Pure, like charts."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Final

from dashboard.answers.procedures import short
from dashboard.template import PALETTES, Palette, Spec, Theme, template
from dashboard.wording import in_chart, number
from metrics.funnel import LIKELY, SURE, Funnel, Placed

STEPS: Final = 48
MOST_NAMED: Final = 5


def funnel(
    found: Funnel, units: Sequence[Placed], hover: Sequence[str], *, theme: Theme, size: int = 13, named: bool = True
) -> Spec:
    """Draw the limits and a point a unit; a click gives ``point_number`` of the last trace."""
    p = PALETTES[theme]
    widest = max((each.due for each in units), default=1)
    return {
        "data": [_band(found, SURE, widest, p.band), _band(found, LIKELY, widest, p.line), _points(units, hover, p)],
        "layout": {
            "template": template(theme, size),
            "margin": {"l": 4, "r": 24, "t": 12, "b": 4},
            "xaxis": {"range": [0, 1.06 * widest], "ticksuffix": " hồ sơ", "nticks": 5, "showgrid": False},
            "yaxis": {"range": _range(found, units), "ticksuffix": " %", "nticks": 5},
            "shapes": [_center(found, p)],
            "annotations": _names(units, p, size) if named else [],
        },
    }


def _band(found: Funnel, sure: float, widest: int, fill: str) -> Spec:
    sizes = [max(1, round(widest * i / STEPS)) for i in range(1, STEPS + 1)]
    limits = [found.at(each, sure) for each in sizes]
    return {
        "type": "scatter", "mode": "lines", "x": [*sizes, *reversed(sizes)], "fill": "toself", "fillcolor": fill,
        "y": [*(100 * each.upper for each in limits), *(100 * each.lower for each in reversed(limits))],
        "line": {"width": 0}, "hoverinfo": "skip",
    }  # fmt: skip


def _points(units: Sequence[Placed], hover: Sequence[str], p: Palette) -> Spec:
    out = [each.where == "sure" for each in units]
    return {
        "type": "scatter", "mode": "markers", "cliponaxis": False,
        "x": [each.due for each in units], "y": [100 * each.met / each.due for each in units],
        "marker": {
            "opacity": 1, "size": [13 if each else 8 for each in out], "line": {"width": 1, "color": p.paper},
            "symbol": [("triangle-up" if unit.above else "triangle-down") if far else "circle"
                       for unit, far in zip(units, out, strict=True)],
            "color": [p.overdue if far and not unit.above else p.early for unit, far in zip(units, out, strict=True)],
        },
        "customdata": list(hover), "hovertemplate": "%{customdata}<extra></extra>",
        "selected": {"marker": {"opacity": 1}}, "unselected": {"marker": {"opacity": 1}},
    }  # fmt: skip


def _center(found: Funnel, p: Palette) -> Spec:
    y = 100 * found.center
    line = {"color": p.muted, "width": 1}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y, "line": line}


def _names(units: Sequence[Placed], p: Palette, size: int) -> list[Spec]:
    """Name those below the limits, the largest first: there is no room for more."""
    below = sorted((each for each in units if each.where == "sure" and not each.above), key=lambda each: -each.due)
    return [
        {
            "text": in_chart(short(each.name, 40), 40), "x": each.due,
            "y": 100 * each.met / each.due, "showarrow": False,
            "yshift": -14, "font": {"size": size - 1, "color": p.text},
        }
        for each in below[:MOST_NAMED]
    ]  # fmt: skip


def _range(found: Funnel, units: Sequence[Placed]) -> list[float]:
    """Leave room for the points; limits of the smallest may run out of the picture."""
    middle = found.at(ceil(found.due / len(found.placed)), SURE)
    rates = [each.met / each.due for each in units]
    low, high = min([middle.lower, *rates]), max([middle.upper, *rates])
    room = max(0.01, 0.08 * (high - low))
    return [100 * max(0.0, low - room), 100 * min(1.004, high + room)]


def in_words(found: Funnel, text: str) -> str:
    """Say what the picture shows, for readers who do not see it."""
    return f"Tỷ lệ đúng hạn của {number(len(found.placed))} đơn vị theo số hồ sơ. {text}"
