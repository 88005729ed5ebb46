"""The kinds of our columns: instants in UTC, texts that both databases take, numbers that count up by themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Dialect


class Instant(sa.TypeDecorator[datetime]):
    """An instant, aware and in UTC on both sides; SQLite keeps it as text, PostgreSQL as ``timestamptz``."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant without a time zone: {value}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        stamp: datetime = value
        return stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp.astimezone(UTC)


#: What stands for a sign that no text of a database may hold.
DAMAGED: Final = "\ufffd"


class Text(sa.TypeDecorator[str]):
    """Text that both databases take: NUL, which PostgreSQL refuses, and halves of a sign become �.

    Such signs come in the names of files and in what a server or a person writes; a run that cannot write its own
    error would be tried for ever. Whole frames go past the types: store.frames.storable.
    """

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or not isinstance(value, str):
            return value
        return value.replace("\x00", DAMAGED).encode("utf-8", "surrogatepass").decode("utf-8", "replace")


#: 64 bits on PostgreSQL; on SQLite only INTEGER counts up by itself.
Serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
