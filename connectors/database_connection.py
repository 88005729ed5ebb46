"""A connection to a vendor's database: opened to read and nothing else, streamed, left politely; no password told."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import quote_plus

import sqlalchemy as sa
import stamina
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from config.errors import ConfigError
from config.sources import Source, secret
from connectors import database_errors, database_rows
from connectors.base import Reading
from connectors.database_cursor import Kind, Order
from connectors.database_query import Question, begins_with_with
from connectors.database_servers import Manner, abandon, address_of, begin, engine_for, leave, thread_of

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
class Server:
    """An open connection. ``place`` names the source in messages; ``hidden`` must not stand in them."""

    connection: Connection
    place: str
    hidden: tuple[str, ...]
    batch_rows: int

    @property
    def dialect(self) -> sa.Dialect:
        return self.connection.dialect

    def columns(self, question: Question, order: Order) -> list[str]:
        """Ask for the names of the answer's columns, as the server writes them."""
        with _in_words(self.place, self.hidden):
            begin(self.connection)
            answer = self._ask(question.shape(), order, "")
            cursor: Any = answer.cursor
            names = [str(column[0]) for column in cursor.description]
            answer.close()
        return database_rows.names_of(names)

    def rows(self, statement: sa.TextClause, order: Order, at: str, *, as_text: bool) -> Generator[list[Any]]:
        """Stream the answer, chunk by chunk; the whole of it is held nowhere."""
        with _in_words(self.place, self.hidden):
            begin(self.connection)
            answer = self._ask(statement, order, at, as_text=as_text)
        finished, cursor = False, answer.cursor
        try:
            while chunk := self._next(answer):
                yield [tuple(row) for row in chunk]
            finished = True
        finally:
            if not finished:
                abandon(self.connection, cursor)
            answer.close()

    def _next(self, answer: sa.CursorResult[Any]) -> Sequence[Any]:
        with _in_words(self.place, self.hidden):
            begin(self.connection)
            return answer.fetchmany(self.batch_rows)

    def _ask(self, statement: sa.TextClause, order: Order, at: str, *, as_text: bool = False) -> sa.CursorResult[Any]:
        texts = as_text or self.dialect.name == "sqlite"
        values = {"since": order.since(at, as_text=texts), "until": order.until(as_text=texts)}
        bound = {name: values[name] for name in statement.compile().params}
        streamed = self.connection.execution_options(stream_results=True, max_row_buffer=self.batch_rows)
        return streamed.execute(statement, bound)


@contextmanager
def _in_words(place: str, hidden: tuple[str, ...]) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:  # its cause would show the statement, and perhaps the address
        raise database_errors.said(error, place=place, hidden=hidden) from None


@contextmanager
def connected(source: Source, told: Settings, reading: Reading) -> Iterator[Server]:
    """Open one connection that only reads. Raises ConfigError, SourceError; no password stands in either."""
    place, (address, hidden) = f'source "{source.name}"', _address(source, told)
    if address.get_backend_name() == "mssql" and begins_with_with(told.query):
        step = "Write its parts as sub-selects, or ask for a view."
        raise ConfigError(
            f"{source.place}, [source.database], query", "SQL Server reads no WITH inside brackets.", step
        )
    now = reading.now.astimezone(source.zone)
    manner = Manner(source.time_zone, now, told.statement_timeout_seconds, told.connect_timeout_seconds)
    with _in_words(place, hidden):
        engine = _engine(address, manner, place)
        connection = _reached(engine)
        thread = thread_of(connection)
    try:
        yield Server(connection, place, hidden, told.batch_rows)
    finally:
        with suppress(SQLAlchemyError):
            leave(connection, thread)
        engine.dispose()


def _engine(address: URL, manner: Manner, place: str) -> Engine:
    try:
        return engine_for(address, manner)
    except ImportError as error:
        raise database_errors.no_driver(error, place=place, server=address.get_backend_name()) from None


def _reached(engine: Engine) -> Connection:
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
