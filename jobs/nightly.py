"""The backup of the night: written, loaded elsewhere and verified; only then are the oldest put away."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace as instead
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from config.errors import ConfigError, StoreError
from jobs.options import StoreOption, err, opened, out

if TYPE_CHECKING:
    from store.database import Store
    from store.verifying import Examined

#: What we wrote ourselves, the oldest first by its name; a file of any other name is never touched.
PATTERN: Final = "dunghan-[0-9]*Z.zip"
NAME: Final = "dunghan-%Y-%m-%d_%H%M%SZ.zip"


@dataclass(frozen=True, slots=True)
class Night:
    """The backup of a night, how it was found, and which older ones were put away."""

    file: Path
    found: Examined
    removed: tuple[Path, ...]


def examined(file: Path, *, deep: bool) -> Examined:
    """Read every part of a backup by its hash; ``deep``: load it into a store of its own and verify that.

    Raises StoreError for a file that is no whole backup.
    """
    from store.backup import opened as opened_backup
    from store.database import open_store
    from store.restoring import restore as put_back
    from store.verifying import Examined, examine

    whole = opened_backup(file)
    counts = {"parts by their hash": 0, "rows": 0}
    for table in whole.manifest.tables:
        for rows in whole.frames(table):
            counts = {"parts by their hash": counts["parts by their hash"] + 1, "rows": counts["rows"] + rows.height}
    if not deep:
        return Examined((), counts)
    with tempfile.TemporaryDirectory(prefix="dunghan-verify-") as folder:
        url = f"sqlite:///{folder}/store.sqlite"
        put_back(open_store(url), whole, replace=False, at=datetime.now(UTC))
        again = open_store(url)
        found = examine(again)
        again.engine.dispose()
    return instead(found, counts=counts | found.counts)


def made(folder: Path) -> list[Path]:
    """Give the backups of a folder that we wrote, the oldest first."""
    return sorted(folder.glob(PATTERN))


def newest(folder: Path) -> datetime | None:
    """Say when the newest backup of a folder was written. Raises OSError."""
    files = made(folder)
    return datetime.fromtimestamp(files[-1].stat().st_mtime, UTC) if files else None


def seen(store: Store) -> None:
    """Leave the sign of the newest backup in DUNGHAN_BACKUPS: who made it may have a folder of signs of its own.

    Raises StoreError when the disk refuses.
    """
    from store import signs

    named, at, before = os.environ.get("DUNGHAN_BACKUPS"), None, signs.last(store, "backup")
    with suppress(OSError):  # the doctor says that it may not be looked into
        at = newest(Path(named)) if named else None
    if at is not None and (before is None or before < at):
        signs.give(store, "backup", at=at)


def signed(store: Store, at: datetime) -> None:
    """Leave the sign by which /metrics tells how old the newest backup is."""
    from store import signs

    with suppress(StoreError):  # the backup is whole; that its age is not told better is seen at /metrics
        signs.give(store, "backup", at=at)


def back_up(store: Store, folder: Path, *, keep: int, at: datetime) -> Night:
    """Write a backup into ``folder``, load and verify it, and leave the newest ``keep``.

    Raises StoreError for one that is not sound: it stays, as NAME.wrong, and nothing older is put away.
    """
    from store.backup import backup

    if not folder.is_dir():
        raise StoreError(str(folder), "there is no such folder.", "Make it, for the owner of the tables alone.")
    file = folder / at.astimezone(UTC).strftime(NAME)
    backup(store, file, made_at=at)
    found = examined(file, deep=True)
    if found.wrong:
        wrong = file.rename(file.with_name(f"{file.name}.wrong"))
        step = "Look at the store itself: dunghan store verify. No older backup was put away."
        raise StoreError(str(wrong), f"it was loaded and is not sound: {found.wrong[0]}", step)
    signed(store, at)
    removed = tuple(made(folder)[:-keep])
    for old in removed:
        old.unlink()
    return Night(file, found, removed)


def nightly(
    folder: Annotated[Path, typer.Argument(help="Folder of the backups, on another disk than the store.")],
    keep: Annotated[int, typer.Option("--keep", help="How many to leave, this one among them.")] = 14,
    store: StoreOption = "",
) -> None:
    """Back up into FOLDER, load and verify what was written, then put the oldest away. For a timer (docs/deploy.md)."""
    if keep < 1:
        raise ConfigError("--keep", f"{keep} would leave none.", "Say 1 or more.")
    with err.status("backing up"):
        done = back_up(opened(store), folder, keep=keep, at=datetime.now(UTC))
    said = [f"{done.file}: loaded and verified. {done.found.told}"]
    said += [f"Seal of all that cannot be taken back: {done.found.seal}"] if done.found.seal else []
    said += [f"{len(done.removed)} older put away; {len(made(folder))} are kept."]
    for sentence in said:
        out.print(sentence, highlight=False, markup=False, soft_wrap=True)
