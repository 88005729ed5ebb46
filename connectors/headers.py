"""Find the header of a grid of texts, and name its columns. Nothing is interpreted here."""

from __future__ import annotations

from collections import Counter
from typing import Final

import polars as pl

from config.errors import MappingError, SourceError, nearest
from config.mapping import Mapping
from config.notes import Note
from connectors.base import ROW, RawTable
from connectors.columns import declared_personal, used_columns
from connectors.texts import bare, clean, fold
from connectors.words import HEADERS

_LOOKED_AT: Final = 60  # rows in which a header may stand
_LISTED: Final = 40  # columns named in an error
MOST_COLUMNS: Final = 500  # of a table; a file with more of them is damaged, or none, and would fill the memory
Grid = pl.DataFrame  # texts without header, one row per row of the file


def wanted_of(mapping: Mapping | None) -> frozenset[str]:
    """Give the folded headers that the mapping uses."""
    return frozenset(fold(_bare_name(c)) for c in used_columns(mapping)) if mapping else frozenset()


def _bare_name(column: str) -> str:
    """Give ``Ngày`` for ``Ngày (2)``."""
    head, _, tail = column.rpartition(" (")
    return head if head and tail[:-1].isdigit() else column


def under_header(
    grid: Grid, name: str, mapping: Mapping | None, notes: tuple[Note, ...], wide: tuple[int, ...]
) -> RawTable:
    rows = _header_rows(grid, mapping, name)
    headers = _headers(grid, rows)
    named, repeated = _unique(headers)
    body = grid.slice(rows[-1])
    body = body.rename(dict(zip(grid.columns, named, strict=True)))
    table = RawTable(name, numbered(body, rows[-1] + 1), rows[-1], notes, wide, repeated)
    if mapping:
        all_there(table, mapping)
    return table


def numbered(frame: pl.DataFrame, first: int = 1) -> pl.DataFrame:
    """Put ``ROW`` in front, counted from ``first``; a column of the source that has this very name gets another."""
    name = ROW
    while name in frame.columns:
        name += "'"
    others = frame.rename({ROW: name}, strict=False)
    numbers = pl.int_range(first, first + frame.height, dtype=pl.UInt32, eager=True).alias(ROW)
    return others.insert_column(0, numbers)


def refuse_too_wide(columns: int, name: str) -> None:
    """Raise SourceError when so many columns cannot be those of a table: work would grow with their square."""
    if columns > MOST_COLUMNS:
        found = f"has {columns:,} columns, more than {MOST_COLUMNS:,}: that is no table of dossiers."
        raise SourceError(name, found, "Ask the source to export it again.")


def _header_rows(grid: Grid, mapping: Mapping | None, name: str) -> tuple[int, ...]:
    """Find the rows of the header, counted from 1: as declared, else where most mapped names stand."""
    if grid.is_empty():
        raise SourceError(name, "has no rows.", "Ask the source to export it again.")
    refuse_too_wide(grid.width, name)
    declared = mapping.file.header_row if mapping else "auto"
    if declared != "auto":
        if not 1 <= max(declared) <= grid.height:
            found = f"the file has {grid.height} rows, none numbered {max(declared)}."
            raise MappingError(f"{name}, file.header_row", found, "Count from 1, title rows included.")
        return tuple(int(n) for n in declared)
    wanted = wanted_of(mapping)
    scores = [_score(row, wanted) for row in grid.head(_LOOKED_AT).iter_rows()]
    return (scores.index(max(scores)) + 1,)


def _score(row: tuple[str | None, ...], wanted: frozenset[str]) -> tuple[int, int]:
    """Weigh how much a row looks like the header: known names first, then filled cells (no mapping: the widest row)."""
    cells = [c for c in row if c and c.strip()]
    known = {fold(c) for c in cells} & wanted if wanted else {bare(c) for c in cells} & HEADERS.keys()
    return len(known), 0 if wanted else len(cells)


def _headers(grid: Grid, rows: tuple[int, ...]) -> list[str | None]:
    """Join the header rows; a name above several columns (merged cells) belongs to each of them."""
    lines = [list(grid.slice(n - 1, 1).select(clean(pl.all())).row(0)) for n in rows]
    if len(lines) == 1:
        return lines[0]
    top = pl.Series(lines[0], dtype=pl.String).fill_null(strategy="forward").to_list()
    pairs = zip(lines[0], top, lines[-1], strict=True)
    return [f"{wide} / {low}" if low and wide and low != wide else low or own for own, wide, low in pairs]


def _unique(headers: list[str | None]) -> tuple[list[str], frozenset[str]]:
    """Name every column: ``Ngày (2)`` for the second of its name, ``#4`` where the header is empty."""
    total, seen, named = Counter(h for h in headers if h), Counter[str](), list[str]()
    taken = {h for h, n in total.items() if n == 1}  # a header may itself be called "Ngày (2)", or "#4"
    for position, header in enumerate(headers, 1):
        seen[header or ""] += 1
        name = f"{header} ({seen[header]})" if header else f"#{position}"
        while name in taken:
            name += "'"
        named.append(header if header and total[header] == 1 else name)
        taken.add(named[-1])
    return named, frozenset(h for h, n in total.items() if n > 1)


def all_there(table: RawTable, mapping: Mapping) -> None:
    """Raise ``MappingError`` when a mapped or personal column is not in the file, or its name stands for several."""
    there = {fold(c) for c in table.columns}
    missing = [c for c in (*used_columns(mapping), *declared_personal(mapping)) if fold(c) not in there]
    for column in missing:
        if _same_content(table, column):
            continue
        place = f"{table.name}, row {table.header_row}" if table.header_row else table.name
        if any(fold(r) == fold(column) for r in table.repeated):
            found = f'the column "{column}" occurs several times with different content.'
            raise MappingError(place, found, f'Write "{column} (1)" or "{column} (2)" in the mapping.')
        if not _is_header(table, mapping):
            found = f'there is no column "{column}", nor any other of the mapping: this row is no header.'
            raise MappingError(place, found, "Name the row of the header in file.header_row of the mapping.")
        listed = ", ".join(c[:60] for c in table.columns[:_LISTED])
        found = f'there is no column "{column}".{nearest(column, table.columns)}'
        raise MappingError(place, found, f"Write one of these in the mapping: {listed}.")


def _is_header(table: RawTable, mapping: Mapping) -> bool:
    """Say whether some name in the header is known. If none is, they may be cells, and are not to be shown."""
    wanted = wanted_of(mapping)
    return not table.header_row or any(fold(c) in wanted or bare(c) in HEADERS for c in table.columns)


def _same_content(table: RawTable, column: str) -> bool:
    copies = [c for c in table.columns if fold(_bare_name(c)) == fold(column) and c != column]
    if len(copies) < 2:
        return False
    first = table.frame[copies[0]]
    return all(table.frame[c].rename(first.name).equals(first) for c in copies[1:])
