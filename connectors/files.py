"""Fetch a file: settled bytes from disk, then a table of texts under its header. Nothing is interpreted here."""

from __future__ import annotations

import gzip
import time
import zipfile
from collections import Counter
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Final

import polars as pl

from config.errors import MappingError, SourceError, nearest
from config.mapping import FileShape, Mapping
from connectors import delimited
from connectors.base import ROW, RawTable
from connectors.columns import used_columns
from connectors.texts import bare, clean, fold
from connectors.words import HEADERS

_UNFINISHED: Final = (".part", ".partial", ".crdownload", ".tmp", ".filepart")
_LOOKED_AT: Final = 60  # rows in which a header may stand
Grid = pl.DataFrame  # texts without header, one row per row of the file


def read_settled(path: Path) -> bytes:
    """Read a file that nobody is writing. Raises ``SourceError``: absent, empty, unreadable, still growing."""
    place = path.name
    if path.suffix.lower() in _UNFINISHED or place.startswith("~$"):
        raise SourceError(place, "is still being transferred or edited.", "Load it when it has its name.")
    try:
        before = _state(path)
        time.sleep(0.05)
        data = path.read_bytes()
        after = _state(path)
    except IsADirectoryError:
        raise SourceError(place, "is a folder.", "Name one file in it.") from None
    except FileNotFoundError:
        raise SourceError(place, f"does not exist in {path.parent}.{_near(path)}", "Check the path.") from None
    except OSError as error:
        raise SourceError(place, f"cannot be read: {error.strerror}.", "Give the account read access.") from None
    if before != after or len(data) != after[0]:
        raise SourceError(place, "is still being written: it changed while being read.", "Load it when complete.")
    if not data.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise SourceError(place, "is empty.", "Ask the source to export it again.")
    return data


def _state(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def _near(path: Path) -> str:
    return nearest(path.name, [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else [])


def read_table(data: bytes, *, name: str, mapping: Mapping | None = None) -> RawTable:
    """Turn bytes into a raw table, by their content and not by the name. Raises ``SourceError``, ``MappingError``."""
    shape = mapping.file if mapping else FileShape()
    data = _unpacked(data, name)
    if _is_workbook(data, shape):
        return _from_workbook(data, name, mapping, shape)
    if _is_page(data):
        raise SourceError(name, "is a web page, XML or PDF, not a table.", "Open it in Excel and save it as .xlsx.")
    grid, notes, wide = delimited.read(data, name, shape, list(_wanted(mapping)))
    return _under_header(grid, name, mapping, notes, wide)


def _is_page(data: bytes) -> bool:
    """Say whether these are the bytes of a web page, XML or PDF, in whatever encoding."""
    head = data[:1024].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return head.startswith((b"<html", b"<table", b"<!doctype", b"<?xml", b"<meta", b"<style", b"<head", b"%pdf"))


def _unpacked(data: bytes, name: str) -> bytes:
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError):
        raise SourceError(name, "is a cut off gzip file.", "Transfer it again.") from None


def _is_workbook(data: bytes, shape: FileShape) -> bool:
    return shape.format == "xlsx" or (shape.format == "auto" and data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))


def _from_workbook(data: bytes, name: str, mapping: Mapping | None, shape: FileShape) -> RawTable:
    import fastexcel

    try:
        packed = zipfile.ZipFile(BytesIO(data)).namelist() if data[:2] == b"PK" else ["content.xml"]
        _refuse_archive(packed, name)
        book = fastexcel.read_excel(data)
    except SourceError:
        raise
    except Exception as error:  # calamine and zip name their own errors; all mean the same to the reader
        found = f"is no readable workbook (cut off, protected or damaged: {_one_line(error)})."
        raise SourceError(name, found, "Save it again as .xlsx without a password.") from None
    names = list(book.sheet_names)
    chosen = [_sheet(shape.sheet, names, name)] if shape.sheet is not None else names
    fitting = [t for sheet in chosen if (t := _sheet_table(book, sheet, name, mapping, alone=len(chosen) == 1))]
    if not fitting:
        listed = ", ".join(f'"{s}"' for s in names)
        raise MappingError(name, f"no sheet has the mapped columns; sheets: {listed}.", "Name it in file.sheet.")
    return _fullest(fitting) if mapping is None else _first_of(fitting)


def _refuse_archive(members: list[str], name: str) -> None:
    """Refuse a zip file that is no workbook; a workbook is one too."""
    if not any(m.startswith("xl/") or m == "content.xml" for m in members):
        found = f"is an archive of {', '.join(members[:3]) or 'nothing'}."
        raise SourceError(name, found, "Unpack it, and load what is inside.")


def _fullest(tables: list[RawTable]) -> RawTable:
    """Choose the sheet with the most headers that are known: the first may be a cover or a handbook."""
    return max(tables, key=lambda t: len({bare(c) for c in t.columns} & HEADERS.keys()))


def _first_of(fitting: list[RawTable]) -> RawTable:
    """Take the first sheet that has the mapped columns, and remember those that have them too."""
    others = tuple(t.sheet for t in fitting[1:] if t.frame.height)
    note = (f"not read: {', '.join(others)}",) if others else ()
    return replace(fitting[0], notes=(*fitting[0].notes, *note), others=others)


def _sheet(wanted: str | int, names: list[str], name: str) -> str:
    if isinstance(wanted, int) and 1 <= wanted <= len(names):
        return names[wanted - 1]
    found = next((s for s in names if fold(s) == fold(str(wanted))), None)
    if found is None:
        listed = ", ".join(f'"{s}"' for s in names)
        hint = nearest(str(wanted), names)
        raise MappingError(f"{name}, file.sheet", f'there is no sheet "{wanted}".{hint}', f"Sheets: {listed}.")
    return found


def _sheet_table(book: object, sheet: str, name: str, mapping: Mapping | None, *, alone: bool) -> RawTable | None:
    read = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")  # type: ignore[attr-defined]
    grid = read.to_polars()
    if grid.is_empty():
        if alone:
            raise SourceError(f'{name}, sheet "{sheet}"', "is empty.", "Name the sheet with the rows in file.sheet.")
        return None
    try:
        return replace(_under_header(grid, name, mapping, (f'sheet "{sheet}"',), ()), sheet=sheet)
    except MappingError:
        if alone:
            raise
        return None


def _one_line(error: Exception) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__


def _wanted(mapping: Mapping | None) -> frozenset[str]:
    """Give the folded headers that the mapping uses."""
    return frozenset(fold(_bare_name(c)) for c in used_columns(mapping)) if mapping else frozenset()


def _bare_name(column: str) -> str:
    """Give ``Ngày`` for ``Ngày (2)``."""
    head, _, tail = column.rpartition(" (")
    return head if head and tail[:-1].isdigit() else column


def _under_header(
    grid: Grid, name: str, mapping: Mapping | None, notes: tuple[str, ...], wide: tuple[int, ...]
) -> RawTable:
    rows = _header_rows(grid, mapping, name)
    headers = _headers(grid, rows)
    named, repeated = _unique(headers)
    body = grid.slice(rows[-1])
    body = body.rename(dict(zip(grid.columns, named, strict=True)))
    numbers = pl.int_range(rows[-1] + 1, grid.height + 1, dtype=pl.UInt32, eager=True).alias(ROW)
    table = RawTable(name, body.insert_column(0, numbers), rows[-1], notes, wide, repeated)
    if mapping:
        _all_there(table, mapping)
    return table


def _header_rows(grid: Grid, mapping: Mapping | None, name: str) -> tuple[int, ...]:
    """Find the rows of the header, counted from 1: as declared, else where most mapped names stand."""
    declared = mapping.file.header_row if mapping else "auto"
    if declared != "auto":
        if not 1 <= max(declared) <= grid.height:
            found = f"the file has {grid.height} rows, none numbered {max(declared)}."
            raise MappingError(f"{name}, file.header_row", found, "Count from 1, title rows included.")
        return tuple(int(n) for n in declared)
    wanted = _wanted(mapping)
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
    total, seen, named = Counter(h for h in headers if h), Counter[str](), []
    for position, header in enumerate(headers, 1):
        if header is None:
            named.append(f"#{position}")
            continue
        seen[header] += 1
        named.append(f"{header} ({seen[header]})" if total[header] > 1 else header)
    return named, frozenset(h for h, n in total.items() if n > 1)


def _all_there(table: RawTable, mapping: Mapping) -> None:
    """Raise ``MappingError`` when a mapped or personal column is not in the file, or its name stands for several."""
    there = {fold(c) for c in table.columns}
    for column in (*used_columns(mapping), *mapping.personal.columns):
        if fold(column) in there or _same_content(table, column):
            continue
        place = f"{table.name}, row {table.header_row}"
        if any(fold(r) == fold(column) for r in table.repeated):
            found = f'the column "{column}" occurs several times with different content.'
            raise MappingError(place, found, f'Write "{column} (1)" or "{column} (2)" in the mapping.')
        hint = nearest(column, table.columns)
        listed = ", ".join(c[:60] for c in table.columns[:40])
        raise MappingError(
            place, f'there is no column "{column}".{hint}', f"Write one of these in the mapping: {listed}."
        )


def _same_content(table: RawTable, column: str) -> bool:
    copies = [c for c in table.columns if fold(_bare_name(c)) == fold(column) and c != column]
    if len(copies) < 2:
        return False
    first = table.frame[copies[0]]
    return all(table.frame[c].rename(first.name).equals(first) for c in copies[1:])
