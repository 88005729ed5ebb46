"""What must be true of a tree of units in time; what is not is said with its file and line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from config.errors import ConfigError, nearest
from config.unit_files import Told

_RANKS: Final = {"province": 0, "district": 1, "commune": 2}
_DAY: Final = timedelta(days=1)
Entries = Mapping[str, Sequence[Told]]  # own name → its periods, in order


def periods(told: Sequence[Told]) -> dict[str, list[Told]]:
    """Gather the periods of each name, in order. Raises ConfigError for a period that ends before it begins, and for
    two that overlap."""
    found: dict[str, list[Told]] = {}
    for one in told:
        _forward(one)
        found.setdefault(one.unit.name, []).append(one)
    for name, several in found.items():
        several.sort(key=lambda one: one.unit.from_ or date.min)
        for before, after in zip(several, several[1:], strict=False):
            if before.unit.to is None or after.unit.from_ is None or after.unit.from_ <= before.unit.to:
                until = f"until {before.unit.to}" if before.unit.to else "without an end"
                said = f'"{name}" is told twice: it stands {until} in {before.place} already.'
                raise ConfigError(
                    after.place, said, "Name each unit once, or give the two periods that do not overlap."
                )
    return found


def _forward(one: Told) -> None:
    unit = one.unit
    if unit.from_ and unit.to and unit.to < unit.from_:
        found = f'"{unit.name}" ends {unit.to} before it begins {unit.from_}.'
        raise ConfigError(one.place, found, "Check both days.")


def grown(entries: Entries, own: Mapping[str, str]) -> None:
    """Raise ConfigError for a parent that is unknown, in a circle, of a lower level, or not there all the time."""
    for several in entries.values():
        for one in several:
            if one.unit.parent:
                _under(one, entries, own)
    _no_circle(entries, own)


def _under(one: Told, entries: Entries, own: Mapping[str, str]) -> None:
    unit = one.unit
    if unit.parent not in own:
        found = f'the parent "{unit.parent}" of "{unit.name}" is not there.{nearest(unit.parent, own)}'
        raise ConfigError(one.place, found, "Add a unit of that name.")
    parents = entries[own[unit.parent]]
    _lives_with(one, parents)
    for parent in parents:
        high, low = _RANKS.get(parent.unit.level or ""), _RANKS.get(unit.level or "")
        if high is not None and low is not None and high > low and _meet(one, parent):
            found = f'"{unit.name}" ({unit.level}) stands under "{parent.unit.name}" ({parent.unit.level}).'
            raise ConfigError(one.place, found, "A unit stands under one of its own level or a higher one.")


def _meet(one: Told, other: Told) -> bool:
    begins, ends = other.unit.from_ or date.min, other.unit.to or date.max
    return begins <= (one.unit.to or date.max) and (one.unit.from_ or date.min) <= ends


def _lives_with(one: Told, parents: Sequence[Told]) -> None:
    """Let no child outlive its parent, nor be born before; where no first day is told, none is missed."""
    unit, at = one.unit, one.unit.from_
    for parent in parents:
        begins, ends = parent.unit.from_ or date.min, parent.unit.to or date.max
        at = begins if at is None else at
        if at < begins:
            found = f'"{unit.name}" begins {at}, its parent "{parent.unit.name}" only {begins}.'
            raise ConfigError(one.place, found, "Write its parent of that time, or mend the days.")
        if ends >= (unit.to or date.max):
            return
        at = max(at, ends + _DAY)
    found = f'"{unit.name}" outlives its parent "{unit.parent}", which ended {parents[-1].unit.to}.'
    raise ConfigError(one.place, found, "End it there, and tell its next period with its next parent.")


def _no_circle(entries: Entries, own: Mapping[str, str]) -> None:
    above = {name: {own[o.unit.parent] for o in several if o.unit.parent} for name, several in entries.items()}
    sound: set[str] = set()
    for name, several in entries.items():
        seen, edge = set[str](), {name}
        while edge:
            edge = {up for below in edge for up in above[below] if up not in sound}
            if name in edge:
                raise ConfigError(several[0].place, f'"{name}" stands under itself.', "Take one of the parents out.")
            edge -= seen
            seen |= edge
        sound.add(name)
