"""What the page of Index 766 asks: everything that is known of a period, within the reader's scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl

from config import catalogue, index766
from config.index766 import Table
from dashboard import compared, data, registry, served, slips
from dashboard.answers import publication
from dashboard.compared import Pair
from dashboard.data import Ask
from metrics import index766 as points
from metrics import index766_known as known
from metrics import procedures_register as register
from metrics import satisfaction
from metrics.index766 import Estimate, Known
from metrics.publication import Publication, counted, of_period
from metrics.satisfaction import Response
from metrics.scope import Filters, Period

_UNIT: Final = "department"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """The estimate of one period; ``counts`` of its dossiers, ``response`` to its surveys, and the ``entered`` values
    that were taken, by indicator; ``of_unit``: of one or several units, not of the province."""

    estimate: Estimate
    counts: Row
    response: Response | None
    entered: Mapping[str, Row]
    of_unit: bool


def table(ask: Ask, period: Period) -> Table | None:
    """Give the table in force on the last day of a period, or today while it runs. Raises ConfigError."""
    return index766.in_force(index766.load(), _end(ask, period))


def first_day() -> date:
    """Give the day on which the first table begins."""
    return index766.load()[0].from_


def told(ask: Ask, period: Period) -> Told | None:
    """Estimate a period for the unit that was chosen, or for all in scope; None before the first table."""
    in_force = table(ask, period)
    if in_force is None:
        return None
    unit = _unit(ask)
    whose = unit or ask.scope.departments is None  # of several units together nobody states a value
    entered = points.entered_in(slips.holding(ask.scope).to_dicts(), period, unit) if whose else {}
    everything = _known(ask, period, ()).get(None, Known({}))
    found = Known(everything.shares, everything.survey, _values(entered))
    counts = served.told(ask, period).row(0, named=True)
    estimate = points.estimate(in_force, found, small=catalogue.load().small)
    response = satisfaction.response(slips.slips(ask.scope), slips.asked(ask.scope), period, unit)
    return Told(estimate, counts, response, entered, unit is not None or ask.scope.departments is not None)


def units(ask: Ask, period: Period) -> dict[str, Estimate]:
    """Estimate a period for every unit in scope and choice by its name, each with the weights of the whole table."""
    in_force, small = table(ask, period), catalogue.load().small
    if in_force is None:
        return {}
    said = slips.holding(ask.scope).to_dicts()
    known_of = {unit: found for unit, found in _known(ask, period, (_UNIT,)).items() if unit}
    entered = {unit: _values(points.entered_in(said, period, unit)) for unit in known_of}
    return {
        unit: points.estimate(in_force, Known(found.shares, found.survey, entered[unit]), small=small)
        for unit, found in known_of.items()
    }


def _end(ask: Ask, period: Period) -> date:
    return min(period.end, ask.choice.today)


def _unit(ask: Ask) -> str | None:
    """Name the one unit that the question is about; None for several."""
    mine = ask.scope.departments
    return ask.choice.department or (next(iter(mine)) if mine is not None and len(mine) == 1 else None)


def _known(ask: Ask, period: Period, by: Sequence[str]) -> dict[str | None, Known]:
    """Gather shares and slips, by unit or whole (None): of those who have dossiers in the period."""
    figures = _keyed(served.told(ask, period, by), by)
    procedures = _keyed(_registered(ask, period, by), by)
    portal = _keyed(_published(ask, period, by), by)
    answered = _keyed(satisfaction.counts(slips.slips(ask.scope), period, ask.scope, by, ask.choice.filters), by)
    return {
        name: Known(
            known.of_dossiers(row)
            | known.of_register(procedures.get(name, {}))
            | known.of_portal(_publication(portal.get(name))),
            known.of_slips(answered.get(name, {})),
        )
        for name, row in figures.items()
    }


def _keyed(rows: pl.DataFrame, by: Sequence[str]) -> dict[str | None, Row]:
    return {row[by[0]] if by else None: row for row in rows.to_dicts()}


def _registered(ask: Ask, period: Period, by: Sequence[str]) -> pl.DataFrame:
    """Count the register on the last day of the period, each share with its parts."""
    chosen = Filters(department=ask.choice.filters.department)
    lines = registry.rows(_end(ask, period), data.sources()).filter(ask.scope.expr(), chosen.expr())
    shares = {
        name: pl.struct(numerator=rate.numerator, denominator=rate.denominator) for name, rate in register.RATES.items()
    }
    return register.counted(register.each(lines), by).with_columns(**shares)


def _published(ask: Ask, period: Period, by: Sequence[str]) -> pl.DataFrame:
    """Count what the portal has; nothing without both sources, or where one of them was not heard to the end."""
    both = publication.pair(data.sources())
    if not isinstance(both, Pair) or publication.unheard(both, data.gone(ask, period)):
        return pl.DataFrame()
    return counted(of_period(publication.of_choice(ask.choice, compared.rows(ask, both)), period), by)


def _publication(row: Row | None) -> Publication | None:
    return None if row is None else Publication(row["published"], row["missing"], row["undecided"])


def _values(entered: Mapping[str, Row]) -> dict[str, Decimal]:
    return {name: Decimal(row["value"]) for name, row in entered.items()}
