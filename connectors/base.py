"""What every connector hands on: a raw table of texts, then dossiers that passed the check and rows that did not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dataclasses import field as made
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

import polars as pl

from config.mapping import Mapping
from config.notes import Note
from config.sources import Source

ROW: Final = "__row__"  # row number in the origin; 1 is its first row
EVENT_TIME: Final = "event_at"  # when an event of a log happened; never a field of a dossier
RECKONED: Final = "due_at, reckoned"  # a column of a preview: due dates by [due] of the mapping
#: Words of the file: (word, what it became or null, rows).
Words = tuple[tuple[str, str | None, int], ...]
#: Moves a day (Date expression) by so many working days (Int32 expression): the calendar's own ``shift``.
Shift = Callable[[pl.Expr, pl.Expr], pl.Expr]


@dataclass(frozen=True, slots=True)
class Part:
    """Where some rows of a table stood: ``label`` ends in what is counted there ("tep.zip/thang-11.xlsx, row").

    ``before``: what to take from ``ROW`` to get the number in that place. Parts are in the order of their rows.
    """

    label: str
    before: int = 0


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file as texts. ``frame`` has ``ROW`` and one String column per header, in the order of the file.

    ``header_row`` is the last row of the header; ``notes`` say what was noticed while reading (encoding, sheet);
    ``too_wide`` holds the rows that have more cells than the header; ``repeated`` the headers that occur twice or more;
    ``others`` the sheets of the workbook that have the mapped columns too and were not read; ``left`` the files of an
    archive that were not read; ``parts`` the places that rows come from (none: the file itself, by rows); ``unread``
    the rows that are there and cannot be taken apart. ``header_row`` is 0 where the format names its fields itself.
    ``broken_codes``: the rows whose code is a number with a fraction.
    """

    name: str
    frame: pl.DataFrame
    header_row: int
    notes: tuple[Note, ...] = ()
    too_wide: tuple[int, ...] = ()
    repeated: frozenset[str] = frozenset()
    sheet: str = ""
    others: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    unread: tuple[int, ...] = ()
    broken_codes: tuple[int, ...] = ()

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
    ``flags`` counts what is kept but worth knowing, by name. ``dropped`` are the personal columns,
    ``pseudonymous`` those of officers' names, of which only a pseudonym is kept. ``steps``: STEPS of store.steps, where
    the file is a log of them.
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
    pseudonymous: tuple[str, ...] = ()
    steps: pl.DataFrame | None = None

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


def _nothing_open() -> pl.DataFrame:
    return pl.DataFrame(schema={"code": pl.String})


def _nothing_stepless(before: datetime) -> pl.DataFrame:
    return pl.DataFrame(schema={"code": pl.String, "due_at": pl.Datetime("us", "UTC"), "closed": pl.Boolean})


@dataclass(frozen=True, slots=True)
class Reading:
    """What a pull is given. ``now``: the moment of this reading (aware). ``cursor``: text stored with the last batch;
    None: read from the very beginning. ``open``: asks the store which dossiers of this source it holds open (code,
    other_code, status, submitted_at, received_at, due_at, changed_at, seen_at). ``stepless``: asks it which dossiers,
    open or closed late, are older than a moment, with no step told that changed before it (code, due_at, closed).
    ``shift``: working days, for mappings that reckon due dates by them."""

    now: datetime
    cursor: str | None = None
    open: Callable[[], pl.DataFrame] = _nothing_open
    shift: Shift | None = None
    stepless: Callable[[datetime], pl.DataFrame] = _nothing_stepless


@dataclass(frozen=True, slots=True)
class Batch:
    """What is stored in one transaction; read = ``good`` + ``rejects`` + ``merged``.

    ``good``: metrics.dossier.COLUMNS, one row per code. ``rejects``: metrics.dossier.REJECTS. ``merged``: rows folded
    into others. ``cursor``: stored with the rows; None leaves the stored one. ``raw``: the rows as they came **less the
    personal fields**, kept compressed. ``n_expected``: rows of the whole pull, 0 unknown. ``notes``: for the record
    of the run. ``steps``: STEPS of store.steps, where the source tells its steps. ``is_whole``: this batch alone
    is everything the source has (a file that is its whole list), so that what is not in it is missing there.
    ``masked``: store.masked.MASKED, where the source's mapping keeps that; None where nothing is said of it.
    ``file_at``: when the file was changed whose rows these are (aware); ``is_older``: a newer one was loaded before.
    """

    good: pl.DataFrame
    rejects: pl.DataFrame
    merged: int
    cursor: str | None = None
    raw: pl.DataFrame | None = None
    n_expected: int = 0
    notes: tuple[Note, ...] = ()
    steps: pl.DataFrame | None = None
    is_whole: bool = False
    masked: pl.DataFrame | None = None
    file_at: datetime | None = None
    is_older: bool = False

    @property
    def codes(self) -> pl.Series:
        """Codes of the dossiers the source showed, those of refused rows among them."""
        return pl.concat([self.good["code"], self.rejects["code"].drop_nulls()])

    @property
    def read(self) -> int:
        """Rows read: those that are good, refused, and folded into others."""
        return self.good.height + self.rejects.height + self.merged


class Pull(Protocol):
    """Give what a source shows, batch by batch; each next one is asked for after the last was stored.

    Raises SourceError, ConfigError, MappingError; batches given before stay stored.
    """

    def __call__(self, source: Source, reading: Reading) -> Iterator[Batch]: ...
