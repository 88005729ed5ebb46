"""Name the files of an issued report; write a file whole or not at all."""

from __future__ import annotations

from pathlib import Path

from config.errors import ReportError


def issued_name(number: int | None, year: int | None, form: str) -> str:
    """Name a file of an issued report after its number in the year, on the page and in the mail: bao-cao-1-2026.pdf."""
    return f"bao-cao-{number}-{year}.{form}"


def write_whole(path: Path, data: bytes) -> None:
    """Write ``data`` beside ``path``, then put it in place. Raises ReportError when it cannot be written."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        found = f"it could not be written ({error.strerror})."
        raise ReportError(str(path), found, "Make room, mend the rights or name another file.") from error
