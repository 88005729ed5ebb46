"""Read how long each procedure may take: procedures.csv, statutory and committed limit, by day of receipt."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Final

from config.errors import ConfigError, nearest
from config.place import of
from config.rules import OnReturn

COLUMNS: Final = ("source", "procedure", "from", "statutory", "committed", "cutoff", "on_return", "basis")
_NEEDED: Final = ("procedure", "statutory")


@dataclass(frozen=True, slots=True)
class Allowed:
    """The limits of one procedure from a day of receipt on; texts as written (10wd, 10d, 16wh, 0wd).

    ``source`` "": for every source that names no line of its own. ``committed`` "": none shorter was promised.
    ``on_return`` "": as the law in force has it (rules.toml). ``place``: file and procedure, for explanations;
    ``line``: path and line, for messages.
    """

    source: str
    procedure: str
    from_on: date
    statutory: str
    committed: str
    cutoff: time | None
    on_return: OnReturn | None
    basis: str
    place: str
    line: str = field(default="", repr=False, compare=False)


def load(path: Path | None = None) -> tuple[Allowed, ...]:
    """Give every line, in the order of the file. Raises ConfigError naming the line and the column."""
    return _load(path or of("procedures.csv"))


@cache
def _load(where: Path) -> tuple[Allowed, ...]:
    try:
        with where.open(encoding="utf-8-sig", newline="") as file:
            rows = _rows(file)
            _, columns = next(rows, (0, []))
            _named(columns, where)
            told = tuple(
                _allowed(_cells(columns, row, place), place, where.name) for place, row in _placed(rows, where)
            )
    except FileNotFoundError as missing:
        raise ConfigError(str(where), "there is no such file.", "Check the name, or create it.") from missing
    except UnicodeDecodeError as broken:
        raise ConfigError(str(where), "it is not UTF-8 text.", "Save it as CSV UTF-8.") from broken
    _once(told)
    return told


def _rows(file: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Give each row with the number of its line, less remarks and empty lines."""
    reader = csv.reader("\n" if line.startswith("#") else line for line in file)
    return ((reader.line_num, row) for row in reader if row)


def _placed(rows: Iterable[tuple[int, list[str]]], where: Path) -> Iterator[tuple[str, list[str]]]:
    return ((f"{where}, line {number}", row) for number, row in rows)


def _cells(columns: list[str], row: list[str], place: str) -> dict[str, str]:
    if len(row) > len(columns):
        found = f"it has {len(row)} cells, the file {len(columns)} columns."
        raise ConfigError(place, found, 'Take out what is too much, or put a text with a comma in "quotes".')
    return dict(zip(columns, row, strict=False))


def _named(columns: list[str], where: Path) -> None:
    for name in columns:
        if name not in COLUMNS:
            step = f"Known: {', '.join(COLUMNS)}."
            raise ConfigError(str(where), f'"{name}" is not a column here.{nearest(name, COLUMNS)}', step)
    for name in _NEEDED:
        if name not in columns:
            raise ConfigError(str(where), f'the column "{name}" is missing.', "Add it.")


def _allowed(line: dict[str, str], place: str, file: str) -> Allowed:
    text = {name: (line.get(name) or "").strip() for name in COLUMNS}
    for name in _NEEDED:
        if not text[name]:
            raise ConfigError(place, f'"{name}" is empty.', "Fill it in, or take the line out.")
    return Allowed(
        source=text["source"],
        procedure=text["procedure"],
        from_on=_day(text["from"], place),
        statutory=text["statutory"],
        committed=text["committed"],
        cutoff=_hour(text["cutoff"], place),
        on_return=_on_return(text["on_return"], place),
        basis=text["basis"],
        place=f"{file}, procedure {text['procedure']}",
        line=place,
    )


def _day(text: str, place: str) -> date:
    try:
        return date.fromisoformat(text) if text else date(1990, 1, 1)
    except ValueError as wrong:
        raise ConfigError(place, f'"from" is no day: {text}.', "Write 2025-07-01.") from wrong


def _hour(text: str, place: str) -> time | None:
    try:
        return time.fromisoformat(text) if text else None
    except ValueError as wrong:
        raise ConfigError(place, f'"cutoff" is no hour: {text}.', "Write 15:00.") from wrong


def _on_return(text: str, place: str) -> OnReturn | None:
    known: dict[str, OnReturn | None] = {"": None, "shift": "shift", "restart": "restart"}
    if text not in known:
        found = f'"on_return" is "{text}".{nearest(text, known)}'
        raise ConfigError(place, found, "Write shift or restart, or leave it empty.")
    return known[text]


def _once(told: tuple[Allowed, ...]) -> None:
    seen: set[tuple[str, str, date]] = set()
    for one in told:
        key = (one.source, one.procedure, one.from_on)
        if key in seen:
            found = f"procedure {one.procedure} has two lines from {one.from_on}."
            raise ConfigError(one.line, found, "Take one of them out.")
        seen.add(key)
