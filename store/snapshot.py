"""The compact columnar copy of the store: one Parquet part per month of receipt, with what is derived beside it.

This module holds observed columns only and the reading of all parts; what is derived (facts, cube) is written by
jobs/rebuild.py through ``put``. Everything here can be deleted at any time and is made again from the store.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.errors import StoreError
from metrics.dossier import COLUMNS, KEY
from store import frames, tables
from store.database import Store

Piece = Literal["observed", "facts", "cube"]
GROUPED: Final = ("source", "department", "field", "procedure", "level", "channel")  # metrics.cube.DIMENSIONS
PIECES: Final[tuple[Piece, ...]] = ("observed", "facts", "cube")
_DIGITS: Final = 12  # of the hash in a file's name
SCHEMA: Final = 4  # of the files; another number in a manifest means: make everything again


@dataclass(frozen=True, slots=True)
class Part:
    """The files of one month, by their names (each holds the hash of its content), and how new they are."""

    observed: str
    facts: str
    cube: str
    newest_at: datetime | None  # see ``newest``


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the derived files were made from. ``data_version`` names exactly one state of figures."""

    data_version: str
    ledger_seq: int
    rules: str  # version of calendar and rules; another one means: derive everything again
    zones: dict[str, str]
    built_at: datetime
    parts: dict[str, Part] = field(default_factory=dict)
    schema: int = SCHEMA

    @property
    def newest_at(self) -> datetime | None:
        """The newest instant any source has said, no later than we saw it."""
        return max((p.newest_at for p in self.parts.values() if p.newest_at), default=None)


def read_manifest(store: Store) -> Manifest | None:
    """Give what stands ready, or None when nothing does (or an older version of ours wrote it)."""
    try:
        told = json.loads((store.derived / "manifest.json").read_text(encoding="utf-8"))
        if told["schema"] != SCHEMA:
            return None
        parts = {m: Part(**(p | {"newest_at": _instant(p["newest_at"])})) for m, p in told["parts"].items()}
        return Manifest(**(told | {"built_at": _instant(told["built_at"]), "parts": parts}))
    except (FileNotFoundError, KeyError, ValueError, TypeError):
        return None  # derived data: a damaged file is made again, not mourned


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def write_manifest(store: Store, manifest: Manifest, before: Manifest | None) -> None:
    """Let readers see the new state, all at once; files of the state before stay for readers under way."""
    told = json.dumps(asdict(manifest), indent=1, default=datetime.isoformat)
    _write(store, store.derived / "manifest.json", told.encode())
    used = {
        name
        for m in (manifest, before)
        if m
        for part in m.parts.values()
        for name in (part.observed, part.facts, part.cube)
    }
    for piece in PIECES:
        for file in (store.derived / piece).glob("*.parquet"):
            if f"{piece}/{file.name}" not in used:
                file.unlink(missing_ok=True)


def put(store: Store, piece: Piece, month: str, frame: pl.DataFrame) -> str:
    """Write one piece of one part and give its name, which tells its content apart from any other."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=3)
    content = buffer.getvalue()
    name = f"{piece}/{month}-{hashlib.sha256(content).hexdigest()[:_DIGITS]}.parquet"
    _write(store, store.derived / name, content)
    return name


def _write(store: Store, path: Path, content: bytes) -> None:
    """Write a derived file whole or not at all. Raises StoreError when the disk refuses."""
    fresh = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(content)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise StoreError(
            str(path.parent),
            f"a derived file could not be written ({error.strerror}).",
            "All dossiers are stored; make room or mend the rights, then run dunghan rebuild.",
        ) from error


def damaged(store: Store, manifest: Manifest, *, content: bool) -> set[str]:
    """Give the months of which a file is gone or, with ``content``, is not what the hash in its name says."""
    return {
        month
        for month, part in manifest.parts.items()
        if any(not _sound(store.derived / name, content) for name in (part.observed, part.facts, part.cube))
    }


def _sound(path: Path, content: bool) -> bool:
    if not content:
        return path.is_file()
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:_DIGITS] == path.stem[-_DIGITS:]
    except OSError:
        return False


def read(store: Store, manifest: Manifest, piece: Piece, months: Iterable[str] | None = None) -> pl.LazyFrame:
    """Give one piece of all (or the named) parts as one lazy frame."""
    chosen = manifest.parts if months is None else {m: manifest.parts[m] for m in months}
    names = [getattr(chosen[m], piece) for m in sorted(chosen)]
    return pl.concat([pl.scan_parquet(store.derived / name) for name in names]) if names else pl.LazyFrame()


def cube(store: Store, manifest: Manifest) -> pl.DataFrame:
    """Give the daily counts of all parts, ready for metrics.evaluate; the dimensions as categories, quick to group."""
    rows = read(store, manifest, "cube")
    return rows.with_columns(pl.col(name).cast(pl.Categorical) for name in GROUPED).collect()


def facts(store: Store, manifest: Manifest) -> pl.LazyFrame:
    """Give one row per dossier with what was derived for it, ready for metrics.standing."""
    return read(store, manifest, "facts")


# ---------- observed parts ----------

PROMISES: Final = pl.List(
    pl.Struct(
        {
            "due_at": pl.Datetime("us", "UTC"),
            "happened_at": pl.Datetime("us", "UTC"),
            "seen_at": pl.Datetime("us", "UTC"),
        }
    )
)


def ledger_seq(connection: Connection) -> int:
    """Give the number of the newest ledger entry, 0 in an empty store."""
    return connection.scalar(sa.select(sa.func.max(tables.ledger.c.seq))) or 0


def zones(connection: Connection) -> dict[str, str]:
    """Give source → IANA time zone."""
    rows = connection.execute(
        sa.select(tables.sources.c.name, tables.sources.c.time_zone).order_by(tables.sources.c.name)
    )
    return {row.name: row.time_zone for row in rows}


def changed_months(connection: Connection, *, after: int) -> set[str]:
    """Give the parts that ledger entries later than ``after`` touch, by month."""
    ledger = tables.ledger
    now = sa.select(ledger.c.part).where(ledger.c.seq > after)
    moved = sa.select(ledger.c.part_before).where(ledger.c.seq > after, ledger.c.part_before.is_not(None))
    return set(connection.scalars(now.union(moved)))


def observe(connection: Connection, month: str) -> pl.DataFrame:
    """Read one part: the dossiers of a month as they stand, with every promise seen and since when the status holds.

    Columns: those of metrics.dossier.Dossier, seen_at, and for dossiers seen in more than one state
    ``promises`` (PROMISES: each due date when it replaced another, oldest first) and ``status_since_at``.
    """
    table = tables.dossiers
    here = sa.select(*(table.c[c] for c in COLUMNS), table.c.first_seen_at, table.c.seen_at).where(
        table.c.part == month
    )
    now = frames.select(connection, here.order_by(table.c.source, table.c.code))
    return now.join(_promises(connection, month), on=KEY, how="left", maintain_order="left")


def _promises(connection: Connection, month: str) -> pl.DataFrame:
    ledger, now = tables.ledger, tables.dossiers
    many = sa.select(now.c.source, now.c.code).where(now.c.part == month, now.c.versions > 1).subquery()
    question = sa.select(
        ledger.c.seq,
        ledger.c.source,
        ledger.c.code,
        ledger.c.seen_at,
        ledger.c.happened_at,
        ledger.c.due_at,
        ledger.c.status,
    ).join(many, sa.and_(many.c.source == ledger.c.source, many.c.code == ledger.c.code))
    seen = frames.select(connection, question.order_by(ledger.c.seq))
    stamp = pl.coalesce("happened_at", "seen_at")
    # A due date that was taken away is not a new promise: the last one stands.
    dues = seen.filter(pl.col("due_at").is_not_null()).filter(
        pl.col("due_at").ne_missing(pl.col("due_at").shift().over(*KEY))
    )
    promises = dues.group_by(KEY, maintain_order=True).agg(
        pl.struct("due_at", "happened_at", "seen_at").alias("promises")
    )
    turns = seen.filter(pl.col("status").ne_missing(pl.col("status").shift().over(*KEY)))
    since = (
        turns.with_columns(status_since_at=stamp)
        .group_by(KEY, maintain_order=True)
        .agg(pl.col("status_since_at").last())
    )
    return since.join(promises, on=KEY, how="left").with_columns(pl.col("promises").cast(PROMISES))


def newest(observed: pl.DataFrame) -> datetime | None:
    """Give the newest instant that the sources have said of the dossiers of one part, no later than we saw it.

    A receipt dated in the future is a typing error and does not move the day that figures are told for.
    """
    said = ("submitted_at", "received_at", "resolved_at", "returned_at", "rejected_at", "changed_at")
    tops = observed.select(pl.col(c).filter(pl.col(c) <= pl.col("seen_at")).max() for c in said)
    found: datetime | None = tops.select(pl.max_horizontal(pl.all())).item()
    return found
