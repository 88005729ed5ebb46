"""Who submits what, where and when: counts by day from the season, then a moment in the day for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from config import calendar
from connectors.simulator.days import DAY, Floats, Ints, at_home, day_number
from connectors.simulator.flow.plan import Plan

COUNTER, ONLINE, POST = 1, 2, 3
#: Of the online ones on a working day: sent from home, at any hour.
_FROM_HOME: Final = 0.34
_TET: Final = "Tết Nguyên Đán"
_BUSINESS: Final = 0.12


@dataclass(frozen=True, slots=True)
class Demand:
    """Dossiers in order of submission. Moments are wall seconds; ``serial`` is the number within the day."""

    unit: Ints
    procedure: Ints
    channel: Ints
    submitted: Ints
    serial: Ints
    business: NDArray[np.bool_]


def expected(plan: Plan) -> tuple[Ints, Floats]:
    """Give every day of the scenario and how many dossiers are expected on it."""
    told = plan.told
    day = np.arange(day_number(told.from_on), day_number(told.to_on) + 1)
    months = day.astype("datetime64[D]").astype("datetime64[M]")
    weekday = (day + 3) % 7  # 1970-01-01 was a Thursday
    came = told.arrivals
    # A rest day that is worked instead is like a Friday.
    usual = np.array([*came.weekday, came.weekday[4], came.weekday[4]])[weekday]
    worked = plan.days.is_working(day)
    number = np.where(worked, usual, came.on_rest_days) * np.array(came.month)[months.astype(int) % 12]
    number = number * _month_end(plan, day, months) * _around_tet(plan, day)
    years = (day - day[0]) / 365.25
    return day, number * came.per_working_day * (1 + came.growth) ** years


def _month_end(plan: Plan, day: Ints, months: np.ndarray) -> Floats:
    """Raise the last three working days of every month."""
    following = (months + 1).astype("datetime64[D]").astype(int)
    left = plan.days.count(following - 1) - plan.days.count(day - 1)
    return np.where(left <= 3, plan.told.arrivals.month_end, 1.0)


def _around_tet(plan: Plan, day: Ints) -> Floats:
    """Raise the ten working days before Tết, and lower the five after it."""
    off = calendar.load().off
    starts: dict[int, date] = {}
    ends: dict[int, date] = {}
    for d in sorted(x for x, why in off.items() if _TET in why):
        starts.setdefault(d.year, d)
        ends[d.year] = d
    factor = np.ones(len(day))
    for year, first in starts.items():
        before = plan.days.count(day_number(first) - 1) - plan.days.count(day - 1)
        after = plan.days.count(day) - plan.days.count(day_number(ends[year]))
        near = np.abs(day - day_number(first)) < 60
        factor = np.where(near & (before >= 1) & (before <= 10), plan.told.arrivals.before_tet, factor)
        factor = np.where(near & (after >= 1) & (after <= 5), plan.told.arrivals.after_tet, factor)
    return factor


def counts(plan: Plan, *, seed: int, rows: int | None = None) -> tuple[Ints, Ints]:
    """Give every day and its number of dossiers: as it falls, or ``rows`` of them in all."""
    day, number = expected(plan)
    rng = np.random.default_rng([seed, 1])
    drawn = rng.poisson(number) if rows is None else rng.multinomial(rows, number / number.sum())
    return day, drawn.astype(np.int64)


def demand(plan: Plan, day: Ints, number: Ints, rng: np.random.Generator) -> Demand:
    """Draw the dossiers of some days, ``number`` on each."""
    each = np.repeat(day, number)
    pair = _pairs(plan, day, number, rng)
    worked = plan.days.is_working(each)
    draw, came = rng.random(len(each)), plan.told.arrivals
    channel = np.select([~worked | (draw < came.online), draw < came.online + came.post], [ONLINE, POST], COUNTER)
    submitted = _moment(plan, each, channel, worked, rng)
    order = np.argsort(submitted, kind="stable")
    submitted, pair = submitted[order], pair[order]
    starts = np.searchsorted(submitted, submitted // DAY * DAY)
    business = rng.random(len(each)) < _BUSINESS
    serial = np.arange(len(each)) - starts + 1
    return Demand(plan.pair_unit[pair], plan.pair_procedure[pair], channel[order], submitted, serial, business)


def _pairs(plan: Plan, day: Ints, number: Ints, rng: np.random.Generator) -> Ints:
    """Draw a pair of unit and procedure for each dossier among the units that there are on its day."""
    edges = sorted({*plan.from_day.tolist(), *(plan.to_day + 1).tolist()})
    era = np.searchsorted(np.array(edges), day, side="right")
    drawn = []
    for one in np.unique(era):
        some = era == one
        first = int(day[some][0])
        there = (plan.from_day[plan.pair_unit] <= first) & (first <= plan.to_day[plan.pair_unit])
        passed = np.cumsum(np.where(there, plan.pair_weight, 0.0))
        draw = rng.random(int(number[some].sum())) * passed[-1]
        drawn.append(np.searchsorted(passed, draw, side="right").clip(0, len(passed) - 1))
    return np.concatenate(drawn) if drawn else np.array([], dtype=np.int64)


def _moment(plan: Plan, day: Ints, channel: Ints, worked: NDArray[np.bool_], rng: np.random.Generator) -> Ints:
    """Draw the moment in the day: by the hours of the scenario at the desk, at any time from home."""
    hour = np.array(plan.told.arrivals.hour)
    edges = np.array([7.5, 8, 9, 10, 11, 11.5, 13, 14, 15, 16, 17])
    weight = hour[edges[:-1].astype(int)] * np.diff(edges)
    weight[5] = 0.0  # noon: 11:30 to 13:00
    share = np.r_[0.0, np.cumsum(weight)] / weight.sum()
    at_desk = day * DAY + (np.interp(rng.random(len(day)), share, edges) * 3600).astype(np.int64)
    home = (channel == ONLINE) & (~worked | (rng.random(len(day)) < _FROM_HOME))
    return np.where(home, at_home(day, rng.random(len(day))), at_desk)


def months(plan: Plan) -> list[tuple[date, date]]:
    """Cut the scenario into months: first and last day of each."""
    found, day = [], plan.told.from_on
    while day <= plan.told.to_on:
        following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        found.append((day, min(following - timedelta(days=1), plan.told.to_on)))
        day = following
    return found
