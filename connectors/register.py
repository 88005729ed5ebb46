"""Read an export of procedures, of a ministry or a province, into rows of the register. Pure: bytes in, a value out.

Every row is taken whole or refused whole, with its place and the reason; a word that is not known is never guessed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from config import register_mapping
from config.errors import MappingError
from config.notes import Note
from config.register_mapping import RegisterMapping
from config.registered import SEVERAL, WORDS
from connectors import register_words
from connectors.base import ROW, RawTable
from connectors.columns import cell, text_of, tidied
from connectors.files import refuse_empty
from connectors.readers import read_file
from connectors.register_cells import Unreadable, channels, limit, several, word
from connectors.rows import choose_rows
from connectors.texts import bare, fold

_NATIONAL: Final = re.compile(r"\d\.\d{6}")
_SHORTENED: Final = re.compile(r"\d\.\d{1,5}")
_LONGEST: Final = 200
#: Columns that only serve others.
_SERVING: Final = ("statutory_unit", "statutory_least", "committed_unit", "channels")


@dataclass(frozen=True, slots=True)
class Row:
    """One procedure of the file. ``cells``: columns of the register as its file writes them, "" not said; ``told``: its
    cells as they came."""

    procedure: str
    cells: Mapping[str, str]
    place: str
    told: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Refused:
    """One row that was not taken: where, which code, why (a sentence), and its cells as they came."""

    place: str
    procedure: str
    reason: str
    cells: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Export:
    """What a file says: read = ``rows`` + ``merged`` (told twice alike) + ``refused``; ``skipped`` are no procedures.

    ``used``: our column → headings; ``unused``: headings that nothing reads. ``words``: (column, word of the file,
    ours) → rows. ``spans``: rows that tell two limits, of which the longer was taken. ``mapping``: what it was
    read through.
    """

    file: str
    notes: tuple[Note, ...]
    header_row: int
    mapping: RegisterMapping
    used: Mapping[str, tuple[str, ...]]
    unused: tuple[str, ...]
    rows: tuple[Row, ...]
    refused: tuple[Refused, ...]
    merged: int
    skipped: int
    words: Mapping[tuple[str, str, str], int]
    spans: int

    @property
    def read(self) -> int:
        """Rows that are procedures."""
        return len(self.rows) + self.merged + len(self.refused)


def read(data: bytes, *, name: str, mapping: RegisterMapping | None = None) -> Export:
    """Read a file through a mapping; without one, by the headings that are known. Raises SourceError, MappingError."""
    refuse_empty(data, name)
    table = read_file(data, name=name, mapping=mapping.for_readers if mapping else None)
    chosen = mapping or guess(table)
    reader = chosen.for_readers
    tidy = choose_rows(tidied(table, reader), reader)
    told = list(_asked(tidy, chosen))
    pad = chosen.pad_codes
    national = sum(1 for row in told if _NATIONAL.fullmatch(row["procedure"] or "")) * 2 > len(told)
    reading = _Reading(chosen, table, pad=pad, national=national)
    for row in told:
        reading.take(row)
    named = {fold(heading) for heading in chosen.headings}
    return Export(
        file=name, notes=table.notes, header_row=table.header_row, mapping=chosen, used=dict(chosen.columns),
        unused=tuple(c for c in table.columns if fold(c) not in named and not c.startswith("#")),
        rows=tuple(reading.rows.values()), refused=tuple(reading.refused), merged=reading.merged,
        skipped=table.frame.height - len(told) + reading.blank, words=dict(reading.words), spans=reading.spans,
    )  # fmt: skip


def guess(table: RawTable) -> RegisterMapping:
    """Map the columns whose headings are known. Raises MappingError when none of them is that of the code."""
    there = {bare(column): column for column in reversed(table.columns)}
    found = {
        ours: next(there[heading] for heading in headings if heading in there)
        for ours, headings in register_words.HEADINGS.items()
        if any(heading in there for heading in headings)
    }
    if "procedure" not in found:
        listed = ", ".join(column[:60] for column in table.columns[:40])
        place = f"{table.name}, row {table.header_row}" if table.header_row else table.name
        step = "Write a mapping (docs/procedures.md) and give it with --mapping."
        raise MappingError(place, f"no column is known as that of the code; columns: {listed}.", step)
    return register_mapping.of({ours: (heading,) for ours, heading in found.items()}, place=table.name)


def _asked(table: RawTable, mapping: RegisterMapping) -> Iterator[dict[str, Any]]:
    """Give each row: our columns as texts, the marks under "mark …", ROW."""
    missing = (*mapping.file.missing, *register_words.NOTHING)
    ours = [text_of(table, headings, missing).alias(name) for name, headings in mapping.columns.items()]
    marks = [cell(table, heading, missing).alias(f"mark {heading}") for heading in mapping.marks]
    return table.frame.select(pl.col(ROW), *ours, *marks).iter_rows(named=True)


class _Reading:
    """What was read so far."""

    def __init__(self, mapping: RegisterMapping, table: RawTable, *, pad: bool, national: bool) -> None:
        self.mapping, self.table, self.pad, self.national = mapping, table, pad, national
        self.rows: dict[str, Row] = {}
        self.refused: list[Refused] = []
        self.words: Counter[tuple[str, str, str]] = Counter()
        self.merged = self.blank = self.spans = 0
        self.broken = frozenset({*table.broken_codes, *table.too_wide, *table.unread})
        self.tables = {
            name: {fold(w): ours for w, ours in known.items()} | {fold(w): w for w in WORDS.get(name, ())}
            for name, known in register_words.WORDS.items()
        }
        for name, words in mapping.words.items():
            self.tables.setdefault(name, {}).update({fold(w): ours for w, ours in words.items()})

    def take(self, row: dict[str, Any]) -> None:
        """Take one row, or refuse it."""
        place = f"{self.table.name}, row {row[ROW]}"
        if all(value is None for name, value in row.items() if name != ROW):
            self.blank += 1
            return
        told = {name: value for name, value in row.items() if name != ROW}
        try:
            self._once(Row(self._code(row), self._cells(row), place, told))
        except Unreadable as found:
            self.refused.append(Refused(place, row["procedure"] or "", str(found), told))

    def _code(self, row: dict[str, Any]) -> str:
        code: str = row["procedure"] or ""
        if row[ROW] in self.broken:
            raise Unreadable("the row has more cells than the header, or its code is a number with a fraction")
        if not code:
            raise Unreadable("it has no code")
        if len(code) > _LONGEST:
            raise Unreadable(f"its code has more than {_LONGEST} letters: the wrong column is mapped")
        if _SHORTENED.fullmatch(code) and (self.national or self.pad):
            if self.pad:
                return code.ljust(8, "0")
            raise Unreadable(
                f"its code {code} has lost noughts: the others have six digits after the point. Ask for the codes as "
                "text, or write pad_codes = true"
            )
        return code

    def _cells(self, row: dict[str, Any]) -> dict[str, str]:
        told = dict.fromkeys(self.mapping.told, "") | {
            name: word_ for name, word_ in self.mapping.constants.items() if name in self.mapping.told
        }
        for name in self.mapping.columns:
            if name not in ("procedure", *_SERVING) and row[name] is not None:
                told[name] = self._cell(name, row)
        self._channels(row, told)
        self._marks(row, told)
        for name, word_ in self.mapping.empty.items():
            told[name] = told[name] or word_
        return told

    def _cell(self, name: str, row: dict[str, Any]) -> str:
        text: str = row[name]
        if name in ("statutory", "committed"):
            return self._limit(name, row)
        if name not in self.tables:
            return text
        found = several(text, self.tables[name], name) if name in SEVERAL else word(text, self.tables[name], name)
        self.words[name, text, found] += 1
        return found

    def _limit(self, name: str, row: dict[str, Any]) -> str:
        beside = f"{name}_unit"
        unit = row.get(beside) or self.mapping.constants.get(beside) or ""
        found = limit(row[name], unit, self.tables[beside], name)
        if unit:
            self.words[beside, unit, found.lstrip("0123456789.")] += 1
        least = row.get(f"{name}_least")
        self.spans += least is not None and least != row[name]
        return found

    def _channels(self, row: dict[str, Any], told: dict[str, str]) -> None:
        text = row.get("channels")
        if text is None:
            return
        ways = channels(text, self.tables["channels"])
        self.words["channels", text, "; ".join(ways)] += 1
        told["post"] = told["post"] or ("yes" if "post" in ways else "no")
        told["online"] = told["online"] or ("yes" if "online" in ways else "none")

    def _marks(self, row: dict[str, Any], told: dict[str, str]) -> None:
        """Set what the crosses say; two that contradict each other are refused."""
        for heading, said in self.mapping.marks.items():
            mark = row[f"mark {heading}"]
            if mark is None or word(mark, self.tables["centre"], heading) == "no":
                continue
            for name, word_ in said.items():
                if told[name] not in ("", word_):
                    raise Unreadable(f'"{heading}" says {name} {word_}, another column says {told[name]}')
                told[name] = word_

    def _once(self, row: Row) -> None:
        """Take a code once; told twice alike it is merged, told otherwise the second is refused."""
        before = self.rows.setdefault(row.procedure, row)
        if before is row:
            return
        other = [name for name, value in row.cells.items() if before.cells[name] != value]
        if other:
            raise Unreadable(f"its code stands in {before.place} already, with another {', '.join(sorted(other))}")
        self.merged += 1
