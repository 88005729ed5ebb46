"""Where a settings file is read: the office's own folder when it has one there, else the one shipped beside us."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

SHIPPED: Final = Path(__file__).parent


def to_edit(name: str) -> str:
    """Say where an office writes into ``name``: never into the shipped file where it has a folder of its own."""
    folder, read = os.environ.get("DUNGHAN_CONFIG"), of(name)
    if not folder or read.parent == Path(folder):
        return str(read)
    return f"{Path(folder) / name} (copy {read} there first)"


def of(name: str) -> Path:
    """Give the path of ``name`` (calendar.toml, units.toml …): in the folder DUNGHAN_CONFIG, else in config/.

    What lies there and cannot be read is the office's all the same: read as shipped, it would open what it closes.
    """
    folder = os.environ.get("DUNGHAN_CONFIG")
    return Path(folder) / name if folder and _is_there(Path(folder) / name) else SHIPPED / name


def _is_there(file: Path) -> bool:
    try:
        file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:  # a folder that is closed to us: whoever reads it is told
        return True
    return True
