"""Put a backup back: into an empty store, or beside one that is kept. All of it, or nothing.

An older backup is loaded into tables of its own version, which are then migrated: as the store itself would have been.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.errors import StoreError
from store import delivery, frames, runs
from store.backup import KEPT, Backup
from store.database import HEAD, Store, locked, open_store, reading, writing
from store.tables import sources


@dataclass(frozen=True, slots=True)
class Restored:
    """``rows`` by table; ``kept``: where the store that was there before stands now, "" when there was none."""

    rows: dict[str, int]
    kept: str = ""


def restore(store: Store, backup: Backup, *, replace: bool, at: datetime, workers: Sequence[str] = ()) -> Restored:
    """Load ``backup`` into ``store``, and close the store: it is opened anew by whoever goes on.

    ``replace``: a store that holds rows is kept under another name (with ``at`` in it) and a new one takes its place.
    ``workers``: locks that somebody who works with the store holds. Derived files are dropped: figures are built
    again. Raises StoreError; then everything is as it was.
    """
    filled = _filled(store)
    if filled and not replace:
        found = f"the store holds rows already ({filled})."
        raise StoreError(
            f"store {store.name}", found, "Name an empty one with --store, or say --replace to keep it aside."
        )
    _nobody_writes(store, workers)
    name = f"before_restore_{at:%Y%m%d_%H%M%S}"
    load = _into_postgresql if store.engine.dialect.name == "postgresql" else _into_sqlite
    try:
        kept = load(store, backup, name if filled else "")
    finally:
        store.engine.dispose()
    shutil.rmtree(store.derived, ignore_errors=True)
    return Restored(backup.manifest.rows(), kept)


def _filled(store: Store) -> str:
    """Name a table that holds rows."""
    with reading(store) as connection:
        return next((t.name for t in KEPT if connection.scalar(sa.select(sa.exists().select_from(t)))), "")


def _nobody_writes(store: Store, workers: Sequence[str]) -> None:
    with reading(store) as connection:
        names = list(connection.scalars(sa.select(sources.c.name)))
    for lock in (*workers, *(runs.lock_of(name) for name in names)):
        with locked(store, lock) as free:
            if not free:
                found = f"somebody works with it ({lock})."
                raise StoreError(f"store {store.name}", found, "Stop the worker and the syncs, then restore again.")


def _into_postgresql(store: Store, backup: Backup, kept: str) -> str:
    """Load in one transaction; a filled schema is renamed in it, and an empty one takes its name."""
    with writing(store) as connection:
        if kept:
            schema = connection.dialect.identifier_preparer.quote_identifier(str(connection.scalar(_SCHEMA)))
            connection.execute(sa.text(f"ALTER SCHEMA {schema} RENAME TO {kept}"))
            connection.execute(sa.text(f"CREATE SCHEMA {schema}"))
        _load(connection, backup, fresh=bool(kept))
        _number_on(connection)
    return f"schema {kept}" if kept else ""


_SCHEMA: Final = sa.text("SELECT current_schema()")


def _into_sqlite(store: Store, backup: Backup, kept: str) -> str:
    """Load a new file beside; only when it is whole does it take the place of the old one."""
    here = Path(str(store.engine.url.database))
    beside, aside = here.with_name(here.name + ".restoring.sqlite"), here.with_name(f"{here.name}.{kept}")
    _forget(beside)
    new = open_store(f"sqlite:///{beside}")
    try:
        with writing(new) as connection:
            _load(connection, backup, fresh=False)
        _in_one_file(new)
        _in_one_file(store)
        if kept:
            here.rename(aside)
        beside.replace(here)
    except OSError as error:
        raise StoreError(f"store {store.name}", f"{error.strerror}.", "Check room and rights of the folder.") from error
    finally:
        new.engine.dispose()
        _forget(beside)
    return str(aside) if kept else ""


def _in_one_file(store: Store) -> None:
    """Bring what stands in the write-ahead log into the file itself, and close it. Raises StoreError if it is in use.

    A log that stays behind would be played into whatever file takes the name.
    """
    with store.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.engine.dispose()
    if Path(f"{store.engine.url.database}-wal").exists():
        raise StoreError(f"store {store.name}", "another program has it open.", "Stop the app and the worker first.")


def _forget(beside: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        with suppress(OSError):
            Path(f"{beside}{suffix}").unlink(missing_ok=True)
    for suffix in (".derived", ".locks"):
        shutil.rmtree(beside.with_suffix(suffix), ignore_errors=True)


def _load(connection: Connection, backup: Backup, *, fresh: bool) -> None:
    """Fill tables of the backup's version, count what arrived, and bring them to today's version."""
    version = backup.manifest.schema
    if fresh or version != HEAD:
        _move(connection, version, up=fresh)
    for table in KEPT:
        for rows in backup.frames(table.name):
            frames.insert(connection, table, rows)
    for name, sent in backup.manifest.rows().items():
        arrived = connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name)))
        if arrived != sent:
            found = f"{name}: {arrived} of {sent} rows arrived."
            raise StoreError(str(backup.file), found, "Take another backup; nothing was changed.")
    if version != HEAD:
        _move(connection, HEAD, up=True)
    delivery.put_back(connection)


def _move(connection: Connection, version: str, *, up: bool) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    (command.upgrade if up else command.downgrade)(config, version)


def _number_on(connection: Connection) -> None:
    """Let PostgreSQL go on counting after the highest number; SQLite does so by itself."""
    for table in KEPT:
        key = table.autoincrement_column
        if key is None or not isinstance(key.type, sa.Integer):
            continue
        highest = connection.scalar(sa.select(sa.func.max(key)))
        if highest is not None:
            told = {"table": f'"{table.name}"', "column": key.name, "highest": highest}
            connection.execute(sa.text("SELECT setval(pg_get_serial_sequence(:table, :column), :highest)"), told)
