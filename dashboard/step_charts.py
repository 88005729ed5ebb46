"""Charts of the page about steps: who has what for how long, and where late dossiers lost their days."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.charts import HIDDEN, LONGEST_HOVER
from dashboard.template import PALETTES, Palette, Spec, Theme, template
from dashboard.wording import in_chart, number

#: A part narrower than this share of the longest bar keeps its number out.
_NARROW = 0.05
#: From this share of ink on a number stands in the colour of the paper.
_DARK = 0.5
#: Letters of a name: a step and the longest unit; what tells two units apart stands at the end.
_LONGEST = 72


def held(
    names: Sequence[str], counts: Sequence[Sequence[int]], ages: Sequence[str], *, theme: Theme, size: int = 13
) -> Spec:  # fmt: skip
    """Draw with whom dossiers lie as bars split by how long, each part with its number, the total at the end."""
    p = PALETTES[theme]
    totals = [sum(row) for row in counts]
    longest = max(totals, default=0) or 1
    shades = [(_mixed(p.early, p.paper, share), p.text if share < _DARK else p.paper) for share in (0.15, 0.4, 0.75, 1)]
    inks = [*shades, (p.undetermined, p.paper)]
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


def _mixed(ink: str, paper: str, share: float) -> str:
    """Mix two colours (#rrggbb): a legend does not show how far a bar lets its ground through."""
    pairs = ((int(ink[at : at + 2], 16), int(paper[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02X}" for a, b in pairs)


def lost(
    names: Sequence[str], days: Sequence[float], labels: Sequence[str], few: Sequence[bool], *, theme: Theme,
    size: int = 13,
) -> Spec:  # fmt: skip
    """Draw days lost as bars, the most on top; ``labels``: what stands behind each bar. The first has the accent;
    ``few`` are pale: nothing is broken here, so nothing is red."""
    p = PALETTES[theme]
    inks = [p.line if scarce else p.undetermined if i else p.early for i, scarce in enumerate(few)]
    bars = {
        "type": "bar", "orientation": "h", "y": list(range(len(names))), "x": list(days),
        "marker": {"color": inks, "line": {"width": 0}},
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
                  "tickvals": list(range(len(names))), "ticktext": [in_chart(name, _LONGEST) for name in names],
                  "tickfont": {"color": p.text, "size": size}},
    }  # fmt: skip


def _ends(labels: Sequence[str], ends: Sequence[float], p: Palette, size: int) -> Spec:
    """Write what each bar comes to behind it."""
    return {
        "type": "scatter", "mode": "text", "x": list(ends), "y": list(range(len(ends))), "cliponaxis": False,
        "text": [f"\u00a0{label}" for label in labels], "textposition": "middle right", "hoverinfo": "skip",
        "textfont": {"color": p.text, "size": size}, "showlegend": False,
    }  # fmt: skip
