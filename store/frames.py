"""Frames in and out of our tables, in bulk: the same values on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from metrics.dossier import INSTANT
from store.kinds import DAMAGED, Instant

_TEXT_STAMP: Final = "%Y-%m-%d %H:%M:%S.%6f"  # as SQLAlchemy writes them, so that both ways read alike
_ZONED: Final = "%Y-%m-%d %H:%M:%S%.6f+00"  # for PostgreSQL
_COPIED: Final = 10_000  # rows handed over at a time


def select(connection: Connection, question: sa.Select[Any]) -> pl.DataFrame:
    """Answer ``question`` as a frame: instants as ``Datetime(us, UTC)``, integers as ``Int64``, the rest as text.

    On SQLite the texts of instants are read as one column, which is many times faster than row by row.
    """
    plain, types, raw = _planned(connection, question)
    return _framed(connection.execute(plain).fetchall(), types, raw)


def stream(connection: Connection, question: sa.Select[Any], *, rows: int) -> Iterator[pl.DataFrame]:
    """Answer as ``select`` does, ``rows`` at a time: memory does not grow with the answer."""
    plain, types, raw = _planned(connection, question)
    with connection.execute(plain.execution_options(stream_results=True, max_row_buffer=rows)) as answer:
        while chunk := answer.fetchmany(rows):
            yield _framed(chunk, types, raw)


Types = dict[str, pl.DataType | type[pl.DataType]]


def _planned(connection: Connection, question: sa.Select[Any]) -> tuple[sa.Select[Any], Types, Types]:
    """Give the question in the driver's plain types, the types of its answer, and those in which it comes."""
    columns = list(question.selected_columns)
    types: Types = {c.name: _polars_type(c) for c in columns}
    on_sqlite = connection.dialect.name == "sqlite"
    plain = question.with_only_columns(*(_plain(c) if on_sqlite else c for c in columns))
    raw: Types = {name: pl.String if on_sqlite and kind == INSTANT else kind for name, kind in types.items()}
    return plain, types, raw


def _framed(rows: Sequence[Any], types: Types, raw: Types) -> pl.DataFrame:
    columns = zip(*rows, strict=True) if rows else ((),) * len(raw)
    frame = pl.DataFrame([pl.Series(name, c, raw[name]) for name, c in zip(raw, columns, strict=True)])
    stamps = [name for name, kind in types.items() if raw[name] != kind]
    return frame.with_columns(pl.col(stamps).str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", time_zone="UTC"))


def _polars_type(column: sa.ColumnElement[Any]) -> pl.DataType | type[pl.DataType]:
    if isinstance(column.type, Instant):
        return INSTANT
    return pl.Int64 if isinstance(column.type, sa.Integer) else pl.String


def _plain(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    if isinstance(column.type, Instant):
        return sa.type_coerce(column, sa.Text).label(column.name)
    return column


def storable(frame: pl.DataFrame) -> pl.DataFrame:
    """Write � for NUL in every text: PostgreSQL takes it in none, and one such cell would hold up its source for ever.

    Before prints and seals are made of the rows, so that these are of what is kept.
    """
    return frame.with_columns(pl.col(pl.String).str.replace_all("\x00", DAMAGED, literal=True))


def insert(connection: Connection, table: sa.Table, frame: pl.DataFrame) -> None:
    """Append the rows of ``frame`` to ``table``; its columns carry the names of the table's."""
    if frame.is_empty():
        return
    frame = frame.select(s.name for s in frame if s.null_count() < frame.height)  # an empty column is null by itself
    if connection.dialect.name == "postgresql":
        _copy(connection, table, frame)
        return
    connection.exec_driver_sql(_into(table, frame, "INSERT"), _as_text(frame).rows())


def replace(connection: Connection, table: sa.Table, frame: pl.DataFrame, key: Sequence[str]) -> None:
    """Set the rows of ``table`` with the keys of ``frame`` to its values; rows that are not there are left out."""
    if frame.is_empty():
        return
    rest = [c for c in frame.columns if c not in key]
    if connection.dialect.name == "postgresql":
        _update_from(connection, table, frame, key)
        return
    values = ", ".join(f'"{c}" = ?' for c in rest)
    where_text = " AND ".join(f'"{k}" = ?' for k in key)
    statement = f'UPDATE "{table.name}" SET {values} WHERE {where_text}'
    connection.exec_driver_sql(statement, _as_text(frame).select(*rest, *key).rows())


def _into(table: sa.Table, frame: pl.DataFrame, verb: str) -> str:
    marks = ", ".join("?" for _ in frame.columns)
    names = ", ".join(f'"{c}"' for c in frame.columns)
    return f'{verb} INTO "{table.name}" ({names}) VALUES ({marks})'


def _update_from(connection: Connection, table: sa.Table, frame: pl.DataFrame, key: Sequence[str]) -> None:
    """Update from the rows of ``frame`` as one JSON text: one statement, many times quicker than one a row."""
    kinds = {c: table.c[c].type.compile(dialect=connection.dialect) for c in frame.columns}
    names = ", ".join(f'"{c}" {kind}' for c, kind in kinds.items())
    values = ", ".join(f'"{c}" = new."{c}"' for c in kinds if c not in key)
    where = " AND ".join(f'old."{k}" = new."{k}"' for k in key)
    statement = (
        f'UPDATE "{table.name}" AS old SET {values} FROM json_to_recordset(%s::json) AS new({names}) WHERE {where}'
    )
    connection.exec_driver_sql(statement, (_as_text(frame, _ZONED).write_json(),))


def _as_text(frame: pl.DataFrame, pattern: str = _TEXT_STAMP) -> pl.DataFrame:
    """Write instants as text, for SQLite the way SQLAlchemy writes them; enumerations as their words."""
    stamps = [c for c, kind in frame.schema.items() if isinstance(kind, pl.Datetime)]
    return frame.with_columns(pl.col(stamps).dt.strftime(pattern))


def _copy(connection: Connection, table: sa.Table, frame: pl.DataFrame) -> None:
    driver: Any = connection.connection.driver_connection
    names = ", ".join(f'"{c}"' for c in frame.columns)
    statement = f'COPY "{table.name}" ({names}) FROM STDIN (FORMAT csv)'
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for part in frame.iter_slices(_COPIED):
                copy.write(part.write_csv(include_header=False, quote_style="non_numeric", datetime_format=_ZONED))
    except connection.dialect.loaded_dbapi.Error as error:  # past SQLAlchemy, which else says it in its own family
        raise sa.exc.OperationalError(statement, None, error) from error


def matching(connection: Connection, column: sa.ColumnElement[Any], values: pl.Series) -> sa.ColumnElement[bool]:
    """Give ``column is one of values`` for any number of values in one bound parameter."""
    if connection.dialect.name == "postgresql":
        return column == sa.any_(sa.literal(values.to_list(), sa.ARRAY(sa.Text)))
    listed = sa.func.json_each(
        values.to_frame("v").select(pl.col("v").implode()).to_struct("s").struct.json_encode()[0], "$.v"
    )
    return column.in_(sa.select(listed.table_valued("value").c.value))
