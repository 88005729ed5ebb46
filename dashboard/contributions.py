"""The chart of what a change is made of: a bar for each unit, field or procedure, left of zero or right of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dashboard.template import PALETTES, Palette, Spec, Theme, template
from dashboard.wording import in_chart

_ALIKE: Final[Spec] = {"selected": {"marker": {"opacity": 1}}, "unselected": {"marker": {"opacity": 1}}}
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class Bar:
    """One line: what each factor contributed (in the order of the chart's), their sum in words, and a hover text."""

    name: str
    values: Sequence[float]
    total: str
    hover: str


def bars(
    lines: Sequence[Bar], factors: int, *, theme: Theme, size: int = 13, longest: int = 34
) -> Spec:  # fmt: skip
    """Draw what each line contributed, stacked by factor on both sides of zero, with the sum at the end.

    A click gives ``point_number``: the line.
    """
    p = PALETTES[theme]
    traces = [_factor(lines, i, p) for i in range(factors)]
    ends = [(sum(v for v in line.values if v > 0), sum(v for v in line.values if v < 0)) for line in lines]
    widest = max((max(high, -low) for high, low in ends), default=1.0) or 1.0
    return {
        "data": traces,
        "layout": {
            "template": template(theme, size), "barmode": "relative", "bargap": 0.3,
            "margin": {"l": 4, "r": 8, "t": 8, "b": 4},
            "xaxis": {"visible": False, "range": _range(ends, widest)},
            "yaxis": {
                "range": [len(lines) - _HALF, -_HALF], "showgrid": False, "ticklabelstandoff": 10,
                "tickvals": list(range(len(lines))), "ticktext": [in_chart(line.name, longest) for line in lines],
                "tickfont": {"color": p.text, "size": size},
            },
            "shapes": [{"type": "line", "xref": "x", "yref": "paper", "x0": 0, "x1": 0, "y0": 0, "y1": 1,
                        "line": {"color": p.muted, "width": 1}}],
            "annotations": [_total(i, line, ends[i][0], p, size) for i, line in enumerate(lines)],
        },
    }  # fmt: skip


def _range(ends: Sequence[tuple[float, float]], widest: float) -> list[float]:
    """Leave room on the right for the sums, which stand behind the bars."""
    low, high = min((low for _, low in ends), default=0.0), max((high for high, _ in ends), default=0.0)
    return [low - 0.04 * widest, high + 0.35 * max(widest, high - low)]


def _factor(lines: Sequence[Bar], i: int, p: Palette) -> Spec:
    """Draw one factor; those that weigh most in judging are the darkest."""
    fills = (p.early, p.on_time, p.undetermined)
    return _ALIKE | {
        "type": "bar", "orientation": "h", "x": [line.values[i] for line in lines],
        "y": list(range(len(lines))), "marker": {"color": fills[i], "line": {"width": 0}},
        "customdata": [line.hover for line in lines], "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip


def _total(i: int, line: Bar, end: float, p: Palette, size: int) -> Spec:
    return {
        "text": f"<b>{line.total}</b>", "showarrow": False, "x": end, "y": i, "xanchor": "left", "xshift": 6,
        "font": {"color": p.text, "size": size - 1},
    }  # fmt: skip
