"""A scenario laid out as columns: working days, pairs of unit and procedure, routes, and who follows whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from config import calendar
from connectors.simulator.days import Days, Floats, Ints, day_number
from connectors.simulator.flow.meant import route_of
from connectors.simulator.flow.scenario import Scenario
from connectors.simulator.province import worked

#: The calendar before the first day and behind the last: limits and queues reach that far.
_BEFORE, _BEHIND = timedelta(days=60), timedelta(days=1500)
WORKDAYS, CALENDAR_DAYS, SAME_DAY = range(3)
_UNITS: Final = {"workdays": WORKDAYS, "days": CALENDAR_DAYS, "same_day": SAME_DAY}
ALWAYS: Final = 2**40


@dataclass(frozen=True, slots=True)
class Plan:
    """``told`` and its columns. Units, procedures and routes are meant by their place in ``told``; days since 1970."""

    told: Scenario
    days: Days
    pair_unit: Ints
    pair_procedure: Ints
    pair_weight: Floats
    limit: Ints  # of each procedure
    limit_unit: Ints
    route: Ints
    urgent: Ints
    paid: NDArray[np.bool_]
    from_day: Ints  # of each unit: its first and last day
    to_day: Ints
    successor: Ints  # of each unit, itself where it stays

    def holder(self, unit: Ints, day: Ints) -> Ints:
        """Give the unit that stands for ``unit`` on ``day``: its successor, or that one's, once it has ended."""
        held = unit
        for _ in range(4):  # nobody was merged more often
            held = np.where(day > self.to_day[held], self.successor[held], held)
        return held


def lay_out(told: Scenario) -> Plan:
    """Lay a scenario out (scenario.load has filled it in and found it to be meant)."""
    days = Days.between(told.from_on - _BEFORE, told.to_on + _BEHIND, worked(calendar.load()))
    procedures = told.procedure
    pairs = [(u, p) for u, unit in enumerate(told.unit) for p, one in enumerate(procedures) if one.kind == unit.kind]
    of_kind: dict[str, float] = {}
    for one in procedures:
        of_kind[one.kind] = of_kind.get(one.kind, 0.0) + one.weight
    weight = [told.unit[u].weight * procedures[p].weight / of_kind[procedures[p].kind] for u, p in pairs]
    names = [u.name for u in told.unit]
    return Plan(
        told,
        days,
        np.array([u for u, _ in pairs]),
        np.array([p for _, p in pairs]),
        np.array(weight),
        np.array([p.limit for p in procedures]),
        np.array([_UNITS[p.unit] for p in procedures]),
        np.array([route_of(p, told.route) for p in procedures]),
        np.array([p.urgent for p in procedures]),
        np.array([p.paid for p in procedures]),
        np.array([day_number(u.from_on) if u.from_on else -ALWAYS for u in told.unit]),
        np.array([day_number(u.to_on) if u.to_on else ALWAYS for u in told.unit]),
        np.array([names.index(u.successor) if u.successor else at for at, u in enumerate(told.unit)]),
    )


def promise(received: Ints, procedure: Ints, plan: Plan) -> Ints:
    """Give the day promised for what is received at a moment: the limit counted from the day of receipt, day 0."""
    limit, unit = plan.limit[procedure], plan.limit_unit[procedure]
    day, second = np.divmod(received, 86_400)
    # "Within the day" holds for what comes before 15:00.
    same_day = np.where(second < 15 * 3600, plan.days.on_or_after(day), plan.days.shift(day, 1))
    # Bộ luật Dân sự 2015 art. 148: a limit that ends on a day off ends on the next working day.
    calendar_days = plan.days.on_or_after(day + limit)
    working = np.where(limit > 0, plan.days.shift(day, np.maximum(limit, 1)), same_day)
    return np.where(unit == SAME_DAY, same_day, np.where(unit == CALENDAR_DAYS, calendar_days, working))
