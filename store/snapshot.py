"""The compact columnar copy of the store: one Parquet part per month of receipt, with what is derived beside it.

This module names, writes and reads the parts; the observed ones come from store.observed, and what is derived (facts,
daily and weekly counts) is written by jobs/deriving.py through ``put``. All of it can be deleted and is made again.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, Protocol

import polars as pl
from sqlalchemy.engine import Connection

from config.errors import StoreError
from store import corrections, recorded, steps
from store.database import Store
from store.observed import changed_months as changed_months
from store.observed import newest as newest
from store.observed import observe as observe
from store.reach import ledger_mark as ledger_mark
from store.reach import ledger_seq as ledger_seq
from store.terms import stamped_at as stamped_at
from store.terms import terms as terms

Piece = Literal["observed", "facts", "beside", "cube", "durations", "weeks", "weeks_taken"]
#: metrics.cube.DIMENSIONS
GROUPED: Final = ("source", "department", "field", "procedure", "level", "channel", "receiving_unit")
PIECES: Final[tuple[Piece, ...]] = ("observed", "facts", "beside", "cube", "durations", "weeks", "weeks_taken")
_DIGITS: Final = 12  # of the hash in a file's name
SCHEMA: Final = 14  # of the files; another number in a manifest means: make everything again


class Keeper(Protocol):
    """A store, or as much of it as a process knows that only derives."""

    @property
    def derived(self) -> Path: ...


@dataclass(frozen=True, slots=True)
class Part:
    """The files of one month, by their names (each holds the hash of its content), and how new they are."""

    observed: str
    facts: str
    beside: str
    cube: str
    durations: str
    weeks: str
    weeks_taken: str
    newest_at: datetime | None  # see ``newest``

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(getattr(self, piece) for piece in PIECES)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the derived files were made from. ``data_version`` names exactly one state of figures."""

    data_version: str
    ledger_seq: int
    rules: str  # version of calendar and rules; another one means: derive everything again
    terms: dict[str, dict[str, str]]  # source → metrics.terms.Terms; another word means: derive everything again
    built_at: datetime
    parts: dict[str, Part] = field(default_factory=dict)
    stamped_at: datetime | None = None  # the newest stamp that came without a change: no part holds it
    corrections_seq: int = 0
    letters_seq: int = 0  # of those that people recorded (store.records)
    steps_seq: int = 0
    ledger_mark: str = ""  # what the entry ``ledger_seq`` is (store.reach.ledger_mark)
    schema: int = SCHEMA

    @property
    def newest_at(self) -> datetime | None:
        """The newest instant any source has said, no later than we saw it."""
        told = (self.stamped_at, *(part.newest_at for part in self.parts.values()))
        return max((stamp for stamp in told if stamp), default=None)

    @property
    def zones(self) -> dict[str, str]:
        """Source → IANA time zone in which its days are cut."""
        return {source: told["zone"] for source, told in self.terms.items()}


#: What was read last from each file, and which file that was: a new state is a new file, put in its place whole.
_manifests: Final[dict[Path, tuple[tuple[int, ...], Manifest | None]]] = {}


def read_manifest(store: Store) -> Manifest | None:
    """Give what stands ready, or None when nothing does (or an older version of ours wrote it)."""
    file = store.derived / "manifest.json"
    try:
        about = file.stat()
        mark = about.st_ino, about.st_mtime_ns, about.st_size, SCHEMA
        known = _manifests.get(file)
        if known is None or known[0] != mark:
            known = _manifests[file] = mark, _manifest(file)
    except FileNotFoundError:
        return None
    return known[1]


def _manifest(file: Path) -> Manifest | None:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        if told["schema"] != SCHEMA:
            return None
        parts = {m: Part(**(p | {"newest_at": _instant(p["newest_at"])})) for m, p in told["parts"].items()}
        stamps = {name: _instant(told[name]) for name in ("built_at", "stamped_at")}
        return Manifest(**(told | stamps | {"parts": parts}))
    except (FileNotFoundError, KeyError, ValueError, TypeError):
        return None  # derived data: a damaged file is made again, not mourned


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def stands_on(connection: Connection, state: Manifest) -> bool:
    """Say whether derived files were made from this very ledger: a database may be put back from a backup, or another
    take its place, while the folder beside it stays."""
    same = ledger_mark(connection, state.ledger_seq) == state.ledger_mark
    as_many = corrections.last(connection) >= state.corrections_seq and steps.last(connection) >= state.steps_seq
    return same and as_many and recorded.last_letter(connection) >= state.letters_seq


def write_manifest(store: Store, manifest: Manifest, before: Manifest | None) -> None:
    """Let readers see the new state, all at once; files of the state before stay for readers under way."""
    told = json.dumps(asdict(manifest), indent=1, default=datetime.isoformat)
    write_whole(store, store.derived / "manifest.json", told.encode())
    used = {name for m in (manifest, before) if m for part in m.parts.values() for name in part.files}
    for piece in PIECES:
        for file in (store.derived / piece).glob("*.parquet"):
            if f"{piece}/{file.name}" not in used:
                file.unlink(missing_ok=True)


def put(store: Keeper, piece: str, month: str, frame: pl.DataFrame) -> str:
    """Write one piece of one part (or another derived table) and give its name, which tells its content apart."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=3)
    content = buffer.getvalue()
    name = f"{piece}/{month}-{hashlib.sha256(content).hexdigest()[:_DIGITS]}.parquet"
    write_whole(store, store.derived / name, content)
    return name


def write_whole(store: Keeper, path: Path, content: bytes) -> None:
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
        if any(not _sound(store.derived / name, content) for name in part.files)
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


def counts(store: Store, manifest: Manifest) -> pl.LazyFrame:
    """Give the daily counts of all parts, not read yet; the dimensions as categories, quick to group."""
    return _grouped(read(store, manifest, "cube"))


def cube(store: Store, manifest: Manifest) -> pl.DataFrame:
    """Give the daily counts of all parts, ready for metrics.evaluate."""
    return counts(store, manifest).collect()


def lengths(store: Store, manifest: Manifest) -> pl.LazyFrame:
    """Give how many dossiers took how many working days (metrics.cube.durations), not read yet."""
    return _grouped(read(store, manifest, "durations"))


def durations(store: Store, manifest: Manifest) -> pl.DataFrame:
    """Give how many dossiers took how many working days, by closing day and dimensions (metrics.cube.durations)."""
    return lengths(store, manifest).collect()


def weeks(store: Store, manifest: Manifest) -> pl.LazyFrame:
    """Give the weekly counts of all parts (metrics.weekly.weeks), not read yet; words as categories."""
    return _grouped(read(store, manifest, "weeks"))


def weeks_taken(store: Store, manifest: Manifest) -> pl.LazyFrame:
    """Give the weekly durations of all parts (metrics.weekly.weeks_of_durations), not read yet."""
    return _grouped(read(store, manifest, "weeks_taken"))


def _grouped(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.with_columns(pl.col(name).cast(pl.Categorical) for name in GROUPED if name in rows.collect_schema())


def facts(store: Store, manifest: Manifest) -> pl.LazyFrame:
    """Give one row per dossier that figures count, with what was derived for it, ready for metrics.standing."""
    return read(store, manifest, "facts")


def all_facts(store: Store, manifest: Manifest) -> pl.LazyFrame:
    """Give the facts of every source, also of those that only stand beside another (metrics.terms.Terms.figures)."""
    return pl.concat([read(store, manifest, "facts"), read(store, manifest, "beside")])
