"""Colours and the layout template of every chart, as plain dicts: no figure objects, no plotly import.

Colours exist only here and in ``.streamlit/config.toml``; their contrast was measured there and here on the page's
ground. Blue stands against vermilion, never green against red; a sign or a word always says the same as a colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

Spec = dict[str, Any]
Theme = Literal["light", "dark"]
FONT: Final = "Be Vietnam Pro, sans-serif"


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme's inks."""

    paper: str
    text: str
    muted: str
    line: str
    band: str
    early: str
    on_time: str
    due_soon: str
    overdue: str
    undetermined: str
    heat: tuple[str, ...]  # from "as promised" to "broken": ink where the trouble is
    on_heat: str  # text on the last heat step
    ages: tuple[str, ...]  # overdue by age: the older, the further from the paper
    on_ages: tuple[str, ...]


PALETTES: Final[dict[Theme, Palette]] = {
    "light": Palette(
        paper="#FFFFFF", text="#0D1622", muted="#54606E", line="#DCE2E9", band="#EEF2F6",
        early="#0F4C81", on_time="#3B86C4", due_soon="#C77700", overdue="#C43418", undetermined="#75818E",
        heat=("#F3F5F8", "#FBE3DC", "#F5BFB1", "#E8836B", "#C43418"), on_heat="#FFFFFF",
        ages=("#E8917B", "#D9593D", "#A92A12", "#5E1507"), on_ages=("#0D1622", "#0D1622", "#FFFFFF", "#FFFFFF"),
    ),
    "dark": Palette(
        paper="#0F141B", text="#E8ECF1", muted="#A3AFBC", line="#2C3541", band="#1A212B",
        early="#B5D9F8", on_time="#5BA3DF", due_soon="#F0B040", overdue="#FF7C5E", undetermined="#8994A1",
        heat=("#1A212B", "#3A211D", "#6B2F25", "#A8442F", "#FF7C5E"), on_heat="#0D1622",
        ages=("#8F4331", "#D0664C", "#FF8A6E", "#FFD0C4"), on_ages=("#FFFFFF", "#0D1622", "#0D1622", "#0D1622"),
    ),
}  # fmt: skip

CONFIG: Final[Spec] = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "locale": "vi"}


def template(theme: Theme, size: int = 13) -> Spec:
    """Give the layout template: quiet axes, horizontal grid only, Vietnamese separators, nothing to drag."""
    p = PALETTES[theme]
    axis: Spec = {
        "showgrid": False, "zeroline": False, "showline": False, "ticks": "", "automargin": True, "fixedrange": True,
        "tickfont": {"color": p.muted, "size": size - 1}, "title": {"text": ""},
    }  # fmt: skip
    hover = {
        "bgcolor": p.text,
        "bordercolor": p.text,
        "align": "left",
        "font": {"color": p.paper, "size": size, "family": FONT},
    }
    return {
        "layout": {
            "font": {"family": FONT, "size": size, "color": p.text},
            "separators": ",.",
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "margin": {"l": 4, "r": 8, "t": 8, "b": 4},
            "showlegend": False,
            "hovermode": "closest",
            "dragmode": False,
            "bargap": 0.28,
            "barcornerradius": 2,
            "hoverlabel": hover,
            "xaxis": axis,
            "yaxis": axis | {"showgrid": True, "gridcolor": p.line, "gridwidth": 1, "nticks": 5},
        }
    }
