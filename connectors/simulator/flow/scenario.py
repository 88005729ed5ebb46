"""A scenario of kind "flow" as written in TOML: who comes, who works, what goes wrong, what the source makes of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config.errors import ConfigError, nearest
from config.reading import read_toml
from config.sources import Level

FOLDER: Final = Path(__file__).parent.parent / "scenarios" / "flow"
SUFFIX: Final = ".toml"
INTAKE, HANDING_OUT = "intake", "return"
Share = Annotated[float, Field(ge=0, le=1)]
Factor = Annotated[float, Field(gt=0, le=100)]
_TWO_PEAKS: Final = (0.0,) * 7 + (0.4, 1.2, 1.5, 1.1, 0.3, 0.0, 0.7, 1.3, 1.1, 0.6) + (0.0,) * 7


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Arrivals(_Told):
    """How many dossiers are submitted, and when. Factors multiply ``per_working_day``."""

    per_working_day: Annotated[float, Field(gt=0, le=200_000)]
    on_rest_days: Share = 0.1  # of an ordinary working day, all of them online
    weekday: tuple[Factor, Factor, Factor, Factor, Factor] = (1.20, 1.08, 1.00, 0.96, 0.88)  # Monday to Friday
    month: Annotated[tuple[Factor, ...], Field(min_length=12, max_length=12)] = (1.0,) * 12
    hour: Annotated[tuple[Annotated[float, Field(ge=0)], ...], Field(min_length=24, max_length=24)] = _TWO_PEAKS
    month_end: Factor = 1.0  # on the last three working days of a month
    before_tet: Factor = 1.0  # on the ten working days before Tết
    after_tet: Factor = 1.0  # on the five working days after it
    growth: Annotated[float, Field(gt=-0.9, le=10)] = 0.0  # a year
    online: Share = 0.6
    post: Share = 0.04

    @model_validator(mode="after")
    def _somebody_comes(self) -> Arrivals:  # noqa: N804 - pydantic hands the value itself to a validator that runs after
        if self.online + self.post > 1:
            raise ValueError("online and post together are more than everybody")
        if not sum(self.hour[8:11]) + sum(self.hour[13:16]):
            raise ValueError("hour leaves nobody for the office hours")
        return self


class Work(_Told):
    """How the officers work. ``queues = false`` draws the time each takes by itself: for millions, by columns alone."""

    queues: bool = True
    first: Literal["come", "due"] = "come"  # whose turn it is: first come, first served, or the nearest due day
    headroom: Annotated[float, Field(ge=0.2, le=10)] = (
        1.3  # officers, where nobody tells them, for so many times the load
    )
    absent: Annotated[float, Field(ge=0, le=0.6)] = 0.04  # share of the working days that an officer is away
    spread: Annotated[float, Field(gt=0, le=2)] = 0.6  # of the time that a step takes (log-normal)
    second_look: Annotated[float, Field(gt=0, le=1)] = 0.4  # of a step's time, when the applicant has answered
    late: Share = 0.03  # without queues: share of those that run past their due day


class Rates(_Told):
    """What happens to how many, by law or against it."""

    not_accepted: Share = 0.02
    supplement: Share = 0.08
    payment: Share = 0.05  # of those that cost something
    never_answered: Share = 0.05  # of the supplements
    withdrawn: Share = 0.009
    refused: Share = 0.005
    stopped: Share = 0.002
    extension: Share = 0.30  # of those that will be late: an apology letter in time
    extension_too_late: Share = 0.03  # … after the due day
    extension_second: Share = 0.10  # of the extended: another letter
    moved_silently: Share = 0.03  # of those that will be late: another due day without a letter
    without_due: Share = 0.0
    collected: Share = 0.96  # results that are taken home

    @model_validator(mode="after")
    def _once_each(self) -> Rates:  # noqa: N804
        if self.extension + self.extension_too_late + self.moved_silently > 1:
            raise ValueError("extension, extension_too_late and moved_silently are shares of the same late dossiers")
        if self.withdrawn + self.refused + self.stopped > 0.9:
            raise ValueError("withdrawn, refused and stopped leave too few with a result")
        return self


class Lies(_Told):
    """What the source shows that did not happen so. A dossier has one of them at most; 0 is an honest source."""

    redated: Share = 0.0  # of the late: the finish is written back to the due day
    closed_on_due_day: Share = 0.0  # of the late: closed in bulk on the due day, though not done
    paused_before_due: Share = 0.0  # of the late: a supplement that nobody asked for, entered the day before
    shown_open: Share = 0.0  # of the closed: the closing never reaches the source (of all)
    shown_open_days: Annotated[int, Field(ge=0, le=400)] = 0  # … or so many days later; 0: never
    sent_as_done: Share = 0.0  # of the suspended: sent as 9 "done" while they wait
    synced_late: Share = 0.0  # of all: everything is seen some days after it happened
    synced_late_days: Annotated[int, Field(ge=1, le=60)] = 3
    deleted: Share = 0.0  # of all: vanishes from the source some time after it was entered
    withdrawn_before_due: Share = 0.0  # of the late: closed as withdrawn the day before, though worked on
    withdrawn_in_peak: Share = 0.0  # of the weeks of a unit: every fourth result of the week shown as withdrawn
    closed_at_night: Share = 0.0  # of the days of a unit: all its results of the day entered at night, in minutes
    units: tuple[str, ...] = ()  # whose source shows all this; none named: that of all
    stamp: Literal["synced", "happened"] = "synced"  # what the source's own stamp of the last change tells

    @model_validator(mode="after")
    def _one_at_most(self) -> Lies:  # noqa: N804
        if self.redated + self.closed_on_due_day + self.paused_before_due + self.withdrawn_before_due > 1:
            raise ValueError("redated and what is shown before or on the due day are shares of the same late dossiers")
        return self


class Step(_Told):
    """One step of a route. ``hours`` of work at ``desk``; ``lag``: share of the limit that passes without work."""

    name: str
    desk: Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
    hours: Annotated[float, Field(ge=0, le=400)] = 0.0
    lag: Share = 0.0
    asks: bool = False  # here the applicant may be asked for a supplement or a payment
    at: str = ""  # kind of the unit that does it; "": the unit that resolves the dossier


class Route(_Told):
    """The way of a dossier: three to six steps from the intake to the handing out."""

    name: str
    to_limit: Annotated[int, Field(ge=0)] = 10_000  # for procedures that name no route, up to this limit
    step: Annotated[tuple[Step, ...], Field(min_length=3, max_length=6)]

    @model_validator(mode="after")
    def _from_intake_to_handing_out(self) -> Route:  # noqa: N804
        if self.step[0].desk != INTAKE or self.step[-1].desk != HANDING_OUT:
            raise ValueError(f'the first step is at desk "{INTAKE}", the last at desk "{HANDING_OUT}"')
        if sum(s.lag for s in self.step) > 0.9:
            raise ValueError("the lags of the steps leave no time for the work")
        return self


class Unit(_Told):
    """One unit. After ``to_on`` its ``successor`` holds what is pending, and takes what comes."""

    name: str
    code: Annotated[str, Field(pattern=r"^[A-Z0-9.]+$")]
    level: Level = "province"
    kind: str
    weight: Annotated[float, Field(gt=0)] = 1.0
    from_on: date | None = None
    to_on: date | None = None
    successor: str = ""


class Procedure(_Told):
    """One procedure of all units of its ``kind``."""

    name: str
    code: str
    field: str
    kind: str
    limit: Annotated[int, Field(ge=0, le=400)]
    unit: Literal["workdays", "days", "same_day"] = "workdays"
    weight: Annotated[float, Field(gt=0)] = 1.0
    paid: bool = False
    route: str = ""
    urgent: Annotated[int, Field(ge=0, le=9)] = 0  # is taken before those with a smaller number


class Staff(_Told):
    """Officers of one desk of one unit, where the load does not tell them; with days, only on those days."""

    unit: str
    desk: str
    officers: Annotated[int, Field(ge=0, le=500)]
    from_on: date | None = None
    to_on: date | None = None


class Outage(_Told):
    """Days on which nothing is synchronised, of all units or of some; then everything at once."""

    from_on: date
    to_on: date
    units: tuple[str, ...] = ()


class Scenario(_Told):
    """A whole scenario. Without units and procedures of its own it has those of the made-up province."""

    kind: Literal["flow"]
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    title: str = ""
    from_on: date
    to_on: date
    seed: int = 1
    arrivals: Arrivals
    work: Work = Work()
    rates: Rates = Rates()
    lies: Lies = Lies()
    route: tuple[Route, ...] = ()
    unit: tuple[Unit, ...] = ()
    procedure: tuple[Procedure, ...] = ()
    staff: tuple[Staff, ...] = ()
    outage: tuple[Outage, ...] = ()

    @model_validator(mode="after")
    def _days_in_order(self) -> Scenario:  # noqa: N804
        if self.to_on < self.from_on:
            raise ValueError("to_on lies before from_on")
        spans: tuple[Staff | Outage | Unit, ...] = (*self.staff, *self.outage, *self.unit)
        for span in spans:
            if span.from_on and span.to_on and span.to_on < span.from_on:
                raise ValueError(f"{type(span).__name__.lower()}: to_on lies before from_on")
        return self


def names() -> tuple[str, ...]:
    """Name the flows that come along."""
    return tuple(sorted(file.stem for file in FOLDER.glob(f"*{SUFFIX}")))


def load(told: str) -> Scenario:
    """Read a flow by its name, or a file. Raises ConfigError with the nearest match, or the key that is wrong."""
    path = Path(told) if told.endswith(SUFFIX) else FOLDER / f"{told}{SUFFIX}"
    if not told.endswith(SUFFIX) and told not in names():
        found = f"there is no such flow.{nearest(told, names())}"
        raise ConfigError(f"flow {told}", found, f"Known: {', '.join(names())}; or name a file that ends in .toml.")
    from connectors.simulator.flow.meant import must_be_meant

    return must_be_meant(read_toml(path, Scenario), str(path))
