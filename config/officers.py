"""The centre's own criteria for the daily sheet of officers, each from its day on: officers.toml."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config.errors import ConfigError
from config.place import of
from config.reading import read_toml

NAME: Final = "officers.toml"
#: What a criterion may be about; the first is a share.
Figure = Literal["late_share", "late_beyond", "held", "held_past_due", "days_lost", "handled"]
LONGEST_DAYS: Final = 92
Words = Annotated[str, Field(min_length=1, max_length=200)]


class Criterion(BaseModel):
    """One criterion. ``days``: of the stretch that ends on the day of the sheet; ``least_n``: with fewer steps nothing
    is said."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
    from_: Annotated[date, Field(alias="from")]
    figure: Figure
    days: Annotated[int, Field(ge=1, le=LONGEST_DAYS)] = 1
    at_most: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    at_least: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    least_n: Annotated[int, Field(ge=1, le=10_000)] = 1
    title: Words
    basis: Words
    retired: bool = False

    @model_validator(mode="after")
    def _one_bound(self) -> Self:  # noqa: N804 - after the fact it is given the value
        bounds = [bound for bound in (self.at_most, self.at_least) if bound is not None]
        if len(bounds) != 1:
            raise ValueError("write `at_most` or `at_least`, one of the two")
        if self.figure == "late_share" and bounds[0] > 1:
            raise ValueError("a share lies between 0 and 1: write 5 % as 0.05")
        return self

    def met(self, value: float | None, n: int) -> bool | None:
        """Say whether ``value``, told of ``n`` steps, keeps to it; None where that is too little to say."""
        if value is None or n < self.least_n:
            return None
        return value <= self.at_most if self.at_most is not None else value >= (self.at_least or 0)


class OfficersFile(BaseModel):
    """officers.toml as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    criterion: tuple[Criterion, ...] = ()


def load(path: Path | None = None) -> tuple[Criterion, ...]:
    """Give every version of every criterion, in the order of the file. Raises ConfigError naming the key, or for two of
    one id from one day."""
    return _load(path or of(NAME))


@cache
def _load(where: Path) -> tuple[Criterion, ...]:
    told = read_toml(where, OfficersFile).criterion
    seen: set[tuple[str, date]] = set()
    for each in told:
        if (each.id, each.from_) in seen:
            found = f'the criterion "{each.id}" is told twice from {each.from_}.'
            raise ConfigError(str(where), found, "Give one of them another day, or another id.")
        seen.add((each.id, each.from_))
    return told


def in_force(told: tuple[Criterion, ...], day: date) -> tuple[Criterion, ...]:
    """Give the criteria of the sheet of ``day``: of each id the last that has begun, unless it is retired."""
    versions: dict[str, list[Criterion]] = defaultdict(list)
    for each in told:
        if each.from_ <= day:
            versions[each.id].append(each)
    last = (max(several, key=lambda each: each.from_) for several in versions.values())
    return tuple(each for each in last if not each.retired)
