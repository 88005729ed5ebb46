"""Choose the rows that are dossiers: merged cells filled down, blank rows, totals and repeated headers left out."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from config.mapping import Mapping
from connectors import words
from connectors.base import ROW, RawTable
from connectors.columns import actual, cell, columns_of, text_of, used_columns
from connectors.texts import clean, fold

_FIRST: Final = "__first__"  # the first filled cell of the row as it came


def choose_rows(table: RawTable, mapping: Mapping) -> RawTable:
    """Fill merged cells down, then leave out what is no dossier: blank rows, totals, the operator's choice."""
    frame = _filled_down(table, mapping)
    first = clean(pl.col(_FIRST)).str.to_lowercase()
    skip = _first(_not_filled(table, mapping)).is_null() | _starts(first, mapping.rows.skip_starting)
    skip = skip | _repeated_header(table, mapping) | _total(table, mapping, first) | _numbering(table, mapping)
    skip = skip | _signature(table, mapping)
    for column, values in mapping.rows.skip.items():
        skip = skip | _is_one_of(table, column, values)
    for column, values in mapping.rows.keep.items():
        skip = skip | ~_is_one_of(table, column, values)
    there = pl.col(ROW).is_in(list(table.unread))  # empty because it could not be read: to be refused, not skipped
    return replace(table, frame=frame.filter(~skip.fill_null(False) | there).drop(_FIRST))


def _filled_down(table: RawTable, mapping: Mapping) -> pl.DataFrame:
    names = [actual(table, c) for c in mapping.file.fill_down]
    return table.frame.with_columns(
        *(pl.when(_filled(n)).then(pl.col(n)).forward_fill() for n in names), _first(table.columns).alias(_FIRST)
    )


def _filled(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars() != ""


def _first(columns: list[str]) -> pl.Expr:
    """Give the first filled cell of the row; null in a blank row."""
    return pl.coalesce([pl.when(_filled(c)).then(pl.col(c)) for c in columns])


def _not_filled(table: RawTable, mapping: Mapping) -> list[str]:
    filled = {fold(c) for c in mapping.file.fill_down}
    return [c for c in table.columns if fold(c) not in filled] or table.columns


def _starts(text: pl.Expr, beginnings: tuple[str, ...]) -> pl.Expr:
    starts = [text.str.starts_with(fold(b)) for b in beginnings]
    return pl.any_horizontal(starts).fill_null(False) if starts else pl.lit(False)


def _is_one_of(table: RawTable, column: str, values: tuple[str, ...]) -> pl.Expr:
    return cell(table, column, ()).fill_null("").str.to_lowercase().is_in([fold(v) for v in values])


def _repeated_header(table: RawTable, mapping: Mapping) -> pl.Expr:
    """Find header rows inside the table: exports pasted under each other."""
    named = [n for n in {fold(str(i)) for v in mapping.columns.values() for i in v if isinstance(i, str)}]
    here = [c for c in table.columns if fold(c) in named]
    same = [cell(table, c, ()).str.to_lowercase() == fold(c) for c in here]
    return pl.all_horizontal(same).fill_null(False) if len(same) > 1 else pl.lit(False)


def _numbering(table: RawTable, mapping: Mapping) -> pl.Expr:
    """Find the row "(1) (2) (3)" that official forms have under their header."""
    cells = [cell(table, c, ()) for c in used_columns(mapping)]
    numbered = [c.is_null() | c.str.contains(r"^\(\d{1,2}\)$") for c in cells]
    return pl.all_horizontal(numbered) & pl.any_horizontal(c.is_not_null() for c in cells)


def _signature(table: RawTable, mapping: Mapping) -> pl.Expr:
    """Find who signed under the table: several words without a digit where the code stands, and nothing else mapped.

    To refuse such a row would keep a person's name, as the code of a dossier."""
    if "code" not in mapping.columns or mapping.events:
        return pl.lit(False)
    code = text_of(table, mapping.columns["code"], ())
    own = {fold(c) for item in mapping.columns["code"] for c in columns_of(item)}
    filled = {fold(c) for c in mapping.file.fill_down}
    others = [cell(table, c, mapping.file.missing) for c in used_columns(mapping) if fold(c) not in own | filled]
    if not others:
        return pl.lit(False)
    return code.str.contains(r"^\D+ \D+$").fill_null(False) & pl.all_horizontal(c.is_null() for c in others)


def _total(table: RawTable, mapping: Mapping, first: pl.Expr) -> pl.Expr:
    """Find totals and signatures: a well-known word in front, and no code (or the word itself in its place)."""
    if "code" not in mapping.columns:
        return pl.lit(False)
    code = text_of(table, mapping.columns["code"], ()).str.to_lowercase()
    return _starts(first, words.TOTALS) & (code.is_null() | _starts(code, words.TOTALS))
