"""Who is told what, and when: alerts.toml. What is found out stands in metrics/alerts.py."""

from __future__ import annotations

from datetime import time
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config import catalogue
from config.errors import ConfigError
from config.place import of
from config.reading import read_toml

NAME: Final = "alerts.toml"
Audience = Literal["head", "director", "operator"]
Share = Annotated[float, Field(gt=0, le=1)]
#: The last level of an alert (store.outgoing_tables.alerts): holder, head, director.
HOLDER, HEAD, DIRECTOR = range(3)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Digest(_Part):
    """The hour of the morning mail, where the office is."""

    at: time = time(7, 30)


class Quiet(_Part):
    """Hours in which nothing is mailed at once; they may run over midnight."""

    from_: time = Field(default=time(18), alias="from")
    to: time = time(7)

    def holds(self, hour: time) -> bool:
        """Say whether ``hour`` lies within, its end left out."""
        if self.from_ <= self.to:
            return self.from_ <= hour < self.to
        return hour >= self.from_ or hour < self.to


class Acknowledged(_Part):
    """How many working days an acknowledgement holds."""

    holds_days: int = Field(default=5, ge=1, le=250)


class Rule(_Part):
    """What every rule says of itself."""

    on: bool = True
    audience: Annotated[tuple[Audience, ...], Field(min_length=1)]
    channel: Literal["mail", "page"] = "mail"
    at_once: bool = False


class DueSoon(Rule):
    """``days``: working days left at which the dossiers of a due day are told of."""

    days: Annotated[tuple[Annotated[int, Field(ge=0, le=60)], ...], Field(min_length=1)] = (7, 3, 1)


class Laddered(Rule):
    """A rule for single dossiers: working hours on each level before the next one is told."""

    head_after_hours: int = Field(ge=0, le=2000)
    director_after_hours: int = Field(ge=0, le=2000)


class Rate(Rule):
    """``metric``: a share of the catalogue; ``below`` None: its target there."""

    metric: str = "on_time_due"
    below: Share | None = None


class Calendar(Rule):
    """``warn_days``: days before the last confirmed holiday."""

    warn_days: int = Field(default=60, ge=1, le=400)


class Quarantine(Rule):
    """``more``: rows of one source that were newly refused within a day."""

    more: int = Field(default=20, ge=1)


class Alerts(_Part):
    """alerts.toml as written."""

    digest: Digest = Digest()
    quiet: Quiet = Quiet()
    acknowledged: Acknowledged = Acknowledged()
    due_soon: DueSoon
    overdue: Laddered
    acceptance: Laddered
    rate: Rate
    backlog: Rule
    stale_source: Rule
    calendar: Calendar
    quarantine: Quarantine

    @model_validator(mode="after")
    def _mails_by_day(self) -> Self:  # noqa: N804 - after the fact it is given the value
        if self.quiet.holds(self.digest.at):
            raise ValueError("the hour of [digest] lies within the [quiet] hours")
        return self

    @property
    def rules(self) -> dict[str, Rule]:
        """Every rule by its name, in the order in which they are told."""
        return {name: rule for name in type(self).model_fields if isinstance(rule := getattr(self, name), Rule)}

    @property
    def ladders(self) -> dict[str, Laddered]:
        """The rules whose alerts climb from who holds a dossier to the director."""
        return {name: rule for name, rule in self.rules.items() if isinstance(rule, Laddered)}

    @property
    def rate_below(self) -> float | None:
        """The share under which a unit's rate is told of, None where the office has set none."""
        return self.rate.below or catalogue.load()[self.rate.metric].target


def load(path: Path | None = None) -> Alerts:
    """Give what alerts.toml says. Raises ConfigError, also for a figure that cannot fall past a threshold."""
    return _load(path or of(NAME))


@cache
def _load(where: Path) -> Alerts:
    told = read_toml(where, Alerts)
    figure = catalogue.load()[told.rate.metric]
    if figure.unit != "share" or figure.better != "higher":
        found = f'"{told.rate.metric}" is no share for which higher is better.'
        raise ConfigError(str(where), found, "Name another in [rate] metric.")
    return told
