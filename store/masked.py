"""Masked names and numbers of applicants, where an office keeps them to recognise a dossier (docs/privacy.md).

They stand apart from the ledger, which forgets nothing: these are replaced when a dossier is read again, and gone as
soon as it is read with the setting off.
"""

from __future__ import annotations

from typing import Final

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from metrics.scope import Scope
from store import frames, tables
from store.database import Store, seeing
from store.sight import in_sight

#: What a connector gives: the code of a dossier, and what it may be recognised by.
MASKED: Final = pl.Schema({"code": pl.String, "shown": pl.String})


def keep(connection: Connection, source: str, codes: pl.Series, told: pl.DataFrame | None) -> None:
    """Keep ``told`` (MASKED) of the dossiers ``codes`` of ``source`` and nothing else of them; None says nothing.

    In the transaction of the dossiers themselves.
    """
    table = tables.masked
    if told is None or (told.is_empty() and not _any(connection, source)):
        return
    rows = frames.storable(told.match_to_schema(MASKED)).unique("code", keep="last", maintain_order=True)
    these = frames.matching(connection, table.c.code, codes)
    connection.execute(sa.delete(table).where(table.c.source == source, these))
    mine = rows.filter(pl.col("code").is_in(codes.implode())).with_columns(source=pl.lit(source))
    frames.insert(connection, table, mine)


def of(store: Store, source: str, code: str, scope: Scope) -> str:
    """Give what a dossier may be recognised by, "" where nothing is kept or ``scope`` may not see the dossier."""
    table = tables.masked
    with seeing(store, scope) as connection:
        if not in_sight(connection, source, code, scope):
            return ""
        here = sa.select(table.c.shown).where(table.c.source == source, table.c.code == code)
        return connection.scalar(here) or ""


def _any(connection: Connection, source: str) -> bool:
    table = tables.masked
    return connection.scalar(sa.select(table.c.code).where(table.c.source == source).limit(1)) is not None
