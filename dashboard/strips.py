"""One dossier's clock as a strip: a pure function from its steps to a chart spec."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.template import PALETTES, Palette, Spec, Theme, template
from dashboard.wording import in_chart

LONGEST_STEP = 24  # letters beside the strip; the whole name stands in the text under it


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of time in which one dossier stood at one step; ``paused``: its clock did not run."""

    name: str
    start: str
    end: str
    paused: bool


def clock_strip(
    steps: Sequence[Stretch],
    *,
    first_due: str | None,
    due: str | None,
    now: str,
    ended: bool,
    theme: Theme,
    size: int = 12,
) -> Spec:
    """Draw one dossier's clock: steps as bars, paused ones dashed, time past the promise in the overdue ink."""
    p = PALETTES[theme]
    names = list(dict.fromkeys(s.name for s in steps))
    parts = [part for s in steps for part in _split_at(s, due, p)]
    return {
        "data": [
            {"type": "scatter", "mode": "lines", "x": [a, b], "y": [name, name], "hoverinfo": "skip",
             "line": {"width": 13, "color": ink, "dash": dash}} for name, a, b, ink, dash in parts
        ],
        "layout": {
            "template": template(theme, size), "margin": {"l": 4, "r": 22, "t": 26, "b": 4},
            "xaxis": {"type": "date", "tickformat": "%d/%m", "nticks": 5, "tickangle": 0},
            "yaxis": {"type": "category", "showgrid": False, "range": [len(names) - 0.4, -0.6], "ticklabelstandoff": 8,
                      "tickvals": names, "ticktext": [in_chart(n, LONGEST_STEP) for n in names],
                      "tickfont": {"color": p.text, "size": size}},
            **_marks(first_due, due, now, ended, p, size),
        },
    }  # fmt: skip


def _split_at(step: Stretch, due: str | None, p: Palette) -> list[tuple[str, str, str, str, str]]:
    if step.paused:
        return [(step.name, step.start, step.end, p.undetermined, "4px,3px")]
    if due is None or step.end <= due:
        return [(step.name, step.start, step.end, p.on_time, "solid")]
    if step.start >= due:
        return [(step.name, step.start, step.end, p.overdue, "solid")]
    return [(step.name, step.start, due, p.on_time, "solid"), (step.name, due, step.end, p.overdue, "solid")]


def _marks(first_due: str | None, due: str | None, now: str, ended: bool, p: Palette, size: int) -> Spec:
    late = due is not None and due < now
    found = [
        (first_due if first_due != due else None, "hẹn đầu", p.muted, "dot"),
        (due, "hẹn trả", p.overdue if late else p.muted, "solid"),
        (now, "kết thúc" if ended else "nay", p.text, "solid"),
    ]
    marks = sorted((x, text, ink, dash) for x, text, ink, dash in found if x is not None)
    return {
        "shapes": [
            {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper",
             "line": {"color": ink, "width": 1.5, "dash": dash}} for x, _, ink, dash in marks
        ],
        "annotations": [
            {"x": x, "y": 1, "yref": "paper", "yanchor": "bottom", "text": text, "showarrow": False,
             "xanchor": side, "font": {"size": size - 1, "color": ink}}
            for (x, text, ink, _), side in zip(marks, _sides([x for x, *_ in marks]), strict=True)
        ],
    }  # fmt: skip


def _sides(days: Sequence[str]) -> tuple[str, ...]:
    """Say on which side of its line each label lies, so that marks close together do not print over each other.

    ``days`` from left to right. Of two the first ends at its line; of three, the closer pair parts.
    """
    if len(days) < 3:
        return ("right", "center")[-len(days) :]
    first, middle, last = (datetime.fromisoformat(day) for day in days)
    return ("right", "left", "center") if middle - first < last - middle else ("center", "right", "center")
