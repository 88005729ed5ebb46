"""Read workbooks: one sheet, the sheets that were named, or all that have the mapped columns."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from config.errors import MappingError, SourceError, nearest
from config.mapping import FileShape, Mapping
from config.notes import note
from connectors import old_fonts, unpacking
from connectors.base import Part, RawTable
from connectors.headers import under_header
from connectors.places import shape, stacked
from connectors.sheet_size import refuse_too_far
from connectors.texts import bare, fold
from connectors.words import HEADERS

OLD: Final = b"\xd0\xcf\x11\xe0"  # .xls


def read(data: bytes, *, name: str, mapping: Mapping | None) -> RawTable:
    """Read .xlsx, .xlsb, .xls or .ods as texts. Raises SourceError, MappingError."""
    how = mapping.file if mapping else FileShape()
    book = _opened(data, name)
    names = list(book.sheet_names)
    wanted = _wanted(how, names, name)
    must = how.sheet is not None or isinstance(how.sheets, tuple)  # a sheet that was named must have the columns
    fitting = [t for s in wanted if (t := _sheet(book, s, name, mapping, must=must or len(wanted) == 1))]
    if not fitting:
        raise MappingError(
            name, f"no sheet has the mapped columns; sheets: {_listed(names)}.", "Name it in file.sheet."
        )
    if mapping is None:
        return _fullest(fitting)
    return _together(fitting, mapping, name) if how.sheets else _first_of(fitting)


def _opened(data: bytes, name: str) -> Any:
    import fastexcel

    if unpacking.is_zip(data):
        listed = _listed_members(data, name)
        if not unpacking.is_workbook(listed):
            inside = ", ".join(m.filename for m in listed[:3]) or "nothing"
            raise SourceError(name, f"is an archive of {inside}.", "Unpack it, and load what is inside.")
        refuse_too_far(data, name)
    try:
        return fastexcel.read_excel(data)
    except Exception as error:  # calamine names its own errors; all mean the same to the reader
        raise _unreadable(name, _one_line(error)) from None


def _listed_members(data: bytes, name: str) -> Any:
    try:
        return unpacking.members(data, name)
    except SourceError as error:
        if "bytes from" in error.found:
            raise
        raise _unreadable(name, error.found.rstrip(".")) from None


def _unreadable(name: str, why: str) -> SourceError:
    found = f"is no readable workbook (cut off, protected or damaged: {why})."
    return SourceError(name, found, "Save it again as .xlsx without a password.")


def _one_line(error: Exception) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__


def _wanted(how: FileShape, names: list[str], name: str) -> list[str]:
    if how.sheet is not None:
        return [_named(how.sheet, names, name, "file.sheet")]
    if isinstance(how.sheets, tuple):
        return [_named(s, names, name, "file.sheets") for s in how.sheets]
    return names


def _named(wanted: str | int, names: list[str], name: str, key: str) -> str:
    if isinstance(wanted, int) and 1 <= wanted <= len(names):
        return names[wanted - 1]
    found = next((s for s in names if fold(s) == fold(str(wanted))), None)
    if found is None:
        hint = nearest(str(wanted), names)
        raise MappingError(f"{name}, {key}", f'there is no sheet "{wanted}".{hint}', f"Sheets: {_listed(names)}.")
    return found


def _listed(names: list[str]) -> str:
    return ", ".join(f'"{s}"' for s in names)


def _sheet(book: Any, sheet: str, name: str, mapping: Mapping | None, *, must: bool) -> RawTable | None:
    how = mapping.file if mapping else FileShape()
    grid = old_fonts.read_cells(_grid(book, sheet, name), f'{name}, sheet "{sheet}"', how.encoding)
    if grid.is_empty():
        if must:
            raise SourceError(f'{name}, sheet "{sheet}"', "is empty.", "Name the sheet with the rows in file.sheet.")
        return None
    try:
        return replace(under_header(grid, name, mapping, (note("sheet", sheet=sheet),), ()), sheet=sheet)
    except MappingError:
        if must:
            raise
        return None


def _grid(book: Any, sheet: str, name: str) -> Any:
    try:
        return book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string").to_polars()
    except Exception as error:  # a workbook may open, and one of its sheets be damaged
        raise _unreadable(f'{name}, sheet "{sheet}"', _one_line(error)) from None


def _fullest(tables: list[RawTable]) -> RawTable:
    """Choose the sheet that is a table of dossiers, and remember the others: the first may be a cover or a handbook."""
    chosen = max(tables, key=_weight)
    others = tuple(t.sheet for t in tables if t is not chosen and t.frame.height)
    unread = (note("not_read", names=others),) if others else ()
    return replace(chosen, notes=(*chosen.notes, *unread), others=others)


def _weight(table: RawTable) -> tuple[int, int]:
    """Weigh a sheet by the headers that are known, one alone may be chance, then by the cells that are filled."""
    known = len({bare(c) for c in table.columns} & HEADERS.keys())
    return (known if known > 1 else 0), sum(table.frame[c].count() for c in table.columns)


def _first_of(fitting: list[RawTable]) -> RawTable:
    """Take the first sheet that has the mapped columns, and remember those that have them too."""
    others = tuple(t.sheet for t in fitting[1:] if t.frame.height)
    unread = (note("not_read", names=others),) if others else ()
    return replace(fitting[0], notes=(*fitting[0].notes, *unread), others=others)


def _together(fitting: list[RawTable], mapping: Mapping, name: str) -> RawTable:
    """Take all sheets as one load; each row knows its sheet."""
    shapes = [shape(t, mapping) for t in fitting]
    same = [t for t, of in zip(fitting, shapes, strict=True) if of == shapes[0]]
    others = tuple(t.sheet for t, of in zip(fitting, shapes, strict=True) if of != shapes[0] and t.frame.height)
    told = [replace(t, notes=(), parts=(Part(f'{name}, sheet "{t.sheet}", row'),)) for t in same]
    unread = (note("not_read", names=others),) if others else ()
    whole = stacked(told, name=name, notes=(note("sheets", sheets=[f'"{t.sheet}"' for t in same]), *unread))
    return replace(whole, others=others)
