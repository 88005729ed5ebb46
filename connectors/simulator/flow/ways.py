"""The steps before every dossier, one row each: the desk, the work, and what passes before it may queue there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from connectors.simulator.days import DAY, WORKING_SECONDS, Floats, Ints
from connectors.simulator.flow.demand import COUNTER, ONLINE, POST, Demand
from connectors.simulator.flow.plan import Plan, promise
from connectors.simulator.flow.scenario import HANDING_OUT
from connectors.simulator.flow.staff import Desks, at_kind
from connectors.simulator.lives import NO_PAUSE, PAYMENT, SUPPLEMENT

#: Working days: the usual wait for an applicant, and how long is waited for one who never answers.
_ANSWERS_IN, _PATIENCE = 3.2, (18, 45)
#: At the counter the officer takes the papers while the applicant stands there.
_AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class Draws:
    """What is decided about a dossier before it is worked on."""

    rejected: NDArray[np.bool_]
    pause: Ints
    silent: NDArray[np.bool_]  # never answers
    patience: Ints  # working days from request to answer, or to the end of waiting


@dataclass(frozen=True, slots=True)
class Ways:
    """Steps in order, those of one dossier behind each other. ``before``: working seconds that pass first."""

    first: Ints  # of each dossier: the place of its first step
    length: Ints
    who: Ints  # of each step: its dossier
    place: Ints  # … its place in the route (a second look has that of the first)
    again: NDArray[np.bool_]  # … the second look, after the applicant answered
    desk: Ints
    work: Ints
    before: Ints
    urgency: Ints  # smaller is taken first
    turn: Ints  # … then by this, then who queued first


def decide(plan: Plan, came: Demand, rng: np.random.Generator) -> Draws:
    """Draw who is turned down, asked for something, and never answers."""
    count, rates = len(came.submitted), plan.told.rates
    rejected = (came.channel == ONLINE) & (rng.random(count) < rates.not_accepted)
    draw = rng.random(count)
    limit = plan.limit[came.procedure]
    able = ~rejected & (limit >= 3) & _asks(plan)[plan.route[came.procedure]]
    pause = np.where(able & (draw < rates.supplement), SUPPLEMENT, NO_PAUSE)
    pays = able & (draw > 1 - rates.payment) & plan.paid[came.procedure]
    pause = np.where(pays & (pause == NO_PAUSE), PAYMENT, pause)
    silent = (pause == SUPPLEMENT) & (rng.random(count) < rates.never_answered)
    waited = np.ceil(rng.lognormal(np.log(_ANSWERS_IN), 0.75, count)).astype(np.int64).clip(1, 40)
    return Draws(rejected, pause, silent, np.where(silent, rng.integers(*_PATIENCE, count), waited))


def _asks(plan: Plan) -> NDArray[np.bool_]:
    return np.array([any(s.asks for s in r.step) for r in plan.told.route])


def ways(plan: Plan, came: Demand, drawn: Draws, desks: Desks, rng: np.random.Generator) -> Ways:
    """Lay out the steps of every dossier up to the result; handing out needs no officer's time."""
    route = plan.route[came.procedure]
    table = _table(plan, desks)
    asks = np.array([next((n for n, s in enumerate(r.step) if s.asks), -1) for r in plan.told.route])[route]
    paused = drawn.pause != NO_PAUSE
    length = np.where(drawn.silent, asks + 1, table.length[route] + paused)
    length = np.where(drawn.rejected, 1, length)
    first = np.r_[0, np.cumsum(length)[:-1]] if len(length) else length
    who = np.repeat(np.arange(len(length)), length)
    number = np.arange(len(who)) - first[who]
    again = paused[who] & (number == asks[who] + 1)
    place = number - (paused[who] & (number > asks[who]))
    row = table.first[route[who]] + place
    due = promise(came.submitted, came.procedure, plan)
    limit = ((plan.days.count(due) - plan.days.count(came.submitted // DAY)) * WORKING_SECONDS)[who]
    slow = rng.lognormal(-(plan.told.work.spread**2) / 2, plan.told.work.spread, len(who))
    work = table.hours[row] * 3600 * slow * np.where(again, plan.told.work.second_look, 1.0)
    lag = np.where(again, 0.0, table.lag[row] * limit * rng.uniform(0.4, 1.6, len(who)))
    waits = np.where(again, drawn.patience[who] * WORKING_SECONDS, 0)
    unit = came.unit[who]
    for kind in {s.at for r in plan.told.route for s in r.step if s.at}:
        unit = np.where(table.at[row] == table.kinds.index(kind), at_kind(plan, unit, kind), unit)
    counter = (number == 0) & ((came.channel == COUNTER) | (came.channel == POST))[who]
    return Ways(
        first, length, who, place, again, desks.at(unit, table.desk[row]), np.maximum(work.astype(np.int64), 30),
        (lag + waits).astype(np.int64), -plan.urgent[came.procedure][who] - counter * _AT_ONCE,
        due[who] if plan.told.work.first == "due" else np.zeros(len(who), np.int64),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Table:
    """The steps of all routes behind each other."""

    first: Ints
    length: Ints
    desk: Ints
    hours: Floats
    lag: Floats
    at: Ints
    kinds: tuple[str, ...]


def _table(plan: Plan, desks: Desks) -> _Table:
    steps = [[s for s in r.step if s.desk != HANDING_OUT] for r in plan.told.route]
    length = np.array([len(s) for s in steps])
    flat = [s for one in steps for s in one]
    kinds = ("", *sorted({s.at for s in flat if s.at}))
    return _Table(
        np.r_[0, np.cumsum(length)[:-1]],
        length,
        np.array([desks.names.index(s.desk) for s in flat]),
        np.array([s.hours for s in flat]),
        np.array([s.lag for s in flat]),
        np.array([kinds.index(s.at) for s in flat]),
        kinds,
    )
