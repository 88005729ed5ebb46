"""Read scenarios and totals files: a name, a period, and numbers of dossiers (their meaning: docs/simulate.md)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config.errors import ConfigError, nearest
from config.reading import read_toml
from config.sources import Exchange, Level
from metrics.dossier import Channel

FOLDER: Final = Path(__file__).parent / "scenarios"
SUFFIX: Final = ".toml"
Count = Annotated[int, Field(ge=0, le=50_000_000, strict=True)]
Money = Annotated[int, Field(ge=0, le=10**15, strict=True)]
#: Numbers that any stretch of the period may have, and those that only its end or its whole has.
IN_TIME: Final = (
    "received", "resolved_in_time", "resolved_overdue", "resolved", "pending", "resolved_early", "resolved_on_time",
    "resolved_undetermined", "carried_over", "received_online", "received_counter", "received_post",
)  # fmt: skip
OF_THE_WHOLE: Final = (
    "pending_in_term", "pending_overdue", "pending_undetermined", "pending_suspended",
    "withdrawn", "refused", "stopped",
)  # fmt: skip
#: In no settlement figure, and so in no sum with the others.
APART: Final = ("not_accepted", "awaiting_acceptance")
#: What hangs on the dossiers received in the period: the fees in đồng, how many cost something, and were paid online.
HANGING: Final = ("fees", "charged", "paid_online")
KEYS: Final = (*IN_TIME, *OF_THE_WHOLE, *APART, *HANGING)


class Numbers(BaseModel):
    """Numbers of dossiers under the names of ``dunghan figures``; what is left out is derived, or zero."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    received: Count | None = None
    received_online: Count | None = None
    received_counter: Count | None = None
    received_post: Count | None = None
    carried_over: Count | None = None
    resolved: Count | None = None
    resolved_in_time: Count | None = None
    resolved_early: Count | None = None
    resolved_on_time: Count | None = None
    resolved_overdue: Count | None = None
    resolved_undetermined: Count | None = None
    withdrawn: Count | None = None
    refused: Count | None = None
    stopped: Count | None = None
    pending: Count | None = None
    pending_in_term: Count | None = None
    pending_overdue: Count | None = None
    pending_undetermined: Count | None = None
    pending_suspended: Count | None = None

    def given(self) -> Iterator[tuple[str, int]]:
        """Give the numbers that are written, the ones that others hang on first."""
        for key in KEYS:
            if (value := getattr(self, key, None)) is not None:
                yield key, value


class Totals(Numbers):
    """Numbers of the whole set over the whole period."""

    not_accepted: Count | None = None
    awaiting_acceptance: Count | None = None
    fees: Money | None = None
    charged: Count | None = None
    paid_online: Count | None = None


class Cell(Numbers):
    """Numbers of a part of the set: of some units, a field, a channel, a level, a year or a stretch of days."""

    department: str | tuple[str, ...] | None = None
    field: str | None = None
    channel: Channel | None = None
    level: Level | None = None
    year: int | None = None
    from_on: date | None = None
    to_on: date | None = None

    @model_validator(mode="after")
    def _one_stretch(self) -> Cell:  # noqa: N804 - pydantic hands the value itself to a validator that runs after
        if self.year is not None and (self.from_on or self.to_on):
            raise ValueError("year and from_on/to_on are two ways to say the same: keep one")
        if self.level and self.department:
            raise ValueError("a level stands for all its departments: keep one of the two")
        return self

    @property
    def timed(self) -> bool:
        return bool(self.year or self.from_on or self.to_on)


class TotalsFile(BaseModel):
    """A totals file as written; a scenario is one that says its name and its period."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")] = ""
    title: str = ""
    from_on: date | None = None
    to_on: date | None = None
    code: str = ""  # the root of the dossiers' codes
    departments: tuple[str, ...] = ()
    totals: Totals = Totals()
    cell: tuple[Cell, ...] = ()


def names() -> tuple[str, ...]:
    """Name the scenarios that come along."""
    return tuple(sorted(file.stem for file in FOLDER.glob(f"*{SUFFIX}")))


def load(path: Path) -> TotalsFile:
    """Read a totals file. Raises ConfigError that names the key and the nearest word."""
    return read_toml(path, TotalsFile)


def scenario(name: str) -> TotalsFile:
    """Give a scenario that comes along. Raises ConfigError with the nearest match."""
    if name not in names():
        known = f"Known: {', '.join(names())}."
        raise ConfigError(f"scenario {name}", f"there is no such scenario.{nearest(name, names())}", known)
    return load(FOLDER / f"{name}{SUFFIX}")


def level_of(department: str) -> str | None:
    """Give the level that the national format's reader takes a unit for, by the beginning of its name."""
    told = Exchange()
    return next((level for start, level in told.levels.items() if department.startswith(start)), told.level)
