"""How each kind of database server is spoken to: its driver, its clock, its patience, and that it lets nobody write."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.pool import NullPool

#: What an address may begin with → the driver that we speak through.
DRIVERS: Final = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mariadb": "mariadb+pymysql",
    "mysql": "mysql+pymysql",
    "mssql": "mssql+pymssql",
    "oracle": "oracle+oracledb",
    "sqlite": "sqlite",
}
_LEFT: Final = "dunghan_left"  # an answer was not read to its end
_OF_MARIADB: Final = ("mariadb", "mysql")
_PATIENCE: Final = "dunghan_patience"
_IDLE_MINUTES: Final = 30  # the server waits so long while we store a batch


Info = dict[Any, Any]  # what SQLAlchemy keeps beside a connection


@dataclass(frozen=True, slots=True)
class Manner:
    """What a connection is told. ``seconds``: the longest that the server may let us wait for its next rows."""

    zone: str
    now: datetime
    seconds: int
    connect_seconds: int


@dataclass(slots=True)
class Patience:
    """A clock for SQLite, which has none: our own process does the work, and must stop itself."""

    seconds: int
    until: float = field(default=0.0)

    def begin(self) -> None:
        self.until = time.monotonic() + self.seconds

    def over(self) -> int:
        return int(time.monotonic() > self.until)


def address_of(url: str) -> URL:
    """Give the address with our driver. Raises SQLAlchemy's ArgumentError for what is none."""
    address = sa.make_url(url)
    name = address.get_backend_name()
    driver = DRIVERS.get(name, address.drivername) if "+" not in address.drivername else address.drivername
    return address.set(drivername=driver)


def engine_for(address: URL, manner: Manner) -> Engine:
    """Give an engine that keeps no connection and can only read. Raises ImportError when the driver is missing."""
    name = address.get_backend_name()
    if name == "sqlite":
        address = _only_read(address)
    engine = sa.create_engine(
        address, poolclass=NullPool, connect_args=_connect_args(name, manner), hide_parameters=True
    )
    prepare = _PREPARED.get(name)
    if prepare:
        sa.event.listen(engine, "connect", lambda raw, record: prepare(raw, manner, record.info))
    if name == "oracle":  # holds for one transaction, and shows all of it one state
        sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("SET TRANSACTION READ ONLY"))
    return engine


def _only_read(address: URL) -> URL:
    path = quote(str(Path(str(address.database)).absolute()))
    return address.set(database=f"file:{path}", query={**address.query, "mode": "ro", "uri": "true"})


def _connect_args(name: str, manner: Manner) -> dict[str, Any]:
    seconds, connect = manner.seconds, manner.connect_seconds
    args: dict[str, dict[str, Any]] = {
        "postgresql": {"connect_timeout": connect},
        "mysql": {"connect_timeout": connect, "read_timeout": seconds, "write_timeout": seconds, "charset": "utf8mb4"},
        "mssql": {"timeout": seconds, "login_timeout": connect, "read_only": True, "appname": "dunghan"},
        "oracle": {"tcp_connect_timeout": connect},
    }
    return args.get("mysql" if name == "mariadb" else name, {})


def _postgresql(raw: Any, manner: Manner, _: Info) -> None:
    raw.read_only = True
    with raw.cursor() as cursor:
        for setting, value in (
            ("TimeZone", manner.zone),
            ("statement_timeout", f"{manner.seconds}s"),
            ("idle_in_transaction_session_timeout", f"{_IDLE_MINUTES}min"),
        ):
            cursor.execute("SELECT set_config(%s, %s, false)", (setting, value))
    raw.commit()


def _mariadb(raw: Any, manner: Manner, _: Info) -> None:
    with raw.cursor() as cursor:
        cursor.execute("SET SESSION TRANSACTION READ ONLY")
        cursor.execute(f"SET SESSION net_write_timeout = {_IDLE_MINUTES * 60}")
        offset = f"{manner.now:%z}"
        try:
            cursor.execute("SET SESSION time_zone = %s", (manner.zone,))
        except raw.OperationalError:  # a server without the tables of time zones knows offsets only
            cursor.execute("SET SESSION time_zone = %s", (f"{offset[:3]}:{offset[3:5]}",))
    raw.commit()


def _oracle(raw: Any, manner: Manner, _: Info) -> None:
    raw.call_timeout = manner.seconds * 1000
    with raw.cursor() as cursor:
        cursor.execute(f"ALTER SESSION SET TIME_ZONE = '{manner.zone}'")  # a name out of the list of time zones


def _sqlite(raw: Any, manner: Manner, info: Info) -> None:
    patience = info[_PATIENCE] = Patience(manner.seconds)
    patience.begin()
    raw.execute("PRAGMA query_only = ON")
    raw.set_progress_handler(patience.over, 10_000)


_PREPARED: Final[dict[str, Callable[[Any, Manner, Info], None]]] = {
    "postgresql": _postgresql,
    "mariadb": _mariadb,
    "mysql": _mariadb,
    "oracle": _oracle,
    "sqlite": _sqlite,
}


def begin(connection: Connection) -> None:
    """Start the clock of the wait for the next rows, where the server itself has none."""
    if patience := connection.info.get(_PATIENCE):
        patience.begin()


def thread_of(connection: Connection) -> int:
    """Give the number by which MariaDB knows a connection; 0 on servers that stop by themselves when we leave."""
    raw: Any = connection.connection.driver_connection
    return int(raw.thread_id()) if connection.dialect.name in _OF_MARIADB else 0


def abandon(connection: Connection, cursor: Any) -> None:
    """Say that an answer is not wanted to its end. MariaDB's driver would read all of it before it lets go."""
    if not connection.invalidated:
        connection.info[_LEFT] = True
    if connection.dialect.name in _OF_MARIADB and cursor.connection is not None:
        if cursor._result is not None:
            cursor._result.unbuffered_active = False
        cursor.connection._result = None


def leave(connection: Connection, thread: int) -> None:
    """Close a connection; one with an answer half read is dropped, and MariaDB told to stop: it would go on."""
    left = connection.invalidated or _LEFT in connection.info
    if left and not connection.invalidated:
        connection.invalidate()
    connection.close()
    if left and thread:
        with connection.engine.connect() as other:
            other.exec_driver_sql(f"KILL QUERY {thread}")
