"""What was learned of an issued report: numbered within it, never changed. The report stays as it was printed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.database import Store, writing
from store.editions import numbering
from store.outgoing_tables import restatements

Told = Sequence[Mapping[str, Any]]


def keep(store: Store, edition: int, told: Told, *, data_version: str, at: datetime) -> int | None:
    """Keep the figures of an issued report that are known otherwise, and give the number of the restatement within it.

    None, and nothing is kept, where the last one said the same; nothing told is said only after something was.
    """
    with writing(store) as connection:
        numbering(connection)
        last, before = _last(connection, edition)
        if list(told) == before:
            return None
        row = {"edition_id": edition, "number": last + 1, "found_at": at, "data_version": data_version}
        connection.execute(sa.insert(restatements).values(**row, told=json.dumps(list(told), ensure_ascii=False)))
    return last + 1


def _last(connection: Connection, edition: int) -> tuple[int, list[Any]]:
    """Give the number of the newest restatement and what it says; 0 and nothing where there is none."""
    mine = sa.select(restatements.c.number, restatements.c.told).where(restatements.c.edition_id == edition)
    row = connection.execute(mine.order_by(restatements.c.number.desc()).limit(1)).one_or_none()
    return (row.number, json.loads(row.told)) if row else (0, [])
