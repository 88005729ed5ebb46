"""Read JSON: one object a line, or one list of objects. Fields inside fields become columns such as ``hoSo.ma``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

import polars as pl

from config.errors import MappingError, SourceError
from config.mapping import FileShape, Mapping
from config.notes import Note, note
from connectors.base import Part, RawTable
from connectors.columns import actual, columns_of, looks_personal, used_columns
from connectors.delimited import decode
from connectors.headers import all_there, numbered, refuse_too_wide, wanted_of
from connectors.json_values import Number, at, holds, into_lists, is_broken, plain_text
from connectors.nesting import DEEPEST
from connectors.texts import DAMAGED, bare, fold
from connectors.words import HEADERS

_CHUNK: Final = 50_000
_DEEP: Final = 4  # how far down a list of rows is looked for
Row = dict[str, str | None]


class _Broken(str):
    """The text of a number with a fraction, which can be no code."""

    __slots__ = ()


def read(data: bytes, *, name: str, mapping: Mapping | None) -> RawTable:
    """Turn JSON lines, or a list of objects, into a raw table. Raises SourceError, MappingError."""
    how = mapping.file if mapping else FileShape()
    text, _ = decode(data, name, how.encoding)
    text, listed = text.lstrip("\ufeff"), _into_lists(mapping)
    if _is_lines(text, how, mapping):
        rows, noticed, counted = _lines(text, name, listed), note("json_lines"), "line"
    else:
        rows, noticed, counted = _items(text, how, name, listed), note("json"), "item"
    table = _table(rows, name, noticed, counted)
    table = replace(table, frame=table.frame.drop(listed.gone, strict=False))
    if mapping:
        all_there(table, mapping)
        codes = [actual(table, c) for item in mapping.columns["code"] for c in columns_of(item)]
        wrong = tuple(n for n, row in enumerate(rows, 1) if any(isinstance((row or {}).get(c), _Broken) for c in codes))
        return replace(table, broken_codes=wrong)
    return table


@dataclass(slots=True)
class _Listed:
    """``paths`` of a mapping that count entries of a list, such as ``donVi.0.ten``: where rows hold or lack them."""

    paths: tuple[str, ...]
    held: set[str] = field(default_factory=set)
    lacked: set[str] = field(default_factory=set)

    def of(self, value: dict[str, Any]) -> Row:
        """Give what stands at the paths in a record."""
        for path in self.paths:
            told = holds(value, path)
            self.held |= {path} if told else set()
            self.lacked |= {path} if told is False else set()
        return {path: _text(at(value, path)) for path in self.paths}

    @property
    def gone(self) -> set[str]:
        """Give the paths that no record holds although some could: a wrong name, as a column that is not there."""
        return self.lacked - self.held


def _into_lists(mapping: Mapping | None) -> _Listed:
    return _Listed(tuple(path for path in used_columns(mapping) if into_lists(path)) if mapping else ())


def _items(text: str, how: FileShape, name: str, listed: _Listed) -> list[Row | None]:
    return [_row(value, listed) for value in _listed(_whole(text, name), how, name)]


def _is_lines(text: str, how: FileShape, mapping: Mapping | None) -> bool:
    """Say whether each line is an object for itself; a single one is a row if it has known fields, and no list."""
    first, _, rest = text.strip().partition("\n")
    row = _loaded(first) if first.startswith("{") and not how.rows_at else None
    if not isinstance(row, dict):
        return False
    wanted = wanted_of(mapping)
    known = any(fold(key) in wanted if mapping else bare(key) in HEADERS for key in _row(row) or ())
    return bool(rest.strip()) or known or not _lists(row)


def _loaded(text: str) -> Any:
    """Give what a text means; None where it is no JSON."""
    try:
        return json.loads(text, parse_float=Number)
    except (ValueError, RecursionError):
        return None


def _lines(text: str, name: str, listed: _Listed) -> list[Row | None]:
    """Read each line for itself: a damaged one is refused alone; the last one shows whether the file was cut off."""
    lines = text.replace("\r\n", "\n").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    rows = [_row(_loaded(line), listed) for line in lines]
    if rows[-1] is None and not text.endswith("\n"):
        step = "Wait until the transfer is complete, or ask for it again, then load it."
        raise SourceError(f"{name}, line {len(lines)}", "is cut off in the middle of its last line.", step)
    blank = {n for n, line in enumerate(lines) if not line.strip()}
    return [{} if n in blank else row for n, row in enumerate(rows)]


def _whole(text: str, name: str) -> Any:
    try:
        return json.loads(text, parse_float=Number)
    except json.JSONDecodeError as error:
        found = f"is cut off or no JSON: {error.msg}."
        raise SourceError(f"{name}, line {error.lineno}", found, "Transfer it again, or ask for it again.") from None
    except (RecursionError, ValueError):
        raise SourceError(name, "is JSON that nobody could mean.", "Ask the source to export it again.") from None


def _listed(value: Any, how: FileShape, name: str) -> list[Any]:
    """Find the list of rows: the whole, the one that was named, or the only list of objects inside."""
    if isinstance(value, list):
        return value
    lists = _lists(value)
    if how.rows_at:
        if how.rows_at not in lists:
            known = ", ".join(f'"{k}"' for k in lists) or "none"
            found = f'there is no list of objects at "{how.rows_at}".'
            raise MappingError(f"{name}, file.rows_at", found, f"Lists of objects in it: {known}.")
        return lists[how.rows_at]
    if len(lists) == 1:
        return next(iter(lists.values()))
    known = ", ".join(f'"{k}"' for k in lists)
    found = f"has several lists of objects: {known}." if lists else "has no list of objects: no rows."
    raise MappingError(name, found, "Name the one with the dossiers in file.rows_at of the mapping.")


def _lists(value: Any, path: str = "", deep: int = 0) -> dict[str, list[Any]]:
    """Give the lists of objects by their path, not looking into the rows themselves."""
    found: dict[str, list[Any]] = {}
    for key, inner in value.items():
        here = f"{path}.{key}" if path else str(key)
        if isinstance(inner, dict) and deep < _DEEP:
            found |= _lists(inner, here, deep + 1)
        elif isinstance(inner, list) and inner and all(isinstance(i, dict) for i in inner):
            found[here] = inner
    return found


def _row(value: Any, listed: _Listed | None = None) -> Row | None:
    """Give a row, with what stands at the paths ``listed``; None for what is no object, or one that is nested deeper
    than anybody could mean."""
    try:
        if not isinstance(value, dict):
            return None
        return _flat(value) | (listed.of(value) if listed else {})
    except RecursionError:
        return None


def _flat(value: dict[str, Any], path: str = "", deep: int = 0) -> Row:
    """Give one text per field; a list is JSON text less its personal fields. Raises RecursionError when too deep."""
    if deep > DEEPEST:
        raise RecursionError
    row: Row = {}
    for key, inner in value.items():
        here = f"{path}.{key}" if path else str(key)
        if isinstance(inner, dict):
            row |= _flat(inner, here, deep + 1)
        else:
            row[here] = _text(inner)
    return row


def _text(value: Any) -> str | None:
    if isinstance(value, list | dict):
        return json.dumps(_harmless(value), ensure_ascii=False) if value else None
    text = plain_text(value)
    return _Broken(text) if text is not None and is_broken(value) else text


def _harmless(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _harmless(v) for k, v in value.items() if not looks_personal(k)}
    return [_harmless(v) for v in value] if isinstance(value, list) else value


def _table(rows: list[Row | None], name: str, noticed: Note, counted: str) -> RawTable:
    """Lay rows under each other; one that is no object is there, empty, and will be refused."""
    frames = [*_frames(rows, name)] or [pl.DataFrame()]
    frame = pl.concat(frames, how="diagonal")
    if not frame.columns:
        raise SourceError(name, "has no rows with fields.", "Ask the source to export it again.")
    unread = tuple(n for n, row in enumerate(rows, 1) if row is None)
    return RawTable(name, numbered(frame), 0, (noticed,), parts=(Part(f"{name}, {counted}"),), unread=unread)


def _frames(rows: list[Row | None], name: str) -> Iterator[pl.DataFrame]:
    for start in range(0, len(rows), _CHUNK):
        some = rows[start : start + _CHUNK]
        names = list(dict.fromkeys(_keys(some)))
        refuse_too_wide(len(names), name)
        columns = {k: [row.get(k) if row else None for row in some] for k in names}
        try:
            yield (
                pl.DataFrame(columns, dict.fromkeys(names, pl.String), height=len(some)) if names else _blank(len(some))
            )
        except UnicodeEncodeError:  # "\\ud83c" alone is half a letter
            mended = [{_whole_letters(k): _whole_letters(v) for k, v in row.items()} if row else row for row in some]
            yield from _frames(mended, name)


def _whole_letters(text: Any) -> Any:
    """Put the sign of damaged text where half a letter stands: its row is refused for it."""
    return text and re.sub(r"[\ud800-\udfff]", DAMAGED, text)


def _keys(rows: Iterable[Row | None]) -> Iterator[str]:
    return (key for row in rows if row for key in row)


def _blank(height: int) -> pl.DataFrame:
    return pl.DataFrame({"": [None] * height}, {"": pl.String})
