"""The units and their history: what other names they have, when they exist, under whom they stand, who took over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from config.errors import ConfigError, nearest
from config.place import of
from config.unit_files import Alias, Level, Told, Unit, of_csv, of_toml
from config.unit_tree import Entries, grown, periods

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Known:
    """A unit in one period; ``from_on`` and ``to_on`` are its first and last day, None: not told. ``parent``: its own
    name. ``after``: who came after it."""

    name: str
    level: Level | None = None
    parent: str = ""
    from_on: date | None = None
    to_on: date | None = None
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Units:
    """What is known of units. ``own_name``: every other name → the unit's; ``handed``: name → (last day, successor);
    ``known``: every unit, one entry a period."""

    own_name: Mapping[str, str]
    handed: Mapping[str, tuple[date, str]]
    known: tuple[Known, ...] = ()

    def own(self, name: str) -> str:
        """Give the unit's own name for whatever a source writes."""
        return self.own_name.get(name, name)

    def today(self, name: str | None) -> str | None:
        """Give who answers today for what ``name`` did: its own name, then successor after successor."""
        if name is None:
            return None
        now = self.own(name)
        while now in self.handed:
            now = self.handed[now][1]
        return now

    def names_of(self, today: str) -> frozenset[str]:
        """Give every name under which a source may write what ``today`` answers for, its own among them."""
        known = {*self.own_name, *self.own_name.values(), *self.handed, today}
        return frozenset(name for name in known if self.today(name) == today)

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name, code and alias that the register knows."""
        told = {entry.name for entry in self.known}
        return frozenset({*told, *self.own_name, *self.own_name.values(), *self.handed})

    def knows(self, name: str) -> bool:
        """Say whether the register knows ``name``; one that is empty knows nobody and misses nobody."""
        return not self.names or name in self.names

    def below(self, name: str) -> frozenset[str]:
        """Give the units that stand under ``name``, to any depth, and have no last day."""
        children: dict[str, set[str]] = {}
        for entry in self.known:
            if entry.parent and entry.to_on is None:
                children.setdefault(entry.parent, set()).add(entry.name)
        found, edge = set[str](), {self.own(name)}
        while edge := {child for parent in edge for child in children.get(parent, ())} - found:
            found |= edge
        return frozenset(found)

    @property
    def breaks(self) -> dict[date, int]:
        """Give the days on which units took over from others, with how many were taken over: marks for charts."""
        return dict(sorted(Counter(last + _DAY for last, _ in self.handed.values()).items()))

    def breaks_of(self, today: str | None) -> dict[date, tuple[str, ...]]:
        """Give the days on which the unit ``today`` (None: anybody) took over from others, or was told anew under the
        same name, with the names of those: marks for its charts, in order of days."""
        found: dict[date, list[str]] = {}
        for name, (last, _) in self.handed.items():
            if today is None or self.today(name) == today:
                found.setdefault(last + _DAY, []).append(name)
        own = [entry for entry in self.known if entry.name == today]
        for entry in own[1:]:
            if entry.from_on:
                found.setdefault(entry.from_on, []).append(entry.name)
        return {day: tuple(sorted(names)) for day, names in sorted(found.items())}


def load(path: Path | None = None, table: Path | None = None) -> Units:
    """Give the units of units.toml and of units.csv beside it. Raises ConfigError naming file and line.

    A file that is named is read alone, unless a ``table`` is named too.
    """
    return _load(path or of("units.toml"), table or (None if path else of("units.csv")))


def forget() -> None:
    """Read the files anew when they are asked for next: one of them was written."""
    _load.cache_clear()


@cache
def _load(where: Path, table: Path | None) -> Units:
    told, aliases = of_toml(where)
    entries = periods(_with_predecessors([*told, *(of_csv(table) if table else ())]))
    own = _own_names(entries, aliases)
    handed = {name: ends for name, several in entries.items() if (ends := _handed(several, own))}
    _no_circle(handed, entries)
    grown(entries, own)
    known = [_known(one.unit, own) for _, several in sorted(entries.items()) for one in several]
    return Units({alias: name for alias, name in own.items() if alias != name}, handed, tuple(known))


def _known(unit: Unit, own: Mapping[str, str]) -> Known:
    after = tuple(own[name] for name in unit.after)
    return Known(unit.name, unit.level, own[unit.parent] if unit.parent else "", unit.from_, unit.to, after)


def _with_predecessors(told: Sequence[Told]) -> list[Told]:
    """End what a unit came from on the day before it began; what is told nowhere else is told by that alone."""
    named = _latest(told)
    ended: dict[str, Told] = {}
    for one in told:
        for name in one.unit.predecessors:
            if name == one.unit.name:
                continue  # a commune that keeps its name when others join it
            before = ended.get(name) or named.get(name) or Told(Unit(name=name, level=one.unit.level), one.place)
            ended[name] = _ended_by(before, one)
    kept = [ended.get(one.unit.name, one) if one is named[one.unit.name] else one for one in told]
    return [*kept, *(one for name, one in ended.items() if name not in named)]


def _latest(told: Sequence[Told]) -> dict[str, Told]:
    """Give name → its last period."""
    return {one.unit.name: one for one in sorted(told, key=lambda one: one.unit.from_ or date.min)}


def _ended_by(before: Told, after: Told) -> Told:
    unit, place = before.unit, after.place
    if after.unit.from_ is None:
        raise ConfigError(place, f'"{after.unit.name}" has predecessors and no first day.', "Write `from`.")
    last = after.unit.from_ - _DAY
    if unit.after and after.unit.name not in unit.after:
        found = f'"{unit.name}" came before "{after.unit.name}", and {before.place} says it went to "{unit.after[0]}".'
        raise ConfigError(place, found, "Mend either.")
    if unit.to is not None and unit.to != last:
        found = f'"{after.unit.name}" begins {after.unit.from_}, its predecessor "{unit.name}" ended {unit.to}.'
        raise ConfigError(place, found, "A unit begins on the day after its predecessors' last.")
    successors = unit.successors if unit.after else (after.unit.name,)
    return Told(unit.model_copy(update={"to": last, "successors": successors}), before.place)


def _own_names(entries: Entries, aliases: Sequence[tuple[Alias, str]]) -> dict[str, str]:
    own = {name: name for name in entries}
    for name, several in entries.items():
        for one in several:
            for other in (*one.unit.codes, *one.unit.aliases):
                _tell(own, other, name, one.place)
    for alias, place in aliases:
        if alias.unit not in own:
            found = f'"{alias.name}" is to be "{alias.unit}", which is no unit.{nearest(alias.unit, own)}'
            raise ConfigError(place, found, "Add a [[unit]] for it.")
        _tell(own, alias.name, own[alias.unit], place)
    return own


def _tell(own: dict[str, str], other: str, name: str, place: str) -> None:
    if own.setdefault(other, name) != name:
        found = f'"{other}" is told twice: for "{own[other]}" and for "{name}".'
        raise ConfigError(place, found, "Name each unit and each alias once.")


def _handed(several: Sequence[Told], own: Mapping[str, str]) -> tuple[date, str] | None:
    """Give the last day of a unit and who took over, None while it goes on."""
    for one in several[:-1]:
        others = [name for name in one.unit.after if own.get(name) != one.unit.name]
        if others:
            found = f'"{one.unit.name}" went to "{others[0]}", and its name is used again in {several[-1].place}.'
            step = "Sources cannot tell the two apart by name: give the older one a name of its own, and its code."
            raise ConfigError(one.place, found, step)
    return _successor(several[-1], own)


def _successor(one: Told, own: Mapping[str, str]) -> tuple[date, str] | None:
    unit = one.unit
    if unit.to is None and not unit.after:
        return None
    place = f'{one.place}, unit "{unit.name}"'
    if unit.to is None or not unit.after:
        raise ConfigError(place, "its last day and its successor go together.", "Write both `to` and `successor`.")
    for name in unit.after:
        if name not in own:
            raise ConfigError(place, f'its successor "{name}" is not there.{nearest(name, own)}', "Add a unit for it.")
    return unit.to, own[unit.after[0]]


def _no_circle(handed: Mapping[str, tuple[date, str]], entries: Entries) -> None:
    for name in handed:
        seen, now = {name}, handed[name][1]
        while now in handed:
            if now in seen:
                found = f'the successors of "{name}" go in a circle.'
                raise ConfigError(entries[name][-1].place, found, "Take one of them out.")
            seen.add(now)
            now = handed[now][1]
