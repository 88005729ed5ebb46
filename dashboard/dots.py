"""Charts of one unit or field: durations against limits, pairs, the mix, the backlog by step. Pure, like charts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from dashboard.answers.analysis import Mark
from dashboard.template import PALETTES, Palette, Spec, Theme, template
from dashboard.wording import day, in_chart, number

#: Height of a line of names, and of what stands round them.
LINE: Final = 30
ROOM: Final = 44
A_DIGIT: Final = 0.06  # of the longest bar: the room that a digit takes in a narrow card
_HIDDEN: Final[Spec] = {"visible": False}
_ALIKE: Final[Spec] = {"selected": {"marker": {"opacity": 1}}, "unselected": {"marker": {"opacity": 1}}}


def height(lines: int) -> int:
    """Give the height of a chart with so many lines of names, pixels."""
    return ROOM + LINE * max(1, lines)


def with_breaks(spec: Spec, marks: Sequence[Mark], *, theme: Theme, words: bool = True, size: int = 13) -> Spec:
    """Draw marks over a control chart: a dotted line each and, with ``words``, a break's reason above it and what else
    happened on a day at its foot; days up to a last one as a band, their words above those."""
    if not marks:
        return spec
    p, layout = PALETTES[theme], spec["layout"]
    told = [_silence(mark, mark.last, p) if mark.last else _line(mark, p) for mark in marks]
    days, bands = [mark for mark in marks if not mark.last], [mark for mark in marks if mark.last]
    notes = [_note(mark, p, size) for mark in days]
    notes += [_beside(mark, _half(spec), i, p, size) for i, mark in enumerate(bands, start=1)]
    room = {"margin": layout["margin"] | {"t": 30}} if words and any(mark.is_break for mark in marks) else {}
    more = {
        "shapes": [*layout["shapes"], *told], "annotations": [*layout["annotations"], *(notes if words else ())]
    }  # fmt: skip
    return spec | {"layout": layout | more | room}


def _line(mark: Mark, p: Palette) -> Spec:
    line = {"color": p.muted, "width": 1.5, "dash": "2px,3px"}
    day = mark.day.isoformat()
    return {"type": "line", "xref": "x", "yref": "paper", "x0": day, "x1": day, "y0": 0, "y1": 1, "line": line}


def _silence(mark: Mark, last: date, p: Palette) -> Spec:
    over = (last + timedelta(days=1)).isoformat()
    return {
        "type": "rect", "xref": "x", "yref": "paper", "x0": mark.day.isoformat(), "x1": over, "y0": 0, "y1": 1,
        "layer": "below", "fillcolor": p.muted, "opacity": 0.28, "line": {"width": 0},
    }  # fmt: skip


def _half(spec: Spec) -> str:
    """Give the middle of the shown days: words of a mark behind it stand on its left."""
    days = spec["data"][0]["x"]
    return str(days[len(days) // 2])


def _beside(mark: Mark, half: str, place: int, p: Palette, size: int) -> Spec:
    left = mark.day.isoformat() > half
    return {
        "text": in_chart(mark.words, 48), "showarrow": False, "x": mark.day.isoformat(), "xref": "x",
        "xshift": -4 if left else 4, "y": 0.09 * place, "yref": "paper", "xanchor": "right" if left else "left",
        "yanchor": "bottom", "font": {"size": size - 1, "color": p.muted},
    }  # fmt: skip


def _note(mark: Mark, p: Palette, size: int) -> Spec:
    if not mark.is_break:
        return {
            "text": in_chart(mark.words, 24), "showarrow": False, "x": mark.day.isoformat(), "xref": "x", "xshift": 4,
            "y": 0, "yref": "paper", "xanchor": "left", "yanchor": "bottom",
            "font": {"size": size - 1, "color": p.muted},
        }  # fmt: skip
    return {
        "text": f"{day(mark.day)}: {in_chart(mark.words, 60)}", "showarrow": False,
        "x": mark.day.isoformat(), "xref": "x", "y": 1, "yref": "paper", "yanchor": "bottom",
        "font": {"size": size - 1, "color": p.muted},
    }  # fmt: skip


def durations(
    names: Sequence[str], medians: Sequence[int | None], p90s: Sequence[int | None], limits: Sequence[float | None],
    hover: Sequence[str], *, theme: Theme, size: int = 13, longest: int = 52,
) -> Spec:  # fmt: skip
    """Draw per procedure the median (full dot), the 90th percentile (ring; ▲ past the limit) and the limit as a tick.

    Working days. A click gives ``point_number``: the line.
    """
    p = PALETTES[theme]
    past = [q is not None and limit is not None and q > limit for q, limit in zip(p90s, limits, strict=True)]
    tick = {"symbol": "line-ns", "size": 18, "opacity": 1, "line": {"width": 2, "color": p.text}}
    full = {"symbol": "circle", "size": 11, "opacity": 1, "color": p.early}
    far = {"symbol": ["triangle-up" if b else "circle-open" for b in past], "size": 12, "opacity": 1,
           "color": [p.overdue if b else p.early for b in past], "line": {"width": 2}}  # fmt: skip
    traces = [
        _links(medians, p90s, p),
        _dots(limits, hover, tick),
        _dots(p90s, hover, far),
        _dots(medians, hover, full),
    ]
    return {"data": traces, "layout": _named(names, theme, size, longest) | {
        "xaxis": {"rangemode": "tozero", "ticksuffix": " ngày", "side": "top", "tickangle": 0, "nticks": 4,
                  "showgrid": True, "gridcolor": p.line},
    }}  # fmt: skip


def pairs(
    names: Sequence[str], own: Sequence[float | None], others: Sequence[float], hover: Sequence[str], *, theme: Theme,
    size: int = 13, longest: int = 34,
) -> Spec:  # fmt: skip
    """Draw per procedure the share kept here (full dot) and by all others (ring). A click gives ``point_number``."""
    p = PALETTES[theme]
    mine = [None if share is None else 100 * share for share in own]
    theirs = [100 * share for share in others]
    full = {"symbol": "circle", "size": 11, "opacity": 1, "color": p.early}
    ring = {"symbol": "circle-open", "size": 11, "opacity": 1, "color": p.muted, "line": {"width": 2}}
    traces = [_links(mine, theirs, p), _dots(theirs, hover, ring), _dots(mine, hover, full)]
    return {"data": traces, "layout": _named(names, theme, size, longest) | {
        "xaxis": {"ticksuffix": " %", "side": "top", "nticks": 4, "showgrid": True, "gridcolor": p.line},
    }}  # fmt: skip


def _dots(values: Sequence[float | None], hover: Sequence[str], marker: Spec) -> Spec:
    return _ALIKE | {
        "type": "scatter", "mode": "markers", "x": list(values), "y": list(range(len(values))), "cliponaxis": False,
        "marker": marker, "customdata": list(hover), "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip


def _links(left: Sequence[float | None], right: Sequence[float | None], p: Palette) -> Spec:
    """Join the two dots of every line; the gaps between lines are nulls."""
    x = [each for a, b in zip(left, right, strict=True) for each in (a, b, None)]
    y = [each for i in range(len(left)) for each in (i, i, None)]
    line = {"color": p.undetermined, "width": 2}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "hoverinfo": "skip"}


def mix(
    names: Sequence[str], counts: Sequence[int], shares: Sequence[str], *, theme: Theme, size: int = 13,
    longest: int = 34,
) -> Spec:  # fmt: skip
    """Draw what the work consists of: a bar per procedure with its number and share. A click gives ``point_number``."""
    p = PALETTES[theme]
    told = [f"{number(n)} · {share}" for n, share in zip(counts, shares, strict=True)]
    bar = _ALIKE | {
        "type": "bar", "orientation": "h", "x": list(counts), "y": list(range(len(counts))),
        "marker": {"color": p.on_time, "line": {"width": 0}}, "text": told, "textposition": "outside",
        "cliponaxis": False, "textfont": {"color": p.text, "size": size - 1},
        "customdata": [f"<b>{in_chart(name, 90)}</b><br>{words}" for name, words in zip(names, told, strict=True)],
        "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip
    room = [0, (1.42 if longest > 22 else 2.1) * max(counts, default=1)]
    return {"data": [bar], "layout": _named(names, theme, size, longest) | {"xaxis": _HIDDEN | {"range": room}}}


def backlog(
    steps: Sequence[str], segments: Sequence[str], counts: Sequence[Sequence[int]], *, theme: Theme, size: int = 13,
    longest: int = 22,
) -> Spec:  # fmt: skip
    """Draw the pending of each step: in term pale, without a promise grey, the overdue by age, older denser.

    A click gives the part as ``curve_number`` and the step as ``point_number``.
    """
    p = PALETTES[theme]
    fills = (p.line, p.undetermined, *p.ages)
    inks = (p.text, p.paper, *p.on_ages)
    widest = max((sum(parts) for parts in counts), default=1)
    traces = [
        _ALIKE | {
            "type": "bar", "orientation": "h", "name": name, "x": [parts[i] for parts in counts],
            "y": list(range(len(steps))), "marker": {"color": fills[i], "line": {"width": 0}},
            "text": [_fitting(parts[i], parts[i] / widest) for parts in counts],
            "textposition": "inside", "insidetextanchor": "middle", "textangle": 0, "constraintext": "none",
            "textfont": {"color": inks[i], "size": size - 1},
            "customdata": [_part(step, name, parts[i], overdue=i >= 2)
                           for step, parts in zip(steps, counts, strict=True)],
            "hovertemplate": "%{customdata}<extra></extra>",
        }
        for i, name in enumerate(segments)
    ]  # fmt: skip
    return {"data": traces, "layout": _named(steps, theme, size, longest) | {"barmode": "stack", "xaxis": _HIDDEN}}


def _fitting(count: int, share: float) -> str:
    """Write a number into its part of a bar, unless it would run into the next one's; the table has it."""
    told = number(count)
    return told if share > A_DIGIT * len(told) else ""


def _part(step: str, name: str, count: int, *, overdue: bool) -> str:
    what = f"quá hạn {name} ngày làm việc" if overdue else name.lower()
    return f"<b>{in_chart(step, 60)}</b><br>{number(count)} hồ sơ {what}"


def _named(names: Sequence[str], theme: Theme, size: int, longest: int) -> Spec:
    """Give the layout of a chart with a name on every line, the first on top."""
    p = PALETTES[theme]
    return {
        "template": template(theme, size), "margin": {"l": 4, "r": 24, "t": 8, "b": 4}, "bargap": 0.3,
        "yaxis": {
            "range": [len(names) - 0.5, -0.5], "showgrid": False, "ticklabelstandoff": 10,
            "tickvals": list(range(len(names))), "ticktext": [in_chart(name, longest) for name in names],
            "tickfont": {"color": p.text, "size": size},
        },
    }  # fmt: skip
