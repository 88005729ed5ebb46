"""Read indicators.toml: figures that people enter because no system of ours counts them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from config.errors import ConfigError
from config.place import of
from config.reading import read_toml

NAME: Final = "indicators.toml"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Unit = Literal["times", "documents", "points", "rank", "percent"]
Stretch = Literal["month", "quarter", "year"]
_WHOLE: Final = frozenset({"times", "documents", "rank"})


class Indicator(BaseModel):
    """One indicator. ``most``: the highest value there can be; ``of``: whose values it has; ``source``: whose figure it
    is expected to be; ``retired``: no longer entered."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
    title: Text
    meaning: Text
    source: Text
    unit: Unit
    period: Stretch
    of: Literal["department", "province"]
    decimals: Annotated[int, Field(ge=0, le=2)] = 0
    most: Annotated[int, Field(gt=0)] | None = None
    better: Literal["higher", "lower"] | None = None
    retired: bool = False

    @model_validator(mode="after")
    def _possible(self) -> Self:  # noqa: N804 - an "after" validator is given the model itself
        if self.decimals and self.unit in _WHOLE:
            raise ValueError(f'"{self.id}" is of {self.unit}, which have no decimals')
        return self

    @property
    def highest(self) -> int | None:
        """Give the highest value there can be; None: there is none."""
        return 100 if self.unit == "percent" and self.most is None else self.most


class IndicatorsFile(BaseModel):
    """The list as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    indicator: tuple[Indicator, ...] = ()


def load(path: Path | None = None) -> Mapping[str, Indicator]:
    """Give id → indicator, in the order of the file. Raises ConfigError, also for an id or a title told twice."""
    return _load(path or of(NAME))


@cache
def _load(where: Path) -> Mapping[str, Indicator]:
    known: dict[str, Indicator] = {}
    titles: set[str] = set()
    for told in read_toml(where, IndicatorsFile).indicator:
        twice = f'id "{told.id}"' if told.id in known else f'title "{told.title}"' if told.title in titles else ""
        if twice:
            raise ConfigError(str(where), f"the {twice} is told twice.", "Give each indicator its own.")
        known[told.id] = told
        titles.add(told.title)
    return known
