"""Estimate Index 766 (Quyết định 766/QĐ-TTg): points from shares; what is not known neither earns nor loses any.

Counts are kept and divided last: points are exact fractions until they are worded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any, Final

from config.index766 import Group, Item, Table
from metrics.scope import Period

#: The parts of a share; those of an entered percentage are hundredths.
Parts = tuple[int | Decimal, int]
_HUNDRED: Final = 100


@dataclass(frozen=True, slots=True)
class Known:
    """What is known for the items: ``shares`` by figure of the catalogue, the ``survey``, and what was ``entered``.

    A share of nothing is not known.
    """

    shares: Mapping[str, Parts]
    survey: Parts | None = None
    entered: Mapping[str, Decimal] | None = None

    def of(self, item: Item) -> Parts | None:
        """Give the parts that stand for an item; None where nothing does."""
        if item.survey:
            found = self.survey
        elif item.entered is not None:
            value = (self.entered or {}).get(item.entered)
            found = None if value is None else (value, _HUNDRED)
        else:
            found = self.shares.get(item.figure or "")
        return found if found is not None and found[1] > 0 else None


@dataclass(frozen=True, slots=True)
class Scored:
    """One item with its points; ``points`` None: not known, or told of fewer than ``small`` (``few``)."""

    item: Item
    parts: Parts | None
    few: bool
    points: Fraction | None

    @property
    def weight(self) -> Fraction:
        """Give the points that the item can earn."""
        return Fraction(self.item.weight)

    @property
    def lost(self) -> Fraction | None:
        """Give the points that the item does not have; None where they are not known."""
        return None if self.points is None else self.weight - self.points

    @property
    def missing(self) -> int:
        """Count what of the base costs points: what is not in the numerator, or is, where lower is better."""
        if self.parts is None or self.item.entered is not None:
            return 0
        over, under = int(self.parts[0]), self.parts[1]
        return max(0, under - over) if self.item.rises else over

    @property
    def per_hundred(self) -> Fraction | None:
        """Say how many points a hundred more of ``missing`` would cost, or fewer would give back; None for steps, for
        entered values, and beyond the ends of the line, where one more changes nothing."""
        if self.points is None or self.parts is None or self.item.steps or self.item.entered is not None:
            return None
        if not 0 < _place(self.item, _share(self.parts)) <= 1:
            return None
        return _HUNDRED * self.weight / (abs(Fraction(self.item.full) - Fraction(self.item.zero)) * self.parts[1])

    @property
    def next_step(self) -> tuple[int, Fraction] | None:
        """Say how many more in the numerator reach the next step, and what it gives; None where there is none."""
        if self.points is None or self.parts is None or self.item.entered is not None:
            return None
        over, under = Fraction(self.parts[0]), self.parts[1]
        above = [(Fraction(at), Fraction(worth)) for at, worth in self.item.steps if Fraction(worth) > self.points]
        return (ceil(above[0][0] * under - over), above[0][1] - self.points) if above else None


@dataclass(frozen=True, slots=True)
class Part:
    """The points of some items: ``points`` of ``known``; of ``unknown`` more nothing is known."""

    points: Fraction
    known: Fraction
    unknown: Fraction

    @property
    def whole(self) -> Fraction:
        """Give all points of these items, known or not."""
        return self.known + self.unknown

    @property
    def lost(self) -> Fraction:
        """Give the points that are known not to be there."""
        return self.known - self.points


@dataclass(frozen=True, slots=True)
class Estimate:
    """The estimate of one period for one scope."""

    table: Table
    items: tuple[Scored, ...]

    @property
    def whole(self) -> Part:
        """Give the total: over what is known alone."""
        return _part(self.items)

    def group(self, group: Group) -> Part:
        """Give the points of one group."""
        return _part(each for each in self.items if each.item.group == group.id)


def estimate(table: Table, known: Known, *, small: int) -> Estimate:
    """Give the points of every item; of fewer than ``small`` dossiers, papers, slips or procedures none are told."""
    return Estimate(table, tuple(_scored(item, known.of(item), small) for item in table.item))


def _scored(item: Item, parts: Parts | None, small: int) -> Scored:
    few = parts is not None and item.entered is None and parts[1] < small
    return Scored(item, parts, few, None if parts is None or few else points(item, parts))


def points(item: Item, parts: Parts) -> Fraction:
    """Give the points that a share earns: on the line from zero to full, or by the last step reached."""
    share = _share(parts)
    if item.steps:
        reached = [Fraction(worth) for at, worth in item.steps if Fraction(at) <= share]
        return reached[-1] if reached else Fraction(0)
    return Fraction(item.weight) * min(Fraction(1), max(Fraction(0), _place(item, share)))


def _share(parts: Parts) -> Fraction:
    return Fraction(parts[0]) / parts[1]


def _place(item: Item, share: Fraction) -> Fraction:
    """Say where a share lies on its line: 0 at zero, 1 at full, unbounded."""
    full, zero = Fraction(item.full), Fraction(item.zero)
    return (share - zero) / (full - zero)


def _part(items: Iterable[Scored]) -> Part:
    told = tuple(items)
    known = [(each.points, each.weight) for each in told if each.points is not None]
    weights = sum((each.weight for each in told), Fraction(0))
    have = sum((weight for _, weight in known), Fraction(0))
    return Part(sum((got for got, _ in known), Fraction(0)), have, weights - have)


@dataclass(frozen=True, slots=True)
class Change:
    """What changed since the period before, over the items known in both under one rule: ``points``, of ``weight``
    at most. ``by_item`` adds up to ``points``; ``come`` (or of a new rule) and ``gone``: known in one of them alone."""

    points: Fraction
    weight: Fraction
    by_item: Mapping[str, Fraction]
    come: tuple[Item, ...]
    gone: tuple[Item, ...]


def change(now: Estimate, before: Estimate) -> Change | None:
    """Compare two periods like with like; None where no item is known in both."""
    then = {each.item.id: each for each in before.items if each.points is not None}
    mine = {each.item.id: each for each in now.items if each.points is not None}
    both = [each for name, each in mine.items() if name in then and _rule(each.item) == _rule(then[name].item)]
    if not both:
        return None
    told = {each.item.id: (each.points or Fraction(0)) - (then[each.item.id].points or Fraction(0)) for each in both}
    come = tuple(each.item for name, each in mine.items() if name not in told)
    gone = tuple(each.item for name, each in then.items() if name not in told and name not in mine)
    weight = sum((each.weight for each in both), Fraction(0))
    return Change(sum(told.values(), Fraction(0)), weight, told, come, gone)


def _rule(item: Item) -> tuple[object, ...]:
    return item.weight, item.figure, item.survey, item.entered, item.full, item.zero, item.steps


def entered_in(
    rows: Iterable[Mapping[str, Any]], period: Period, department: str | None
) -> dict[str, Mapping[str, Any]]:
    """Choose of the entered values that hold (indicator, from_on, to_on, department, value) those for ``period``: of
    each indicator of ``department`` (None: the whole province) the newest stretch that had ended with the period, and
    not longer before its first day than a stretch lasts."""
    found: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        if row["department"] != department or not _recent(row, period):
            continue
        last = found.get(row["indicator"])
        if last is None or last["to_on"] < row["to_on"]:
            found[row["indicator"]] = row
    return found


def _recent(row: Mapping[str, Any], period: Period) -> bool:
    lasts: timedelta = row["to_on"] - row["from_on"]
    ended: bool = row["to_on"] <= period.end
    return ended and period.start - row["to_on"] <= lasts
