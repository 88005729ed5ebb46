"""Settle every number of a set: what was given, what follows from it, and the rest chosen as in an ordinary office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from config.errors import ConfigError
from connectors.simulator.book import Book
from connectors.simulator.fees import fitting
from connectors.simulator.given import Given, of_cells, of_totals
from connectors.simulator.parts import ALL, Layout, Place, days_of, parts, stretches
from connectors.simulator.scenario import APART, HANGING, Cell, TotalsFile


@dataclass(frozen=True, slots=True)
class Amounts:
    """All numbers of a set. ``numbers``: (place, key) → dossiers. ``asked``: what came from files and holds.

    ``dropped``: numbers of the scenario that gave way to those of the totals file. ``apart``: keys of APART.
    """

    told: TotalsFile
    layout: Layout
    numbers: Mapping[tuple[Place, str], int]
    asked: tuple[Given, ...]
    dropped: tuple[Given, ...]

    @property
    def whole(self) -> Place:
        return (ALL, 0, self.layout.last)

    def of(self, key: str, part: int = ALL, first: int = 0, last: int | None = None) -> int:
        """Give one number; by default of the whole."""
        return self.numbers[(part, first, self.layout.last if last is None else last), key]


def settle(base: TotalsFile, own: TotalsFile | None = None, *, place: str = "totals") -> Amounts:
    """Settle the numbers of ``base``; those of ``own`` hold first, and those of ``base`` that no longer fit give way.

    ``place`` names the totals file in messages. Raises ConfigError naming the key, what was found and what would fit.
    """
    told, cells = _merged(base, own, place)
    from_on, to_on = _period(told, place)
    cells = [(w, c, f) for w, c, f in cells if _inside(w, c, f, from_on, to_on)]
    layout = Layout(
        from_on,
        to_on,
        stretches(from_on, to_on, (c for _, c, _ in cells)),
        parts(((w, c) for w, c, _ in cells), told.departments),
    )
    given = [*of_totals(base, own, place, layout.last), *of_cells(cells, layout, told.departments)]
    if not any(g.value for g in given):
        raise ConfigError(place, "it names no number of dossiers.", "Write received = … under [totals].")
    given.sort(key=lambda g: not g.firm)  # stable: those of the totals file first
    book = Book(layout)
    asked, dropped = book.take([g for g in given if g.key not in (*APART, *HANGING)])
    apart = {g.key: g for g in reversed(given) if g.key in APART}
    numbers = book.numbers() | {((ALL, 0, layout.last), key): 0 for key in APART}
    numbers |= {(g.place, g.key): g.value for g in apart.values()}
    whole = (ALL, 0, layout.last)
    hung = fitting([g for g in given if g.key in HANGING], numbers[whole, "received"])
    numbers |= {(whole, key): value for key, value in hung.numbers.items()}
    return Amounts(told, layout, numbers, (*asked, *apart.values(), *hung.asked), (*dropped, *hung.dropped))


def _merged(base: TotalsFile, own: TotalsFile | None, place: str) -> tuple[TotalsFile, list[tuple[str, Cell, bool]]]:
    """Lay a totals file over a scenario: every word it says holds, and its cells replace those of the scenario."""
    says = own.model_dump(exclude_unset=True, exclude={"totals", "cell"}) if own else {}
    told = base.model_copy(update={k: v for k, v in says.items() if v})
    firm = own is None or bool(own.cell)
    cells = own.cell if own and own.cell else base.cell
    whose = place if firm else f"scenario {base.name}"
    return told, [(f"{whose}, cell {n}", c, firm) for n, c in enumerate(cells, start=1)]


def _period(told: TotalsFile, place: str) -> tuple[date, date]:
    if told.from_on is None or told.to_on is None:
        missing = "from_on" if told.from_on is None else "to_on"
        raise ConfigError(place, f'"{missing}" is missing.', "Write the first and the last day of the period.")
    if told.to_on < told.from_on:
        raise ConfigError(place, f"the period ends {told.to_on} before it starts {told.from_on}.", "Swap the two days.")
    return told.from_on, told.to_on


def _inside(where: str, cell: Cell, firm: bool, from_on: date, to_on: date) -> bool:
    """Tell whether a cell has days in the period; one of the totals file itself must have."""
    start, end = days_of(cell, from_on, to_on)
    if start > end and firm:
        raise ConfigError(where, f"it has no day between {from_on} and {to_on}.", "Mend year, from_on or to_on.")
    return start <= end
