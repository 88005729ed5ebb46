"""A scenario that has been played: its plan, the truth about every dossier, its steps, and what sources show of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from connectors.simulator.days import NEVER, Ints, day_number
from connectors.simulator.flow import demand, drawn, engine, fate, lies, staff, ways
from connectors.simulator.flow.plan import Plan, lay_out
from connectors.simulator.flow.scenario import Scenario
from connectors.simulator.lives import NO_PAUSE

STEPS = pl.Schema(
    {
        "number": pl.Int64(), "place": pl.Int64(), "again": pl.Boolean(), "unit": pl.Int64(), "officer": pl.Int64(),
        "queued": pl.Int64(), "began": pl.Int64(), "ended": pl.Int64(),
    }
)  # fmt: skip

#: Dossiers of a month that are drawn at once, about; a day is never cut.
AT_ONCE: Final = 10_000


@dataclass(frozen=True, slots=True)
class World:
    """``truth``: fate.truth and lies.with_lies, by ``number``. ``steps``: STEPS, empty without queues."""

    plan: Plan
    truth: pl.DataFrame
    steps: pl.DataFrame


def play(told: Scenario, *, seed: int | None = None, rows: int | None = None) -> World:
    """Play the whole scenario; the same scenario and seed give the same world."""
    plan, seed = lay_out(told), told.seed if seed is None else seed
    if not told.work.queues:
        parts = [world.truth for _, world in by_month(told, seed=seed, rows=rows)]
        return World(plan, pl.concat(parts), pl.DataFrame(schema=STEPS))
    day, number = demand.counts(plan, seed=seed, rows=rows)
    rng = np.random.default_rng([seed, 2])
    came = demand.demand(plan, day, number, rng)
    draws = ways.decide(plan, came, rng)
    desks = staff.hire(plan, np.random.default_rng([seed, 3]))
    way = ways.ways(plan, came, draws, desks, rng)
    done = engine.run(way, plan.days.desk_clock(came.submitted), desks, plan)
    worked = _worked(plan, came, draws, way, done)
    true = fate.truth(plan, came, draws, worked, rng).with_row_index("number").cast({"number": pl.Int64})
    return World(plan, lies.with_lies(plan, true, rng), _steps(plan, way, done, len(desks.names)))


def by_month(told: Scenario, *, seed: int | None = None, rows: int | None = None) -> Iterator[tuple[str, World]]:
    """Give the months of a scenario without queues, one after the other ("2026-01"); a large one comes in pieces of
    whole days ("2026-01", "2026-01.2" …): memory holds one piece, however many dossiers there are.
    """
    plan, seed = lay_out(told), told.seed if seed is None else seed
    day, number = demand.counts(plan, seed=seed, rows=rows)
    before = 0
    for name, some, drawn_by in _pieces(plan, day, number):
        rng = np.random.default_rng([seed, *drawn_by])
        came = demand.demand(plan, day[some], number[some], rng)
        draws = ways.decide(plan, came, rng)
        true = fate.truth(plan, came, draws, drawn.draw(plan, came, draws, rng), rng)
        numbered = true.with_row_index("number", offset=before).cast({"number": pl.Int64})
        before += true.height
        yield name, World(plan, lies.with_lies(plan, numbered, rng), pl.DataFrame(schema=STEPS))


def _pieces(plan: Plan, day: Ints, number: Ints) -> Iterator[tuple[str, NDArray[np.bool_], tuple[int, ...]]]:
    """Cut the days into months and these into pieces: name, which days, what the chance of the piece is drawn by."""
    for first, last in demand.months(plan):
        month = (day >= day_number(first)) & (day <= day_number(last))
        before = np.cumsum(np.where(month, number, 0)) - number
        piece = np.where(month, before // AT_ONCE, -1)
        for at, one in enumerate(np.unique(piece[month]), start=1):
            name, drawn_by = f"{first:%Y-%m}", (first.year, first.month)
            yield (name, piece == one, drawn_by) if at == 1 else (f"{name}.{at}", piece == one, (*drawn_by, at))


def _worked(plan: Plan, came: demand.Demand, draws: ways.Draws, way: ways.Ways, done: engine.Done) -> drawn.Worked:
    """Read off the queues when each dossier was answered, taken up, asked about, and done."""
    days, first = plan.days, way.first
    last = first + way.length - 1
    wall = _wall(plan, done.ended)
    online = came.channel == demand.ONLINE
    # What nobody took in before the calendar ends is answered never: the end of the calendar is far enough.
    far = int(days.working[-5]) * 86_400
    answered = np.where(online, np.where(wall[first] > NEVER, wall[first], far), came.submitted)
    more = way.length > 1
    started = np.where(more, _wall(plan, done.began)[np.minimum(first + 1, last)], NEVER)
    paused = draws.pause != NO_PAUSE
    second = np.where(paused & ~draws.silent, _place_of(way), -1)
    asked_step = np.where(draws.silent, last, second - 1)
    asked = np.where(paused, wall[np.maximum(asked_step, 0)], NEVER)
    replied = np.where(second >= 0, _wall(plan, done.queued)[np.maximum(second, 0)], NEVER)
    closed = np.where(more, wall[last], NEVER)
    gone = days.wall_clock(done.ended[last] + draws.patience * 8 * 3600)
    closed = np.where(draws.silent, np.where(asked > NEVER, gone, NEVER), closed)
    return drawn.Worked(
        answered, np.maximum(started, np.where(started > NEVER, answered, NEVER)), asked, replied, closed
    )


def _place_of(way: ways.Ways) -> Ints:
    """Give for each dossier the place of its second look, −1 where there is none."""
    found = np.full(len(way.first), -1)
    found[way.who[way.again]] = np.flatnonzero(way.again)
    return found


def _wall(plan: Plan, moment: Ints) -> Ints:
    return np.where(moment > NEVER, plan.days.wall_clock(moment), NEVER)


def _steps(plan: Plan, way: ways.Ways, done: engine.Done, desks: int) -> pl.DataFrame:
    moments = {name: _wall(plan, getattr(done, name)) for name in ("queued", "began", "ended")}
    columns = {
        "number": way.who, "place": way.place, "again": way.again, "unit": done.desk // desks, "officer": done.officer,
        **moments,
    }  # fmt: skip
    return pl.DataFrame(columns, schema=STEPS).filter(pl.col("queued") > NEVER)
