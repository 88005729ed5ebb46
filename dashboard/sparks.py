"""A word-sized line beside a figure: a pure function from numbers to a chart spec."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.charts import HIDDEN
from dashboard.template import PALETTES, Palette, Spec, Theme, template


def sparkline(
    values: Sequence[float | None], *, theme: Theme, bad: bool = False, target: float | None = None
) -> Spec:  # fmt: skip
    """Draw a word-sized line, the last point marked, the target dashed: direction only, so no axis and no hover."""
    p = PALETTES[theme]
    last = max((i for i, v in enumerate(values) if v is not None), default=0)
    base: Spec = {"type": "scatter", "hoverinfo": "skip", "cliponaxis": False}
    return {
        "data": [
            base | {"mode": "lines", "y": list(values), "line": {"color": p.undetermined, "width": 1.5}},
            base | {"mode": "markers", "x": [last], "y": list(values[last : last + 1]),
                    "marker": {"color": p.overdue if bad else p.early, "size": 8}},
        ],
        "layout": {"template": template(theme), "margin": {"l": 0, "r": 8, "t": 6, "b": 6},
                   "xaxis": HIDDEN, "yaxis": HIDDEN | _room_for(values, target), "shapes": _goal(target, p)},
    }  # fmt: skip


def _room_for(values: Sequence[float | None], target: float | None) -> Spec:
    """Keep the target in the picture: a shape does not make an axis longer."""
    known = [v for v in (*values, target) if v is not None]
    if target is None or not known:
        return {}
    room = 0.08 * (max(known) - min(known)) or 0.01
    return {"range": [min(known) - room, max(known) + room]}


def _goal(target: float | None, p: Palette) -> list[Spec]:
    dashed = {"color": p.muted, "width": 1, "dash": "3px,3px"}
    if target is None:
        return []
    return [{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": target, "y1": target, "line": dashed}]
