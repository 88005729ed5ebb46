"""Find whole numbers that satisfy sums: what is given holds, what follows is derived, what is free is chosen.

Every number is a range of whole numbers; a sum narrows the ranges of its members until nothing moves any more.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

#: More than any number of dossiers: a range that ends here is open.
MOST: Final = 10**12
#: Sums looked at for one given number, and choices taken back for one set, before we say that nothing fits.
PATIENCE: Final = 200_000
SECOND_THOUGHTS: Final = 2_000
Name = Hashable


@dataclass(frozen=True, slots=True)
class Sum:
    """``left`` and ``right`` add up to the same."""

    left: tuple[Name, ...]
    right: tuple[Name, ...]


class Clash(Exception):  # noqa: N818 - a finding, not a fault of ours
    """No whole numbers satisfy ``sum`` any more: between them ``left`` and ``right`` hold the ranges that clash."""

    def __init__(self, broken: Sum, ranges: dict[Name, tuple[int, int]]) -> None:
        super().__init__(broken)
        self.broken, self.ranges = broken, ranges


class NothingFits(Exception):  # noqa: N818
    """Every choice that was tried broke some sum."""


@dataclass(slots=True)
class _Choice:
    """One open number: its place in the order, where its trail begins, and the ranges not tried yet."""

    at: int
    mark: int
    ranges: list[tuple[int, int]]


@dataclass(slots=True)
class Balance:
    """Ranges of numbers under sums. ``trail`` remembers what was narrowed, so that it can be taken back."""

    sums: Sequence[Sum]
    low: dict[Name, int] = field(default_factory=dict)
    high: dict[Name, int] = field(default_factory=dict)
    uses: dict[Name, list[int]] = field(default_factory=dict)
    trail: list[tuple[Name, int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for at, one in enumerate(self.sums):
            for name in (*one.left, *one.right):
                self.low[name], self.high[name] = 0, MOST
                self.uses.setdefault(name, []).append(at)

    def hold(self, name: Name, value: int) -> None:
        """Give a number its value and derive what follows. Raises Clash, then call ``back``."""
        if name not in self.low:
            self.low[name], self.high[name] = 0, MOST
        if not self.low[name] <= value <= self.high[name]:
            raise self._clash(self._broken_by(name, value), {name: (value, value)})
        self._limit(name, value, value)

    def _broken_by(self, name: Name, value: int) -> int:
        """Find a sum that does not allow this value; the first one where only several together forbid it."""
        for at in self.uses[name]:
            one = self.sums[at]
            here, there = (one.left, one.right) if name in one.left else (one.right, one.left)
            least = sum(self.low[n] for n in there) - sum(self.high[n] for n in here if n != name)
            most = sum(self.high[n] for n in there) - sum(self.low[n] for n in here if n != name)
            if not least <= value <= most:
                return at
        return self.uses[name][0]

    def back(self, mark: int) -> None:
        """Take back what was narrowed since ``mark`` (a length of the trail)."""
        while len(self.trail) > mark:
            name, low, high = self.trail.pop()
            self.low[name], self.high[name] = low, high

    def known(self, name: Name) -> int | None:
        """Give the number, None while it is open."""
        return self.low[name] if self.low[name] == self.high[name] else None

    def choose(self, names: Iterable[Name], wish: Callable[[Name], int]) -> None:
        """Choose every open number in order, as near to ``wish`` as the sums allow. Raises NothingFits."""
        order, at, budget = list(names), 0, SECOND_THOUGHTS
        taken: list[_Choice] = []
        while at < len(order):
            if self.known(order[at]) is not None:
                at += 1
                continue
            again = bool(taken) and taken[-1].at == at
            choice = _Choice(at, len(self.trail), self._ranges(order[at], None if again else wish))
            while not self._take(order[choice.at], choice):
                budget -= 1
                if not taken or budget < 0:
                    raise NothingFits
                choice = taken.pop()
                self.back(choice.mark)
            taken.append(choice)
            at = choice.at

    def _ranges(self, name: Name, wish: Callable[[Name], int] | None) -> list[tuple[int, int]]:
        """Give the value wished for, or the middle where it failed, and what lies below and above it."""
        low, high = self.low[name], self.high[name]
        first = min(max(wish(name), low), high) if wish else (low + high) // 2
        return [r for r in ((first, first), (low, first - 1), (first + 1, high)) if r[0] <= r[1]]

    def _take(self, name: Name, choice: _Choice) -> bool:
        """Take the next range of a choice that breaks no sum."""
        while choice.ranges:
            try:
                self._limit(name, *choice.ranges.pop(0))
            except Clash:
                self.back(choice.mark)
            else:
                return True
        return False

    def _limit(self, name: Name, low: int, high: int) -> None:
        self._narrow(name, low, high)
        self._derive(self.uses.get(name, []))

    def _narrow(self, name: Name, low: int, high: int) -> None:
        self.trail.append((name, self.low[name], self.high[name]))
        self.low[name], self.high[name] = low, high

    def _derive(self, first: Iterable[int]) -> None:
        waiting, queued, seen = deque(first), set(first), 0
        while waiting:
            at = waiting.popleft()
            queued.discard(at)
            seen += 1
            if seen > PATIENCE:
                raise self._clash(at, {})
            for name in self._tighten(at):
                fresh = [n for n in self.uses[name] if n not in queued]
                waiting.extend(fresh)
                queued.update(fresh)

    def _tighten(self, at: int) -> list[Name]:
        """Narrow the members of one sum by the others; give those that moved. Raises Clash."""
        one, low, high = self.sums[at], self.low.__getitem__, self.high.__getitem__
        moved: list[Name] = []
        for here, there in ((one.left, one.right), (one.right, one.left)):
            least, most = sum(map(low, there)), sum(map(high, there))
            low_here, high_here = sum(map(low, here)), sum(map(high, here))
            if least > high_here or low_here > most:
                raise self._clash(at, {})
            if least > low_here or most < high_here:
                moved += self._fit(here, at, least - high_here, most - low_here)
        return moved

    def _fit(self, names: tuple[Name, ...], at: int, lack: int, room: int) -> Iterator[Name]:
        """Narrow each number by what the others of its side leave to it: at least high + lack, at most low + room."""
        for name, was_low, was_high in [(n, self.low[n], self.high[n]) for n in names]:
            low, high = max(was_low, was_high + lack), min(was_high, was_low + room)
            if low > high:
                raise self._clash(at, {})
            if (low, high) != (was_low, was_high):
                self._narrow(name, low, high)
                yield name

    def _clash(self, at: int, instead: dict[Name, tuple[int, int]]) -> Clash:
        one = self.sums[at]
        return Clash(one, {n: instead.get(n, (self.low[n], self.high[n])) for n in (*one.left, *one.right)})
