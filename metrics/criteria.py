"""The centre's own criteria put to each officer: kept to, not kept to, or too little to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from config.officers import Criterion
from metrics.officers import OFFICER

#: Columns of ``put``.
COLUMNS: Final = {
    **dict.fromkeys(OFFICER, pl.String), "criterion": pl.String, "value": pl.Float64, "n": pl.Int64, "met": pl.Boolean,
}  # fmt: skip


def put(asked: Sequence[Criterion], told: Mapping[int, pl.DataFrame]) -> pl.DataFrame:
    """Put each criterion to each officer: OFFICER, criterion (its id), value, n (steps that it is told of), met (null:
    too little to say).

    ``told``: days of the stretch → metrics.officers.figures of it; every stretch that ``asked`` names is there.
    """
    rows = [
        {
            **{name: row[name] for name in OFFICER},
            "criterion": each.id,
            "value": value,
            "n": n,
            "met": each.met(value, n),
        }
        for each in asked
        for row in told[each.days].to_dicts()
        for value, n in [_of(each, row)]
    ]
    return pl.DataFrame(rows, schema=COLUMNS)


def _of(criterion: Criterion, row: Mapping[str, Any]) -> tuple[float | None, int]:
    """Give the value, and of how many steps it is told."""
    match criterion.figure:
        case "late_share":
            return (row["late"] / row["judged"] if row["judged"] else None), row["judged"]
        case "late_beyond":
            known = row["expected"] is not None
            return (row["compared_late"] - row["expected"] if known else None), row["compared"]
        case figure:
            return float(row[figure]), row["handled"] + row["held"]
