"""A watched folder: files that stopped growing are loaded, the oldest first, each in one transaction, and put aside.

The mapping says what a file is; settings under [source.folder], which mapping is for which names. What was loaded
stands in the cursor, stored with the rows: a crash before the moving away loads nothing twice. A content that comes
again is read only where it is newer than at its last coming, and others came since (A, then B, then A). A file is as
new as its own time of change: one that comes after a newer one tells only what no newer one told.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import polars as pl

from config.errors import DunghanError, SourceError
from config.mapping import Mapping
from config.notes import Note, note
from config.personal import hide
from config.sources import Source
from connectors.base import Batch, RawTable, Reading, Translated
from connectors.border import no_rejects
from connectors.columns import declared_personal
from connectors.files import is_unfinished, refuse_empty
from connectors.folder_cursor import Loaded, moment_of, ns_of
from connectors.folder_settings import Settings
from connectors.personal import kept_rows, masked
from connectors.put_aside import DONE, FAILED, HELD, Aside, Report, of_error, of_rejects, of_several
from connectors.readers import read_file
from connectors.texts import fold
from connectors.translate import translate
from metrics.dossier import PLAIN


@dataclass(slots=True)
class _Visit:
    """One look into the folder. ``loaded`` goes into the cursor."""

    source: Source
    told: Settings
    reading: Reading
    folder: Path
    loaded: Loaded
    notes: list[Note] = field(default_factory=list)
    troubles: list[DunghanError] = field(default_factory=list)
    troubled: list[str] = field(default_factory=list)

    @property
    def aside(self) -> Aside:
        return Aside(self.folder)

    @property
    def taken_at(self) -> str:
        """Give the moment of this look by the clock of the source."""
        return self.reading.now.astimezone(self.source.zone).isoformat(timespec="seconds")

    def late(self, file: _File) -> list[Note]:
        """Say that a file is older than one that was loaded; nothing where it is not."""
        return [note("older_file", file=file.name)] if self.loaded.is_older(file.modified_ns) else []


@dataclass(frozen=True, slots=True)
class _File:
    """A file that was read. ``key``: its content and mapping. ``modified_ns``: its own time, by which files follow,
    no later than now: a clock that was ahead makes nothing else old."""

    path: Path
    name: str
    data: bytes
    key: str
    mapping: Mapping
    complete: bool
    modified_ns: int

    @property
    def content(self) -> str:
        return self.key.partition("-")[0]


def pull(source: Source, reading: Reading) -> Iterator[Batch]:
    """Give a batch per file that stopped growing, the oldest first, and put each aside once it was stored.

    Files that cannot be loaded never stop the others; at the end they are told. Raises SourceError, MappingError,
    ConfigError.
    """
    told = source.told(Settings)
    folder = source.beside / told.path
    if not folder.is_dir():
        raise SourceError(source.place, f"there is no folder {folder}.", "Create it, or mend path in [source.folder].")
    visit = _Visit(source, told, reading, folder, Loaded.read(reading.cursor))
    gone = visit.aside.forget(
        now=reading.now, tables=timedelta(days=source.keep_raw_days), held=timedelta(days=told.held_days)
    )
    visit.notes += [note("held_deleted", file=name, days=told.held_days) for name in gone]
    for path in sorted([*visit.aside.held(), *_settled(visit)], key=lambda path: _state(path)[1]):
        yield from _one(path, visit)
    yield from _said(visit)


def _settled(visit: _Visit) -> list[Path]:
    """Give the files that were the same at two looks, the oldest first, then by their names."""
    first = {path: _state(path) for path in _there(visit) if path.is_file()}
    if not first:
        return []
    time.sleep(visit.told.settle_seconds)
    second = {path: state for path, state in first.items() if _state(path) == state}
    if growing := [path.name for path in first if path not in second]:
        visit.notes.append(note("still_written", files=sorted(growing)))
    fitting = [path for path in second if visit.told.order(path.name)]
    if strange := [path.name for path in second if path not in fitting]:
        visit.notes.append(note("no_pattern", files=sorted(strange)))
    return sorted(fitting, key=lambda path: (second[path][1], path.name))


def _there(visit: _Visit) -> list[Path]:
    """List the folder, and name what in it nobody reads. Raises SourceError when it may not be listed."""
    try:
        found = [path for path in visit.folder.iterdir() if not is_unfinished(path.name)]
    except OSError as error:
        said = f"the folder {visit.folder} cannot be read: {error.strerror}."
        raise SourceError(visit.source.place, said, "Give the account of the worker read and write access.") from None
    others = [path for path in found if not path.is_file() and path.name not in (DONE, FAILED, HELD)]
    if folders := [path.name for path in others if path.is_dir() and any(path.iterdir())]:
        visit.notes.append(note("folder_inside", folders=sorted(folders)))
    if lost := [path.name for path in others if not path.is_dir()]:
        visit.notes.append(note("no_file", names=sorted(lost)))
    return found


def _take_away(path: Path, visit: _Visit) -> bool:
    """Delete a file that is put aside; one that may not be deleted (open in Excel on a share) is said, and waits."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        visit.notes.append(note("cannot_take_away", file=path.name, why=error.strerror or str(error)))
        return False
    return True


def _state(path: Path) -> tuple[int, int, int]:
    try:
        stat = path.stat()
    except OSError:
        return -1, 0, 0
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def _one(path: Path, visit: _Visit) -> Iterator[Batch]:
    """Load one file, or say why not; nothing that is wrong with it stops the next one."""
    before = _state(path)
    try:
        file = _read(path, visit)
    except DunghanError as error:  # its mapping cannot be read, or it may not be: it stays where it is
        visit.troubles.append(error)
        visit.troubled.append(path.name)
        return
    if _state(path) != before:
        visit.notes.append(note("still_written", files=[path.name]))
        return
    if file is None:
        return
    again = _is_newest_again(file, visit)
    if not again and _known(file, visit):
        return
    try:
        refuse_empty(file.data, file.name)
        table = read_file(file.data, name=file.name, mapping=file.mapping)
        done = translate(table, file.mapping, shift=visit.reading.shift)
    except DunghanError as error:
        _fail(file, error, visit)
        return
    if again or file.key not in visit.loaded.keys:
        yield _batch(file, table, done, visit)
    _finish(file, table, done, visit, before)


def _read(path: Path, visit: _Visit) -> _File | None:
    """Read a file and its mapping; None for one in held/ that failed by this very mapping before."""
    is_held = path.parent.name == HELD
    content, _, rest = path.name.partition(".")
    name = rest if is_held else path.name
    order = visit.told.order(name)
    if order is None:
        return None
    source = visit.source.model_copy(update={"mapping": order.mapping or visit.source.mapping})
    mapping = source.mapping_file()
    by = mapping.model_dump_json(exclude={"terms", "title", "cadence_minutes"})
    way = hashlib.sha256(by.encode()).hexdigest()[:8]
    if is_held and visit.aside.known(FAILED, f"{content}-{way}"):
        return None
    try:
        data = path.read_bytes()
    except OSError as error:
        found = f"cannot be read: {error.strerror}."
        raise SourceError(hide(name), found, "Give the account of the worker read access.") from None
    key = f"{hashlib.sha256(data).hexdigest()[:24]}-{way}"
    modified_ns = min(_state(path)[1], ns_of(visit.reading.now))
    return _File(path, name, data, key, mapping, order.complete, modified_ns)


def _is_newest_again(file: _File, visit: _Visit) -> bool:
    """Say whether a content that was loaded before comes newer than then, and others were loaded since."""
    before = visit.aside.modified(file.key)
    if before is None or file.modified_ns <= before or visit.loaded.keys[-1:] == [file.key]:
        return False
    visit.notes.append(note("read_again", file=file.name))
    return True


def _known(file: _File, visit: _Visit) -> bool:
    """Say whether this content was loaded or refused before; then it is put away, and that is all."""
    if report := visit.aside.known(DONE, file.key):
        if _take_away(file.path, visit):
            visit.aside.again(report, file.name, visit.taken_at)
            visit.notes.append(note("known_file", file=file.name))
        return True
    if visit.aside.known(FAILED, file.key):
        visit.notes.append(note("failed_before", file=file.name))
        visit.aside.hold(file.path, file.content)
        return True
    return False


def _batch(file: _File, table: RawTable, done: Translated, visit: _Visit) -> Batch:
    visit.loaded.recall(visit.aside)
    late = visit.late(file)
    visit.loaded.take(file.key, file.modified_ns)
    left = (*table.others, *table.left)
    notes = [*late, *([note("left_inside", file=file.name, count=len(left))] if left else [])]
    if file.complete and left:
        notes.append(note("not_whole", file=file.name))
    return Batch(
        done.good, done.rejects, done.merged, cursor=visit.loaded.written(), notes=tuple(notes), steps=done.steps,
        is_whole=file.complete and not left and not late, masked=masked(table, file.mapping),
        file_at=moment_of(file.modified_ns), is_older=bool(late),
    )  # fmt: skip


def _finish(file: _File, table: RawTable, done: Translated, visit: _Visit, before: tuple[int, int, int]) -> None:
    """Write the report of a stored file and take the file away; one that changed meanwhile is a new one."""
    if file.key not in visit.loaded.keys:
        return
    rows = {
        "read": done.n_read, "dossiers": done.good.height, "merged": done.merged,
        "quarantined": done.rejects.height, "skipped": done.skipped,
    }  # fmt: skip
    notes = [one.kept() for one in (*table.notes, *visit.late(file))]
    told = {"rows": rows, **of_rejects(done.rejects), "flags": done.flags, "notes": notes}
    report = _about(file, "loaded", visit) | told | {"personal_columns": list(done.dropped)}
    keeps = visit.told.keep == "table" and visit.source.keep_raw_days > 0
    visit.aside.write(DONE, file.name, file.key, report, _kept(table, file) if keeps else None, report["taken_at"])
    if _state(file.path) == before:
        _take_away(file.path, visit)


def _kept(table: RawTable, file: _File) -> pl.DataFrame:
    """Give what may be kept of a file; columns that were declared personal are there, empty: it can be read again."""
    kept = kept_rows(table, file.mapping)
    declared = {fold(c) for c in declared_personal(file.mapping)}
    empty = [c for c in table.columns if fold(c) in declared and c not in kept.columns]
    return kept.with_columns(pl.lit(None, pl.String).alias(c) for c in empty)


def _fail(file: _File, error: DunghanError, visit: _Visit) -> None:
    """Write the report of a file that nobody can load, and let it wait in held/ until it can be."""
    report = _about(file, "failed", visit) | of_error(error)
    visit.aside.write(FAILED, file.name, file.key, report, None, report["taken_at"])
    visit.aside.hold(file.path, file.content)
    visit.troubles.append(error)
    visit.troubled.append(file.name)


def _about(file: _File, outcome: str, visit: _Visit) -> Report:
    return {
        "file": hide(file.name), "key": file.key, "bytes": len(file.data), "source": visit.source.name,
        "taken_at": visit.taken_at, "outcome": outcome, "complete": file.complete, "modified_ns": file.modified_ns,
    }  # fmt: skip


def _said(visit: _Visit) -> Iterator[Batch]:
    """Give what the record of the run should say, then raise what went wrong."""
    waiting = [p.name.partition(".")[2] for p in visit.aside.held()]
    if waiting:
        visit.notes.append(note("held", count=len(waiting), files=sorted(waiting)))
    if visit.notes:
        yield Batch(pl.DataFrame(schema=PLAIN), no_rejects(), 0, notes=tuple(visit.notes))
    if not visit.troubles:
        return
    if len(visit.troubles) == 1:
        raise visit.troubles[0]
    raise of_several(visit.source.place, visit.troubled, visit.troubles, visit.folder / FAILED)
