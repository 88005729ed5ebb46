"""Read how long each procedure may take: procedures.csv, statutory and committed limit, by day of receipt."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from functools import cache
from pathlib import Path

from config import procedure_lines
from config.errors import ConfigError, nearest
from config.place import of
from config.procedure_lines import NAME, Line
from config.rules import OnReturn


@dataclass(frozen=True, slots=True)
class Allowed:
    """The limits of one procedure from a day of receipt on; texts as written (10wd, 10d, 6m, 16wh, 0wd).

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
    """Give every line that tells a limit, in the order of the file: what else the register says changes no figure that
    was worked out. Raises ConfigError naming the line and the column."""
    return _load(path or of(NAME))


def forget() -> None:
    """Read anew what was read before: the file has changed."""
    procedure_lines.forget()
    _load.cache_clear()


@cache
def _load(where: Path) -> tuple[Allowed, ...]:
    return tuple(_allowed(line, where.name) for line in procedure_lines.read(where) if line["statutory"])


def _allowed(line: Line, file: str) -> Allowed:
    return Allowed(
        source=line["source"],
        procedure=line["procedure"],
        from_on=line.from_on,
        statutory=line["statutory"],
        committed=line["committed"],
        cutoff=_hour(line["cutoff"], line.place),
        on_return=_on_return(line["on_return"], line.place),
        basis=line["basis"],
        place=f"{file}, procedure {line['procedure']}",
        line=line.place,
    )


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
