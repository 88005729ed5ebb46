"""What the units of a scenario do: procedures with whole-day limits, by the kind of unit that a name tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from connectors.simulator.days import Ints
from connectors.simulator.tables import tables

#: Beginning or part of a unit's name → kinds of procedures (procedures.csv); the first that fits.
_KINDS: Final = {
    "UBND phường": ("commune",), "UBND xã": ("commune",), "UBND đặc khu": ("commune",),
    "UBND": ("commune", "land_branch", "construction"), "Giao thông": ("construction",), "Tài nguyên": ("land_office",),
    "Kế hoạch": ("finance",), "Lao động": ("home",), "Thông tin": ("science",), "Du lịch": ("culture",),
    "Nông nghiệp": ("agriculture",), "Khu kinh tế": ("zones",), "Văn hóa": ("culture",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pool:
    """Procedures that one unit handles, by rising limit. ``procedure``: rows of the table, ``limit``: working days."""

    procedure: Ints
    limit: Ints

    def near(self, limit: Ints, rng: np.random.Generator) -> Ints:
        """Give for each wanted limit a procedure that has it, or the nearest one above, or the longest."""
        first = np.searchsorted(self.limit, limit).clip(0, len(self.limit) - 1)
        behind = np.searchsorted(self.limit, self.limit[first], side="right")
        chosen: Ints = self.procedure[first + (rng.random(len(limit)) * (behind - first)).astype(np.int64)]
        return chosen


def procedures() -> pl.DataFrame:
    """Give the table of procedures: code, name, field, kind, limit in working days (null: in calendar days), weight."""
    whole = pl.col("limit").cast(pl.Int64)
    limit = pl.when(pl.col("unit") == "workdays").then(whole).when(pl.col("unit") == "same_day").then(0)
    return tables().procedures.select("code", "name", "field", "kind", "weight", limit=limit).with_row_index("at")


def pool(department: str, field: str, without: frozenset[str]) -> Pool:
    """Give what ``department`` handles: those of ``field`` where some are, never those ``without``."""
    known = procedures().filter(pl.col("limit").is_not_null(), ~pl.col("field").is_in(sorted(without)))
    mine = known.filter(pl.col("kind").is_in(_kinds(department)))
    wanted = [known.filter(pl.col("field") == field), mine, known]
    rows = next((rows for rows in wanted if rows.height), procedures().filter(pl.col("limit").is_not_null()))
    rows = rows.sort("limit", "code")
    return Pool(rows["at"].cast(pl.Int64).to_numpy(), rows["limit"].to_numpy())


def _kinds(department: str) -> list[str]:
    units = dict(tables().units.select("name", "kind").iter_rows())
    if department in units:
        return [units[department]]
    start = next((k for name, k in _KINDS.items() if department.startswith(name)), None)
    part = next((k for name, k in _KINDS.items() if name in department), ())
    return list(start or part) or sorted({*units.values()} - {"commune"})
