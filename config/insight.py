"""How the analyses judge: insight.toml, one section for each method."""

from __future__ import annotations

from datetime import time
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config.insight_risk import Capacity, Risk
from config.place import of
from config.reading import read_toml

NAME: Final = "insight.toml"


class Section(BaseModel):
    """One table of the file: nothing unknown in it, nothing changed after it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Night(Section):
    """When what is heavy is worked out anew."""

    at: time = time(2, 30)


Rule = Literal["beyond", "near", "shift", "trend"]
Some = Annotated[tuple[Rule, ...], Field(min_length=1)]


class Signal(Section):
    """When a figure is a signal: for every page, report and alert.

    ``before`` periods give the limits, ``fewest`` at least; below ``full`` points with the judged one they are trial
    limits. ``small``: fewer dossiers are never judged. ``shift``, ``trend``: points in a row; ``near`` of ``near_of``:
    points in the outer third. ``screen``: a moving range so many times the mean one is left out of a stock's limits.
    """

    before: int = Field(default=12, ge=8, le=52)
    fewest: int = Field(default=8, ge=5)
    full: int = Field(default=13, ge=6)
    small: int = Field(default=30, ge=1)
    shift: int = Field(default=7, ge=5)
    trend: int = Field(default=7, ge=5)
    near: int = Field(default=2, ge=2)
    near_of: int = Field(default=3, ge=2)
    screen: float = Field(default=3.267, gt=1)
    rates: Some = ("beyond", "near", "shift", "trend")
    stocks: Some = ("beyond", "trend")
    more: int = Field(default=3, ge=1)
    interval_below: int = Field(default=400, ge=1)

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:  # noqa: N804 - after the fact it is given the value
        if not self.fewest <= self.before or not self.full <= self.before + 1:
            raise ValueError("before may not be smaller than fewest, nor than full less the judged point")
        if max(self.shift, self.trend, self.near_of) > self.fewest + 1:
            raise ValueError("no row of points may be longer than fewest and the judged point")
        if self.near > self.near_of:
            raise ValueError("near may not be larger than near_of")
        return self


class Outages(Section):
    """Which silences of a source are told beside charts: those that took ``least_hours`` of working time or more."""

    least_hours: Annotated[float, Field(gt=0, le=400)] = 4

    @property
    def minutes(self) -> int:
        """Give ``least_hours`` in working minutes."""
        return round(60 * self.least_hours)


class Integrity(Section):
    """What is marked for checking (metrics.integrity): minima and windows, and how many false finds may be among the
    groups."""

    days: Annotated[int, Field(ge=31, le=3660)] = 366
    false_finds: Annotated[float, Field(gt=0, lt=1)] = 0.05
    told_share: Annotated[float, Field(ge=0, le=1)] = 0.05
    seen_open_hours: Annotated[int, Field(ge=1, le=240)] = 24
    usual_delay: Annotated[float, Field(gt=0.5, lt=1)] = 0.99
    pause_days: Annotated[int, Field(ge=0, le=5)] = 1
    pause_limit: Annotated[int, Field(ge=1)] = 5
    bunch_closings: Annotated[int, Field(ge=10)] = 100
    bunch_day: Annotated[int, Field(ge=1)] = 10
    bunch_ratio: Annotated[float, Field(ge=1)] = 1.3
    evening_minutes: Annotated[int, Field(ge=5, le=240)] = 30
    evening_fewest: Annotated[int, Field(ge=10)] = 20
    peak_fewest: Annotated[int, Field(ge=2)] = 5
    night_fewest: Annotated[int, Field(ge=2)] = 10
    night_gap_minutes: Annotated[int, Field(ge=1, le=60)] = 5
    night_margin_minutes: Annotated[int, Field(ge=0, le=240)] = 60
    night_share: Annotated[float, Field(gt=0, le=1)] = 0.2


class Steps(Section):
    """How time is told by steps: of which dossiers, and from how many on the timely ones are a measure.

    ``same``: the name of a step when it is entered again → its first name.
    """

    days: Annotated[int, Field(ge=31, le=3660)] = 366
    recent_days: Annotated[int, Field(ge=7, le=3660)] = 92
    least: Annotated[int, Field(ge=1)] = 10
    ways: Annotated[int, Field(ge=1, le=200)] = 12
    same: dict[str, str] = {"Thẩm định lại": "Thẩm định"}


class Alike(Section):
    """How units are put beside each other: by how many ``others`` at least, of what share of the province's mix
    (``covered``), and when parts and whole say the opposite (``nearly`` all parts, wholes ``gap`` apart)."""

    others: Annotated[int, Field(ge=3)] = 3
    covered: Annotated[float, Field(ge=0, le=1)] = 0.1
    nearly: Annotated[float, Field(gt=0.5, le=1)] = 0.9
    gap: Annotated[float, Field(gt=0, le=1)] = 0.005


class Insight(Section):
    """insight.toml as written."""

    night: Night = Night()
    capacity: Capacity = Capacity()
    risk: Risk = Risk()
    integrity: Integrity = Integrity()
    steps: Steps = Steps()
    signal: Signal = Signal()
    outages: Outages = Outages()
    alike: Alike = Alike()


def load(path: Path | None = None) -> Insight:
    """Give the settings of the analyses. Raises ConfigError naming the file and the key."""
    return _load(path or of(NAME))


@cache
def _load(path: Path) -> Insight:
    return read_toml(path, Insight)
