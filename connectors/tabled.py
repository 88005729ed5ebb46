"""Rows of any types, as a database or a service hands them out, through a mapping into a batch. Pure, as translate is.

A mapping reads texts. So every value becomes the text that it would be in a careful export: instants in ISO (with their
offset where they have one), whole numbers without a fraction, records of records as one column per field.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from config.errors import MappingError, nearest
from config.mapping import Mapping
from config.notes import Note, note
from connectors.base import Batch, RawTable, Shift, Words
from connectors.columns import columns_of, declared_personal, looks_personal, used_columns
from connectors.headers import numbered
from connectors.personal import kept_rows, masked
from connectors.texts import fold
from connectors.translate import translate

_LISTED: Final = 40  # columns named in an error
_TOLD: Final[dict[str, Callable[..., Note]]] = {
    "channel": lambda words: note("unknown_channel", words=words),
    "level": lambda words: note("unknown_level", words=words),
    "applicant_kind": lambda words: note("unknown_applicant_kind", words=words),
}


def batch(
    rows: pl.DataFrame,
    mapping: Mapping,
    *,
    place: str,
    shift: Shift | None = None,
    first_row: int = 1,
    cursor: str | None = None,
    n_expected: int = 0,
    broken_codes: tuple[int, ...] = (),
    notes: tuple[Note, ...] = (),
) -> Batch:
    """Translate ``rows`` (one column per name of the mapping, any polars types) and check them.

    ``place`` names the origin in errors and in quarantine, ``first_row`` the number of the first row in it; ``shift``
    counts working days; ``broken_codes``: the rows, from 0, whose code was a number with a fraction. ``raw`` of the
    batch holds the rows as texts less the personal columns, officers as pseudonyms.
    Raises MappingError when a column that the mapping names is not there, with the nearest that is.
    """
    all_there(rows.columns, mapping, place=place)
    wrong = sorted({*broken_codes, *broken_codes_of(rows, mapping)})
    table = replace(raw_table(rows, place=place, first_row=first_row), broken_codes=tuple(first_row + n for n in wrong))
    done = translate(table, mapping, shift=shift)
    left_out = (note("left_out", rows=done.skipped),) if done.skipped else ()
    return Batch(
        done.good,
        done.rejects,
        done.merged,
        cursor=cursor,
        raw=kept_rows(table, mapping),
        n_expected=n_expected,
        notes=(*notes, *left_out, *_unknown(done.words)),
        steps=done.steps,
        masked=masked(table, mapping),
    )


def broken_codes_of(rows: pl.DataFrame, mapping: Mapping) -> list[int]:
    """Give the rows, from 0, whose code is a number with a fraction: 1.10 and 1.1 are one number, and no code."""
    wanted = {fold(c) for item in mapping.columns["code"] for c in columns_of(item)}
    codes = [c for c, kind in rows.schema.items() if fold(c) in wanted and (kind.is_float() or kind.is_decimal())]
    if not codes:
        return []
    wrong = rows.select(pl.any_horizontal(pl.col(c) != pl.col(c).round(0) for c in codes).arg_true())
    return wrong.to_series().to_list()


def raw_table(rows: pl.DataFrame, *, place: str, first_row: int = 1) -> RawTable:
    """Give ``rows`` as texts under numbered rows; a record becomes one column per field, named ``outer.inner``."""
    return RawTable(place, numbered(as_texts(rows), first_row), header_row=0)


def as_texts(rows: pl.DataFrame) -> pl.DataFrame:
    """Give every column as String; nothing is rounded, cut or guessed."""
    flat = _flat(rows)
    return flat.with_columns(_text(name, kind).alias(name) for name, kind in flat.schema.items())


def _flat(rows: pl.DataFrame) -> pl.DataFrame:
    """Spread records over columns, to any depth."""
    while records := [c for c, kind in rows.schema.items() if isinstance(kind, pl.Struct)]:
        rows = rows.unnest(*records, separator=".")
    return rows


def _text(name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(kind, pl.Datetime):
        return column.dt.strftime("%Y-%m-%dT%H:%M:%S%.6f%:z" if kind.time_zone else "%Y-%m-%dT%H:%M:%S%.6f")
    if isinstance(kind, pl.Decimal):  # 12.00 and 12 are one number, and may be one code
        return column.cast(pl.String).str.replace(r"(\.\d*?)0+$", "${1}").str.strip_suffix(".")
    if kind.is_float():
        whole = (column == column.round(0)) & (column.abs() < 2**63)
        return (
            pl.when(whole).then(column.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(column.cast(pl.String))
        )
    if kind == pl.Binary:
        return column.map_elements(_of_bytes, return_dtype=pl.String)
    if isinstance(kind, pl.List | pl.Array):
        return _of_list(column, kind)
    if isinstance(kind, pl.Duration):
        return column.dt.to_string("iso")
    if kind == pl.Object:
        return column.map_elements(str, return_dtype=pl.String)
    return column.cast(pl.String)


def _of_bytes(value: bytes) -> str:
    """Read bytes as the text they are, and what is no text (a binary key) as hexadecimal digits."""
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return value.hex()
    return text if not any(sign < " " and sign not in "\t\r\n" for sign in text) else value.hex()


def _of_list(column: pl.Expr, kind: pl.List | pl.Array) -> pl.Expr:
    """Write a list of plain values with commas between, and one of records as JSON less their personal fields."""
    inner = kind.inner
    listed = column.arr.to_list() if isinstance(kind, pl.Array) else column
    if not inner.is_nested():
        element = pl.element()
        return listed.list.eval(element.cast(pl.String)).list.join(", ", ignore_nulls=True)
    harmless = listed.list.eval(_harmless(pl.element(), inner))  # type: ignore[arg-type]
    written = pl.struct(value=harmless).struct.json_encode().str.strip_prefix('{"value":').str.strip_suffix("}")
    return pl.when(column.is_not_null()).then(written)


def _harmless(value: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """Leave the fields out whose names are those of personal data, to any depth."""
    if isinstance(kind, pl.Struct):
        kept = [f for f in kind.fields if not looks_personal(f.name)]
        parts = [_harmless(value.struct.field(f.name), f.dtype).alias(f.name) for f in kept]  # type: ignore[arg-type]
        return pl.struct(parts) if parts else pl.lit(None, pl.String)
    if isinstance(kind, pl.List):
        return value.list.eval(_harmless(pl.element(), kind.inner))  # type: ignore[arg-type]
    return value


def all_there(columns: Sequence[str], mapping: Mapping, *, place: str) -> None:
    """Raise MappingError when a column that carries meaning, or one declared personal, is gone."""
    there = {fold(c) for c in columns}
    for column in (*used_columns(mapping), *declared_personal(mapping)):
        if fold(column) not in there:
            found = f'there is no column "{column}".{nearest(column, columns)}'
            listed = ", ".join(c[:60] for c in columns[:_LISTED])
            step = f"The source has changed, or the mapping is wrong; columns now: {listed}."
            raise MappingError(place, found, step)


def _unknown(words: dict[str, Words]) -> tuple[Note, ...]:
    """Name the words that mean nothing to us and left a field empty."""
    lost = {kind: [word for word, meaning, _ in words.get(kind, ()) if meaning is None] for kind in _TOLD}
    return tuple(_TOLD[kind](sorted(found)) for kind, found in lost.items() if found)
