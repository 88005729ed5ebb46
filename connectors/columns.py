"""Which columns of the file a mapping uses, and which it must not keep."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import polars as pl

from config.mapping import Joined, Mapping
from connectors.base import RawTable
from connectors.texts import bare, clean_series, fold, without_missing

#: Headers of personal data, bare of accents and spaces; the whole header or a part of it.
_PERSONAL: Final = re.compile(
    r"chuhoso|hoten|hovaten|hotro.*ten|nguoinop|nguoiyeucau|nguoilienhe|tenkhachhang|tencongdan|tentochuc|tendoanhnghiep"
    r"|dienthoai|didong|^sdt|cmnd|cccd|cancuoc|hochieu|dinhdanh|sogiayto|giaytotuythan|madoituong|masothue|email|thudientu|hopthu"
    r"|diachi|noicutru|thuongtru|tamtru|ngaysinh|namsinh|taikhoan|applicant(?!kind|type)|fullname|firstname|lastname|surname"
    r"|customername|citizenname|requestername|^phone|phonenumber|mobile|telephone|^tel$|^fax|passport|identity|nationalid|taxid"
    r"|e?mailaddress|address|street|^location|^srlocation|latitude|longitude|^lat$|^lon$|^lng$|^x$|^y$|^geom|zipcode|postcode"
    r"|birthdate|dateofbirth|^dob$|nguoixuly|canbo|chuyenvien|lanhdao|^orgresource$|responsible(?!agency|unit|department)|assignedto|officer|username"
    r"|ghichu|noidung|trichyeu|comment|description|^note"
)


def used_columns(mapping: Mapping) -> list[str]:
    """List the file's columns that the mapping names, each once, in order."""
    names = [n for value in mapping.columns.values() for item in value for n in columns_of(item)]
    if mapping.events:
        names += [c for c in (mapping.events.time, mapping.events.activity, mapping.events.resource) if c]
    if mapping.due and mapping.due.days_column:
        names.append(mapping.due.days_column)
    names += [c for part in (*mapping.suspensions, *mapping.extensions) for c in part.columns]
    names += [*mapping.rows.keep, *mapping.rows.skip, *mapping.file.fill_down]
    return list(dict.fromkeys(names))


def columns_of(item: str | Joined) -> tuple[str, ...]:
    """Give the columns that make a value."""
    return item.join if isinstance(item, Joined) else (item,)


def actual(table: RawTable, column: str) -> str:
    """Give the file's own writing of a column name; the first of equal copies."""
    folded = fold(column)
    exact = [c for c in table.columns if c == column] or [c for c in table.columns if fold(c) == folded]
    return (exact or [c for c in table.columns if fold(c) == f"{folded} (1)"])[0]


def declared_personal(mapping: Mapping) -> tuple[str, ...]:
    """Give the columns that the mapping says are of people; those of which a masked form is kept are among them."""
    return (*mapping.personal.columns, *mapping.personal.keep_masked)


def personal_columns(table: RawTable, mapping: Mapping) -> tuple[str, ...]:
    """List the columns that never leave this package: declared, or known by their header; officers' names too."""
    declared = {fold(c) for c in declared_personal(mapping)}
    mapped = {fold(c) for c in used_columns(mapping)}  # on purpose: they carry our fields
    kept = {fold(c) for c in mapping.personal.keep} | mapped
    declared |= {fold(c) for c in pseudonymous_columns(table, mapping)}
    return tuple(c for c in table.columns if fold(c) in declared or (looks_personal(c) and fold(c) not in kept))


def pseudonymous_columns(table: RawTable, mapping: Mapping) -> tuple[str, ...]:
    """List the columns of officers' names, of which a pseudonym is kept and nothing else."""
    if mapping.personal.handler != "pseudonym":
        return ()
    holders = [n for item in mapping.columns.get("handler", ()) for n in columns_of(item)]
    resource = mapping.events.resource if mapping.events else None
    named = {fold(c) for c in [*holders, resource] if c}
    return tuple(c for c in table.columns if fold(c) in named)


def looks_personal(column: str) -> bool:
    """Say whether a header is a well-known name of personal data."""
    return bool(_PERSONAL.search(bare(column)))


def text_of(table: RawTable, items: tuple[str | Joined, ...], missing: tuple[str, ...]) -> pl.Expr:
    """Give the first filled one of several columns, cleaned; joined columns count as one."""
    return pl.coalesce([_one(table, item, missing) for item in items])


def _one(table: RawTable, item: str | Joined, missing: tuple[str, ...]) -> pl.Expr:
    if isinstance(item, str):
        return cell(table, item, missing)
    first, *others = [cell(table, name, missing) for name in item.join]
    if others:  # a spreadsheet keeps a day as midnight, and an hour as a moment of 31/12/1899
        midnight = pl.any_horizontal(o.is_not_null() for o in others)
        day = first.str.replace(r"^(\d{4}-\d\d-\d\d) 00:00:00$", "${1}")
        first = pl.when(midnight).then(day).otherwise(first)
    parts = [first, *(o.str.replace(r"^1899-12-3[01] ", "") for o in others)]
    whole = pl.concat_str(parts, separator=item.between, ignore_nulls=True)
    return pl.when(parts[0].is_not_null()).then(whole)  # an hour without its day is no date


def cell(table: RawTable, column: str, missing: tuple[str, ...]) -> pl.Expr:
    """Give one column of a tidied table, null where the cell means "nothing here"."""
    return without_missing(pl.col(actual(table, column)), missing)


def tidied(table: RawTable, mapping: Mapping) -> RawTable:
    """Clean the cells of the columns that the mapping uses; the others stay as they came."""
    names = dict.fromkeys(actual(table, c) for c in used_columns(mapping))
    return replace(table, frame=table.frame.with_columns(clean_series(table.frame[n]).alias(n) for n in names))
