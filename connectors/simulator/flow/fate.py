"""The truth: promises, letters, endings and handing out, for dossiers whose work is known. Moments are wall seconds."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from connectors.simulator.days import DAY, EVENING, NEVER, Ints
from connectors.simulator.flow.demand import COUNTER, ONLINE, Demand
from connectors.simulator.flow.drawn import Worked
from connectors.simulator.flow.plan import Plan, promise
from connectors.simulator.flow.ways import Draws
from connectors.simulator.lives import REFUSED, RESULT, STOPPED, WITHDRAWN

NO_LETTER, LETTER, LETTER_TOO_LATE, SILENT = range(4)
FAR: Final = 2**60


def truth(plan: Plan, came: Demand, drawn: Draws, worked: Worked, rng: np.random.Generator) -> pl.DataFrame:
    """Give one row per dossier with everything that truly happened to it.

    unit, procedure (places in the scenario), channel, business, serial, submitted, received, rejected, started, due
    (the first promise), pause, asked, replied, moved (the promise after the reply), letter (kind), extended,
    extended_due, again, again_due (a second letter), closed, end (kinds of lives.py), returned, handed (to the
    successor), no_due.
    """
    days, count = plan.days, len(came.submitted)
    received = np.where(drawn.rejected, NEVER, worked.answered_at)
    came_in = received > NEVER
    due_day = promise(worked.answered_at, came.procedure, plan)
    waited = np.where(worked.replied > NEVER, days.count(worked.replied // DAY) - days.count(worked.asked // DAY), 0)
    moved_day = np.where(waited > 0, days.shift(due_day, np.maximum(waited, 1)), due_day)
    closed = np.where(came_in, worked.closed, NEVER)
    no_due = rng.random(count) < plan.told.rates.without_due
    after = np.where(no_due, NEVER, np.maximum(received, worked.replied))  # who was promised nothing gets no letter
    letters = _letters(plan, moved_day, after, closed, drawn, rng)
    end = _end(plan, drawn, rng)
    columns = {
        "unit": came.unit, "procedure": came.procedure, "channel": came.channel, "business": came.business,
        "serial": came.serial, "submitted": came.submitted, "received": received,
        "rejected": np.where(drawn.rejected, worked.answered_at, NEVER),
        "started": worked.started, "due": np.where(came_in, due_day * DAY + EVENING, NEVER), "pause": drawn.pause,
        "asked": worked.asked, "replied": worked.replied,
        "moved": np.where(worked.replied > NEVER, moved_day * DAY + EVENING, NEVER),
        **letters, "closed": closed, "end": end, "returned": _returned(plan, came, closed, end, rng),
        "handed": _handed(plan, came, np.where(drawn.rejected, worked.answered_at, closed)), "no_due": no_due,
    }  # fmt: skip
    return pl.DataFrame(columns)


def _letters(
    plan: Plan, due_day: Ints, after: Ints, closed: Ints, drawn: Draws, rng: np.random.Generator
) -> dict[str, Ints]:
    """Draw letters and silent moves for those who will be late, each after all that came before."""
    days, rates, count = plan.days, plan.told.rates, len(due_day)
    until = np.where(closed > NEVER, closed, FAR)
    late = (until // DAY > due_day) & ~drawn.silent & (after > NEVER)
    draw = rng.random(count)
    kind = np.select(
        [
            draw < rates.extension,
            draw < rates.extension + rates.moved_silently,
            draw > 1 - rates.extension_too_late,
        ],
        [LETTER, SILENT, LETTER_TOO_LATE],
        NO_LETTER,
    )
    before = np.select([kind == LETTER, kind == SILENT], [rng.integers(1, 4, count), rng.integers(1, 3, count)], 0)
    late_by = np.where(kind == LETTER_TOO_LATE, rng.integers(1, 4, count), -before)
    sent = days.at_desk(days.shift(due_day, late_by), 0.1 + 0.8 * rng.random(count))
    chosen = late & (kind != NO_LETTER) & (sent > after) & (sent < until)
    new_day = days.shift(due_day, rng.integers(4, 11, count))
    again_at = days.at_desk(days.shift(new_day, -rng.integers(1, 3, count)), 0.1 + 0.8 * rng.random(count))
    again = chosen & (kind == LETTER) & (rng.random(count) < rates.extension_second)
    again &= (until // DAY > new_day) & (again_at > sent)
    again_day = days.shift(new_day, rng.integers(3, 9, count))
    return {
        "letter": np.where(chosen, kind, NO_LETTER),
        "extended": np.where(chosen, sent, NEVER),
        "extended_due": np.where(chosen, new_day * DAY + EVENING, NEVER),
        "again": np.where(again, again_at, NEVER),
        "again_due": np.where(again, again_day * DAY + EVENING, NEVER),
    }


def _end(plan: Plan, drawn: Draws, rng: np.random.Generator) -> Ints:
    rates, draw = plan.told.rates, rng.random(len(drawn.pause))
    edges = np.cumsum([rates.withdrawn, rates.refused, rates.stopped])
    kind = np.select([draw < edges[0], draw < edges[1], draw < edges[2]], [WITHDRAWN, REFUSED, STOPPED], RESULT)
    return np.where(drawn.silent, np.where(draw < 0.6, WITHDRAWN, STOPPED), kind)


def _returned(plan: Plan, came: Demand, closed: Ints, end: Ints, rng: np.random.Generator) -> Ints:
    """Results are opened at any hour at home, or taken home at the counter some days later."""
    count, online = len(closed), came.channel == ONLINE
    after, share = rng.integers(0, 6, count), rng.random(count)
    home = (closed // DAY + after // 2) * DAY + (7 * 3600 + share * 15 * 3600).astype(np.int64)
    desk_day = plan.days.shift(closed // DAY, np.where(came.channel == COUNTER, after, after + 1))
    moment = np.maximum(np.where(online, home, plan.days.at_desk(desk_day, share)), closed + 300)
    taken = (closed > NEVER) & (end == RESULT) & (rng.random(count) < plan.told.rates.collected)
    return np.where(taken, moment, NEVER)


def _handed(plan: Plan, came: Demand, closed: Ints) -> Ints:
    """Give the moment at which a successor takes over what is neither closed nor turned down by then."""
    last = plan.to_day[came.unit]
    moment = np.where(last < 10**6, (last + 1) * DAY, FAR)
    pending = (np.where(closed > NEVER, closed, FAR) >= moment) & (moment < FAR)
    return np.where(pending, moment, NEVER)
