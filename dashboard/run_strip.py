"""The runs of two days as a strip of hours: a pure function from hours to a chart spec."""

from __future__ import annotations

from dashboard.answers.run_hours import Hour, State, Strip
from dashboard.template import PALETTES, Palette, Spec, Theme, template
from dashboard.wording import in_chart

LINE = 30
ROOM, HOURS = 56, 28  # beside the lines; of it below them, for the words of the hours
LONGEST, SHORTEST = 34, 14  # letters of a name, on a desk and on a phone


def height(strip: Strip) -> int:
    """Give the height of the picture, pixels."""
    return ROOM + LINE * max(1, len(strip.names))


def spec(strip: Strip, *, theme: Theme, size: int = 13, narrow: bool = False) -> Spec:
    """Draw a mark for each hour in which a source was read: pale without news, full with, ▲ where it failed."""
    p, letters = PALETTES[theme], SHORTEST if narrow else LONGEST
    return {
        "data": [_marks([hour for hour in strip.hours if hour.state == state], state, p) for state in _STATES],
        "layout": {
            "template": template(theme, size), "margin": {"l": 4, "r": 12, "t": 6, "b": HOURS},
            "xaxis": {"type": "date", "range": [strip.begin, strip.end], "tickangle": 0,
                      "tickformat": "%d/%m" if narrow else "%H:%M %d/%m", "nticks": 2 if narrow else 5},
            "yaxis": {
                "range": [len(strip.names) - 0.5, -0.5], "showgrid": False, "zeroline": False, "ticklabelstandoff": 10,
                "tickvals": list(range(len(strip.names))), "ticktext": [in_chart(n, letters) for n in strip.names],
                "tickfont": {"color": p.text, "size": size},
            },
        },
    }  # fmt: skip


_STATES: tuple[State, ...] = ("quiet", "news", "failed")


def _marks(hours: list[Hour], state: State, p: Palette) -> Spec:
    fills = {"quiet": p.line, "news": p.on_time, "failed": p.overdue}
    return {
        "type": "scatter", "mode": "markers", "cliponaxis": False,
        "x": [hour.at for hour in hours], "y": [hour.line for hour in hours],
        "marker": {
            "symbol": "triangle-up" if state == "failed" else "square", "size": 12 if state == "failed" else 11,
            "opacity": 1, "color": fills[state], "line": {"width": 1 if state == "quiet" else 0, "color": p.muted},
        },
        "customdata": [hour.hover for hour in hours], "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip
