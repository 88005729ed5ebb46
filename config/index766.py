"""Read index766.toml: how the estimate of Index 766 gives points, each whole table from its day on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from config import catalogue, indicators
from config.errors import ConfigError, nearest
from config.place import of
from config.reading import read_toml

NAME: Final = "index766.toml"
#: What the groups of Quyết định 766/QĐ-TTg are worth; a table that differs says its own total.
TOTALS: Final = {"openness": 18, "progress": 20, "online": 12, "payment": 10, "satisfaction": 18, "digital": 22}
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Points = Annotated[Decimal, Field(gt=0, le=100, decimal_places=2)]
Share = Annotated[Decimal, Field(ge=0, le=1, decimal_places=6)]


class Group(BaseModel):
    """One group of items; ``total``: its points, where they are not those of the decision."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: Name
    title: Text
    total: Points | None = None

    @property
    def points(self) -> Decimal | None:
        """Give the points of the group; None where neither the file nor the decision says them."""
        known = TOTALS.get(self.id)
        return self.total if self.total is not None else None if known is None else Decimal(known)


class Item(BaseModel):
    """One item: at most ``weight`` points, by a ``figure`` of the catalogue, the ``survey``, an ``entered`` indicator,
    or by nothing yet. ``steps``: pairs (share from which on, points), instead of the line from ``zero`` to ``full``."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: Name
    group: Name
    title: Text
    weight: Points
    note: Text
    figure: Name | None = None
    survey: bool = False
    entered: Name | None = None
    full: Share = Decimal(1)
    zero: Share = Decimal(0)
    steps: tuple[tuple[Share, Annotated[Decimal, Field(ge=0)]], ...] = ()
    verified: bool = False

    @model_validator(mode="after")
    def _one_origin(self) -> Self:  # noqa: N804 - an "after" validator is given the model itself
        if sum((self.figure is not None, self.survey, self.entered is not None)) > 1:
            raise ValueError(f'"{self.id}": write one of figure, survey, entered, or none')
        if self.full == self.zero:
            raise ValueError(f'"{self.id}": full and zero are one share, so no line lies between them')
        return self

    @model_validator(mode="after")
    def _steps_rise(self) -> Self:  # noqa: N804 - an "after" validator is given the model itself
        if not self.steps:
            return self
        if {"full", "zero"} & self.model_fields_set:
            raise ValueError(f'"{self.id}": write steps, or full and zero')
        shares, points = [at for at, _ in self.steps], [worth for _, worth in self.steps]
        if shares != sorted(set(shares)) or points != sorted(set(points)):
            raise ValueError(f'"{self.id}": each step needs a higher share and more points than the one before')
        if points[-1] != self.weight:
            raise ValueError(f'"{self.id}": its last step gives {points[-1]} points, its weight is {self.weight}')
        return self

    @property
    def rises(self) -> bool:
        """Say whether more of the share is more points."""
        return bool(self.steps) or self.full > self.zero


class Table(BaseModel):
    """One table of points, in force from a day on."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    from_: Annotated[date, Field(alias="from")]
    decision: Text
    group: Annotated[tuple[Group, ...], Field(min_length=1)]
    item: Annotated[tuple[Item, ...], Field(min_length=1)]

    @property
    def total(self) -> Decimal:
        """Give the points of all groups."""
        return sum((group.points or Decimal(0) for group in self.group), Decimal(0))

    def of_group(self, group: str) -> tuple[Item, ...]:
        """Give the items of a group, in the order of the file."""
        return tuple(item for item in self.item if item.group == group)


class IndexFile(BaseModel):
    """The file as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    table: Annotated[tuple[Table, ...], Field(min_length=1)]


def load(path: Path | None = None) -> tuple[Table, ...]:
    """Give every table, the oldest first. Raises ConfigError naming the table and what does not agree in it: weights
    that do not make the group's points, an id told twice, a figure nobody knows, two tables from one day."""
    return _load(path or of(NAME))


@cache
def _load(where: Path) -> tuple[Table, ...]:
    tables = sorted(read_toml(where, IndexFile).table, key=lambda table: table.from_)
    if twice := _twice(str(table.from_) for table in tables):
        raise ConfigError(str(where), f"two tables begin on {twice}.", "Give one of them another day.")
    for table in tables:
        _checked(table, f"{where}, table from {table.from_}")
    return tuple(tables)


def in_force(tables: tuple[Table, ...], day: date) -> Table | None:
    """Give the table of ``day``: the last one begun; None before the first."""
    return max((table for table in tables if table.from_ <= day), key=lambda table: table.from_, default=None)


def _twice(names: Iterable[str]) -> str:
    return next((name for name, n in Counter(names).items() if n > 1), "")


def _checked(table: Table, place: str) -> None:
    for what, several in (("group", table.group), ("item", table.item)):
        if twice := _twice(each.id for each in several):
            raise ConfigError(place, f'the {what} "{twice}" is told twice.', "Give each its own id.")
    groups = [group.id for group in table.group]
    for item in table.item:
        if item.group not in groups:
            found = f'item "{item.id}" is of the group "{item.group}", which is not told.{nearest(item.group, groups)}'
            raise ConfigError(place, found, "Add the group, or mend its name.")
        _known(item, place)
    for group in table.group:
        _summed(group, sum((item.weight for item in table.of_group(group.id)), Decimal(0)), place)


def _summed(group: Group, weights: Decimal, place: str) -> None:
    if group.points is None:
        found = f'the group "{group.id}" is none of the decision ({", ".join(TOTALS)}), and has no total.'
        raise ConfigError(place, found, "Write its total, or mend its name.")
    if weights != group.points:
        found = f'the weights of the group "{group.id}" make {weights}, and must make {group.points}.'
        raise ConfigError(place, found, "Mend a weight, or write the group's own total where a decision says so.")


def _known(item: Item, place: str) -> None:
    """Refuse what nobody counts or enters, and a line that rewards what the catalogue calls worse."""
    if item.entered is not None:
        known = indicators.load()
        if item.entered not in known:
            found = f'item "{item.id}": no indicator is called "{item.entered}".{nearest(item.entered, known)}'
            raise ConfigError(place, found, f"Add it to {indicators.NAME}, or mend its name.")
        if known[item.entered].unit != "percent":
            found = f'item "{item.id}": the indicator "{item.entered}" is of {known[item.entered].unit}, not percent.'
            raise ConfigError(place, found, "Name one in percent.")
        _direction(item, known[item.entered].better, place)
    if item.figure is not None:
        shares = {name: told for name, told in catalogue.load().metric.items() if told.unit == "share"}
        if item.figure not in shares:
            found = f'item "{item.id}": no share is called "{item.figure}".{nearest(item.figure, shares)}'
            raise ConfigError(place, found, f"Name a share of {catalogue.NAME}.")
        _direction(item, shares[item.figure].better, place)


def _direction(item: Item, better: str | None, place: str) -> None:
    if better is not None and item.rises != (better == "higher"):
        found = f'item "{item.id}" gives points against its figure, of which {better} is better.'
        raise ConfigError(place, found, "Change full and zero, so that the better value earns more.")
