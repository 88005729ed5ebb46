"""Rows of a database driver as a frame: whatever a driver makes of a value, no value of a batch is lost to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

import orjson
import polars as pl

from connectors.columns import looks_personal

Row = tuple[Any, ...]
_HELD: Final = frozenset({bool, int, float, Decimal, str, bytes, date, datetime, time, timedelta})
_NO_DATE: Final = "0000-00-00"  # how MariaDB writes that there is none


def names_of(columns: Iterable[str]) -> list[str]:
    """Name every column once: ``id (1)`` and ``id (2)`` where a question gives two of a name, as in a file."""
    listed = list(columns)
    total, seen, named = Counter(listed), Counter[str](), []
    for name in listed:
        seen[name] += 1
        named.append(f"{name} ({seen[name]})" if total[name] > 1 else name)
    return named


def frame(names: Sequence[str], rows: Sequence[Row]) -> pl.DataFrame:
    """Give rows as a frame; columns of several kinds of values, and of kinds of a driver's own, as texts."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return pl.DataFrame([_column(name, values) for name, values in zip(names, columns, strict=True)])


def _column(name: str, values: Sequence[Any]) -> pl.Series:
    kinds = {type(v) for v in values} - {type(None)}
    if not kinds:
        return pl.Series(name, [None] * len(values), dtype=pl.String)
    if kinds == {str}:
        return pl.Series(name, [None if v is None or v.startswith(_NO_DATE) else v for v in values], dtype=pl.String)
    if len(kinds) == 1 and kinds <= _HELD and not (kinds == {datetime} and len({v.tzinfo for v in values if v}) > 1):
        try:
            return pl.Series(name, values)
        except (pl.exceptions.PolarsError, OverflowError, TypeError, ValueError):
            pass  # a number beyond every type of ours: as text, then
    return pl.Series(name, [_text(v) for v in values], dtype=pl.String)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return None if value is None or value.startswith(_NO_DATE) else value
    if isinstance(value, dict | list):
        return orjson.dumps(_harmless(value), default=str).decode()
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, float | Decimal) and value == int(value):
        return str(int(value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _harmless(value: Any) -> Any:
    """Leave what looks personal out of a document, to any depth."""
    if isinstance(value, dict):
        return {str(k): _harmless(v) for k, v in value.items() if not looks_personal(str(k))}
    return [_harmless(v) for v in value] if isinstance(value, list) else value


@dataclass(slots=True)
class Together:
    """Rows of one dossier, wherever in the order they stand, are handed on with the last of them, to be judged at once.

    Stored one after the other in two transactions, the older would be a change of its own at every full reading.
    ``left``: code (at ``place``) → rows still to come, for the codes that stand on several rows.
    """

    place: Sequence[int]
    left: dict[Row, int]
    held: dict[Row, list[Row]] = field(default_factory=dict)

    def of(self, rows: list[Row]) -> list[Row]:
        """Give ``rows`` less those that wait for a later one, each last one behind those that waited for it."""
        return [one for row in rows for one in self._released(row)] if self.left else rows

    def rest(self) -> list[Row]:
        """Give what still waits: the answer changed while it was read."""
        waiting = [row for rows in self.held.values() for row in rows]
        self.held.clear()
        return waiting

    def _released(self, row: Row) -> list[Row]:
        code = tuple(row[p] for p in self.place)
        if code not in self.left:
            return [row]
        self.left[code] -= 1
        waiting = [*self.held.pop(code, ()), row]
        if self.left[code] > 0:
            self.held[code] = waiting
            return []
        return waiting


def whole(chunks: Iterable[Sequence[Row]], place: Sequence[int], *, full: int) -> Iterator[list[Row]]:
    """Move the last rows of a chunk that are alike in the columns at ``place`` (cursor and key) to the next chunk.

    So rows of one dossier that stand together in the order are judged together, on whichever side of a border. A
    chunk of less than ``full`` rows is the last.
    """
    held: list[Row] = []
    for chunk in chunks:
        held.extend(chunk)
        if len(chunk) < full:
            continue
        last = [held[-1][p] for p in place] if held else []
        end = len(held)
        while end and [held[end - 1][p] for p in place] == last:
            end -= 1
        if end:
            yield held[:end]
            held = held[end:]
    if held:
        yield held
