"""Write the office's own procedures.csv: new lines beside the old, its remarks kept, whole or not at all."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from config import procedure_lines, procedures, registered
from config.errors import ConfigError
from config.procedure_lines import COLUMNS, NAME, Line, read
from config.register_changes import Change

#: What stands over a register that is begun.
HEAD: Final = (
    "# The register of procedures, and how long each may take, by day; columns and words: docs/settings.md.",
    "# A later `from` replaces the line before it; a line without `statutory` says nothing of the limit.",
)
Cells = Mapping[str, str]
_HEADING: Final = {name: name for name in COLUMNS}


def own() -> Path:
    """Give the path of the office's register. Raises ConfigError when the office has no folder of its own."""
    folder = os.environ.get("DUNGHAN_CONFIG")
    if not folder or not Path(folder).is_dir():
        step = "Make a folder for the office's settings and name it in DUNGHAN_CONFIG (docs/settings.md)."
        raise ConfigError("DUNGHAN_CONFIG", "it names no folder, and shipped files are not written.", step)
    return Path(folder) / NAME


def lines() -> tuple[Line, ...] | None:
    """Give the lines that are loaded on to: the office's own. None where it has no register yet: the lines that are
    shipped are those of the made-up province. Raises ConfigError."""
    folder = os.environ.get("DUNGHAN_CONFIG")
    file = Path(folder) / NAME if folder else None
    return read(file) if file is not None and file.is_file() else None


def write(changes: Sequence[Change], *, check: Callable[[Path], object]) -> Path:
    """Put the lines of ``changes`` into the office's register; ``check`` reads the whole of it before it counts.

    A changed procedure's line follows its last one, or takes the place of one of the same day; new ones follow in the
    order of source and code. Raises ConfigError; then nothing was written.
    """
    file = own()
    before: list[str | dict[str, str]] = list(_parts(file)) if file.exists() else [*HEAD, _HEADING]
    text = _text(_with(before, changes))
    part = file.with_name(f".{file.name}.new")
    part.write_text(text, encoding="utf-8")
    try:
        forget()
        check(part)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
        forget()
    return file


def forget() -> None:
    """Read anew what was read of the register before."""
    procedures.forget()
    registered.forget()
    procedure_lines.forget()


def _parts(file: Path) -> Iterator[str | dict[str, str]]:
    """Give remarks as they stand, and heading and lines as cells, in the order of the file."""
    found: list[str | list[str]] = []

    def told(text: Iterable[str]) -> Iterator[str]:
        for line in text:
            if line.startswith("#"):
                found.append(line.rstrip("\r\n"))
            yield "\n" if line.startswith("#") else line

    with file.open(encoding="utf-8-sig", newline="") as opened:
        for row in csv.reader(told(opened)):
            found.extend([row] if row else [])
    names: list[str] | None = None
    for part in found:
        if isinstance(part, str):
            yield part
        elif names is None:
            names = part
            yield _HEADING
        else:
            yield dict.fromkeys(COLUMNS, "") | dict(zip(names, (cell.strip() for cell in part), strict=False))


def _with(parts: Sequence[str | dict[str, str]], changes: Sequence[Change]) -> list[str | Cells]:
    following: dict[tuple[str, str], Cells] = {}
    added = sorted(
        (c.cells for c in changes if c.kind == "new"), key=lambda cells: (cells["source"], cells["procedure"])
    )
    for change in changes:
        if change.kind != "new":
            following[_key(change.cells)] = change.cells
    last = {_key(part): n for n, part in enumerate(parts) if isinstance(part, dict)}
    found: list[str | Cells] = []
    for n, part in enumerate(parts):
        after = following.get(_key(part)) if isinstance(part, dict) else None
        if after is not None and isinstance(part, dict) and part["from"] == after["from"]:
            found.append(after)
            continue
        found.append(part)
        if after is not None and isinstance(part, dict) and last[_key(part)] == n and not _there(parts, after):
            found.append(after)
    return [*found, *added]


def _key(cells: Cells) -> tuple[str, str]:
    return cells["source"], cells["procedure"]


def _there(parts: Sequence[str | dict[str, str]], cells: Cells) -> bool:
    """Say whether a line of that very day stands already: then it was replaced where it stood."""
    mine = (part for part in parts if isinstance(part, dict) and _key(part) == _key(cells))
    return any(part["from"] == cells["from"] for part in mine)


def _text(parts: Sequence[str | Cells]) -> str:
    """Write remarks, heading and lines in their order."""
    written = io.StringIO()
    table = csv.DictWriter(written, COLUMNS, lineterminator="\n")
    for part in parts:
        if isinstance(part, str):
            written.write(f"{part}\n")
        else:
            table.writerow(part)
    return written.getvalue()
