"""The same dossiers without queues: how long each takes is drawn by columns alone, for millions of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from connectors.simulator.days import DAY, NEVER, Ints
from connectors.simulator.flow.demand import ONLINE, Demand
from connectors.simulator.flow.plan import Plan, promise
from connectors.simulator.flow.ways import Draws
from connectors.simulator.lives import NO_PAUSE

_STUCK = 0.3  # of the late: long


@dataclass(frozen=True, slots=True)
class Worked:
    """When each dossier was answered, taken up, asked about, answered by the applicant, and done: wall seconds."""

    answered_at: Ints  # taken in, or turned down
    started: Ints
    asked: Ints
    replied: Ints
    closed: Ints


def draw(plan: Plan, came: Demand, drawn: Draws, rng: np.random.Generator) -> Worked:
    """Draw acceptance, work and pauses; the late ones are as many as the scenario says."""
    count, days = len(came.submitted), plan.days
    delay = rng.lognormal(np.log(4200), 0.8, count) + (rng.random(count) < 0.04) * rng.uniform(6, 22, count) * 3600
    desk = days.desk_clock(came.submitted) + np.where(came.channel == ONLINE, delay, 0.0).astype(np.int64)
    taken = np.where(came.channel == ONLINE, days.wall_clock(desk), came.submitted)
    limit = days.count(promise(taken, came.procedure, plan)) - days.count(taken // DAY)
    late = rng.random(count) < plan.told.work.late
    in_time = np.minimum((rng.beta(1.8, 1.4, count) * (limit + 1)).astype(np.int64), limit)
    over = 1 + rng.exponential(5.0, count).astype(np.int64)
    over = np.where(rng.random(count) < _STUCK, over + rng.integers(10, 120, count), over)
    needed = np.where(late, limit + over, in_time)
    asked_after = np.minimum(1 + (rng.random(count) * 0.6 * limit).astype(np.int64), np.maximum(limit, 1))
    paused = drawn.pause != NO_PAUSE
    needed = np.where(paused, np.maximum(needed, asked_after), needed)
    desk = days.desk_clock(taken)
    asked = np.where(paused, _in_day(days.count(taken // DAY) + asked_after, rng.random(count), plan), NEVER)
    replied = _in_day(days.count(asked // DAY) + drawn.patience, rng.random(count), plan)
    waits = np.where(paused, drawn.patience, 0)
    needed = np.where(drawn.silent, asked_after, needed) + waits
    closed = _in_day(days.count(taken // DAY) + needed, rng.random(count), plan)
    closed = np.maximum(closed, np.maximum(taken + 1500, np.where(paused, replied + 600, 0)))
    started = np.minimum(days.wall_clock(desk + rng.integers(900, 14_000, count)), closed - 60)
    started = np.where(paused, np.minimum(started, asked), started)
    gone = drawn.rejected
    never = np.full(count, NEVER)
    return Worked(
        taken,
        np.where(gone, never, np.maximum(started, taken)),
        np.where(gone, never, asked),
        np.where(gone | ~paused | drawn.silent, never, replied),
        np.where(gone, never, closed),
    )


def _in_day(number: Ints, share: np.ndarray, plan: Plan) -> Ints:
    """Give a moment in office hours of the working day with this number."""
    day = plan.days.working[np.clip(number - 1, 0, len(plan.days.working) - 1)]
    return plan.days.at_desk(day, share)
