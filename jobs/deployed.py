"""How a production was laid out, for the doctor: secrets, address, backups (docs/deploy.md)."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal

from config.provider import is_safe
from jobs.nightly import made, newest
from jobs.place_ports import elsewhere

#: What was looked at, how it stands, what was found, what to do next.
Found = tuple[str, Literal["ok", "look", "wrong"], str, str]
#: A backup that is older missed a night.
NIGHTS: Final = timedelta(hours=36)
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def secrets() -> Iterator[Found]:
    """Look who may read the folder of secrets, each file in it, and the file with the database's password."""
    named = os.environ.get("DUNGHAN_SECRETS")
    passwords = Path(told) if (told := os.environ.get("PGPASSFILE")) else None
    if named:
        folder = Path(named)
        if not folder.is_dir():
            yield "secrets", "wrong", f"there is no folder {folder}", "Make it, or mend DUNGHAN_SECRETS."
            return
        try:
            files = sorted(folder.iterdir())
        except OSError as error:
            yield (
                "secrets",
                "wrong",
                f"{folder}: {error.strerror}",
                "Run the doctor as the user whose secrets they are.",
            )
            return
        open_to = [*_open([folder]), *_open(files)]
        if not open_to:
            yield "secrets", "ok", f"{len(files)} files in {folder}, for their user alone", ""
    else:
        open_to = []
    if passwords and passwords.is_file() and passwords.parent != Path(named or ""):
        open_to += _open([passwords])
    for path, mode in open_to:
        step = f"chmod {'700' if path.is_dir() else '600'} {path}"
        yield "secrets", "wrong", f"others may look into {path} (mode {mode:o})", step


def _open(paths: Sequence[Path]) -> list[tuple[Path, int]]:
    modes = [(path, stat.S_IMODE(path.stat().st_mode)) for path in paths]
    return [(path, mode) for path, mode in modes if mode & OTHERS]


def address(url: str, *, on_server: bool) -> Iterator[Found]:
    """Look at the address that readers type. ``on_server``: the store is one of a production, not a file."""
    if not url:
        if on_server:
            found = "not set: cookies are not kept to https, and mail leads to no page"
            yield "public address", "look", found, "Set DUNGHAN_PUBLIC_URL=https://… (docs/deploy.md)."
    elif not is_safe(url):
        yield "public address", "wrong", f"{url} is no https address", "Put TLS before the dashboard: docs/deploy.md."
    else:
        yield "public address", "ok", url, ""


def listening(ports: Sequence[int]) -> Iterator[Found]:
    """Look whether a dashboard can be reached past the proxy."""
    for port, where in elsewhere(ports):
        found = f"it listens on {where}:{port}: who reaches that goes round the proxy, in the clear"
        yield f"dashboard {port}", "wrong", found, "Start it with --server.address 127.0.0.1 (docs/deploy.md)."


def backups(now: datetime, *, on_server: bool) -> Iterator[Found]:
    """Look for last night's backup, and who may read the backups."""
    named = os.environ.get("DUNGHAN_BACKUPS")
    if not named:
        if on_server:
            found = "no folder of backups is named"
            yield "backups", "look", found, "Name it in DUNGHAN_BACKUPS, and back up every night (docs/deploy.md)."
        return
    try:
        files = made(Path(named)) if Path(named).is_dir() else []
        list(Path(named).iterdir())
        last = newest(Path(named))
        open_to = _open(files)
    except OSError as error:
        yield "backups", "look", f"{named}: {error.strerror}", "Run the doctor as a user who may look into it."
        return
    step = "systemctl status dunghan-backup; by hand: dunghan store nightly FOLDER"
    if last is None:
        yield "backups", "wrong", f"none in {named}", step
    elif now - last > NIGHTS:
        found = f"the newest is of {last:%Y-%m-%d %H:%M} UTC, {(now - last).days} days old"
        yield "backups", "wrong", found, step
    else:
        yield "backups", "ok", f"{len(files)} in {named}, the newest of {last:%Y-%m-%d %H:%M} UTC", ""
    for path, mode in open_to:
        yield (
            "backups",
            "wrong",
            f"others may read {path} (mode {mode:o}): it holds password hashes",
            f"chmod 600 {path}",
        )
