"""With whom a dossier was on which day: handovers seen, and the units that took over from others."""

from __future__ import annotations

from typing import Final

import polars as pl

from config.units import Units
from metrics.dossier import UNFINISHED
from metrics.verdicts import BEFORE, EVER

#: Where a dossier was, from ``from_on`` to the day before the next; names as the units then were.
PLACES: Final = pl.List(pl.Struct({"department": pl.String, "from_on": pl.Date}))


def with_own_name(rows: pl.DataFrame, units: Units) -> pl.DataFrame:
    """Add ``department_own``: the unit that the source means by ``department``, by its own name, whoever succeeded it.

    Its closures and hours are those by which its dossiers are counted, under every name that a source writes.
    """
    return rows.with_columns(department_own=_renamed("department", dict(units.own_name)))


def with_holder(rows: pl.DataFrame, units: Units) -> pl.DataFrame:
    """Put ``holding_unit`` on today's map; null for what is finished: nobody holds that any more. Reads status too."""
    names = rows["holding_unit"].drop_nulls().unique().to_list()
    held = pl.col("status").cast(pl.String).is_in(sorted(UNFINISHED))
    named = _renamed("holding_unit", {name: units.today(name) for name in names})
    return rows.with_columns(holding_unit=pl.when(held).then(named))


def with_places(rows: pl.DataFrame, units: Units) -> pl.DataFrame:
    """Put ``department`` on today's map, keep what the source wrote as ``department_told``, and add ``places`` (PLACES,
    as it was; null where one unit had the dossier all along under the name it has today).

    Reads id, department, places (department, at), closed_on.
    """
    names = [n for n in rows["department"].unique().to_list() if n is not None]
    today = {n: units.today(n) for n in names}
    line = _with_successors(_line(rows, units), units)
    moved = line.join(rows.select("id", now=_renamed("department", today)), on="id", maintain_order="left")
    kept = moved.group_by("id", maintain_order=True).agg(
        places=pl.struct("department", "from_on"),
        plain=(pl.len() == 1) & pl.col("department").eq_missing(pl.col("now")).all(),
    )
    places = kept.filter(~pl.col("plain")).select("id", pl.col("places").cast(PLACES))
    return (
        rows.rename({"department": "department_told"})
        .drop("places")
        .with_columns(department=_renamed("department_told", today))
        .join(places, on="id", how="left", maintain_order="left")
    )


def _renamed(column: str, names: dict[str, str | None]) -> pl.Expr:
    changed = {old: new for old, new in names.items() if old != new}
    return pl.col(column).replace(list(changed), list(changed.values())) if changed else pl.col(column)


def _line(rows: pl.DataFrame, units: Units) -> pl.DataFrame:
    """Give id, department (by its own name), from_on, to_on of the dossiers that changed hands or whose unit has
    another name or a successor."""
    handed = rows.filter(pl.col("places").list.len() > 1).select("id", "places", "closed_on")
    seen = handed.explode("places", empty_as_null=False, keep_nulls=False).unnest("places")
    seen = seen.select("id", "closed_on", "department", from_on=pl.col("at").dt.date())
    named = sorted({*units.own_name, *units.handed})
    others = rows.filter(pl.col("department").is_in(named), pl.col("places").list.len().fill_null(0) < 2)
    only = others.select("id", "closed_on", "department", from_on=pl.lit(BEFORE))
    line = pl.concat([seen, only]).with_columns(_renamed("department", dict(units.own_name)))
    line = line.with_columns(first=pl.col("id").cum_count().over("id") == 1)
    line = line.with_columns(from_on=pl.when("first").then(pl.lit(BEFORE)).otherwise("from_on"))
    line = line.unique(["id", "from_on"], keep="last", maintain_order=True)  # twice on one day: the last holds
    line = _without_repeats(line)
    return line.with_columns(to_on=pl.col("from_on").shift(-1).over("id").fill_null(EVER)).drop("first")


def _with_successors(line: pl.DataFrame, units: Units) -> pl.DataFrame:
    """Pass on what is with a unit that ended: from the day after, or from the day it came there if that is later, its
    successor has the dossier, if it was not closed before."""
    if not units.handed:
        return line
    ends = pl.DataFrame(
        [(name, to, after) for name, (to, after) in units.handed.items()],
        schema={"department": pl.String, "ended_on": pl.Date, "successor": pl.String},
        orient="row",
    )
    for _ in units.handed:  # a successor may itself have ended, earlier or later: at most so many times
        told = line.join(ends, on="department", how="left", maintain_order="left")
        told = told.with_columns(passes=pl.max_horizontal("from_on", pl.col("ended_on").dt.offset_by("1d")))
        over = pl.col("ended_on").is_not_null() & (pl.col("passes") < pl.col("to_on"))
        over = over & (pl.col("closed_on").is_null() | (pl.col("closed_on") >= pl.col("passes")))
        passed = told.filter(over)
        if passed.is_empty():
            break
        before = told.with_columns(to_on=pl.when(over).then("passes").otherwise("to_on"))
        after = passed.with_columns(department="successor", from_on="passes")
        line = pl.concat([before.filter(pl.col("from_on") < pl.col("to_on")), after]).select(line.columns)
    return _without_repeats(line.sort("id", "from_on", maintain_order=True))


def _without_repeats(line: pl.DataFrame) -> pl.DataFrame:
    """Leave out a handover to whom the dossier is with already, as when its source names the unit that took over."""
    changed = pl.col("department").ne_missing(pl.col("department").shift().over("id")) | (pl.col("from_on") == BEFORE)
    return line.filter(changed)
