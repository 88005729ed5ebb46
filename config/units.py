"""Read the units and their history: units.toml, with aliases, first and last day, and the successor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from config.errors import ConfigError, nearest
from config.place import of
from config.reading import read_toml


class Unit(BaseModel):
    """One unit; ``to`` is its last day, on the day after which ``successor`` holds what is pending."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    name: Annotated[str, Field(min_length=1)]
    aliases: tuple[str, ...] = ()
    from_: Annotated[date | None, Field(alias="from")] = None
    to: date | None = None
    successor: str = ""
    decision: str = ""


class UnitsFile(BaseModel):
    """units.toml as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    unit: tuple[Unit, ...] = ()


@dataclass(frozen=True)
class Units:
    """What is known of units. ``own_name``: every other name → the unit's; ``handed``: name → (last day, successor)."""

    own_name: Mapping[str, str]
    handed: Mapping[str, tuple[date, str]]

    def today(self, name: str | None) -> str | None:
        """Give who answers today for what ``name`` did: its own name, then successor after successor."""
        if name is None:
            return None
        now = self.own_name.get(name, name)
        while now in self.handed:
            now = self.handed[now][1]
        return now

    def names_of(self, today: str) -> frozenset[str]:
        """Give every name under which a source may write what ``today`` answers for, its own among them."""
        known = {*self.own_name, *self.own_name.values(), *self.handed, today}
        return frozenset(name for name in known if self.today(name) == today)


def load(path: Path | None = None) -> Units:
    """Give the units. Raises ConfigError for a name told twice, an unknown successor, or a succession in a circle."""
    return _load(path or of("units.toml"))


@cache
def _load(where: Path) -> Units:
    told = read_toml(where, UnitsFile).unit
    own: dict[str, str] = {}
    for unit in told:
        for name in (unit.name, *unit.aliases):
            if name in own:
                raise ConfigError(str(where), f'"{name}" is told twice.', "Name each unit and each alias once.")
            own[name] = unit.name
    handed = {unit.name: _successor(unit, own, where) for unit in told if unit.to or unit.successor}
    _no_circle(handed, where)
    return Units({alias: name for alias, name in own.items() if alias != name}, handed)


def _successor(unit: Unit, own: Mapping[str, str], where: Path) -> tuple[date, str]:
    place = f'{where}, unit "{unit.name}"'
    if unit.to is None or not unit.successor:
        raise ConfigError(place, "its last day and its successor go together.", "Write both `to` and `successor`.")
    if unit.from_ and unit.to < unit.from_:
        raise ConfigError(place, f"it ends {unit.to} before it begins {unit.from_}.", "Check both days.")
    if unit.successor not in own:
        found = f'its successor "{unit.successor}" is not in the file.{nearest(unit.successor, own)}'
        raise ConfigError(place, found, "Add a [[unit]] for it.")
    return unit.to, own[unit.successor]


def _no_circle(handed: Mapping[str, tuple[date, str]], where: Path) -> None:
    for name in handed:
        seen, now = {name}, handed[name][1]
        while now in handed:
            if now in seen:
                raise ConfigError(str(where), f'the successors of "{name}" go in a circle.', "Take one of them out.")
            seen.add(now)
            now = handed[now][1]
