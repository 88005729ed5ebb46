"""Everything an office may decide that changes a figure, in one value: calendar and hours, law, limits, units."""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass
from datetime import date, time
from functools import cached_property
from typing import Any, Final

import polars as pl

from config import calendar as calendar_file
from config import hours as hours_file
from config import procedures as procedures_file
from config import rules as rules_file
from config import units as units_file
from config.errors import ConfigError
from config.procedures import Allowed
from config.rules import Rules
from config.units import Units
from metrics.calendar import WorkingCalendar
from metrics.limits import Limit, parse_limit
from metrics.worktime import WorkTime

_LIMIT: Final = pl.Struct({"size": pl.Int32, "unit": pl.String})
#: Columns of ``Rulebook.limits``.
LIMITS: Final = pl.Schema(
    [
        ("source", pl.String()),
        ("procedure", pl.String()),
        ("from_on", pl.Date()),
        ("statutory", _LIMIT),
        ("committed", _LIMIT),
        ("cutoff", pl.Time()),
        ("on_return", pl.String()),
    ]
)


@dataclass(frozen=True)
class Rulebook:
    """What figures are worked out with. ``version`` is part of every data version."""

    time: WorkTime
    rules: tuple[Rules, ...]
    procedures: tuple[Allowed, ...]
    units: Units

    @property
    def calendar(self) -> WorkingCalendar:
        """The working days that hold for every unit without days of its own."""
        return self.time.calendar

    @cached_property
    def version(self) -> str:
        """Tell this book apart from any other."""
        told = "|".join([self.time.version, *map(repr, (self.rules, self.procedures, self.units))])
        return hashlib.sha256(_without_places(told).encode()).hexdigest()[:8]

    def told(self) -> dict[str, Any]:
        """Give the book as plain values, as the store keeps every version that figures were made by."""
        return {
            "calendar": asdict(self.calendar.days),
            "hours": repr(self.time.hours),
            "rules": [entry.model_dump(mode="json", by_alias=True) for entry in self.rules],
            "procedures": [asdict(entry) for entry in self.procedures],
            "units": asdict(self.units),
        }

    @cached_property
    def limits(self) -> pl.DataFrame:
        """The limits as columns (LIMITS), one row per source, procedure and first day, oldest first.

        Raises ConfigError naming the line of a limit that cannot be read.
        """
        rows = [_row(allowed) for allowed in self.procedures]
        return pl.DataFrame(rows, schema=LIMITS, orient="row").sort("from_on")


def _without_places(told: str) -> str:
    """Leave out where a line stood: the same limits on another machine are the same limits."""
    return re.sub(r"place='[^']*'", "", told)


def _row(allowed: Allowed) -> tuple[str | None, str, date, object, object, time | None, str | None]:
    place = allowed.line or allowed.place
    statutory = parse_limit(allowed.statutory, place=f"{place}, statutory")
    committed = parse_limit(allowed.committed, place=f"{place}, committed") if allowed.committed else statutory
    if committed.unit is statutory.unit and committed.size > statutory.size:
        found = f"the committed limit {allowed.committed} is longer than the statutory one, {allowed.statutory}."
        raise ConfigError(place, found, "A commitment shortens the limit: mend either.")
    source = allowed.source or None
    told = (_parts(statutory), _parts(committed))
    return source, allowed.procedure, allowed.from_on, *told, allowed.cutoff, allowed.on_return


def _parts(limit: Limit) -> dict[str, object]:
    return {"size": limit.size, "unit": limit.unit.value}


def load() -> Rulebook:
    """Give the book of this office, from the files of config/ or its own folder. Raises ConfigError."""
    units = units_file.load()
    time = WorkTime(WorkingCalendar(calendar_file.load()), hours_file.load()).under(units.own_name)
    return Rulebook(time, rules_file.load(), procedures_file.load(), units)
