"""Cut a scenario into parts that do not overlap: by units, fields and channels, and by stretches of days.

A *part* is what one set of labels names; the last part is the rest. A *place* is (part, first stretch, last stretch):
part ``ALL`` is the whole set, and every number of a scenario stands in one place under one key.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from config.errors import ConfigError
from connectors.simulator.scenario import Cell, level_of

ALL: Final = -1
Place = tuple[int, int, int]
_DAY: Final = timedelta(days=1)
#: Whose the rest is when every unit that was named has numbers of its own.
OTHERS: Final = "Các đơn vị khác"
CHANNELS: Final = ("online", "counter", "post")


@dataclass(frozen=True, slots=True)
class Part:
    """One set of dossiers by their labels; an empty label leaves it open. ``without``: fields of the other parts."""

    departments: tuple[str, ...]
    field: str = ""
    channels: tuple[str, ...] = CHANNELS
    without: frozenset[str] = frozenset()
    is_rest: bool = False

    def overlaps(self, other: Part) -> bool:
        fields = self.field == other.field or not self.field or not other.field
        units = {*self.departments} & {*other.departments}
        return fields and bool(units) and bool({*self.channels} & {*other.channels})

    def __str__(self) -> str:
        units = self.departments[0] if len(self.departments) == 1 else f"{len(self.departments)} departments"
        channel = "" if self.channels == CHANNELS else "/".join(self.channels)
        return "the rest" if self.is_rest else ", ".join(t for t in (units, self.field, channel) if t)


@dataclass(frozen=True, slots=True)
class Layout:
    """Into which stretches of days and which parts a set is cut; no parts where no cell has labels."""

    from_on: date
    to_on: date
    stretches: tuple[tuple[date, date], ...]
    parts: tuple[Part, ...]

    @property
    def last(self) -> int:
        return len(self.stretches) - 1

    def place_of(self, cell: Cell, departments: tuple[str, ...], where: str) -> Place:
        """Give the place in which the numbers of a cell stand."""
        start, end = days_of(cell, self.from_on, self.to_on)
        first = next(i for i, (s, _) in enumerate(self.stretches) if s == start)
        last = next(i for i, (_, e) in enumerate(self.stretches) if e == end)
        part = part_of(cell, departments, where)
        return (ALL if part is None else self.parts.index(part), first, last)


def stretches(from_on: date, to_on: date, cells: Iterable[Cell]) -> tuple[tuple[date, date], ...]:
    """Cut the period wherever a cell begins or ends."""
    spans = [days_of(c, from_on, to_on) for c in cells if c.timed]
    starts = sorted({from_on, *(s for s, _ in spans), *(e + _DAY for _, e in spans if e < to_on)})
    return tuple(zip(starts, [*(s - _DAY for s in starts[1:]), to_on], strict=True))


def days_of(cell: Cell, from_on: date, to_on: date) -> tuple[date, date]:
    """Give a cell's first and last day inside the period; the first is later than the last when it lies outside."""
    start = date(cell.year, 1, 1) if cell.year else cell.from_on or from_on
    end = date(cell.year, 12, 31) if cell.year else cell.to_on or to_on
    return max(start, from_on), min(end, to_on)


def part_of(cell: Cell, departments: tuple[str, ...], place: str) -> Part | None:
    """Give the part that a cell's labels name, None when it has none."""
    if not (cell.department or cell.level or cell.field or cell.channel):
        return None
    named = (cell.department,) if isinstance(cell.department, str) else cell.department
    if cell.level:
        named = tuple(d for d in departments if level_of(d) == cell.level)
        if not named:
            found = f"level {cell.level}: by its name, no unit under departments is of that level."
            raise ConfigError(place, found, "Name one, such as UBND xã … for commune.")
    units = tuple(dict.fromkeys(named or departments or (OTHERS,)))
    return Part(units, cell.field or "", (cell.channel.value,) if cell.channel else CHANNELS)


def parts(cells: Iterable[tuple[str, Cell]], departments: tuple[str, ...]) -> tuple[Part, ...]:
    """Give the parts that the cells name and the rest; none when no cell has labels.

    ``cells``: each with what a message calls it. Raises ConfigError when two parts share dossiers.
    """
    found: dict[Part, str] = {}
    for place, cell in cells:
        part = part_of(cell, departments, place)
        if part is None or part in found:
            continue
        for other, name in found.items():
            if part.overlaps(other):
                step = "Let all cells name the same labels, so that no dossier is in two."
                raise ConfigError(place, f"it shares dossiers with {name}: {part} and {other}.", step)
        found[part] = place
    return (*found, _rest(tuple(found), departments)) if found else ()


def _rest(named: tuple[Part, ...], departments: tuple[str, ...]) -> Part:
    """Give the part that shares no dossier with any that was named."""
    taken = {d for part in named for d in part.departments}
    units = tuple(d for d in departments if d not in taken)
    fields, channels = {p.field for p in named}, {p.channels for p in named}
    if not units and "" not in fields:
        return Part(departments or (OTHERS,), without=frozenset(fields), is_rest=True)
    free = tuple(c for c in CHANNELS if (c,) not in channels)
    if not units and CHANNELS not in channels and free:
        return Part(departments or (OTHERS,), channels=free, is_rest=True)
    return Part(units or (OTHERS,), is_rest=True)
