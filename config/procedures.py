"""Read how long each procedure may take: procedures.csv, statutory and committed limit, by day of receipt."""

from __future__ import annotations

import csv
from dataclasses import dataclass
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
    ``on_return`` "": as the law in force has it (rules.toml). ``place``: file and line, for messages.
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


def load(path: Path | None = None) -> tuple[Allowed, ...]:
    """Give every line, in the order of the file. Raises ConfigError naming the line and the column."""
    return _load(path or of("procedures.csv"))


@cache
def _load(where: Path) -> tuple[Allowed, ...]:
    try:
        with where.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.DictReader(row for row in file if not row.startswith("#"))
            _named(lines.fieldnames or (), where)
            told = tuple(_allowed(line, f"{where.name}, procedure {line['procedure']}") for line in lines)
    except FileNotFoundError as missing:
        raise ConfigError(str(where), "there is no such file.", "Check the name, or create it.") from missing
    except UnicodeDecodeError as broken:
        raise ConfigError(str(where), "it is not UTF-8 text.", "Save it as CSV UTF-8.") from broken
    _once(told, where)
    return told


def _named(found: object, where: Path) -> None:
    columns = list(found) if isinstance(found, (list, tuple)) else []
    for name in columns:
        if name not in COLUMNS:
            step = f"Known: {', '.join(COLUMNS)}."
            raise ConfigError(str(where), f'"{name}" is not a column here.{nearest(name, COLUMNS)}', step)
    for name in _NEEDED:
        if name not in columns:
            raise ConfigError(str(where), f'the column "{name}" is missing.', "Add it.")


def _allowed(line: dict[str, str], place: str) -> Allowed:
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
        place=place,
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


def _once(told: tuple[Allowed, ...], where: Path) -> None:
    seen: set[tuple[str, str, date]] = set()
    for one in told:
        key = (one.source, one.procedure, one.from_on)
        if key in seen:
            found = f"procedure {one.procedure} has two lines from {one.from_on}."
            raise ConfigError(str(where), found, "Take one of them out.")
        seen.add(key)
