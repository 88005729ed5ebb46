"""Charts of the wall: larger words, no hover, nothing to click. Pure functions from numbers to plain dicts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Literal

from dashboard.charts import HIDDEN
from dashboard.template import PALETTES, Palette, Spec, Theme, template
from dashboard.wording import in_chart, number

SIZE: Final = 24  # px on a wall of 1920 × 1080; other screens scale the whole picture
Inks = Literal["ages", "due"]
#: A part narrower than this share of the longest bar keeps its number out.
_NARROW: Final = 0.09
_DARK: Final = "#0D1622"  # on amber and on blue in both themes: 4.9 or more


def bars(
    names: Sequence[str], counts: Sequence[Sequence[int]], parts: Sequence[str], *, inks: Inks, theme: Theme
) -> Spec:
    """Draw units as bars split in parts, the first name on top, each part with its number, the total at the end."""
    p = PALETTES[theme]
    totals = [sum(row) for row in counts]
    longest = max(totals, default=0) or 1
    traces = [_part(i, part, names, [row[i] for row in counts], longest, inks, p) for i, part in enumerate(parts)]
    return {
        "data": [*traces, _ends(names, totals, p)],
        "layout": {
            "template": template(theme, SIZE), "barmode": "stack", "bargap": 0.32, "showlegend": True,
            "margin": {"l": 8, "r": 70, "t": 52, "b": 0},
            "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "traceorder": "normal",
                       "itemclick": False, "itemdoubleclick": False, "font": {"size": SIZE - 2, "color": p.muted}},
            "xaxis": HIDDEN | {"range": [0, 1.02 * longest]},
            "yaxis": {"type": "category", "autorange": "reversed", "showgrid": False, "ticklabelstandoff": 12,
                      "tickvals": list(range(len(names))), "ticktext": [in_chart(name) for name in names],
                      "tickfont": {"color": p.text, "size": SIZE}},
        },
    }  # fmt: skip


def _part(i: int, part: str, names: Sequence[str], counts: Sequence[int], longest: int, inks: Inks, p: Palette) -> Spec:
    fill, ink = (p.ages[i], p.on_ages[i]) if inks == "ages" else _due_ink(i, p)
    return {
        "type": "bar", "orientation": "h", "name": part, "y": list(range(len(names))), "x": list(counts),
        "marker": {"color": fill, "line": {"width": 0}}, "hoverinfo": "skip",
        "text": [number(n) if n / longest > _NARROW else "" for n in counts], "textposition": "inside",
        "insidetextanchor": "middle", "textangle": 0, "constraintext": "none",
        "textfont": {"color": ink, "size": SIZE - 2},
    }  # fmt: skip


def _due_ink(i: int, p: Palette) -> tuple[str, str]:
    """Give the ink of what falls due today, tomorrow and later, and of the number on it."""
    return ((p.due_soon, _DARK), (p.on_time, _DARK), (p.line, p.text))[i]


def _ends(names: Sequence[str], totals: Sequence[int], p: Palette) -> Spec:
    """Write the total behind each bar."""
    return {
        "type": "scatter", "mode": "text", "x": list(totals), "y": list(range(len(names))), "cliponaxis": False,
        "text": [f"\u00a0<b>{number(n)}</b>" for n in totals], "textposition": "middle right", "hoverinfo": "skip",
        "textfont": {"color": p.text, "size": SIZE + 2}, "showlegend": False,
    }  # fmt: skip


def spark(values: Sequence[float | None], marked: int, *, theme: Theme, bad: bool = False) -> Spec:
    """Draw a word-sized line with one point marked: direction only, so no axis and no hover."""
    p = PALETTES[theme]
    base: Spec = {"type": "scatter", "hoverinfo": "skip", "cliponaxis": False}
    known = [v for v in values if v is not None]
    flat = bool(known) and all(a == b for a, b in pairwise(known))
    return {
        "data": [
            base | {"mode": "lines", "y": list(values), "line": {"color": p.undetermined, "width": 2.5}},
            base | {"mode": "markers", "x": [marked], "y": list(values[marked : marked + 1]),
                    "marker": {"color": p.overdue if bad else p.early, "size": 13}},
        ],
        "layout": {"template": template(theme), "margin": {"l": 8, "r": 12, "t": 9, "b": 9}, "xaxis": HIDDEN,
                   "yaxis": HIDDEN | ({"range": [known[0] - 1, known[0] + 1]} if flat else {})},
    }  # fmt: skip
