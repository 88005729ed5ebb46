"""Officers: how many each desk has, by order or by its usual load, and on which working days each is away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from connectors.simulator.days import WORKING_SECONDS, Floats, Ints, day_number
from connectors.simulator.flow.demand import expected
from connectors.simulator.flow.plan import Plan
from connectors.simulator.flow.scenario import HANDING_OUT, Staff

_MEAN_ABSENCE: Final = 2.5  # working days
_STAND_IN: Final = 2  # officers that the smallest desk has


@dataclass(frozen=True, slots=True)
class Desks:
    """Every desk of every unit: unit × ``len(names)`` + place in ``names``. ``officers`` are numbered through."""

    names: tuple[str, ...]
    officers: list[list[int]]  # of each desk
    away: list[frozenset[int]]  # of each officer: working days, counted as Days.count does

    def at(self, unit: Ints, desk: Ints) -> Ints:
        return unit * len(self.names) + desk


def desk_names(plan: Plan) -> tuple[str, ...]:
    """Give the desks that officers sit at, in the order of the routes."""
    return tuple(dict.fromkeys(s.desk for r in plan.told.route for s in r.step if s.desk != HANDING_OUT))


def hire(plan: Plan, rng: np.random.Generator) -> Desks:
    """Give every desk its officers, and every officer days off."""
    names = desk_names(plan)
    wanted = _enough(plan, names)
    units = [u.name for u in plan.told.unit]
    ordered: dict[int, list[Staff]] = {}
    for staff in plan.told.staff:
        ordered.setdefault(units.index(staff.unit) * len(names) + names.index(staff.desk), []).append(staff)
    officers: list[list[int]] = []
    away: list[frozenset[int]] = []
    for desk, usual in enumerate(wanted):
        base = next((s.officers for s in ordered.get(desk, []) if not (s.from_on or s.to_on)), usual)
        most = max([base, *(s.officers for s in ordered.get(desk, []))])
        officers.append(list(range(len(away), len(away) + most)))
        away.extend(_days_off(plan, place, base, ordered.get(desk, []), rng) for place in range(most))
    return Desks(names, officers, away)


def _enough(plan: Plan, names: tuple[str, ...]) -> list[int]:
    """Give officers for the load of an ordinary working day times the headroom, and one who stands in at least."""
    day, number = expected(plan)
    working = plan.days.is_working(day)
    per_day = number.sum() / max(1, int(working.sum()))
    hours = _hours_a_day(plan, names) * per_day
    work = plan.told.work
    need = hours * work.headroom / (WORKING_SECONDS / 3600 * (1 - work.absent))
    return [max(_STAND_IN, int(n)) for n in np.ceil(need)]


def _hours_a_day(plan: Plan, names: tuple[str, ...]) -> Floats:
    """Give hours of work at each desk for one dossier a day of the whole scenario, in the unit's busiest time."""
    rates, load = plan.told.rates, np.zeros(len(plan.told.unit) * len(names))
    asked = (rates.supplement + rates.payment / 2) * plan.told.work.second_look
    share = plan.pair_weight / _weight_of_its_time(plan)
    for number, route in enumerate(plan.told.route):
        mine = plan.route[plan.pair_procedure] == number
        for step in (s for s in route.step if s.desk != HANDING_OUT):
            hours = step.hours * (1 + (asked if step.asks else 0.0))
            unit = at_kind(plan, plan.pair_unit, step.at)
            np.add.at(load, (unit * len(names) + names.index(step.desk))[mine], share[mine] * hours)
    return load


def at_kind(plan: Plan, unit: Ints, kind: str) -> Ints:
    """Give the unit of ``kind`` that works with each ``unit``; itself where no kind is told."""
    if not kind:
        return unit
    partners = np.array([n for n, u in enumerate(plan.told.unit) if u.kind == kind])
    found: Ints = partners[unit % len(partners)]
    return found


def _weight_of_its_time(plan: Plan) -> Floats:
    """Give for each pair the least total weight of a time in which its unit is there."""
    edges = sorted({day_number(plan.told.from_on), *plan.from_day.tolist()})
    least = np.full(len(plan.pair_unit), np.inf)
    for day in edges:
        there = (plan.from_day[plan.pair_unit] <= day) & (day <= plan.to_day[plan.pair_unit])
        least = np.where(there, np.minimum(least, plan.pair_weight[there].sum()), least)
    return np.where(np.isfinite(least), least, plan.pair_weight.sum())


def _days_off(plan: Plan, place: int, base: int, ordered: list[Staff], rng: np.random.Generator) -> frozenset[int]:
    """Draw absences of one to four days; who is not ordered for some days is away on them."""
    last = len(plan.days.working)
    starts = np.flatnonzero(rng.random(last) < plan.told.work.absent / _MEAN_ABSENCE)
    length = rng.integers(1, 5, len(starts))
    away = {int(s) + n for s, long in zip(starts, length, strict=True) for n in range(int(long))}
    if place >= base:
        away |= set(range(last + 1))
    for staff in (s for s in ordered if s.from_on or s.to_on):
        first = int(plan.days.count(day_number(staff.from_on) - 1)) if staff.from_on else 0
        end = int(plan.days.count(day_number(staff.to_on))) if staff.to_on else last
        away = away - set(range(first, end)) if place < staff.officers else away | set(range(first, end))
    return frozenset(away)
