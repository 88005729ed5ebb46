"""Shares by month as areas on top of each other, each named at its end. Pure, like charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dashboard.template import PALETTES, Palette, Spec, Theme, template


def areas(
    months: Sequence[date], shares: Mapping[str, Sequence[float | None]], hover: Mapping[str, Sequence[str]],
    labels: Mapping[str, str], *, theme: Theme, named: bool = True, size: int = 13,
) -> Spec:  # fmt: skip
    """Draw shares (0–1) that add up to 1; a month without any is left white. ``named``: labels beside the areas."""
    p = PALETTES[theme]
    x = [month.isoformat() for month in months]
    traces = [_area(x, shares[key], hover[key], fill, p) for key, (fill, _) in zip(shares, _inks(p), strict=False)]
    return {
        "data": traces,
        "layout": {
            "template": template(theme, size), "margin": {"l": 4, "r": 190 if named else 12, "t": 10, "b": 4},
            "yaxis": {"ticksuffix": " %", "range": [0, 100], "nticks": 5},
            "xaxis": {"type": "date", "tickformat": "%m/%Y", "dtick": "M3", "tickangle": 0},
            "annotations": _labels(shares, labels, p, size) if named else [],
        },
    }  # fmt: skip


def _inks(p: Palette) -> tuple[tuple[str, str], ...]:
    """Give fill and text of each area, from the bottom: dark, middle, pale, grey."""
    return (p.early, p.early), (p.on_time, p.text), (p.undetermined, p.muted), (p.line, p.muted)


def _area(x: Sequence[str], shares: Sequence[float | None], hover: Sequence[str], fill: str, p: Palette) -> Spec:
    return {
        "type": "scatter", "mode": "lines", "stackgroup": "kenh", "stackgaps": "infer zero", "x": list(x),
        "y": [None if share is None else 100 * share for share in shares], "fillcolor": fill,
        "line": {"width": 1.5, "color": p.paper}, "customdata": list(hover), "hoveron": "points",
        "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip


def _labels(
    shares: Mapping[str, Sequence[float | None]], labels: Mapping[str, str], p: Palette, size: int
) -> list[Spec]:
    """Name each area at the height of its middle at the right edge, kept a line apart."""
    last = {key: next((s for s in reversed(told) if s is not None), 0.0) for key, told in shares.items()}
    below, spot, found = 0.0, -100.0, []
    for (key, share), (fill, ink) in zip(last.items(), _inks(p), strict=False):
        spot = max(spot + 9, 100 * (below + share / 2))
        below += share
        found.append({
            "showarrow": False, "x": 1, "xref": "paper", "xanchor": "left", "xshift": 8, "y": min(spot, 104),
            "align": "left", "text": f'<span style="color:{fill}">■</span> {labels[key]}',
            "font": {"size": size, "color": ink},
        })  # fmt: skip
    return found
