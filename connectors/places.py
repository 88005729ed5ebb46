"""Say where a row stood, and lay tables of one shape under each other so that every row still knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import polars as pl

from config.mapping import Mapping
from config.notes import Note
from connectors.base import ROW, Part, RawTable
from connectors.columns import actual, used_columns
from connectors.texts import fold


def parts_of(table: RawTable) -> tuple[Part, ...]:
    """Give the places of a table's rows; of a plain one, the file itself."""
    return table.parts or (Part(f"{table.name}, row"),)


def places(table: RawTable, rows: pl.Series) -> pl.Series:
    """Give the place of each row number of ``ROW``: ``tep.zip/thang-11.xlsx, row 7``."""
    parts = parts_of(table)
    before = pl.Series("before", [p.before for p in parts], pl.Int64)
    at = before.search_sorted(rows.cast(pl.Int64), side="left").cast(pl.Int64) - 1
    told = pl.DataFrame({"label": pl.Series([p.label for p in parts]).gather(at), "own": rows - before.gather(at)})
    return told.select(place=pl.format("{} {}", "label", "own"))["place"]


def shape(table: RawTable, mapping: Mapping | None) -> frozenset[str]:
    """Give what tables must share to be one load: the mapped columns as they are named there, else all columns."""
    names = [actual(table, c) for c in used_columns(mapping)] if mapping else table.columns
    return frozenset(fold(n) for n in names)


def stacked(tables: Sequence[RawTable], *, name: str, notes: Iterable[Note] = ()) -> RawTable:
    """Lay tables under each other; a column that one of them has not is empty there. ``tables`` is not empty."""
    first, before = tables[0], 0
    writing = {fold(c): c for c in reversed([c for t in tables for c in t.columns])}
    frames, parts, wide, unread, broken = [], [], [], [], []
    for table in tables:
        frames.append(_renamed(table, writing).with_columns((pl.col(ROW) + before).cast(pl.UInt32)))
        parts += [Part(p.label, p.before + before) for p in parts_of(table)]
        wide += [n + before for n in table.too_wide]
        unread += [n + before for n in table.unread]
        broken += [n + before for n in table.broken_codes]
        before += _last_row(table)
    return RawTable(
        name=name,
        frame=pl.concat(frames, how="diagonal"),
        header_row=first.header_row,
        notes=(*first.notes, *notes),
        too_wide=tuple(wide),
        repeated=frozenset().union(*(t.repeated for t in tables)),
        sheet=", ".join(t.sheet for t in tables if t.sheet),
        others=tuple(o for t in tables for o in t.others),
        left=tuple(o for t in tables for o in t.left),
        parts=tuple(parts),
        unread=tuple(unread),
        broken_codes=tuple(broken),
    )


def _renamed(table: RawTable, writing: dict[str, str]) -> pl.DataFrame:
    """Give its columns the writing of the first table; two that differ in capitals only keep their own."""
    often = Counter(fold(c) for c in table.columns)
    return table.frame.rename({c: writing[fold(c)] for c in table.columns if often[fold(c)] == 1})


def _last_row(table: RawTable) -> int:
    return int(table.frame[ROW].max() or table.header_row)  # type: ignore[arg-type]
