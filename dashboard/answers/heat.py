"""The department × field table: where promises are kept and where not, over four weeks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import polars as pl

from dashboard import wording
from dashboard.charts import Cell
from dashboard.filters import DEPARTMENT, FIELD, GROUP, Choice
from dashboard.wording import number, rated
from metrics.events import Event
from metrics.scope import Period

WEEKS: Final = 4
MOST_ROWS: Final = 12
MOST_COLUMNS: Final = 7
ALL: Final = "Tất cả"
#: The events that the table counts.
EVENTS: Final[tuple[str, ...]] = (Event.DUE, Event.DUE_MET)


def period(choice: Choice) -> Period:
    """Give the weeks the table sums up: one week of one unit and field is too few to judge."""
    return Period(choice.monday - timedelta(weeks=WEEKS - 1), choice.week.end)


@dataclass(frozen=True, slots=True)
class Heat:
    """The table: names, cells, the list behind every cell (None where there is nothing), and what was left out."""

    rows: Sequence[str]
    columns: Sequence[str]
    cells: Sequence[Sequence[Cell]]
    queries: Sequence[Sequence[dict[str, str] | None]]
    note: str


def heat(choice: Choice, counts: pl.DataFrame, *, small: int = 1) -> Heat:
    """Choose the units with the most broken promises and the largest fields; a unit with fewer dossiers than ``small``
    is never ranked: such units stand last. ``counts``: by department and field."""
    known = counts.filter(pl.col("due") > 0).select("department", "field", "due", "due_met")
    broken = pl.col("due").sum() - pl.col("due_met").sum()
    units = _largest(known, "department", pl.when(pl.col("due").sum() >= small).then(broken).otherwise(-1), MOST_ROWS)
    fields = _largest(known, "field", pl.col("due").sum(), MOST_COLUMNS)
    counted = {(unit, field): Cell(met, due) for unit, field, due, met in known.iter_rows()}
    cells = [[_cell(counted, unit, field) for field in (None, *fields)] for unit in units]
    queries = [[_query(choice, unit, field, cell) for field, cell in zip((None, *fields), row, strict=True)]
               for unit, row in zip(units, cells, strict=True)]  # fmt: skip
    total = known["department"].n_unique()
    return Heat(units, [ALL, *fields], cells, queries, _note(choice, total, len(units), small))


def _largest(known: pl.DataFrame, name: str, weight: pl.Expr, most: int) -> list[str]:
    ranked = known.drop_nulls(name).group_by(name).agg(weight=weight, due=pl.col("due").sum())
    ranked = ranked.sort("weight", "due", name, descending=[True, True, False]).head(most)
    return [str(n) for n in ranked[name]]


def _cell(counted: Mapping[tuple[str | None, str | None], Cell], unit: str, field: str | None) -> Cell:
    if field is not None:
        return counted.get((unit, field), Cell(met=0, due=0))
    mine = [cell for (name, _), cell in counted.items() if name == unit]
    return Cell(met=sum(cell.met for cell in mine), due=sum(cell.due for cell in mine))


def _query(choice: Choice, unit: str, field: str | None, cell: Cell) -> dict[str, str] | None:
    if not cell.due:
        return None
    group = "tre-hen-4-tuan" if cell.met < cell.due else "den-hen-4-tuan"
    return choice.query(**{GROUP: group, DEPARTMENT: unit, FIELD: field or choice.field})


def _note(choice: Choice, total: int, shown: int, small: int) -> str:
    span = period(choice)
    rest = f" {shown} đơn vị có nhiều hồ sơ trễ hẹn nhất trên {number(total)} đơn vị." if total > shown else ""
    days = wording.days_between(span.start, min(span.end, choice.today))
    return (
        f"Tỷ lệ % đúng hạn theo ngày hẹn, {WEEKS} tuần {days}; càng đỏ càng trễ, ▲ dưới 90 %. "
        f"Dưới {small} hồ sơ chỉ ghi số lượng, không xếp hạng.{rest} Bấm một ô để mở danh sách."
    )


def as_table(table: Heat, small: int) -> pl.DataFrame:
    """Lay the table out as texts: the rate with its parts, of few dossiers only their number."""
    rows = [
        (unit, *(_text(cell, small) for cell in row)) for unit, row in zip(table.rows, table.cells, strict=True)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=["Đơn vị", *table.columns], orient="row")


def values(table: Heat, small: int) -> pl.DataFrame:
    """Lay the table out to take away, a line for each cell that holds anything; of few dossiers there is no share."""
    rows = [
        (unit, field, cell.due, cell.met, wording.share(cell.met, cell.due) if cell.due >= small else None)
        for unit, cells in zip(table.rows, table.cells, strict=True)
        for field, cell in zip(table.columns, cells, strict=True)
        if cell.due
    ]
    heads = {"Đơn vị": pl.String, "Lĩnh vực": pl.String, "Đến hẹn": pl.Int64, "Đúng hạn": pl.Int64}
    return pl.DataFrame(rows, schema={**heads, "Tỷ lệ đúng hạn (%)": pl.Float64}, orient="row")


def _text(cell: Cell, small: int) -> str:
    if not cell.due:
        return wording.NOTHING
    return f"n = {cell.due}" if cell.due < small else parts(cell)


def worst(table: Heat, small: int, count: int = 3) -> list[tuple[str, Cell, dict[str, str]]]:
    """Give the worst cells as lines, for a phone: name, parts, list."""
    cells = [
        (f"{unit} · {field}", cell, query)
        for unit, row, queries in zip(table.rows, table.cells, table.queries, strict=True)
        for field, cell, query in list(zip(table.columns, row, queries, strict=True))[1:]
        if query is not None and small <= cell.due and cell.met < cell.due
    ]
    return sorted(cells, key=lambda c: c[1].met / c[1].due)[:count]


def parts(cell: Cell) -> str:
    """Write a cell as a sentence: 77,0 % (70,7–82,3) · 154 / 200."""
    return f"{rated(cell.met, cell.due)} · {number(cell.met)} / {number(cell.due)}"
