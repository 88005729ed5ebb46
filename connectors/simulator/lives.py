"""What becomes of a dossier: acceptance, promise, pause, extension, work, ending; drawn once, block by block.

Moments are wall seconds (days.py), NEVER where it does not happen. Durations are working days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from connectors.simulator.arrivals import ONLINE, Arrivals
from connectors.simulator.days import DAY, EVENING, NEVER, Days, Floats, Ints
from connectors.simulator.tables import Tables

NO_PAUSE, SUPPLEMENT, PAYMENT, HALTED = 0, 1, 2, 3
RESULT, WITHDRAWN, REFUSED, STOPPED, STILL_OPEN = 0, 1, 2, 3, 4
CUT_OFF: Final = 15 * 3600  # "within the day" holds for what comes before 15:00

NOT_ACCEPTED: Final = 0.024
SLOW_ACCEPTANCE: Final = 0.05
SUPPLEMENTS: Final = 0.075
PAYMENTS: Final = 0.05
HALTS: Final = 0.0004
NEVER_ANSWERED: Final = 0.05
EXTENDED_OF_LATE: Final = 0.30
EXTENDED_TOO_LATE: Final = 0.03
STUCK: Final = 0.40  # of the late ones
WITHOUT_DUE: Final = 0.006
ENTERED_LATER: Final = 0.008
FINISH_MISTYPED: Final = 0.0006
UNUSABLE: Final = 0.0003  # a few dozen, however small the province


@dataclass(frozen=True, slots=True)
class Intake:
    """The acceptance clock and the first promise."""

    received: Ints
    rejected: Ints
    entered: Ints  # when the system first knew of it
    due: Ints  # the first promise
    limit: Ints  # working days from receipt to the promise


@dataclass(frozen=True, slots=True)
class Pause:
    """One suspension at most, and what it did to the promise."""

    kind: Ints
    asked: Ints
    answered: Ints
    waited: Ints  # working days from request to answer
    asked_after: Ints  # working days from receipt to request


def take_in(rng: np.random.Generator, came: Arrivals, tables: Tables, days: Days) -> Intake:
    """Accept or turn down, and promise a day."""
    count = len(came.submitted)
    online = came.channel == ONLINE
    delay = rng.lognormal(np.log(4200), 0.8, count)
    delay += np.where(rng.random(count) < SLOW_ACCEPTANCE, rng.uniform(6, 22, count) * 3600, 0)
    answered = days.wall_clock(days.desk_clock(came.submitted) + delay.astype(np.int64))
    answer = np.where(online, answered, came.submitted)
    turned_down = online & (rng.random(count) < NOT_ACCEPTED)
    received = np.where(turned_down, NEVER, answer)
    due_day = _promise(answer, came.procedure, tables, days)
    limit = days.count(due_day) - days.count(answer // DAY)
    later = ~online & (rng.random(count) < ENTERED_LATER)
    entry_day = days.shift(answer // DAY, rng.integers(1, 4, count))
    entered = np.where(later, days.at_desk(entry_day, rng.random(count)), came.submitted)
    return Intake(received, np.where(turned_down, answer, NEVER), entered, due_day * DAY + EVENING, limit)


def _promise(received: Ints, procedure: Ints, tables: Tables, days: Days) -> Ints:
    """Count the procedure's limit from the day of receipt (day 0); calendar days end on a working day."""
    limit = tables.procedures["limit"].to_numpy()[procedure]
    unit = tables.procedures["unit"].to_numpy()[procedure]
    day, second = np.divmod(received, DAY)
    same_day = np.where(second < CUT_OFF, days.on_or_after(day), days.shift(day, 1))
    # Bộ luật Dân sự 2015 art. 148: a limit that ends on a day off ends on the next working day.
    calendar_days = days.on_or_after(day + limit)
    return np.where(unit == "same_day", same_day, np.where(unit == "days", calendar_days, days.shift(day, limit)))


def pause(rng: np.random.Generator, intake: Intake, paid: np.ndarray, days: Days) -> Pause:
    """Ask some for a supplement or a payment before the due day; a few never answer."""
    count = len(intake.received)
    draw = rng.random(count)
    able = (intake.received > NEVER) & (intake.limit >= 3)
    kind = np.where(able & (draw < SUPPLEMENTS), SUPPLEMENT, NO_PAUSE)
    kind = np.where(able & (kind == NO_PAUSE) & (draw < SUPPLEMENTS + PAYMENTS) & (paid == 1), PAYMENT, kind)
    kind = np.where(able & (draw > 1 - HALTS), HALTED, kind)
    asked_after = 1 + (rng.random(count) * 0.6 * intake.limit).astype(np.int64)
    asked_day = days.shift(intake.received // DAY, asked_after)
    asked = days.at_desk(asked_day, rng.random(count))
    patience = np.ceil(rng.lognormal(np.log(3.2), 0.75, count)).astype(np.int64).clip(1, 40)
    answered_day = days.shift(asked_day, patience) + rng.integers(0, 2, count)
    answered = answered_day * DAY + (rng.beta(2.5, 2.0, count) * 15.5 * 3600).astype(np.int64) + 7 * 3600
    silent = (rng.random(count) < NEVER_ANSWERED) & (kind == SUPPLEMENT) | (kind == HALTED)
    answered = np.where(silent | (kind == NO_PAUSE), NEVER, answered)
    waited = np.where(answered > NEVER, days.count(answered_day) - days.count(asked_day), 0)
    return Pause(kind, np.where(kind == NO_PAUSE, NEVER, asked), answered, waited, asked_after)


@dataclass(frozen=True, slots=True)
class Extension:
    """A letter that moves the promise once; too late where it was sent after the due day."""

    sent: Ints
    due: Ints


def extend(rng: np.random.Generator, intake: Intake, paused: Pause, late: np.ndarray, days: Days) -> Extension:
    """Send an apology letter to some of those who will be late (NĐ 61/2018: at least one working day before)."""
    count = len(late)
    draw = rng.random(count)
    able = late & (paused.kind == NO_PAUSE) & (intake.limit >= 5)
    valid, too_late = able & (draw < EXTENDED_OF_LATE), able & (draw > 1 - EXTENDED_TOO_LATE)
    due_day = intake.due // DAY
    day = days.shift(due_day, np.where(too_late, rng.integers(1, 4, count), -rng.integers(1, 4, count)))
    sent = days.at_desk(day, 0.1 + 0.8 * rng.random(count))
    new_due = days.shift(due_day, rng.integers(4, 11, count)) * DAY + EVENING
    chosen = valid | too_late
    return Extension(np.where(chosen, sent, NEVER), np.where(chosen, new_due, NEVER))


def working_days_needed(
    rng: np.random.Generator,
    intake: Intake,
    paused: Pause,
    extended: Extension,
    late: np.ndarray,
    speed: Floats,
    days: Days,
) -> Ints:
    """Draw the working days from receipt to result, pauses not counted, queues not yet added."""
    count = len(late)
    share = rng.beta(speed * 3.2, (1 - speed) * 3.2)
    in_time = np.minimum((share * (intake.limit + 1)).astype(np.int64), intake.limit)
    over = 1 + rng.exponential(np.where(late, 6.0, 1.0), count).astype(np.int64)
    stuck = late & (rng.random(count) < STUCK)
    over = np.where(stuck, rng.integers(12, 150, count), over)
    room = days.count(extended.due // DAY) - days.count(intake.due // DAY)
    kept = (extended.sent > NEVER) & (rng.random(count) < 0.8)
    over = np.where(kept, 1 + (rng.random(count) * np.maximum(room, 1)).astype(np.int64).clip(0, None), over)
    needed = np.where(late, intake.limit + over, in_time)
    return np.where(paused.kind == NO_PAUSE, needed, np.maximum(needed, paused.asked_after))


def ending(rng: np.random.Generator, intake: Intake, paused: Pause) -> tuple[Ints, Ints]:
    """Draw how each ends (RESULT …) and, for those who never answered, after how many working days."""
    count = len(intake.received)
    draw = rng.random(count)
    kind = np.select([draw < 0.009, draw < 0.014, draw < 0.016], [WITHDRAWN, REFUSED, STOPPED], RESULT)
    silent = (paused.kind == SUPPLEMENT) & (paused.answered == NEVER)
    kind = np.where(silent, np.where(draw < 0.6, WITHDRAWN, STOPPED), kind)
    return np.where(paused.kind == HALTED, STILL_OPEN, kind), rng.integers(18, 45, count)
