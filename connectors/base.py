"""What every connector hands on: a raw table of texts, then dossiers that passed the check and rows that did not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as made
from pathlib import Path
from typing import Final, Protocol

import polars as pl

from config.mapping import Mapping

ROW: Final = "__row__"  # row number in the origin; 1 is its first row
EVENT_TIME: Final = "event_at"  # when an event of a log happened; never a field of a dossier
#: Words of the file: (word, what it became or null, rows).
Words = tuple[tuple[str, str | None, int], ...]
#: Moves a day (Date expression) by so many working days (Int32 expression): the calendar's own ``shift``.
Shift = Callable[[pl.Expr, pl.Expr], pl.Expr]


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file as texts. ``frame`` has ``ROW`` and one String column per header, in the order of the file.

    ``header_row`` is the last row of the header; ``notes`` say what was noticed while reading (encoding, sheet);
    ``too_wide`` holds the rows that have more cells than the header; ``repeated`` the headers that occur twice or more;
    ``others`` the sheets of the workbook that have the mapped columns too and were not read.
    """

    name: str
    frame: pl.DataFrame
    header_row: int
    notes: tuple[str, ...] = ()
    too_wide: tuple[int, ...] = ()
    repeated: frozenset[str] = frozenset()
    sheet: str = ""
    others: tuple[str, ...] = ()

    @property
    def columns(self) -> list[str]:
        return [c for c in self.frame.columns if c != ROW]


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """How one of our fields was read from the file: shown by the preview."""

    field: str
    columns: tuple[str, ...]
    notations: dict[str, int] = made(default_factory=dict)
    n_read: int = 0
    n_missing: int = 0
    samples: tuple[str, ...] = ()
    day_first: bool | None = None


@dataclass(frozen=True, slots=True)
class Translated:
    """The outcome of one file: ``n_read`` = ``good.height`` + ``merged`` + ``rejects.height``.

    ``skipped`` rows are no dossiers. ``words`` tells for status, channel, level, applicant_kind what each word became.
    ``flags`` counts what is kept but worth knowing, by name. ``dropped`` are the personal columns.
    """

    good: pl.DataFrame
    rejects: pl.DataFrame
    n_read: int
    merged: int
    skipped: int
    read_columns: tuple[ReadColumn, ...] = ()
    words: dict[str, Words] = made(default_factory=dict)
    flags: dict[str, int] = made(default_factory=dict)
    dropped: tuple[str, ...] = ()

    def reasons(self) -> dict[str, int]:
        """Count rejected rows per reason, most frequent first; a row may break several rules."""
        counts = self.rejects["reasons"].explode().drop_nulls().value_counts(sort=True)
        return dict(counts.iter_rows())


class FileReader(Protocol):
    """Turn the bytes of a file into a raw table. Raises ``SourceError`` or ``MappingError``."""

    def __call__(self, data: bytes, *, name: str, mapping: Mapping | None) -> RawTable: ...


class Fetch(Protocol):
    """Read a settled file from disk."""

    def __call__(self, path: Path) -> bytes: ...
