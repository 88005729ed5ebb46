"""Read dossiers out of a vendor's own database: one SELECT, a cursor column, a key; streamed, and nothing written.

The answer comes in the order of the cursor column, so a pull that is cut off goes on at the last batch stored. Rows
without a cursor value have no place in that order: they come with every reading from the very beginning (the nightly
sweep). When no row reaches the cursor any more, the source was put back from a backup: then all is read again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from config.errors import ConfigError, SourceError, nearest
from config.mapping import Mapping
from config.notes import Note, note
from config.sources import Source
from connectors import database_rows, tabled
from connectors.base import Batch, Reading
from connectors.columns import columns_of
from connectors.database_connection import Server, Settings, connected
from connectors.database_cursor import Cursor, Order, form_of, placeless
from connectors.database_query import Question, one_select
from connectors.database_rows import Row, Together
from connectors.texts import fold

__all__ = ["Settings", "pull"]

#: Dossiers that stand on several rows: so many are held until their last row has come.
_MOST_REPEATED: Final = 50_000


def pull(source: Source, reading: Reading) -> Iterator[Batch]:
    """Give what changed since the cursor, in its order. Raises SourceError, ConfigError, MappingError."""
    told, mapping = source.told(Settings), source.mapping_file()
    if mapping.events:
        found = f"{source.mapping} reads [events], which need all rows of a case at once."
        raise ConfigError(source.place, found, "Let the query give one row for each dossier, and take [events] out.")
    question = Question(one_select(told.query, place=f"{source.place}, [source.database]"))
    with connected(source, told, reading) as server:
        order = _order(source, told, reading, plain=server.dialect.name == "mssql")
        names = server.columns(question, order)
        question = Question(question.text, *_places(source, told, mapping, names))
        yield from _Pull(source, mapping, reading, server, question, order, names).batches()


def _order(source: Source, told: Settings, reading: Reading, *, plain: bool) -> Order:
    now = reading.now.astimezone(source.zone).replace(tzinfo=None)
    overlap = timedelta(minutes=source.overlap_minutes)
    return Order(told.cursor_kind, source.zone, now, overlap, told.overlap_number, plain)


def _places(
    source: Source, told: Settings, mapping: Mapping, names: list[str]
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Find cursor, key and code among the columns of the answer; the key is the dossier's code unless told."""
    place = f"{source.place}, [source.database]"
    first = mapping.columns["code"][0]
    key = told.key or ((first,) if isinstance(first, str) else first.join)
    named = [_named(name, names, place) for name in (told.cursor, *key)]
    code = [_named(name, names, place) for item in mapping.columns["code"] for name in columns_of(item)]
    return named[0], tuple(named[1:]), tuple(dict.fromkeys(code))


def _named(wanted: str, names: list[str], place: str) -> str:
    found = next((n for n in names if fold(n) == fold(wanted)), None)
    if found is None:
        said = f'the query gives no column "{wanted}".{nearest(wanted, names)}'
        raise ConfigError(place, said, f"It gives: {', '.join(names)[:400]}.")
    return found


@dataclass(slots=True)
class _Pull:
    """One pull under way. ``at``: the newest cursor value stored; ``read``: rows so far."""

    source: Source
    mapping: Mapping
    reading: Reading
    server: Server
    question: Question
    order: Order
    names: list[str]
    at: str = ""
    read: int = 0
    reached: bool = False
    sample: str = ""  # a cursor value, where it is a text
    together: Together = field(default_factory=lambda: Together((), {}))

    def batches(self) -> Iterator[Batch]:
        before = Cursor.read(self.reading.cursor)
        notes = self._drift(before)
        if before.at:
            self.sample = before.at if before.texts else ""
            self.together = self._repeats(before)
            window = self.question.window(self.server.dialect)
            for batch in self._streamed(window, before, notes):
                notes = ()
                yield batch
            yield from self._rest()
            self._none_out_of_form(before)
            if self.reached:
                return
            notes = (*notes, note("cursor_gone_back", column=self.question.cursor, at=before.at))
        self.at = self.sample = ""
        self.together = self._repeats(Cursor())
        yield from self._from_the_beginning(notes)

    def _from_the_beginning(self, notes: tuple[Note, ...]) -> Iterator[Batch]:
        dialect, rows = self.server.dialect, 0
        for batch in self._streamed(self.question.without_cursor(dialect), Cursor(), notes):
            rows, notes = rows + batch.read, ()
            yield batch
        if rows:
            notes = (note("no_cursor", rows=rows, column=self.question.cursor),)
        yield from self._streamed(self.question.everything(dialect), Cursor(), notes)
        yield from self._rest()

    def _streamed(self, statement: sa.TextClause, before: Cursor, notes: tuple[Note, ...]) -> Iterator[Batch]:
        """Give the answer batch by batch. A cursor never goes back while a window is read again."""
        place = [self.names.index(n) for n in dict.fromkeys((self.question.cursor, *self.question.key))]
        with closing(self.server.rows(statement, self.order, before.at, as_text=before.texts)) as chunks:
            for rows in database_rows.whole(chunks, place, full=self.server.batch_rows):
                yield self._batch(rows, place[0], before, notes)
                notes = ()
        if notes:  # worth knowing although no row came
            empty = database_rows.frame(self.names, [])
            yield tabled.batch(empty, self.mapping, place=self.server.place, notes=notes)

    def _repeats(self, before: Cursor) -> Together:
        """Ask which dossiers stand on several rows. Raises SourceError for more than can be held."""
        place = tuple(self.names.index(n) for n in self.question.code)
        statement = self.question.repeated(self.server.dialect, window=bool(before.at))
        left: dict[Row, int] = {}
        with closing(self.server.rows(statement, self.order, before.at, as_text=before.texts)) as chunks:
            for rows in chunks:
                left |= {row[:-1]: int(row[-1]) for row in rows if any(part is not None for part in row[:-1])}
                if len(left) > _MOST_REPEATED:
                    found = f"the query gives several rows for more than {_MOST_REPEATED} dossiers."
                    step = "Let it give the newest row of each; docs/connectors-database.md shows how."
                    raise SourceError(self.server.place, found, step)
        return Together(place, left)

    def _batch(self, came: list[Row], at: int, before: Cursor, notes: tuple[Note, ...]) -> Batch:
        values = [row[at] for row in came]
        self._check(values)
        self._advance(values[-1], before)
        nowhere = sum(value is not None and placeless(value) for value in values)
        more = (note("no_cursor", rows=nowhere, column=self.question.cursor),) if nowhere else ()
        return self._made(self.together.of(came), (*notes, *more))

    def _rest(self) -> Iterator[Batch]:
        """Give the rows that wait for a later one in vain: the table changed while it was read."""
        if waiting := self.together.rest():
            yield self._made(waiting, ())

    def _made(self, rows: list[Row], notes: tuple[Note, ...]) -> Batch:
        first, self.read = self.read + 1, self.read + len(rows)
        return tabled.batch(
            database_rows.frame(self.names, rows),
            self.mapping,
            place=self.server.place,
            shift=self.reading.shift,
            first_row=first,
            cursor=Cursor(self.at, tuple(self.names), bool(self.sample)).write() if self.at else None,
            notes=notes,
        )

    def _check(self, values: list[Any]) -> None:
        """Raise SourceError for a cursor value that has no place in the order: a window would never show its row."""
        if strange := self.order.stranger(values, self.sample):
            value, why = strange
            row = self.read + values.index(value) + 1
            found = f'the cursor column "{self.question.cursor}" holds {value!r} in row {row}, {why}.'
            step = "Let the query CAST it to a stamp, or leave such rows out; docs/connectors-database.md."
            raise SourceError(self.server.place, found, step)
        self.sample = self.sample or next((v for v in values if isinstance(v, str) and not placeless(v)), "")

    def _none_out_of_form(self, before: Cursor) -> None:
        """Raise SourceError for texts of another form that stand before the window, behind which a change may hide."""
        if not before.texts:
            return
        statement = self.question.out_of_form(self.server.dialect, form_of(before.at))
        with closing(self.server.rows(statement, self.order, before.at, as_text=True)) as chunks:
            count, value = next(chunks)[0]
        if count:
            found = f'the cursor column "{self.question.cursor}" holds {value!r} in {count} rows before its window, '
            step = "Let the query CAST it to a stamp, or leave such rows out; docs/connectors-database.md."
            raise SourceError(
                self.server.place, f"{found}beside {before.at!r}: texts of two forms have no order.", step
            )

    def _advance(self, value: Any, before: Cursor) -> None:
        if placeless(value):
            return
        reaches = not before.at or self.order.reaches(value, before.at)
        self.reached = self.reached or reaches
        self.at = self.order.text(value) if reaches else before.at

    def _drift(self, before: Cursor) -> tuple[Note, ...]:
        """Say which columns are new; refuse an answer in which one that carries meaning is gone."""
        tabled.all_there(self.names, self.mapping, place=self.server.place)
        new = [n for n in self.names if before.columns and n not in before.columns]
        gone = [n for n in before.columns if n not in self.names]
        told = (note("columns_new", columns=new), note("columns_gone", columns=gone))
        return tuple(said for said, names in zip(told, (new, gone), strict=True) if names)
