"""The chart of the way from one figure to the next: the figure before, what each factor added or took, and now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dashboard.template import PALETTES, Palette, Spec, Theme, template
from dashboard.wording import in_chart

_HALF: Final = 0.5
_THICK: Final = 0.56


@dataclass(frozen=True, slots=True)
class Step:
    """One line, from ``start`` to ``end``; ``factor``: which one moved it (None: the figure itself, of no length)."""

    name: str
    start: float
    end: float
    label: str
    factor: int | None = None


def waterfall(
    steps: Sequence[Step], *, theme: Theme, usual: tuple[float, float] | None = None, room: float = 0.25, size: int = 13
) -> Spec:  # fmt: skip
    """Draw the steps one under the other, each beginning where the last one ended. ``usual``: what ordinary variation
    would give, as a band behind them; ``room``: what of the width is left on the right for words.

    Lengths are changes, so nothing is drawn from zero: the figures themselves are points, not bars.
    """
    p = PALETTES[theme]
    return {
        "data": [_moved(steps, p), _figures(steps, p)],
        "layout": {
            "template": template(theme, size), "margin": {"l": 4, "r": 8, "t": 8, "b": 4},
            "xaxis": {"visible": False, "range": _range(steps, usual, room)},
            "yaxis": {
                "range": [len(steps) - _HALF, -_HALF], "showgrid": False, "ticklabelstandoff": 10,
                "tickvals": list(range(len(steps))), "ticktext": [in_chart(step.name, 24) for step in steps],
                "tickfont": {"color": p.text, "size": size},
            },
            "shapes": [*([_band(usual, p)] if usual else []), *_threads(steps, p)],
            "annotations": [_label(i, step, p, size) for i, step in enumerate(steps)],
        },
    }  # fmt: skip


def _moved(steps: Sequence[Step], p: Palette) -> Spec:
    """Draw what the factors did, in the colours that their parts have in the chart below (contributions)."""
    fills = (p.early, p.on_time, p.undetermined)
    found = [(i, step, step.factor) for i, step in enumerate(steps) if step.factor is not None]
    return {
        "type": "bar", "orientation": "h", "width": _THICK, "hoverinfo": "skip",
        "y": [i for i, *_ in found], "base": [step.start for _, step, _ in found],
        "x": [step.end - step.start for _, step, _ in found],
        "marker": {"color": [fills[factor] for *_, factor in found], "line": {"width": 0}},
    }  # fmt: skip


def _figures(steps: Sequence[Step], p: Palette) -> Spec:
    found = [(i, step) for i, step in enumerate(steps) if step.factor is None]
    return {
        "type": "scatter", "mode": "markers", "hoverinfo": "skip", "cliponaxis": False,
        "x": [step.end for _, step in found], "y": [i for i, _ in found],
        "marker": {"color": p.text, "symbol": "diamond", "size": 12, "opacity": 1, "line": {"width": 0}},
    }  # fmt: skip


def _range(steps: Sequence[Step], usual: tuple[float, float] | None, room: float) -> list[float]:
    ends = [value for step in steps for value in (step.start, step.end)] + list(usual or ())
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    wide = (high - low) or 1.0
    return [low - 0.06 * wide, high + room * wide]


def _band(usual: tuple[float, float], p: Palette) -> Spec:
    return {
        "type": "rect", "xref": "x", "yref": "paper", "x0": usual[0], "x1": usual[1], "y0": 0, "y1": 1,
        "fillcolor": p.band, "line": {"width": 0}, "layer": "below",
    }  # fmt: skip


def _threads(steps: Sequence[Step], p: Palette) -> list[Spec]:
    """Lead from where a step ended down to where the next begins."""
    line = {"color": p.muted, "width": 1, "dash": "dot"}
    return [
        {"type": "line", "x0": step.end, "x1": step.end, "y0": i, "y1": i + 1, "line": line, "layer": "below"}
        for i, step in enumerate(steps[:-1])
    ]


def _label(i: int, step: Step, p: Palette, size: int) -> Spec:
    return {
        "text": f"<b>{step.label}</b>", "showarrow": False, "x": max(step.start, step.end), "y": i, "xanchor": "left",
        "xshift": 10, "font": {"color": p.text, "size": size - 1 + (step.factor is None)},
    }  # fmt: skip
