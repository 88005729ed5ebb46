"""What every figure means: metrics.toml, read and checked. What is counted is code: metrics/definitions.py."""

from __future__ import annotations

from collections.abc import Iterable, Set
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from config.errors import ConfigError, nearest
from config.place import of
from config.reading import read_toml

NAME: Final = "metrics.toml"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Unit = Literal["share", "dossiers", "times", "letters", "working_days", "papers", "dong", "procedures"]
Level = Literal["province", "district", "commune"]
Origin = Literal["form", "published", "ours"]
_INHERITED: Final = ("owner", "review_on")


class Target(BaseModel):
    """What one level of government is to reach (0–1) from a day on, and where that stands."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    level: Level
    from_: Annotated[date, Field(alias="from")]
    value: Annotated[float, Field(ge=0, le=1)]
    basis: Text


class Metric(BaseModel):
    """One figure in words. ``target`` and shares are 0–1; ``base`` says what the share is of; ``targets``: those of one
    level from a day on.

    ``origin``: a form of the state has it, provinces publish it so, or it is ours. ``owner`` answers for the
    definition, and looks at it again on ``review_on``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: Text
    meaning: Text
    unit: Unit
    origin: Origin
    owner: Text
    review_on: date
    why: str = ""
    numerator: str = ""
    base: str = ""
    better: Literal["higher", "lower"] | None = None
    target: Annotated[float, Field(ge=0, le=1)] | None = None
    targets: tuple[Target, ...] = ()
    legal_basis: str = ""
    is_not: str = ""
    weaknesses: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _a_share_has_two_parts(self) -> Metric:  # noqa: N804 - after the fact it is given the value
        if (self.unit == "share") != bool(self.numerator and self.base):
            raise ValueError("numerator and base go with a share, and only with it")
        return self

    @model_validator(mode="after")
    def _one_target_a_day(self) -> Metric:  # noqa: N804 - after the fact it is given the value
        if self.targets and self.unit != "share":
            raise ValueError("targets go with a share, and only with it")
        days = [(told.level, told.from_) for told in self.targets]
        if twice := next((day for day in days if days.count(day) > 1), None):
            raise ValueError(f"two targets of {twice[0]} hold from {twice[1]}")
        return self

    def target_of(self, level: str, day: date) -> Target | None:
        """Give the target of a level that is in force on ``day``: the last one begun; None before the first."""
        begun = [told for told in self.targets if told.level == level and told.from_ <= day]
        return max(begun, key=lambda told: told.from_, default=None)


class CatalogueFile(BaseModel):
    """metrics.toml as written; ``owner`` and ``review_on`` hold for every figure that names none of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    small: int  # under so many dossiers a share is shown as "n = …", never ranked
    heat: tuple[float, ...]  # shares below which the heat table darkens, from best to worst
    owner: Text
    review_on: date
    metric: dict[str, Metric]

    @model_validator(mode="before")
    @classmethod
    def _inherit(cls, told: Any) -> Any:
        """Hand the file's owner and day of review down to the figures without their own."""
        if not isinstance(told, dict) or not isinstance(told.get("metric"), dict):
            return told
        common = {name: told[name] for name in _INHERITED if name in told}
        metrics = {name: common | m if isinstance(m, dict) else m for name, m in told["metric"].items()}
        return told | {"metric": metrics}

    def __getitem__(self, name: str) -> Metric:
        if name not in self.metric:
            raise ConfigError(NAME, f'no figure is called "{name}".{nearest(name, self.metric)}', "Add or rename it.")
        return self.metric[name]

    def due_for_review(self, today: date) -> list[str]:
        """List the figures whose definition should have been looked at again before ``today``."""
        return [name for name, metric in self.metric.items() if metric.review_on < today]


def load(path: Path | None = None) -> CatalogueFile:
    """Give the catalogue. Raises ConfigError naming the key, or a title that two figures share."""
    return _load(path or of(NAME))


@cache
def _load(path: Path) -> CatalogueFile:
    told = read_toml(path, CatalogueFile)
    seen: dict[str, str] = {}
    for name, metric in told.metric.items():
        title = metric.title.casefold()
        if title in seen:
            found = f'"{seen[title]}" and "{name}" are both titled "{metric.title}".'
            raise ConfigError(str(path), found, "Give each its own title.")
        seen[title] = name
    return told


def agree(catalogue: CatalogueFile, *, shares: Set[str], counts: Set[str], durations: Set[str]) -> None:
    """Refuse to go on unless what code declares and what the catalogue explains are the same, both ways.

    Raises ConfigError naming every figure that only one of them knows, that has two kinds, or a share that is none.
    """
    _once(shares & counts | shares & durations | counts & durations, "declared in code as two kinds of figure")
    declared = shares | counts | durations
    _once(declared - set(catalogue.metric), f"counted in code, without a meaning in {NAME}", catalogue.metric)
    _once(set(catalogue.metric) - declared, f"given a meaning in {NAME}, counted nowhere in code", declared)
    told = {name for name, metric in catalogue.metric.items() if metric.unit == "share"}
    _once(told ^ shares, "a share in one of code and catalogue, and none in the other")


def _once(odd: Set[str], complaint: str, known: Iterable[str] = ()) -> None:
    if odd:
        found = "".join(f' "{name}"{nearest(name, known)}' for name in sorted(odd)).strip()
        raise ConfigError(NAME, f"{complaint}: {found}.", "Declare each in both, under one name.")
