"""The numbers that a scenario and a totals file give, each with the place it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from config.errors import ConfigError
from connectors.simulator.parts import ALL, Layout, Place
from connectors.simulator.scenario import OF_THE_WHOLE, Cell, TotalsFile


@dataclass(frozen=True, slots=True)
class Given:
    """One number that was asked for. ``where`` names its table; a ``firm`` one holds or the set is refused."""

    place: Place
    key: str
    value: int
    where: str
    firm: bool = True


def of_totals(base: TotalsFile, own: TotalsFile | None, place: str, last: int) -> Iterator[Given]:
    """Give the numbers of the whole: those of ``own``, and those of ``base`` that it does not name."""
    named = dict(own.totals.given()) if own else {}
    for key, value in named.items():
        yield Given((ALL, 0, last), key, value, f"{place}, totals")
    for key, value in base.totals.given():
        if key not in named:
            where = f"scenario {base.name}, totals" if own else f"{place}, totals"
            yield Given((ALL, 0, last), key, value, where, firm=own is None)


def of_cells(cells: list[tuple[str, Cell, bool]], layout: Layout, departments: tuple[str, ...]) -> Iterator[Given]:
    """Give the numbers of the cells; each comes with what a message calls it and whether it must hold."""
    for where, cell, firm in cells:
        place = layout.place_of(cell, departments, where)
        for key, value in cell.given():
            if key in OF_THE_WHOLE and place[1:] != (0, layout.last):
                found = f'"{key}" is told for the whole period only.'
                raise ConfigError(where, found, "Take it out, or take the days of the cell out.")
            yield Given(place, key, value, where, firm)
