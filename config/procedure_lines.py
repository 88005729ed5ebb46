"""Read procedures.csv line by line: the register of procedures as it is written, every cell a text with its place.

Its lines are read twice: as limits (config/procedures.py) and as the facts of the register (config/registered.py).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from config.errors import ConfigError, nearest
from config.place import of
from config.reading import closed

NAME: Final = "procedures.csv"
ALWAYS: Final = date(1990, 1, 1)
KEY: Final = ("source", "procedure", "from")
#: What a line says of the limit; a line without ``statutory`` says nothing of it.
LIMIT: Final = ("statutory", "committed", "cutoff", "on_return")
#: What a line says of the procedure itself.
FACTS: Final = (
    "name", "field", "department", "ministry", "level", "kind", "centre", "on_site", "awaits", "post", "online",
    "charges", "status",
)  # fmt: skip
COLUMNS: Final = (*KEY, *LIMIT, "basis", *FACTS)
#: A file as it stood when it was looked at: path, time of its last change (ns), size (bytes).
Stamp = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One line: every column of ``COLUMNS`` as text, trimmed, "" where nothing stands. ``place``: path and line."""

    cells: Mapping[str, str]
    from_on: date
    place: str

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    @property
    def key(self) -> tuple[str, str, date]:
        """What no other line has: source, procedure, first day."""
        return self["source"], self["procedure"], self.from_on


def read(path: Path | None = None) -> tuple[Line, ...]:
    """Give every line, in the order of the file, as it stands now. Raises ConfigError naming the line and the
    column."""
    return _read(stamp(path))


def stamp(path: Path | None = None) -> Stamp:
    """Tell the file from what it was before it changed. Raises ConfigError when it is not there."""
    where = path or of(NAME)
    try:
        now = where.stat()
    except FileNotFoundError as missing:
        raise _missing(where) from missing
    except OSError as broken:
        raise closed(where, broken) from broken
    return str(where), now.st_mtime_ns, now.st_size


def forget() -> None:
    """Read anew what was read before: the file has changed."""
    _read.cache_clear()


@lru_cache(maxsize=4)
def _read(stamped: Stamp) -> tuple[Line, ...]:
    where = Path(stamped[0])
    try:
        with where.open(encoding="utf-8-sig", newline="") as file:
            rows = _rows(file)
            _, columns = next(rows, (0, []))
            _named(columns, where)
            told = tuple(_line(columns, row, f"{where}, line {number}") for number, row in rows)
    except FileNotFoundError as missing:
        raise _missing(where) from missing
    except OSError as broken:
        raise closed(where, broken) from broken
    except (UnicodeDecodeError, csv.Error) as broken:
        raise ConfigError(str(where), "it is not UTF-8 text.", "Save it as CSV UTF-8.") from broken
    _once(told)
    return told


def _missing(where: Path) -> ConfigError:
    return ConfigError(str(where), "there is no such file.", "Check the name, or create it.")


def _rows(file: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Give each row with the number of its line, less remarks and empty lines."""
    reader = csv.reader("\n" if line.startswith("#") else line for line in file)
    return ((reader.line_num, row) for row in reader if row)


def _named(columns: list[str], where: Path) -> None:
    for name in columns:
        if name not in COLUMNS:
            step = f"Known: {', '.join(COLUMNS)}."
            raise ConfigError(str(where), f'"{name}" is not a column here.{nearest(name, COLUMNS)}', step)
    if "procedure" not in columns:
        raise ConfigError(str(where), 'the column "procedure" is missing.', "Add it.")


def _line(columns: list[str], row: list[str], place: str) -> Line:
    if len(row) > len(columns):
        found = f"it has {len(row)} cells, the file {len(columns)} columns."
        raise ConfigError(place, found, 'Take out what is too much, or put a text with a comma in "quotes".')
    told = dict.fromkeys(COLUMNS, "") | {name: cell.strip() for name, cell in zip(columns, row, strict=False)}
    if not told["procedure"]:
        raise ConfigError(place, '"procedure" is empty.', "Fill it in, or take the line out.")
    _says(told, place)
    return Line(told, day(told["from"], place), place)


def _says(told: Mapping[str, str], place: str) -> None:
    """Refuse a line that says nothing, or shortens a limit that it does not tell."""
    if told["statutory"]:
        return
    if not any(told[name] for name in FACTS):
        raise ConfigError(place, '"statutory" is empty, and so is all else.', "Fill it in, or take the line out.")
    for name in LIMIT[1:]:
        if told[name]:
            raise ConfigError(place, f'"{name}" stands without "statutory".', "Write both, or neither.")


def day(text: str, place: str) -> date:
    """Read the first day of a line; "": always. Raises ConfigError."""
    try:
        return date.fromisoformat(text) if text else ALWAYS
    except ValueError as wrong:
        raise ConfigError(place, f'"from" is no day: {text}.', "Write 2025-07-01.") from wrong


def _once(told: tuple[Line, ...]) -> None:
    seen: set[tuple[str, str, date]] = set()
    for one in told:
        if one.key in seen:
            found = f"procedure {one['procedure']} has two lines from {one.from_on}."
            raise ConfigError(one.place, found, "Take one of them out.")
        seen.add(one.key)
