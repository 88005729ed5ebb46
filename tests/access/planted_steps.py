"""What the night keeps of steps, a line of each table for each unit: its name is in every word of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from metrics import step_tables as names
from metrics.step_figures import KEPT


def tables(units: Sequence[str], source: str) -> dict[str, pl.DataFrame]:
    """Give the tables of metrics.step_tables with steps, ways and officers that are called after their unit."""
    return {
        name: pl.DataFrame([{**_who(unit, source), **_lines(unit, source)[name]} for unit in units])
        for name in _lines("", source)
    }


def _who(unit: str, source: str) -> dict[str, Any]:
    return {"department": f"Sở {unit}", "field": f"Lĩnh vực {unit}", "procedure": f"Thủ tục {unit}", "recent": True}


def _lines(unit: str, source: str) -> dict[str, dict[str, Any]]:
    step = {"step": f"Bước {unit}", "unit": f"Sở {unit}"}
    times = step | {"kind": "whole", "halves": 8, "n": 30, "minutes": 7200}
    way = {"ending": KEPT, "way": f"Bước {unit}", "loops": 1, "hands": 1, "days": 3, "n": 30}
    sums = dict.fromkeys(("loops_sum", "hands_sum", "units_sum", "loop_minutes", "hand_minutes"), 30)
    return {
        names.TIMES: times, names.LOST: step | {"after": False, "dossiers": 3, "lost": 960.0, "spent": 2000},
        names.LATE_KNOWN: {"late": 3, "compared": 3}, names.ROUTES: way | sums,
        names.KNOWN: {"source": source, "dossiers": 30, "told": 30, "seen": 0},
        names.HANDS: times | {"handler": f"cb-{unit}"},
    }  # fmt: skip
