"""Read the law by date: rules.toml, one entry from the day it came into force."""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from config.errors import ConfigError
from config.place import of
from config.reading import read_toml

OnReturn = Literal["shift", "restart"]


class Rules(BaseModel):
    """What holds for dossiers received from ``from_`` on, until the next entry."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    id: str
    basis: str
    from_: Annotated[date, Field(alias="from")]
    acceptance_hours: Annotated[int, Field(ge=1, le=800)] | None = None
    acceptance_basis: str = ""
    letter_notice_days: Annotated[int, Field(ge=0, le=30)]
    letters_at_most: Annotated[int, Field(ge=0, le=30)]
    on_return: OnReturn = "shift"
    open: tuple[str, ...] = ()


class RulesFile(BaseModel):
    """rules.toml as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    rules: Annotated[tuple[Rules, ...], Field(min_length=1)]


def load(path: Path | None = None) -> tuple[Rules, ...]:
    """Give the rules, oldest first. Raises ConfigError naming the key, or when two begin on one day."""
    return _load(path or of("rules.toml"))


@cache
def _load(where: Path) -> tuple[Rules, ...]:
    told = sorted(read_toml(where, RulesFile).rules, key=lambda r: r.from_)
    for earlier, later in pairwise(told):
        if earlier.from_ == later.from_:
            found = f'"{earlier.id}" and "{later.id}" both begin on {later.from_}.'
            raise ConfigError(str(where), found, "Give each its own day.")
    return tuple(told)


def in_force(rules: tuple[Rules, ...], day: date) -> Rules:
    """Give the rules of a day of receipt; before the first entry, that entry's."""
    return next((r for r in reversed(rules) if r.from_ <= day), rules[0])
