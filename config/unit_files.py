"""What an office writes of its units: units.toml, and units.csv where there are hundreds. Each line with its place."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from config.errors import ConfigError, nearest
from config.reading import closed, read_toml

Level = Literal["province", "district", "commune", "vertical", "enterprise"]
#: What the levels are called in an office's own table.
LEVELS: Final[dict[str, Level]] = {
    "tỉnh": "province", "cấp tỉnh": "province", "huyện": "district", "cấp huyện": "district", "xã": "commune",
    "cấp xã": "commune", "ngành dọc": "vertical", "doanh nghiệp": "enterprise",
}  # fmt: skip
COLUMNS: Final = (
    "name", "codes", "aliases", "level", "parent", "from", "to", "successors", "predecessors", "decision",
)  # fmt: skip
_LISTS: Final = ("codes", "aliases", "successors", "predecessors")


def _in_english(value: object) -> object:
    return LEVELS.get(value.strip().lower(), value) if isinstance(value, str) else value


class Unit(BaseModel):
    """One unit in one period; ``to`` is its last day, on the day after which its first successor holds what is pending.

    ``codes`` and ``aliases``: what else a source writes for it. A second unit of the same name, in a later period, is
    the same unit with another parent or level. ``predecessors`` end on the day before ``from``, told elsewhere or not.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    name: Annotated[str, Field(min_length=1)]
    codes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    level: Annotated[Level | None, BeforeValidator(_in_english)] = None
    parent: str = ""
    from_: Annotated[date | None, Field(alias="from")] = None
    to: date | None = None
    successor: str = ""
    successors: tuple[str, ...] = ()
    predecessors: tuple[str, ...] = ()
    decision: str = ""

    @property
    def after(self) -> tuple[str, ...]:
        """Who came after it; the first takes over what is pending."""
        return (*((self.successor,) if self.successor else ()), *self.successors)


class Alias(BaseModel):
    """Another name of a unit told elsewhere, as ``dunghan units map`` writes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: Annotated[str, Field(min_length=1)]
    unit: Annotated[str, Field(min_length=1)]
    recorded_on: date | None = None


class UnitsFile(BaseModel):
    """units.toml as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    unit: tuple[Unit, ...] = ()
    alias: tuple[Alias, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A unit and where it stands: file and line."""

    unit: Unit
    place: str


def of_toml(where: Path) -> tuple[tuple[Told, ...], tuple[tuple[Alias, str], ...]]:
    """Give the units and the aliases of a units.toml. Raises ConfigError."""
    told = read_toml(where, UnitsFile)
    units = zip(told.unit, _places(where, "unit", len(told.unit)), strict=True)
    aliases = zip(told.alias, _places(where, "alias", len(told.alias)), strict=True)
    return tuple(Told(unit, place) for unit, place in units), tuple(aliases)


def _places(where: Path, table: str, n: int) -> list[str]:
    """Find the lines on which the tables begin; of tables written another way, their numbers."""
    lines = where.read_text(encoding="utf-8-sig").splitlines()
    found = [number for number, line in enumerate(lines, 1) if re.match(rf"\s*\[\[\s*{table}\s*\]\]", line)]
    if len(found) != n:
        return [f"{where}, {table} {number}" for number in range(1, n + 1)]
    return [f"{where}, line {number}" for number in found]


def of_csv(where: Path) -> tuple[Told, ...]:
    """Give the units of a units.csv; lists are parted by ";". Raises ConfigError naming the line."""
    try:
        with where.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader("\n" if line.startswith("#") else line for line in file)
            rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except FileNotFoundError:
        return ()
    except OSError as broken:
        raise closed(where, broken) from broken
    except (UnicodeDecodeError, csv.Error) as broken:
        raise ConfigError(str(where), "it is not UTF-8 text.", "Save it as CSV UTF-8.") from broken
    return tuple(_lines(rows, where))


def _lines(rows: list[tuple[int, list[str]]], where: Path) -> Iterator[Told]:
    names = [name.strip() for name in rows[0][1]] if rows else []
    for name in names:
        if name not in COLUMNS:
            found = f'"{name}" is not a column here.{nearest(name, COLUMNS)}'
            raise ConfigError(f"{where}, line {rows[0][0]}", found, f"Known: {', '.join(COLUMNS)}.")
    for number, row in rows[1:]:
        place = f"{where}, line {number}"
        if len(row) > len(names):
            found = f"it has {len(row)} cells, the file {len(names)} columns."
            raise ConfigError(place, found, 'Take out what is too much, or put a text with a comma in "quotes".')
        yield Told(_unit(dict(zip(names, row, strict=False)), place), place)


def _unit(cells: dict[str, str], place: str) -> Unit:
    filled = {name: cell.strip() for name, cell in cells.items() if cell.strip()}
    lists = {
        name: tuple(p for part in filled[name].split(";") if (p := part.strip())) for name in _LISTS & filled.keys()
    }
    try:
        return Unit.model_validate(filled | lists)
    except ValidationError as wrong:
        fault = wrong.errors()[0]
        column = str(fault["loc"][0]) if fault["loc"] else "name"
        found = (
            f'"{column}": {fault["msg"]} (found {filled.get(column, "")!r}).{nearest(filled.get(column, ""), LEVELS)}'
        )
        raise ConfigError(place, found, "Mend that cell; days are written 2025-07-01.") from wrong
