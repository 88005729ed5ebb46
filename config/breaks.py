"""Days at which the past is no longer the like of what follows: units merged, a new rule came into force, or the office
says so in annotations.toml. Limits restart there, on every page, in every report and for every alert."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from config import annotated, rules
from config.annotated import Annotation
from config.rules import Rules
from config.units import Units

Kind = Literal["units", "rule", "told"]
#: So many units must be rearranged on a day for it to be a break of the whole: the merger of two is none.
MANY: Final = 5
_DAY: Final = timedelta(days=1)
_NUMBER: Final = re.compile(r"\d+/(\d{4})/[^\s,;()]+")


@dataclass(frozen=True, slots=True)
class Break:
    """A day, and why: ``names`` of units that were taken over, the number of a decree, or the operator's words."""

    day: date
    kind: Kind
    words: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Breaks:
    """Those of each unit by its name today (``own``), of the whole (``province``), and of both (``common``)."""

    own: Mapping[str, tuple[Break, ...]]
    province: tuple[Break, ...]
    common: tuple[Break, ...]
    told: tuple[Annotation, ...] = ()

    def of(self, unit: str | None) -> tuple[Break, ...]:
        """Give the breaks of a unit, or of the whole (None), the oldest first; one a day: units go before a rule."""
        own = self.province if unit is None else self.own.get(unit, ())
        said = [Break(each.day, "told", each.words) for each in self.told if unit is not None and unit in each.units]
        found: dict[date, Break] = {}
        for each in (*own, *said, *self.common):
            found.setdefault(each.day, each)
        return tuple(found[day] for day in sorted(found))

    def days(self, unit: str | None) -> tuple[date, ...]:
        """Give the days of ``of``."""
        return tuple(each.day for each in self.of(unit))


def load(
    units: Units, *, law: tuple[Rules, ...] | None = None, notes: tuple[Annotation, ...] | None = None
) -> Breaks:  # fmt: skip
    """Find the breaks that the settings know. ``law``, ``notes``: those of rules.toml and annotations.toml."""
    told = [each for each in (annotated.load() if notes is None else notes) if each.restarts]
    common = [Break(each.day, "told", each.words) for each in told if not each.units]
    common += [Break(each.from_, "rule", _numbered(each)) for each in (rules.load() if law is None else law)[1:]]
    taken = units.breaks_of(None)
    whole = tuple(Break(day, "units", names=names) for day, names in taken.items() if len(names) >= MANY)
    return Breaks(_own(units), whole, tuple(common), tuple(each for each in told if each.units))


def _own(units: Units) -> dict[str, tuple[Break, ...]]:
    found: dict[str, dict[date, list[str]]] = {}
    for name, today, day in (*_taken_over(units), *_told_anew(units)):
        found.setdefault(today, {}).setdefault(day, []).append(name)
    return {
        today: tuple(Break(day, "units", names=tuple(sorted(names))) for day, names in sorted(days.items()))
        for today, days in found.items()
    }


def _taken_over(units: Units) -> Iterable[tuple[str, str, date]]:
    return ((name, units.today(name) or name, last + _DAY) for name, (last, _) in units.handed.items())


def _told_anew(units: Units) -> Iterable[tuple[str, str, date]]:
    seen: set[str] = set()
    for entry in units.known:
        if entry.name in seen and entry.from_on:
            yield entry.name, entry.name, entry.from_on
        seen.add(entry.name)


def _numbered(told: Rules) -> str:
    """Give the number of the decree that came into force that year."""
    numbers = list(_NUMBER.finditer(told.basis))
    return next((n[0] for n in numbers if n[1] == str(told.from_.year)), numbers[0][0] if numbers else told.basis)
