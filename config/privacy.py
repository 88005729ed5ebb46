"""The office's own key, by which officers' names become pseudonyms: told as a secret, else made once and kept."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from config import secret
from config.errors import ConfigError
from config.settings import settings

KEY: Final = "DUNGHAN_PSEUDONYM_KEY"
#: Where the key lies that was made because none was told.
FILE: Final = "pseudonym.key"
SHORTEST: Final = 16


@dataclass(frozen=True, slots=True)
class Key:
    """``value``: never shown. ``made_in``: the file of a key that we made; None: the office told its own."""

    value: str = field(repr=False)
    made_in: Path | None = None


def key() -> Key:
    """Give the office's key; the first time that none is told, make one and keep it in DUNGHAN_HOME (mode 600).

    Raises ConfigError when the key told is too short to keep a secret, or none can be kept.
    """
    told = secret.found(KEY)
    return _told(told) if told is not None else Key(_kept(file()), made_in=file())


def file() -> Path:
    """Give the path at which a key of our own making lies, or would lie."""
    home = os.environ.get("DUNGHAN_HOME")  # asked anew: a process that changes its home changes its key
    return (Path(home) if home else settings().home) / FILE


def _told(value: str) -> Key:
    if len(value) < SHORTEST:
        found = f"it has {len(value)} signs; a name behind a short key can be guessed."
        raise ConfigError(KEY, found, f"Set at least {SHORTEST}: openssl rand -hex 32.")
    return Key(value)


@cache
def _kept(path: Path) -> str:
    """Read the key at ``path``, or make it. Of two processes that begin at once, one makes it and both read it."""
    try:
        if not path.exists():
            _make(path)
        value = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no key"
        step = f"Mend the rights of the folder, or set {KEY} to a key of the office."
        raise ConfigError(str(path), f"the key of the pseudonyms cannot be kept or read: {why}.", step) from None
    if len(value) < SHORTEST:
        step = "Put the file back from a backup; without it officers get other pseudonyms."
        raise ConfigError(str(path), "the key of the pseudonyms is cut off.", step)
    return value


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    part.touch(mode=0o600, exist_ok=False)
    try:
        part.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
        with suppress(FileExistsError):  # another process was first: its key is the key
            path.hardlink_to(part)
    finally:
        part.unlink()
