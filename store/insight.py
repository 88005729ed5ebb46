"""What the analyses of the night found: derived tables beside the snapshot, and what they were made from.

Like the snapshot they can be deleted and are made again. A table is found by its name, a file by its content.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Final

import polars as pl

from store import snapshot
from store.database import Store

NAME: Final = "insight.json"
FOLDER: Final = "insight"


@dataclass(frozen=True, slots=True)
class Made:
    """What was found when. ``as_of``: the evening that it tells of; ``made_at``: aware; ``rules``: another word means
    that it is to be made again; ``seconds``: of each analysis; ``failed``: the analyses that could not be made."""

    data_version: str
    ledger_seq: int
    as_of: date
    made_at: datetime
    rules: str
    tables: dict[str, str] = field(default_factory=dict)  # name → file
    seconds: dict[str, float] = field(default_factory=dict)
    failed: tuple[str, ...] = ()


def read_made(store: Store) -> Made | None:
    """Give what was made last, or None when nothing was (or a damaged file tells of it)."""
    try:
        told = json.loads((store.derived / NAME).read_text(encoding="utf-8"))
        days = {"as_of": date.fromisoformat(told["as_of"]), "made_at": datetime.fromisoformat(told["made_at"])}
        return Made(**(told | days | {"failed": tuple(told["failed"])}))
    except (FileNotFoundError, KeyError, ValueError, TypeError):
        return None  # derived data: made again in the night


def keep(store: Store, made: Made, tables: Mapping[str, pl.DataFrame], before: Made | None) -> Made:
    """Write ``tables`` and let readers see them all at once; give ``made`` with their files.

    Files of the state before stay for readers under way. Raises StoreError when the disk refuses.
    """
    told = asdict(made)
    told["tables"] = made.tables | {name: snapshot.put(store, FOLDER, name, table) for name, table in tables.items()}
    snapshot.write_whole(store, store.derived / NAME, json.dumps(told, indent=1, default=_plain).encode())
    used = {file for state in (before.tables if before else {}, told["tables"]) for file in state.values()}
    for file in (store.derived / FOLDER).glob("*.parquet"):
        if f"{FOLDER}/{file.name}" not in used:
            file.unlink(missing_ok=True)
    return Made(**told)


def _plain(value: date | datetime) -> str:
    return value.isoformat()


def table(store: Store, made: Made, name: str) -> pl.LazyFrame | None:
    """Give one table of what was made; None where there is none of that name, or its file has gone."""
    file = made.tables.get(name)
    return pl.scan_parquet(store.derived / file) if file and (store.derived / file).is_file() else None
