"""How chances are estimated, and how the season is told: the sections [risk] and [capacity] of insight.toml."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Days = Annotated[int, Field(ge=1, le=60)]
Share = Annotated[float, Field(gt=0, lt=1)]


class Risk(BaseModel):
    """[risk]: the chance of a pending dossier to miss its due day (metrics.risk), and when it is said at all."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    history: Annotated[int, Field(ge=20, le=1500)] = 250  # working days looked back
    rows: Annotated[int, Field(ge=1_000, le=10_000_000)] = 250_000  # open dossiers looked at on all evenings together
    horizon: Annotated[int, Field(ge=10, le=250)] = 60  # working days that a curve reaches
    lean: Annotated[float, Field(ge=0, le=10_000)] = 25.0  # dossiers' worth of the larger group
    lean_department: Annotated[float, Field(gt=0, le=10_000)] = 30.0  # results' worth of the like of a department
    lately: Annotated[int, Field(ge=1, le=250)] = 10  # working days by which a department's pace is judged
    fewest: Annotated[int, Field(ge=1, le=10_000)] = 20  # dossiers alike, to be named in the sentence
    origins: Annotated[int, Field(ge=2, le=60)] = 20  # past evenings of the back-test
    least_scored: Annotated[int, Field(ge=1)] = 200  # forecasts that came due; with fewer nothing is shown
    likely: Share = 0.5  # chance from which on a dossier is listed
    words: tuple[Share, Share, Share] = (0.1, 0.3, 0.6)  # low, possible, worrying, high
    ahead: tuple[Days, Days, Days] = (1, 5, 10)  # working days
    within: Share = 0.9  # share of the cases that an interval is to hold

    @model_validator(mode="after")
    def _in_order(self) -> Self:  # noqa: N804 - after the fact it is given the value
        for name in ("words", "ahead"):
            told = getattr(self, name)
            if list(told) != sorted(set(told)):
                raise ValueError(f"{name} go up, no two the same")
        if self.ahead[-1] > self.horizon:
            raise ValueError("ahead reaches beyond horizon")
        return self


class Capacity(BaseModel):
    """[capacity]: season of arrivals and time to clear the backlog (metrics.capacity)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    pace_weeks: Annotated[int, Field(ge=4, le=52)] = 8  # whole weeks that the present pace is taken from
    fewest_weeks: Annotated[int, Field(ge=2, le=52)] = 4  # worked and heard; with fewer nothing is said
    around_tet: Annotated[int, Field(ge=1, le=12)] = 6  # weeks before and after Tết that are laid beside each other
    fewest_years: Annotated[int, Field(ge=1, le=20)] = 2  # with fewer a season is "chưa đủ năm để kết luận"
    longest_days: Annotated[int, Field(ge=20, le=2500)] = 500  # working days; what takes longer is said as such
