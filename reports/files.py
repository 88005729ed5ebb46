"""Write a file whole or not at all."""

from __future__ import annotations

from pathlib import Path

from config.errors import ReportError


def write_whole(path: Path, data: bytes) -> None:
    """Write ``data`` beside ``path``, then put it in place. Raises ReportError when it cannot be written."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        found = f"it could not be written ({error.strerror})."
        raise ReportError(str(path), found, "Make room, mend the rights or name another file.") from error
