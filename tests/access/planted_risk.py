"""What the night keeps of the forecast, a line of each unit: its name is in every word of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import polars as pl

from metrics import risk_tables as names


def tables(units: Sequence[str], source: str, code: Callable[[str], str], today: date) -> dict[str, pl.DataFrame]:
    """Give the tables of metrics.risk_tables: what is expected late of every unit, and a likely dossier of each."""
    open_ = [_who(unit, source) | {"code": code(unit), "field": f"Lĩnh vực {unit}", "step": f"Bước {unit}",
             "procedure": f"Thủ tục {unit}", "due_on": today, "days_left": 1, "elapsed": 3, "chance": 0.9}
             for unit in units]  # fmt: skip
    ten = {
        "ahead": 10,
        "n": 40,
        "expected": 4.0,
        "variance": 3.6,
        "root": 12.0,
        "low": 1,
        "high": 8,
        "share_whole": 0.0,
        "wider_whole": 1.0,
    }
    tried = {"source": source, "evening": today, "n": 900, "evenings": 20, "from_on": today, "to_on": today,
             "brier": 0.04, "brier_base": 0.08, "brier_procedure": 0.07, "held": 0.9, "held_n": 60, "hidden": False,
             "why": ""}  # fmt: skip
    tenth = {"source": source, "predicted": 0.1, "observed": 0.1, "n": 900}
    return {
        names.OPEN: _framed(open_, names.OPEN_ROWS),
        names.EXPECTED: _framed([_who(unit, source) | ten for unit in units], names.EXPECTED_ROWS),
        names.BACKTEST: _framed([tried], names.BACKTEST_ROWS),
        names.CALIBRATION: _framed([tenth], names.CALIBRATION_ROWS),
    }


def _who(unit: str, source: str) -> dict[str, Any]:
    return {"source": source, "department": f"Sở {unit}"}


def _framed(rows: list[dict[str, Any]], schema: pl.Schema) -> pl.DataFrame:
    return pl.DataFrame([{name: row.get(name) for name in schema.names()} for row in rows], schema=schema)
