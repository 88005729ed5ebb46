"""The rules that figures were made by: every version in use, as it was read, since when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl
import sqlalchemy as sa

from metrics.dossier import INSTANT
from store import frames
from store.database import Store, reading, writing
from store.tables import rulebooks


def keep(store: Store, version: str, told: Mapping[str, Any], *, used_at: datetime) -> bool:
    """Keep the rules called ``version`` as they were read, once; say whether they were new.

    ``used_at``: the moment (aware) at which figures are made by them. Raises StoreError.
    """
    with writing(store) as connection:
        if connection.scalar(sa.select(rulebooks.c.version).where(rulebooks.c.version == version)) is not None:
            return False
        text = json.dumps(_plain(told), ensure_ascii=False, sort_keys=True, default=str)
        connection.execute(sa.insert(rulebooks).values(version=version, told=text, first_used_at=used_at))
        return True


def _plain(value: Any) -> Any:
    """Write keys as JSON wants them, as texts: a calendar is read by its days."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in (sorted(value, key=str) if isinstance(value, set | frozenset) else value)]
    return value


def history(store: Store) -> pl.DataFrame:
    """Give every rulebook, the newest first: version, told (JSON text), first_used_at."""
    with reading(store) as connection:
        newest_first = (rulebooks.c.first_used_at.desc(), rulebooks.c.version)
        return frames.select(connection, sa.select(rulebooks).order_by(*newest_first))


def in_use(store: Store, moment: datetime) -> str | None:
    """Name the rules that had last come into use by ``moment`` (aware); None where none were kept by then.

    Rules that were put back are not told apart from those they replaced: only the first use of each is kept.
    """
    known = history(store).filter(pl.col("first_used_at") <= pl.lit(moment, INSTANT))
    return None if known.is_empty() else str(known["version"][0])
