"""Chart specs: pure functions from numbers to plain dicts. No data access; words come in ready or from wording."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from dashboard.template import PALETTES, Palette, Spec, Theme, template
from dashboard.wording import chance, flat, in_chart, number, percent, signed

HIDDEN: Final[Spec] = {"visible": False}
LONGEST_ROW: Final = 52  # letters of a unit beside the heat table; longer ones would leave it no room
LONGEST_HOVER: Final = 90


@dataclass(frozen=True, slots=True)
class WeekRate:
    """One week of a rate. ``lower`` and ``upper`` are its limits from earlier weeks, None where there are too few."""

    monday: date
    rate: float | None
    lower: float | None
    upper: float | None
    signal: bool  # on the bad side, by any rule of signal
    running: bool  # the week is not over
    label: str  # the rate in words
    hover: str
    met: int = 0
    due: int = 0


def control_chart(
    weeks: Sequence[WeekRate], *, target: float | None, theme: Theme, size: int = 13, days: int = 7
) -> Spec:
    """Draw a weekly rate over its band of usual variation; a point is coloured only when it is a signal.

    The running week is a hollow point: its promises are not all due yet. ``days``: from one point to the next.
    """
    p = PALETTES[theme]
    x = [w.monday.isoformat() for w in weeks]
    rates = [None if w.rate is None else 100 * w.rate for w in weeks]
    return {
        "data": [_rate_line(weeks, x, rates, p)],
        "layout": {
            "template": template(theme, size),
            "margin": {"l": 4, "r": 96, "t": 12, "b": 4},
            "yaxis": {"tickformat": ",d", "ticksuffix": " %", "range": _rate_range(weeks, target)},
            "xaxis": {
                "type": "date",
                "tickformat": "%m/%Y",
                "dtick": "M3" if len(weeks) > 40 else "M2",
                "tickangle": 0,
            },
            "shapes": [*_band(weeks, p, days), *_target_line(target, p)],
            "annotations": _end_labels(weeks, rates, target, p, size),
        },
    }


def _band(weeks: Sequence[WeekRate], p: Palette, days: int) -> list[Spec]:
    """Draw the limits as one stepped patch per stretch of weeks that have any: nobody draws through a gap."""
    held = [(w, w.lower, w.upper) for w in weeks if w.lower is not None and w.upper is not None]
    stretches: list[list[tuple[date, float, float]]] = []
    for week, lower, upper in held:
        if not stretches or stretches[-1][-1][0] != week.monday - timedelta(days=days):
            stretches.append([])
        stretches[-1].append((week.monday, 100 * lower, 100 * upper))
    patch: Spec = {"type": "path", "layer": "below", "fillcolor": p.band, "line": {"width": 0}}
    return [patch | {"path": _outline(stretch, days)} for stretch in stretches]


def _outline(stretch: Sequence[tuple[date, float, float]], days: int) -> str:
    """Give the outline of a patch that reaches half way to the next point on both sides of every Monday."""
    half = days / 2

    def edge(monday: date, side: float) -> str:
        return f"{datetime.combine(monday, time()) + timedelta(days=side):%Y-%m-%d_%H:%M}"

    over = [f"{edge(m, side)},{high:.3f}" for m, _, high in stretch for side in (-half, half)]
    under = [f"{edge(m, side)},{low:.3f}" for m, low, _ in reversed(stretch) for side in (half, -half)]
    return "M" + "L".join(over + under) + "Z"


def _rate_line(weeks: Sequence[WeekRate], x: Sequence[str], rates: Sequence[float | None], p: Palette) -> Spec:
    return {
        "type": "scatter", "mode": "lines+markers", "x": list(x), "y": list(rates), "connectgaps": False,
        "cliponaxis": False, "line": {"color": p.early, "width": 2},
        "marker": {
            "opacity": 1,
            "size": [11 if w.signal else 9 if w.running else 4 for w in weeks],
            "symbol": ["triangle-down" if w.signal else "circle" for w in weeks],
            "color": [p.overdue if w.signal else p.paper if w.running else p.early for w in weeks],
            "line": {"width": [2 if w.running and not w.signal else 0 for w in weeks], "color": p.early},
        },
        "customdata": [w.hover for w in weeks], "hovertemplate": "%{customdata}<extra></extra>",
        "selected": {"marker": {"opacity": 1}}, "unselected": {"marker": {"opacity": 1}},  # a click opens, dims nothing
    }  # fmt: skip


def _rate_range(weeks: Sequence[WeekRate], target: float | None) -> list[float]:
    """Leave room for the rates and the usual band; a band that one wild week blew up may run out of the picture."""
    rates = [w.rate for w in weeks if w.rate is not None] + ([target] if target else [])
    lower = sorted(w.lower for w in weeks if w.lower is not None)
    low = min([*rates, *lower[len(lower) // 2 : len(lower) // 2 + 1]], default=0.0)
    high = max(rates, default=1.0)
    room = max(0.01, (high - low) * 0.08)
    return [100 * max(0.0, low - room), 100 * min(1.004, high + room)]


def _target_line(target: float | None, p: Palette) -> list[Spec]:
    if target is None:
        return []
    dashed = {"color": p.muted, "width": 1, "dash": "5px,4px"}
    return [{"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": 100 * target, "y1": 100 * target, "line": dashed}]


def _end_labels(
    weeks: Sequence[WeekRate], rates: Sequence[float | None], target: float | None, p: Palette, size: int
) -> list[Spec]:
    """Name the last point and the target at the right edge, kept apart when they would lie on each other."""
    base: Spec = {"showarrow": False, "x": 1, "xref": "paper", "xanchor": "left", "xshift": 12}
    last = next(((w, r) for w, r in zip(reversed(weeks), reversed(rates), strict=True) if r is not None), None)
    labels: list[Spec] = []
    above = True
    if last is not None:
        week, rate = last
        above = target is not None and 100 * target >= rate
        ink = p.overdue if week.signal else p.early
        bold = {"text": f"<b>{week.label}</b>", "font": {"size": size + 2, "color": ink}}
        labels.append(base | bold | {"y": rate, "yshift": -9 if above else 9})
    if target is not None:
        quiet = {"text": f"mục tiêu {number(100 * target)}\u00a0%", "font": {"size": size - 1, "color": p.muted}}
        labels.append(base | quiet | {"y": 100 * target, "yshift": 10 if above else -10})
    return labels


@dataclass(frozen=True, slots=True)
class Cell:
    """One department × field: how many were due, how many of them met the promise."""

    met: int
    due: int


def heat_table(
    rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[Cell]],
    *, small: int, steps: Sequence[float], theme: Theme, size: int = 13,
) -> Spec:  # fmt: skip
    """Draw a table of rates as bars, because bars can be clicked and heat maps cannot.

    A click gives ``curve_number`` (column) and ``point_number`` (row). Fewer than ``small`` dossiers: a grey
    count instead of a rate. Nothing due: a dot. ``steps`` are the four rates below which the ink deepens.
    """
    p = PALETTES[theme]
    traces = [
        _heat_column(j, column, rows, [r[j] for r in cells], small, steps, p, size) for j, column in enumerate(columns)
    ]
    middle = [j + 0.485 for j in range(len(columns))]
    return {
        "data": traces,
        "layout": {
            "template": template(theme, size), "barmode": "overlay", "bargap": 0.06,
            "margin": {"l": 4, "r": 4, "t": 56, "b": 4},
            "xaxis": {"side": "top", "tickvals": middle, "ticktext": [_wrapped(c) for c in columns], "tickangle": 0,
                      "range": [-0.02, len(columns)]},
            "yaxis": {
                "autorange": "reversed", "showgrid": False, "ticklabelstandoff": 8,
                "tickvals": list(range(len(rows))), "ticktext": [in_chart(row, LONGEST_ROW) for row in rows],
                "tickfont": {"color": p.text, "size": size},
            },
        },
    }  # fmt: skip


def _wrapped(name: str, widest: int = 14, most: int = 3) -> str:
    """Break a column's name into lines of words; what is left over becomes an ellipsis."""
    lines = textwrap.wrap(flat(name), widest, max_lines=most, placeholder="…")
    return "<br>".join(in_chart(line) for line in lines)


def _heat_column(
    j: int,
    name: str,
    rows: Sequence[str],
    cells: Sequence[Cell],
    small: int,
    steps: Sequence[float],
    p: Palette,
    size: int,
) -> Spec:
    looks = [_heat_cell(c, small, steps, p) for c in cells]
    return {
        "type": "bar", "orientation": "h", "name": in_chart(name),
        "y": list(range(len(rows))), "x": [0.97] * len(rows), "base": j,
        "marker": {"color": [fill for fill, _, _ in looks], "line": {"width": 0}},
        "text": [text for _, _, text in looks], "textposition": "inside", "insidetextanchor": "middle", "textangle": 0,
        "constraintext": "none", "textfont": {"color": [ink for _, ink, _ in looks], "size": size},
        "customdata": [_heat_hover(row, name, c, small) for row, c in zip(rows, cells, strict=True)],
        "hovertemplate": "%{customdata}<extra></extra>",
        "selected": {"marker": {"opacity": 1}}, "unselected": {"marker": {"opacity": 1}},
    }  # fmt: skip


def _heat_cell(cell: Cell, small: int, steps: Sequence[float], p: Palette) -> tuple[str, str, str]:
    if not cell.due:
        return "rgba(0,0,0,0)", p.muted, "·"
    if cell.due < small:
        return "rgba(0,0,0,0)", p.muted, f"n = {cell.due}"
    share = cell.met / cell.due
    step = sum(share < s for s in steps)
    sign = "▲ " if step >= 3 else ""
    return p.heat[step], p.on_heat if step == 4 else p.text, sign + percent(cell.met, cell.due).removesuffix("\u00a0%")


def _heat_hover(unit: str, field: str, cell: Cell, small: int) -> str:
    row, column = in_chart(unit, LONGEST_HOVER), in_chart(field, LONGEST_HOVER)
    if not cell.due:
        return f"<b>{row}</b> · {column}<br>Không có hồ sơ đến ngày hẹn"
    parts = f"{number(cell.met)} / {number(cell.due)} hồ sơ đúng hạn, {number(cell.due - cell.met)} trễ hẹn"
    between = chance(cell.met, cell.due)
    spread = f"<br>Khoảng 95\u00a0%: {between}\u00a0%" if between else ""
    return f"<b>{row}</b> · {column}<br>{parts}" + ("<br>Quá ít để so sánh" if cell.due < small else spread)


def age_strip(counts: Sequence[int], labels: Sequence[str], *, theme: Theme, size: int = 13) -> Spec:
    """Draw the overdue stock as one bar split by age; older is denser, each part carries its number and its age.

    A part too narrow for its number keeps it in the hover text only; a click gives the part as ``curve_number``.
    """
    p = PALETTES[theme]
    total = max(1, sum(counts))
    return {
        "data": [
            {
                "type": "bar", "orientation": "h", "y": [""], "x": [n], "name": label,
                "marker": {"color": p.ages[i], "line": {"width": 0}},
                "text": f"<b>{number(n)}</b><br>{label}" if n / total > 0.09 else "", "textposition": "inside",
                "insidetextanchor": "middle", "textangle": 0, "constraintext": "none",
                "textfont": {"color": p.on_ages[i], "size": size - 1},
                "selected": {"marker": {"opacity": 1}}, "unselected": {"marker": {"opacity": 1}},
                "hovertemplate": f"{label} ngày làm việc: {number(n)} hồ sơ<extra></extra>",
            }
            for i, (n, label) in enumerate(zip(counts, labels, strict=True))
        ],
        "layout": {
            "template": template(theme, size), "barmode": "stack", "bargap": 0, "barcornerradius": 3,
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0}, "xaxis": HIDDEN | {"range": [0, total]}, "yaxis": HIDDEN,
        },
    }  # fmt: skip


def net_bars(
    names: Sequence[str],
    net: Sequence[int],
    hover: Sequence[str],
    *,
    theme: Theme,
    size: int = 13,
    running: bool = False,
) -> Spec:
    """Draw received minus resolved: above the line the backlog grew, below it shrank; each bar carries its number.

    ``running``: the last week is not over. It has no colour: what came on a Monday is resolved on the days after it.
    """
    p = PALETTES[theme]
    colours = [p.due_soon if n > 0 else p.early for n in net]
    if running and colours:
        colours[-1] = p.line
    return {
        "data": [{
            "type": "bar", "x": list(names), "y": list(net), "cliponaxis": False,
            "marker": {"color": colours},
            "text": [signed(n) for n in net], "textposition": "outside", "textangle": 0, "constraintext": "none",
            "textfont": {"color": p.text, "size": size - 1},
            "customdata": list(hover), "hovertemplate": "%{customdata}<extra></extra>",
        }],
        "layout": {
            "template": template(theme, size), "margin": {"l": 4, "r": 4, "t": 20, "b": 4},
            "xaxis": {"type": "category"},
            "yaxis": {"showgrid": False, "showticklabels": False, "zeroline": True, "zerolinecolor": p.muted,
                      "range": _around(net)},
        },
    }  # fmt: skip


def _around(net: Sequence[int]) -> list[float]:
    high, low = max([0, *net]), min([0, *net])
    room = max(1.0, 0.26 * (high - low))
    return [low - room, high + room]
