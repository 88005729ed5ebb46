"""A vendor's table of dossiers on a server: PostgreSQL, MariaDB or MySQL, streamed there by its address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from config.errors import ConfigError
from connectors.database_servers import address_of
from connectors.simulator.exports import vendor

SERVERS: Final = ("postgresql", "mariadb", "mysql")
_ROWS_AT_ONCE: Final = 5_000


def into_server(parts: Iterator[pl.DataFrame], url: str) -> int:
    """Put the rows into the table on a server; what was in the table goes first. Gives their number.

    Raises ConfigError for another kind of server, or one that cannot be written to; no password is told.
    """
    address = address_of(url)
    if address.get_backend_name() not in SERVERS:
        step = f"Name sqlite:///FILE, or a server of {', '.join(SERVERS)}."
        raise ConfigError(said(address), "nobody fills such a server.", step)
    engine = sa.create_engine(address, poolclass=NullPool)
    try:
        with engine.begin() as connection:
            return _filled(connection, parts)
    except SQLAlchemyError as error:
        found = str(getattr(error, "orig", error)).split("\n")[0][:200]
        step = "Check the address, and that the account may make and fill tables there."
        raise ConfigError(said(address), found.replace(address.password or "\0", "***"), step) from error
    finally:
        engine.dispose()


def said(address: URL) -> str:
    """Write an address without its password."""
    return address.render_as_string(hide_password=True)


def without_people(url: str) -> str:
    """Give the address that stands in sources.toml: nobody's name and no password is in it."""
    bare = sa.make_url(url).set(username=None, password=None)
    return bare.set(drivername=bare.get_backend_name()).render_as_string(hide_password=False)


def signs_in(url: str) -> bool:
    """Say whether an account is named in the address."""
    return bool(sa.make_url(url).password)


def _filled(connection: sa.Connection, parts: Iterator[pl.DataFrame]) -> int:
    quoted = connection.dialect.identifier_preparer.quote_identifier
    named = {f"c{at}": quoted(column) for at, column in enumerate(vendor.COLUMNS)}
    names, marks = ", ".join(named.values()), ", ".join(f":{mark}" for mark in named)
    insert = sa.text(f"INSERT INTO {vendor.TABLE} ({names}) VALUES ({marks})")  # noqa: S608
    if connection.dialect.name != "postgresql":
        connection.exec_driver_sql(vendor.IN_MARIADB)
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {vendor.TABLE}")
    connection.exec_driver_sql(vendor.create(quoted))
    written = 0
    for part in parts:
        rows = vendor.rows(part).rename(dict(zip(vendor.COLUMNS, named, strict=True)))
        for some in rows.iter_slices(_ROWS_AT_ONCE):
            connection.execute(insert, some.to_dicts())
        written += part.height
    connection.exec_driver_sql(vendor.index(quoted))
    return written
