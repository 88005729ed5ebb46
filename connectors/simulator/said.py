"""Put a contradiction between numbers into words: the key, what was found, and what would add up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from config.errors import ConfigError
from connectors.simulator.balance import MOST, Clash, Name, Sum
from connectors.simulator.parts import ALL, Layout, Place

if TYPE_CHECKING:
    from connectors.simulator.given import Given

_SHOWN = 6
#: A range that ends beyond any number of dossiers is open: of MOST, sums have taken their share.
_OPEN = MOST // 2
_Ranges = dict[Name, tuple[int, int]]


def contradiction(one: Given, clash: Clash, given: Iterable[Given], layout: Layout) -> ConfigError:
    """Say that ``one`` contradicts the other numbers, each as told, else as it follows from those before."""
    given = [g for g in given if g.firm]
    ranges = _as_told(clash, one, given)

    def side(names: tuple[Name, ...]) -> str:
        told = [f"{_place(n[0], layout)}{n[1]} {_range(*ranges[n])}" for n in names]  # type: ignore[index]
        more = [f"{len(told) - _SHOWN} more"] if len(told) > _SHOWN else []
        return " + ".join([*told[:_SHOWN], *more])

    found = f"{one.key} = {one.value:,}: {side(clash.broken.left)} is not {side(clash.broken.right)}."
    fits = [f"{_place(n[0], layout)}{n[1]} = {value:,}" for n, value in _fitting(clash.broken, ranges, given)]  # type: ignore[index]
    step = f"It would add up with {' or '.join(fits)}." if fits else "Mend one of them, or leave one out."
    return ConfigError(one.where, found, step)


def _as_told(clash: Clash, one: Given, given: Iterable[Given]) -> _Ranges:
    """Put told numbers, those not yet held too, in place of what was open; not where this would hide the clash."""
    told: _Ranges = {(g.place, g.key): (g.value, g.value) for g in (*given, one)}
    known = {n: r if r[0] == r[1] and n != (one.place, one.key) else told.get(n, r) for n, r in clash.ranges.items()}
    (least, most), (low, high) = (_summed(side, known) for side in (clash.broken.left, clash.broken.right))
    return known if most < low or high < least else dict(clash.ranges)


def _summed(names: tuple[Name, ...], ranges: _Ranges) -> tuple[int, int]:
    return sum(ranges[n][0] for n in names), sum(ranges[n][1] for n in names)


def _fitting(broken: Sum, ranges: _Ranges, given: Iterable[Given]) -> Iterable[tuple[Name, int]]:
    """Give what each number of the broken sum that somebody gave would have to be, the others as they are."""
    asked = {(g.place, g.key) for g in given}
    for name in (n for n in (*broken.left, *broken.right) if n in asked):
        here, there = broken.left, broken.right
        here, there = (here, there) if name in here else (there, here)
        others = [ranges[n] for n in (*there, *here) if n != name]
        if all(low == high for low, high in others):
            value = sum(ranges[n][0] for n in there) - sum(ranges[n][0] for n in here if n != name)
            if value >= 0:
                yield name, value


def _place(place: Place, layout: Layout) -> str:
    part, first, last = place
    labels = "" if part == ALL else str(layout.parts[part])
    days = "" if (first, last) == (0, layout.last) else f"{layout.stretches[first][0]} to {layout.stretches[last][1]}"
    told = ", ".join(t for t in (labels, days) if t)
    return f"[{told}] " if told else ""


def _range(low: int, high: int) -> str:
    if low == high:
        return f"{low:,}"
    return f"{low:,} or more" if high >= _OPEN else f"{low:,} to {high:,}"
