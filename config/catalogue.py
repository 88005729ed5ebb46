"""What every figure means: metrics.toml, read and checked. What is counted is code: metrics/definitions.py."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from config.errors import ConfigError, nearest
from config.reading import read_toml

HERE: Final = Path(__file__).parent / "metrics.toml"


class Metric(BaseModel):
    """One figure in words. ``target`` and shares are 0–1; ``base`` says what the share is of."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: str
    meaning: str
    unit: Literal["share", "dossiers"]
    why: str = ""
    numerator: str = ""
    base: str = ""
    better: Literal["higher", "lower"] | None = None
    target: float | None = None
    legal_basis: str = ""
    owner: str = ""
    review_on: date | None = None


class CatalogueFile(BaseModel):
    """metrics.toml as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    small: int  # under so many dossiers a share is shown as "n = …", never ranked
    heat: tuple[float, ...]  # shares below which the heat table darkens, from best to worst
    metric: dict[str, Metric]

    def __getitem__(self, name: str) -> Metric:
        if name not in self.metric:
            raise ConfigError(
                str(HERE), f'no figure is called "{name}".{nearest(name, self.metric)}', "Add or rename it."
            )
        return self.metric[name]


@cache
def load(path: Path = HERE) -> CatalogueFile:
    """Give the catalogue. Raises ConfigError naming the key."""
    return read_toml(path, CatalogueFile)


def agree(catalogue: CatalogueFile, shares: set[str]) -> None:
    """Refuse to start when the shares declared in code and those given a meaning are not the same."""
    told = {name for name, metric in catalogue.metric.items() if metric.unit == "share"}
    if told != shares:
        odd = ", ".join(sorted(told ^ shares))
        raise ConfigError(str(HERE), f"code and catalogue disagree on: {odd}.", "Declare each in both.")
