"""What was uploaded and waits to be loaded: private, short-lived files in DUNGHAN_HOME/inbox, for the worker to take.

inbox/TOKEN holds order.json, mapping.toml and the file's bytes, which only their owner may read. The dashboard puts a
file in and asks how it stands; the worker loads it and deletes the bytes at once, whatever came of it.
"""

from __future__ import annotations

import json
import secrets
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from config.personal import hide

FOLDER: Final = "inbox"
_ORDER: Final = "order.json"
_MAPPING: Final = "mapping.toml"
_BYTES: Final = "bytes"
_OUTCOME: Final = "outcome.json"
#: How long the outcome can be asked for; by then the run's record tells it.
KEPT: Final = timedelta(days=1)
Outcome = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Upload:
    """One file to load: its name, the source whose rows it holds, who sent it, and when (ISO)."""

    name: str
    source: str
    by: str
    at: str


def put(home: Path, upload: Upload, data: bytes, mapping: str) -> str:
    """Put a file in and give its token; it is there whole, or not at all. Raises OSError when the disk refuses."""
    token = secrets.token_hex(16)
    part, whole = home / FOLDER / f".{token}", home / FOLDER / token
    part.parent.mkdir(parents=True, exist_ok=True)
    part.parent.chmod(0o700)
    part.mkdir(mode=0o700)
    try:
        (part / _BYTES).write_bytes(data)
        (part / _MAPPING).write_text(mapping, encoding="utf-8")
        order = asdict(upload) | {"name": hide(upload.name)}
        (part / _ORDER).write_text(json.dumps(order, ensure_ascii=False), encoding="utf-8")
        part.rename(whole)
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return token


def waiting(home: Path) -> list[str]:
    """Give the tokens of what waits, the oldest first."""
    here = home / FOLDER
    found = [p for p in here.iterdir() if (p / _BYTES).exists() and not p.name.startswith(".")] if here.is_dir() else []
    return [p.name for p in sorted(found, key=lambda p: (p.stat().st_mtime_ns, p.name))]


def taken(home: Path, token: str) -> tuple[Upload, bytes, str]:
    """Give an upload, its bytes and its mapping."""
    here = home / FOLDER / token
    order = json.loads((here / _ORDER).read_text(encoding="utf-8"))
    return Upload(**order), (here / _BYTES).read_bytes(), (here / _MAPPING).read_text(encoding="utf-8")


def tell(home: Path, token: str, outcome: Outcome) -> None:
    """Say how an upload stands: ``state`` is reading, done or failed."""
    part = home / FOLDER / token / f".{_OUTCOME}"
    part.write_text(json.dumps(outcome, ensure_ascii=False), encoding="utf-8")
    part.replace(home / FOLDER / token / _OUTCOME)


def ended(home: Path, token: str) -> None:
    """Delete the bytes of an upload: it was loaded, or cannot be."""
    (home / FOLDER / token / _BYTES).unlink(missing_ok=True)


def outcome(home: Path, token: str) -> Outcome | None:
    """Give how an upload stands: waiting, reading, done or failed; None when nobody knows it any more."""
    here = home / FOLDER / token
    if not token.isalnum() or not here.is_dir():
        return None
    try:
        told: Outcome = json.loads((here / _OUTCOME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {"state": "waiting"}
    return told


def forget(home: Path, now: datetime) -> None:
    """Delete outcomes that nobody asks for any more, and what a crash left half written."""
    here = home / FOLDER
    for path in list(here.iterdir()) if here.is_dir() else []:
        idle = now.timestamp() - path.stat().st_mtime > KEPT.total_seconds()
        if idle and not (not path.name.startswith(".") and (path / _BYTES).exists()):
            shutil.rmtree(path, ignore_errors=True)
