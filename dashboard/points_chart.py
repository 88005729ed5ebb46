"""The chart of points by group: earned, lost, and without data, on one scale. Pure: from numbers to a plain dict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard.answers.index766 import Bar
from dashboard.template import PALETTES, Palette, Spec, Theme, template
from dashboard.wording import in_chart, number

LINE: Final = 52
_ROOM: Final = 12
_FITS: Final = 0.085  # of the longest bar: the room that a number takes


def height(lines: int) -> int:
    """Give the height of a chart with so many groups, pixels."""
    return _ROOM + LINE * lines


def points(bars: Sequence[Bar], *, theme: Theme, size: int = 13) -> Spec:
    """Draw a bar per group as long as its points: earned full, lost pale vermilion with a minus, unknown hatched.

    Names stand above their bars: a phone has no room beside them.
    """
    p = PALETTES[theme]
    widest = max((bar.earned + bar.lost + bar.unknown for bar in bars), default=1.0)
    parts = (
        ([bar.earned for bar in bars], "", p.early, p.paper, None),
        ([bar.lost for bar in bars], "−", p.heat[2], p.text, None),
        ([bar.unknown for bar in bars], "? ", p.band, p.muted, {"shape": "/", "fgcolor": p.line, "size": 6}),
    )
    hover = [bar.hover for bar in bars]
    traces = [
        {
            "type": "bar", "orientation": "h", "x": values, "y": list(range(len(bars))),
            "marker": {"color": fill, "line": {"width": 0}} | ({"pattern": pattern} if pattern else {}),
            "text": [_told(value, sign, widest) for value in values], "textposition": "inside",
            "insidetextanchor": "middle", "textangle": 0, "constraintext": "none",
            "textfont": {"color": ink, "size": size - 1}, "customdata": hover,
            "hovertemplate": "%{customdata}<extra></extra>",
        }
        for values, sign, fill, ink, pattern in parts
    ]  # fmt: skip
    return {
        "data": traces,
        "layout": {
            "template": template(theme, size), "barmode": "stack", "bargap": 0.56,
            "margin": {"l": 4, "r": 8, "t": 4, "b": 4}, "xaxis": {"visible": False, "range": [0, widest]},
            "annotations": [_above(bar, at, p, size) for at, bar in enumerate(bars)],
            "yaxis": {"range": [len(bars) - 0.5, -0.75], "showgrid": False, "showticklabels": False},
        },
    }  # fmt: skip


def _above(bar: Bar, at: int, p: Palette, size: int) -> Spec:
    return {
        "text": in_chart(bar.name), "showarrow": False, "x": 0, "y": at - 0.24, "xanchor": "left", "yanchor": "bottom",
        "font": {"color": p.text, "size": size},
    }  # fmt: skip


def _told(value: float, sign: str, widest: float) -> str:
    """Write points into their part, unless it is too narrow; the table has them."""
    return f"{sign}{number(value, 0 if value == int(value) else 1)}" if value > _FITS * widest else ""
