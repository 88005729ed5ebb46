"""Charts of the page "Dự báo": forecasts beside what came, and arrivals by season."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.template import PALETTES, Spec, Theme, template
from dashboard.wording import in_chart, number

_SMALLEST, _LARGEST = 9, 26


def calibration(
    predicted: Sequence[float], observed: Sequence[float], counts: Sequence[int], *, theme: Theme, size: int = 13
) -> Spec:  # fmt: skip
    """Draw tenths of forecasts against what came; on the line they came as often as was said. Dots grow with n."""
    p = PALETTES[theme]
    most = max(counts, default=1)
    line = {
        "type": "scatter", "mode": "lines", "x": [0, 100], "y": [0, 100], "hoverinfo": "skip",
        "line": {"color": p.undetermined, "width": 1.5, "dash": "dash"},
    }  # fmt: skip
    dots = {
        "type": "scatter", "mode": "markers", "x": [100 * x for x in predicted], "y": [100 * y for y in observed],
        "cliponaxis": False,
        "marker": {"color": p.early, "opacity": 1, "line": {"width": 0},
                   "size": [_SMALLEST + (_LARGEST - _SMALLEST) * (n / most) ** 0.5 for n in counts]},
        "customdata": [_said(*one) for one in zip(predicted, observed, counts, strict=True)],
        "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip
    ticks = [0, 25, 50, 75, 100]
    axis = {"range": [-3, 103], "tickvals": ticks, "ticktext": [f"{n}\u00a0%" for n in ticks], "showgrid": False}
    font = {"size": size - 1, "color": p.muted}
    return {
        "data": [line, dots],
        "layout": {
            "template": template(theme, size), "margin": {"l": 8, "r": 16, "t": 8, "b": 8},
            "xaxis": axis | {"title": {"text": "Dự báo trễ", "font": font}},
            "yaxis": axis | {"title": {"text": "Đã trễ", "font": font}, "showgrid": True, "gridcolor": p.line},
        },
    }  # fmt: skip


def _said(predicted: float, observed: float, n: int) -> str:
    told = f"Dự báo {number(100 * predicted, 1)}\u00a0%: đã xảy ra {number(100 * observed, 1)}\u00a0%"
    return f"{told} trên {number(n)} dự báo"


def season(
    names: Sequence[str], index: Sequence[float], low: Sequence[float], high: Sequence[float], hover: Sequence[str], *,
    theme: Theme, size: int = 13,
) -> Spec:  # fmt: skip
    """Draw what an ordinary working day of each month or stretch brings beside one of its year (1), with its range over
    the years."""
    p = PALETTES[theme]
    bars = {
        "type": "bar", "x": list(range(len(names))), "y": list(index),
        "marker": {"color": p.on_time, "line": {"width": 0}},
        "customdata": [in_chart(text, 120) for text in hover], "hovertemplate": "%{customdata}<extra></extra>",
        "error_y": {"type": "data", "symmetric": False, "color": p.muted, "thickness": 1.5, "width": 3,
                    "array": [h - i for h, i in zip(high, index, strict=True)],
                    "arrayminus": [i - x for x, i in zip(low, index, strict=True)]},
    }  # fmt: skip
    return {
        "data": [bars],
        "layout": {
            "template": template(theme, size), "margin": {"l": 8, "r": 8, "t": 8, "b": 8}, "bargap": 0.35,
            "xaxis": {"tickvals": list(range(len(names))), "ticktext": [in_chart(n, 24) for n in names],
                      "showgrid": False, "tickangle": 0 if len(names) <= 12 and max(map(len, names)) < 6 else -45},
            "yaxis": {"rangemode": "tozero", "nticks": 4, "showgrid": True, "gridcolor": p.line},
            "shapes": [{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 1, "y1": 1,
                        "line": {"color": p.undetermined, "width": 1.5, "dash": "dash"}}],
        },
    }  # fmt: skip
