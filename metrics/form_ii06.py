"""Form II.06 (TT 01/2020/TT-VPCP): what came in, what was resolved, what is pending, by unit or field.

Dossiers without a usable due date are in no column; notes give their number. (3) = (7) + (11), always.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from metrics.evaluate import Map, figures
from metrics.scope import Filters, Period, Scope

#: Columns (3) to (13) of the form, as sums of counts.
CELLS: Final[dict[str, pl.Expr]] = {
    "c3": pl.col("form_online") + pl.col("form_other") + pl.col("form_carried") + pl.col("form_handed"),
    "c4": pl.col("form_online"),
    "c5": pl.col("form_other"),
    "c6": pl.col("form_carried") + pl.col("form_handed"),
    "c7": pl.col("resolved_early") + pl.col("resolved_on_time") + pl.col("resolved_overdue"),
    "c8": pl.col("resolved_early"),
    "c9": pl.col("resolved_on_time"),
    "c10": pl.col("resolved_overdue"),
    "c11": pl.col("pending_in_term") + pl.col("pending_overdue"),
    "c12": pl.col("pending_in_term"),
    "c13": pl.col("pending_overdue"),
}

_HANDED: Final = {"handed_in": pl.col("transferred_in"), "handed_out": pl.col("transferred_out")}


@dataclass(frozen=True, slots=True)
class Notes:
    """What the form's columns leave out or hold among others, in dossiers."""

    undetermined_received: int
    undetermined_carried: int
    undetermined_resolved: int
    undetermined_pending: int
    without_result: int  # withdrawn, refused, stopped, gone: in (7)
    suspended: int  # in (12)
    channel_unknown: int  # in (5)
    handed_in: int = 0  # in (6), on the map "as it was": taken over from other units in the period
    handed_out: int = 0  # taken off (6)


@dataclass(frozen=True, slots=True)
class Form:
    """One table: ``rows`` with name, c3…c13, handed_in and handed_out; ``total`` with c3…c13; what stands under it.

    handed_in, handed_out: dossiers taken over from other units and given to them, on the map "as it was"; in (6) they
    count as more and as less, so that a unit that gave away more than it had may have a number below zero there.
    """

    rows: pl.DataFrame
    total: dict[str, int]
    notes: Notes

    @property
    def balanced(self) -> bool:
        """Say whether (3) = (7) + (11) in every row and every total is the sum of its rows."""
        lines = self.rows.filter(pl.col("c3") != pl.col("c7") + pl.col("c11"))
        sums = self.rows.select(CELLS.keys()).sum().row(0, named=True)
        return lines.is_empty() and all((sums[c] or 0) == n for c, n in self.total.items()) and self._adds_up()

    def _adds_up(self) -> bool:
        return self.total["c3"] == self.total["c7"] + self.total["c11"]


def form(
    cube: pl.DataFrame,
    *,
    period: Period,
    as_of: date,
    rows: str,
    scope: Scope,
    filters: Filters = Filters(),  # noqa: B008 - frozen
    on_map: Map = "today",
) -> Form:
    """Fill the form for one period, a row for each value of ``rows`` (a dimension of the cube).

    The total is asked of the cube by itself, not summed from the rows.
    """
    asked = {"period": period, "as_of": as_of, "scope": scope, "filters": filters, "on_map": on_map}
    by_row = figures(cube, by=[rows], **asked)  # type: ignore[arg-type]
    whole = figures(cube, **asked)  # type: ignore[arg-type]
    lines = by_row.select(pl.col(rows).cast(pl.String).alias("name"), **CELLS, **_HANDED)
    lines = lines.filter(pl.any_horizontal(pl.col(c) != 0 for c in (*CELLS, *_HANDED)))
    return Form(rows=lines, total=whole.select(**CELLS).row(0, named=True), notes=_notes(whole.row(0, named=True)))


def _notes(n: dict[str, int]) -> Notes:
    return Notes(
        undetermined_received=n["received"] - n["form_online"] - n["form_other"],
        undetermined_carried=n["carried_over"] - n["form_carried"],
        undetermined_resolved=n["resolved_undetermined"],
        undetermined_pending=n["pending_undetermined"],
        without_result=n["form_without_result"],
        suspended=n["form_suspended"],
        channel_unknown=n["form_channel_unknown"],
        handed_in=n["transferred_in"],
        handed_out=n["transferred_out"],
    )
