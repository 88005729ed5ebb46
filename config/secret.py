"""Where a secret is found: in the environment by its name, else in a file of that name in DUNGHAN_SECRETS."""

from __future__ import annotations

import os
from pathlib import Path

from config import withheld
from config.errors import ConfigError


def found(name: str) -> str | None:
    """Give the secret called ``name``, None where nobody set it; no log of ours tells it (``config.withheld``).

    Raises ConfigError for a file that cannot be read.
    """
    value = _found(name)
    return withheld.keep(value) if value is not None else None


def _found(name: str) -> str | None:
    if value := os.environ.get(name):
        return value
    folder = os.environ.get("DUNGHAN_SECRETS")
    file = Path(folder) / name if folder else None
    try:
        if file is None or not file.is_file():
            return None
        return file.read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            str(file), f"the secret cannot be read: {_why(error)}.", "Mend the file or its rights."
        ) from None


def _why(error: OSError | UnicodeDecodeError) -> str:
    """Say what is wrong and never what stands in the file."""
    return str(error.strerror) if isinstance(error, OSError) else "it is no UTF-8 text"
