"""Charts of the page about steps: who has what for how long, and where late dossiers lost their days."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.charts import HIDDEN, LONGEST_HOVER
from dashboard.template import PALETTES, Palette, Spec, Theme, template
from dashboard.wording import in_chart, number

#: A part narrower than this share of the longest bar keeps its number out.
_NARROW = 0.05


def held(
    names: Sequence[str], counts: Sequence[Sequence[int]], ages: Sequence[str], *, theme: Theme, size: int = 13
) -> Spec:  # fmt: skip
    """Draw with whom dossiers lie as bars split by how long, each part with its number, the total at the end."""
    p = PALETTES[theme]
    totals = [sum(row) for row in counts]
    longest = max(totals, default=0) or 1
    young, old = (p.heat[2], p.text), (p.heat[4], p.on_heat)
    inks = [(p.line, p.text), young, (p.heat[3], p.text), old, (p.undetermined, p.paper)]
    traces = [
        {
            "type": "bar", "orientation": "h", "name": age,
            "y": list(range(len(names))), "x": [row[i] for row in counts],
            "marker": {"color": inks[i][0], "line": {"width": 0}},
            "text": [number(row[i]) if row[i] / longest > _NARROW else "" for row in counts],
            "textposition": "inside", "insidetextanchor": "middle", "textangle": 0, "constraintext": "none",
            "textfont": {"color": inks[i][1], "size": size - 1},
            "customdata": [f"{in_chart(name)}<br>{age}: {number(row[i])} hồ sơ" for name, row in zip(names, counts,
                           strict=True)],
            "hovertemplate": "%{customdata}<extra></extra>",
        }
        for i, age in enumerate(ages)
    ]  # fmt: skip
    layout = _layout(names, longest, p, theme, size, right=56) | {
        "barmode": "stack", "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "traceorder": "normal",
                   "itemclick": False, "itemdoubleclick": False, "font": {"size": size - 1, "color": p.muted}},
    }  # fmt: skip
    return {"data": [*traces, _ends([number(n) for n in totals], totals, p, size)], "layout": layout}


def lost(names: Sequence[str], days: Sequence[float], labels: Sequence[str], *, theme: Theme, size: int = 13) -> Spec:
    """Draw days lost as bars, the most on top; ``labels``: what stands behind each bar."""
    p = PALETTES[theme]
    bars = {
        "type": "bar", "orientation": "h", "y": list(range(len(names))), "x": list(days),
        "marker": {"color": p.overdue, "line": {"width": 0}},
        "customdata": [f"{in_chart(n, LONGEST_HOVER)}<br>{label}" for n, label in zip(names, labels, strict=True)],
        "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip
    longest = max(days, default=0) or 1
    layout = _layout(names, longest, p, theme, size, right=210)
    return {"data": [bars, _ends(labels, days, p, size)], "layout": layout}


def _layout(names: Sequence[str], longest: float, p: Palette, theme: Theme, size: int, *, right: int) -> Spec:
    return {
        "template": template(theme, size), "bargap": 0.34, "margin": {"l": 4, "r": right, "t": 28, "b": 4},
        "xaxis": HIDDEN | {"range": [0, 1.02 * longest]},
        "yaxis": {"type": "category", "autorange": "reversed", "showgrid": False, "ticklabelstandoff": 8,
                  "tickvals": list(range(len(names))), "ticktext": [in_chart(name, 44) for name in names],
                  "tickfont": {"color": p.text, "size": size}},
    }  # fmt: skip


def _ends(labels: Sequence[str], ends: Sequence[float], p: Palette, size: int) -> Spec:
    """Write what each bar comes to behind it."""
    return {
        "type": "scatter", "mode": "text", "x": list(ends), "y": list(range(len(ends))), "cliponaxis": False,
        "text": [f"\u00a0{label}" for label in labels], "textposition": "middle right", "hoverinfo": "skip",
        "textfont": {"color": p.text, "size": size}, "showlegend": False,
    }  # fmt: skip
