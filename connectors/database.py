"""Read dossiers out of a vendor's own database: one SELECT, a cursor column, a key; streamed, and nothing written.

The answer comes in the order of the cursor column, so a pull that is cut off goes on at the last batch stored. Rows
without a cursor value have no place in that order: they come with every reading from the very beginning (the nightly
sweep). When no row reaches the cursor any more, the source was put back from a backup: then all is read again.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Final
from urllib.parse import quote_plus

import sqlalchemy as sa
import stamina
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from config.errors import ConfigError, SourceError, nearest
from config.mapping import Mapping
from config.sources import Source, secret
from connectors import database_errors, database_rows, tabled
from connectors.base import Batch, Reading
from connectors.database_cursor import Cursor, Kind, Order
from connectors.database_query import Question, one_select
from connectors.database_servers import Manner, Patience, abandon, address_of, engine_for, leave
from connectors.texts import fold

_ATTEMPTS: Final = 3  # to reach the server


class Settings(BaseModel):
    """What stands in [source.database]."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    query: Annotated[str, Field(min_length=1)]
    cursor: Annotated[str, Field(min_length=1)]  # the column of the answer that says when a row last changed
    cursor_kind: Kind = "instant"
    key: Annotated[tuple[str, ...], BeforeValidator(lambda v: (v,) if isinstance(v, str) else v)] = ()
    url_secret: str = ""  # the whole address is a secret; else url, user_secret and password_secret of the source
    overlap_number: Annotated[int, Field(ge=0)] = 1_000  # how far a cursor that is a number goes back
    batch_rows: Annotated[int, Field(ge=1, le=100_000)] = 5_000
    statement_timeout_seconds: Annotated[int, Field(ge=1, le=86_400)] = 300
    connect_timeout_seconds: Annotated[int, Field(ge=1, le=300)] = 10


@dataclass(frozen=True, slots=True)
class _Server:
    """An open connection. ``place`` names the source in messages; ``hidden`` must not stand in them."""

    engine: Engine
    connection: Connection
    patience: Patience
    place: str
    hidden: tuple[str, ...]
    batch_rows: int

    @property
    def dialect(self) -> sa.Dialect:
        return self.connection.dialect

    def columns(self, question: Question, order: Order) -> list[str]:
        """Ask for the names of the answer's columns, as the server writes them."""
        with _in_words(self.place, self.hidden):
            self.patience.begin()
            answer = self._ask(question.shape(), order, "")
            cursor: Any = answer.cursor
            names = [str(column[0]) for column in cursor.description]
            answer.close()
        return database_rows.names_of(names)

    def rows(self, statement: sa.TextClause, order: Order, at: str, *, as_text: bool) -> Generator[list[Any]]:
        """Stream the answer, chunk by chunk; the whole of it is held nowhere."""
        with _in_words(self.place, self.hidden):
            self.patience.begin()
            answer = self._ask(statement, order, at, as_text=as_text)
        finished = False
        try:
            while chunk := self._next(answer):
                yield [tuple(row) for row in chunk]
            finished = True
        finally:
            if not finished:
                abandon(self.connection)
            answer.close()

    def _next(self, answer: sa.CursorResult[Any]) -> Sequence[Any]:
        with _in_words(self.place, self.hidden):
            self.patience.begin()
            return answer.fetchmany(self.batch_rows)

    def _ask(self, statement: sa.TextClause, order: Order, at: str, *, as_text: bool = False) -> sa.CursorResult[Any]:
        texts = as_text or self.dialect.name == "sqlite"
        values = {"since": order.since(at, as_text=texts), "until": order.until(as_text=texts)}
        bound = {name: values[name] for name in statement.compile().params}
        streamed = self.connection.execution_options(stream_results=True, max_row_buffer=self.batch_rows)
        return streamed.execute(statement, bound)


def pull(source: Source, reading: Reading) -> Iterator[Batch]:
    """Give what changed since the cursor, in its order. Raises SourceError, ConfigError, MappingError."""
    told, mapping = source.told(Settings), source.mapping_file()
    if mapping.events:
        found = f"{source.mapping} reads [events], which need all rows of a case at once."
        raise ConfigError(source.place, found, "Let the query give one row for each dossier, and take [events] out.")
    question = Question(one_select(told.query, place=f"{source.place}, [source.database]"))
    now = reading.now.astimezone(source.zone).replace(tzinfo=None)
    overlap = timedelta(minutes=source.overlap_minutes)
    order = Order(told.cursor_kind, source.zone, now, overlap, told.overlap_number)
    with _opened(source, told, reading) as server:
        names = server.columns(question, order)
        question = Question(question.text, *_places(source, told, mapping, names))
        yield from _Pull(source, mapping, reading, server, question, order, names).batches()


def _places(source: Source, told: Settings, mapping: Mapping, names: list[str]) -> tuple[str, tuple[str, ...]]:
    """Find the cursor and the key among the columns of the answer; the key is the dossier's code unless told."""
    code = mapping.columns["code"][0]
    key = told.key or ((code,) if isinstance(code, str) else code.join)
    found = [next((n for n in names if fold(n) == fold(wanted)), "") for wanted in (told.cursor, *key)]
    for wanted, name in zip((told.cursor, *key), found, strict=True):
        if not name:
            said = f'the query gives no column "{wanted}".{nearest(wanted, names)}'
            raise ConfigError(f"{source.place}, [source.database]", said, f"It gives: {', '.join(names)[:400]}.")
    return found[0], tuple(found[1:])


@dataclass(slots=True)
class _Pull:
    """One pull under way. ``at``: the newest cursor value stored; ``read``: rows so far."""

    source: Source
    mapping: Mapping
    reading: Reading
    server: _Server
    question: Question
    order: Order
    names: list[str]
    at: str = ""
    read: int = 0
    reached: bool = False

    def batches(self) -> Iterator[Batch]:
        before = Cursor.read(self.reading.cursor)
        notes = self._drift(before)
        if before.at:
            window = self.question.window(self.server.dialect)
            for batch in self._streamed(window, before, notes):
                notes = ()
                yield batch
            if self.reached:
                return
            notes = (*notes, _gone_back(self.question.cursor, before.at))
        self.at = ""
        yield from self._from_the_beginning(notes)

    def _from_the_beginning(self, notes: tuple[str, ...]) -> Iterator[Batch]:
        dialect, rows = self.server.dialect, 0
        for batch in self._streamed(self.question.without_cursor(dialect), Cursor(), notes):
            rows, notes = rows + batch.read, ()
            yield batch
        if rows:
            notes = (f"{rows} rows have no {self.question.cursor}: they come with a full reading only.",)
        yield from self._streamed(self.question.everything(dialect), Cursor(), notes)

    def _streamed(self, statement: sa.TextClause, before: Cursor, notes: tuple[str, ...]) -> Iterator[Batch]:
        """Give the answer batch by batch. A cursor never goes back while a window is read again."""
        place = [self.names.index(n) for n in dict.fromkeys((self.question.cursor, *self.question.key))]
        with closing(self.server.rows(statement, self.order, before.at, as_text=before.texts)) as chunks:
            for rows in database_rows.whole(chunks, place, full=self.server.batch_rows):
                yield self._batch(rows, place[0], before, notes)
                notes = ()
        if notes:  # worth knowing although no row came
            empty = database_rows.frame(self.names, [])
            yield tabled.batch(empty, self.mapping, place=self.server.place, notes=notes)

    def _batch(self, rows: list[database_rows.Row], at: int, before: Cursor, notes: tuple[str, ...]) -> Batch:
        value = rows[-1][at]
        self._advance(value, before)
        first, self.read = self.read + 1, self.read + len(rows)
        return tabled.batch(
            database_rows.frame(self.names, rows),
            self.mapping,
            place=self.server.place,
            shift=self.reading.shift,
            first_row=first,
            cursor=Cursor(self.at, tuple(self.names), isinstance(value, str)).write() if self.at else None,
            notes=notes,
        )

    def _advance(self, value: Any, before: Cursor) -> None:
        if value is None:
            return
        if not self.order.fits(value):
            found = f'the cursor column "{self.question.cursor}" holds {value!r}, which is no {self.order.kind}.'
            step = "Set cursor_kind, or let the query CAST it; docs/connectors.md."
            raise SourceError(self.server.place, found, step)
        reaches = not before.at or self.order.reaches(value, before.at)
        self.reached = self.reached or reaches
        self.at = self.order.text(value) if reaches else before.at

    def _drift(self, before: Cursor) -> tuple[str, ...]:
        """Say which columns are new; refuse an answer in which one that carries meaning is gone."""
        tabled.all_there(self.names, self.mapping, place=self.server.place)
        new = [n for n in self.names if before.columns and n not in before.columns]
        gone = [n for n in before.columns if n not in self.names]
        told = ((new, "new"), (gone, "gone"))
        return tuple(f"columns {word} since the last pull: {', '.join(names)}." for names, word in told if names)


def _gone_back(column: str, at: str) -> str:
    return (
        f"no row has {column} {at} or later any more: the source was put back from a backup, or its newest rows "
        "were deleted; everything is read again."
    )


@contextmanager
def _in_words(place: str, hidden: tuple[str, ...]) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:  # its cause would show the statement, and perhaps the address
        raise database_errors.said(error, place=place, hidden=hidden) from None


@contextmanager
def _opened(source: Source, told: Settings, reading: Reading) -> Iterator[_Server]:
    """Open one connection that only reads; left half-way, the server is told to stop."""
    place = f'source "{source.name}"'
    address, hidden = _address(source, told)
    patience = Patience(told.statement_timeout_seconds)
    now = reading.now.astimezone(source.zone)
    manner = Manner(source.time_zone, now, told.statement_timeout_seconds, told.connect_timeout_seconds)
    with _in_words(place, hidden):
        engine = _engine(address, manner, patience, place)
        patience.begin()
        connection = _connected(engine)
    try:
        yield _Server(engine, connection, patience, place, hidden, told.batch_rows)
    finally:
        with suppress(SQLAlchemyError):
            leave(connection)
        engine.dispose()


def _engine(address: URL, manner: Manner, patience: Patience, place: str) -> Engine:
    try:
        return engine_for(address, manner, patience)
    except ImportError as error:
        raise database_errors.no_driver(error, place=place, server=address.get_backend_name()) from None


def _connected(engine: Engine) -> Connection:
    for attempt in stamina.retry_context(
        on=database_errors.passing, attempts=_ATTEMPTS, wait_initial=0.2, wait_max=5.0
    ):
        with attempt:
            return engine.connect()
    raise AssertionError("a retry ends with a connection or an error")


def _address(source: Source, told: Settings) -> tuple[URL, tuple[str, ...]]:
    """Give the address, and what of it no message may hold. Raises ConfigError, SQLAlchemyError for a wrong one."""
    if told.url_secret:
        whole = secret(source, told.url_secret)
        address = address_of(whole)
        return address, _hidden(address, whole)
    if not source.address:
        raise ConfigError(source.place, "it has no address.", "Write url, or url_secret under [source.database].")
    address = address_of(source.address)
    if address.password:
        step = "Name secrets in user_secret and password_secret, or put the whole address into one: url_secret."
        raise ConfigError(source.place, "a password stands in url.", step)
    if source.user_secret:
        address = address.set(username=secret(source, source.user_secret))
    if source.password_secret:
        address = address.set(password=secret(source, source.password_secret))
    return address, _hidden(address)


def _hidden(address: URL, *more: str) -> tuple[str, ...]:
    password = str(address.password or "")
    return tuple(word for word in (*more, password, quote_plus(password)) if word)
