"""Back the store up into one file, from a running store, alike for SQLite and PostgreSQL.

The file is a zip archive: ``TABLE/00000.parquet`` … and last ``manifest.json`` (schema version, rows, columns and a
hash of every part). Its comment, the last 64 bytes, is the SHA-256 of all before it: a byte changed anywhere is found.
Sessions are left out, and who has to wait: a store that was put back asks everybody to sign in again.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.errors import StoreError
from store import frames
from store.database import HEAD, Store, reading
from store.tables import failures, metadata, sessions

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
PART_ROWS: Final = 20_000
_DIGEST: Final = 64  # hexadecimal digits of a SHA-256
_BLOCK: Final = 1 << 20
#: In this order they may be filled: what others refer to comes first.
KEPT: Final = tuple(t for t in metadata.sorted_tables if t not in (sessions, failures))


@dataclass(frozen=True, slots=True)
class Part:
    """One member of the archive."""

    name: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. ``schema``: version of the tables; ``tables``: parts by the name of their table."""

    schema: str
    made_at: str
    engine: str
    tables: dict[str, tuple[Part, ...]]
    format: int = FORMAT

    def rows(self) -> dict[str, int]:
        """Count the rows of each table."""
        return {name: sum(p.rows for p in parts) for name, parts in self.tables.items()}


def backup(store: Store, file: Path, *, made_at: datetime) -> Manifest:
    """Write all that the store holds at one moment to ``file``, which only its owner may read. Syncs may go on.

    Written beside and renamed: a file of that name is whole. Raises StoreError when there is one already, or when the
    disk refuses.
    """
    if file.exists():
        raise StoreError(str(file), "it is there already.", "Name another file, or move this one away.")
    part = file.with_name(file.name + ".part")
    try:
        with _private(part) as handle, reading(store) as connection:
            manifest = _written(handle, connection, made_at)
        part.replace(file)
    except (OSError, pl.exceptions.PolarsError) as error:
        found = f"the backup could not be written ({str(error).partition(chr(10))[0]})."
        raise StoreError(
            str(file), found, "Make room, or name a file on another disk; the store is untouched."
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return manifest


def _private(path: Path) -> IO[bytes]:
    """Open a new file that nobody else may read: it holds password hashes."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")


def _written(handle: IO[bytes], connection: Connection, made_at: datetime) -> Manifest:
    with zipfile.ZipFile(handle, "w", zipfile.ZIP_STORED) as archive:
        tables = {table.name: tuple(_parts(archive, connection, table)) for table in KEPT}
        manifest = Manifest(HEAD, made_at.isoformat(), connection.dialect.name, tables)
        _add(archive, MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode())
        archive.comment = b"0" * _DIGEST
    seal(handle)
    return manifest


def seal(handle: IO[bytes]) -> None:
    """Write the hash of all before it over the last 64 bytes, and bring the file to the disk."""
    size = handle.seek(0, os.SEEK_END)
    digest = _digest(handle, size - _DIGEST)
    handle.seek(size - _DIGEST)
    handle.write(digest.encode())
    handle.flush()
    os.fsync(handle.fileno())


def _parts(archive: zipfile.ZipFile, connection: Connection, table: sa.Table) -> Iterator[Part]:
    question = sa.select(table).order_by(*table.primary_key.columns)
    for number, rows in enumerate(frames.stream(connection, question, rows=PART_ROWS)):
        data = BytesIO()
        rows.write_parquet(data, compression="zstd", compression_level=3)
        yield _add(archive, f"{table.name}/{number:05d}.parquet", data.getvalue(), rows.height)


def _add(archive: zipfile.ZipFile, name: str, data: bytes, rows: int = 0) -> Part:
    archive.writestr(zipfile.ZipInfo(name), data)
    return Part(name, rows, hashlib.sha256(data).hexdigest())


def _digest(handle: IO[bytes], size: int) -> str:
    digest, left = hashlib.sha256(), size
    handle.seek(0)
    while left and (block := handle.read(min(_BLOCK, left))):
        digest.update(block)
        left -= len(block)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was whole when it was opened."""

    file: Path
    manifest: Manifest

    def frames(self, table: str) -> Iterator[pl.DataFrame]:
        """Give the rows of a table, part by part. Raises StoreError for a part that is not what the manifest says."""
        for part in self.manifest.tables.get(table, ()):
            with zipfile.ZipFile(self.file) as archive:
                data = archive.read(part.name)
            rows = pl.read_parquet(BytesIO(data)) if hashlib.sha256(data).hexdigest() == part.sha256 else None
            if rows is None or rows.height != part.rows:
                raise StoreError(str(self.file), f"{part.name} is not what was backed up.", _OTHER)
            yield rows


_OTHER: Final = "Take another backup; this one cannot be trusted."


def opened(file: Path) -> Backup:
    """Open a backup after its hash was checked. Raises StoreError: absent, cut off, changed, no backup, too new."""
    try:
        with file.open("rb") as handle:
            size = handle.seek(0, os.SEEK_END)
            whole = size > _DIGEST and _told(handle, size) == _digest(handle, size - _DIGEST)
    except OSError as error:
        raise StoreError(
            str(file), f"it cannot be read ({error.strerror}).", "Check the path and its rights."
        ) from error
    if not whole:
        found = "it was cut off or changed: its hash is not the one written at its end."
        raise StoreError(str(file), found, _OTHER)
    with zipfile.ZipFile(file) as archive:
        return Backup(file, _manifest(file, json.loads(archive.read(MANIFEST))))


def _told(handle: IO[bytes], size: int) -> str:
    handle.seek(size - _DIGEST)
    return handle.read(_DIGEST).decode("ascii", errors="replace")


def _manifest(file: Path, told: dict[str, Any]) -> Manifest:
    if told["format"] > FORMAT or told["schema"] > HEAD:
        found = f"its tables are of version {told['schema']}, and this Đúng Hạn knows none beyond {HEAD}."
        raise StoreError(str(file), found, "A newer Đúng Hạn made it: upgrade this one.")
    tables = {name: tuple(Part(**part) for part in parts) for name, parts in told["tables"].items()}
    return Manifest(told["schema"], told["made_at"], told["engine"], tables, told["format"])
