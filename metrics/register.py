"""What the register of units says of a dossier where its source does not: the name behind a code, the level."""

from __future__ import annotations

from typing import Final

import polars as pl

from config.units import Units
from metrics.dossier import Level
from metrics.verdicts import BEFORE

_LEVELS: Final = frozenset(level.value for level in Level)


def with_register(rows: pl.DataFrame, units: Units) -> pl.DataFrame:
    """Give the receiving unit its own name, and a dossier without a level that of its unit on the day of receipt.

    Reads id, receiving_unit, department_own, level, received_on, submitted_on. A vertical agency and an enterprise are
    of no level of government: null.
    """
    return _with_level(rows.with_columns(_own("receiving_unit", units)), units)


def _own(column: str, units: Units) -> pl.Expr:
    others = dict(units.own_name)
    return pl.col(column).replace(list(others), list(others.values())) if others else pl.col(column)


def _with_level(rows: pl.DataFrame, units: Units) -> pl.DataFrame:
    line = _levels(units)
    bare = rows.filter(pl.col("level").is_null(), pl.col("department_own").is_in(line["department_own"].implode()))
    if bare.is_empty():
        return rows
    asked = bare.select("id", "department_own", on=pl.coalesce("received_on", "submitted_on")).drop_nulls().sort("on")
    found = asked.join_asof(line, left_on="on", right_on="since", by="department_own", check_sortedness=False)
    told = rows.join(found.select("id", "of_register"), on="id", how="left", maintain_order="left")
    return told.with_columns(pl.coalesce("level", pl.col("of_register").cast(rows.schema["level"]))).drop("of_register")


def _levels(units: Units) -> pl.DataFrame:
    """Give department_own, since, of_register, by day; the first period of a unit has no beginning here."""
    seen = set[str]()
    rows = []
    for entry in units.known:
        since = entry.from_on if entry.name in seen and entry.from_on else BEFORE
        rows.append((entry.name, since, entry.level if entry.level in _LEVELS else None))
        seen.add(entry.name)
    schema = {"department_own": pl.String, "since": pl.Date, "of_register": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("since")
