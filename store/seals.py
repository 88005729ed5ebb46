"""Seals: a digest of every batch of entries, chained on the one before, so that a changed past tells of itself.

A seal is written in the transaction of its entries. Its digest is over every column of every entry but its number,
in the order in which they stand, and over the seal before it: alike on SQLite and PostgreSQL, and after a restore.
A column that is empty in all entries of a seal does not count, so a column that comes later changes no old seal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Self

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from metrics.dossier import INSTANT
from store import frames
from store.kinds import Instant
from store.tables import corrections, ledger, reconciliations, records, seals, steps

#: Tables from which nothing may be taken back, and whose entries are sealed.
SEALED: Final = (ledger, steps, reconciliations, corrections, records)
_NUMBER: Final = "seq"
_NULL: Final = -1  # length of a text that is null
_NO_NUMBER: Final = -(2**63)  # no instant of ours and no count
_BLOCK: Final = 20_000  # entries read at a time


@dataclass(slots=True)
class Body:
    """The digest of some entries of one table; in how many frames they come makes no difference."""

    table: sa.Table
    columns: dict[str, Any] = field(default_factory=dict)
    lengths: dict[str, Any] = field(default_factory=dict)
    empty: set[str] = field(default_factory=set)
    entries: int = 0

    def __post_init__(self) -> None:
        for column in self.table.columns:
            if column.name != _NUMBER:
                self.columns[column.name], self.lengths[column.name] = hashlib.sha256(), hashlib.sha256()
        self.empty = set(self.columns)

    def take(self, rows: pl.DataFrame) -> Self:
        """Add entries, in the order in which they stand; a column that ``rows`` lacks is null."""
        lacking = [pl.lit(None).alias(name) for name in self.columns if name not in rows.columns]
        given = rows.with_columns(lacking).select(list(self.columns))
        self.empty -= {name for name, n in given.select(pl.all().count()).row(0, named=True).items() if n}
        numbers = [name for name in self.columns if isinstance(self.table.c[name].type, Instant | sa.Integer)]
        for values in given.select(_number(name, self.table) for name in numbers):
            self.columns[values.name].update(_bytes(values))
        words = given.select(pl.col(name).cast(pl.String) for name in self.columns if name not in numbers)
        for values in words.select(pl.all().str.len_bytes().cast(pl.Int64).fill_null(_NULL)):
            self.lengths[values.name].update(_bytes(values))
        for name, text in words.select(pl.all().str.join("")).row(0, named=True).items():
            self.columns[name].update(text.encode())
        self.entries += rows.height
        return self

    def digest(self, before: str) -> str:
        """Give the seal's digest, chained on that of the seal ``before``; "" where there is none."""
        whole = hashlib.sha256(f"{before} {self.table.name} {self.entries}".encode())
        for name in sorted(self.columns.keys() - self.empty):
            whole.update(f" {name} {self.lengths[name].hexdigest()} {self.columns[name].hexdigest()}".encode())
        return whole.hexdigest()


def _number(name: str, table: sa.Table) -> pl.Expr:
    told = pl.col(name).cast(INSTANT) if isinstance(table.c[name].type, Instant) else pl.col(name)
    return told.cast(pl.Int64).fill_null(_NO_NUMBER)


def _bytes(numbers: pl.Series) -> bytes:
    return numbers.to_numpy().astype("<i8", copy=False).tobytes()


def keep(connection: Connection, table: sa.Table, rows: pl.DataFrame, run_id: int | None) -> None:
    """Seal entries that were just appended to ``table``, by the run ``run_id``; nobody else may append meanwhile."""
    if rows.is_empty():
        return
    before = connection.scalar(sa.select(seals.c.digest).order_by(seals.c.seq.desc()).limit(1))
    last = connection.scalar(sa.select(sa.func.max(table.c[_NUMBER])))
    told = {"kept": table.name, "run_id": run_id, "last": last, "entries": rows.height}
    connection.execute(sa.insert(seals).values(**told, digest=Body(table).take(rows).digest(before or "")))


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal, and what stands in its place: ``found`` entries with ``digest_found``. ``after``: where the one before
    it in its table ends. ``digest`` None: it counts entries that were written before seals were kept."""

    seq: int
    kept: str
    run_id: int | None
    last: int
    entries: int
    digest: str | None
    found: int
    digest_found: str

    @property
    def holds(self) -> bool:
        return self.found == self.entries and self.digest in (None, self.digest_found)


def examined(connection: Connection, table: sa.Table) -> Iterator[Seal]:
    """Give every seal of ``table`` beside what its entries are now, the oldest first."""
    told = connection.execute(sa.select(seals).order_by(seals.c.seq)).all()
    before = {row.seq: row.digest or "" for row in told}
    order = [0, *before]
    previous = dict(zip(before, (before.get(n, "") for n in order), strict=False))
    mine = [row for row in told if row.kept == table.name]
    reader = _Entries(frames.stream(connection, sa.select(table).order_by(table.c[_NUMBER]), rows=_BLOCK))
    for row in mine:
        body = Body(table)
        for rows in reader.up_to(row.last):
            body.take(rows)
        digest = body.digest(previous[row.seq]) if row.digest else ""
        yield Seal(row.seq, row.kept, row.run_id, row.last, row.entries, row.digest, body.entries, digest)


@dataclass(slots=True)
class _Entries:
    """Entries of a table in the order of their numbers, handed out seal by seal."""

    chunks: Iterator[pl.DataFrame]
    rest: pl.DataFrame | None = None

    def up_to(self, last: int) -> Iterator[pl.DataFrame]:
        """Give the entries up to the number ``last`` that nobody was given yet."""
        while (rows := self.rest if self.rest is not None else next(self.chunks, None)) is not None:
            n = int(rows[_NUMBER].search_sorted(last, side="right"))
            self.rest = rows[n:] if n < rows.height else None
            if n:
                yield rows[:n]
            if self.rest is not None:
                return


def unsealed(connection: Connection, table: sa.Table) -> int:
    """Count the entries after the last seal of ``table``: nobody sealed them."""
    last = connection.scalar(sa.select(sa.func.max(seals.c.last)).where(seals.c.kept == table.name))
    return connection.scalar(sa.select(sa.func.count()).where(table.c[_NUMBER] > (last or 0))) or 0


def newest(connection: Connection) -> str:
    """Give the digest of the newest seal, which stands for all before it; "" where there is none."""
    found = sa.select(seals.c.digest).where(seals.c.digest.is_not(None)).order_by(seals.c.seq.desc()).limit(1)
    return connection.scalar(found) or ""
