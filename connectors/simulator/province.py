"""The whole province as one frame of plans: what happens to every dossier, and when. State is read off it (state.py).

Deterministic for (seed, day of opening): the same seed gives the same province, and a longer future the same past.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from config import calendar
from connectors.simulator import lives, queues, scenes
from connectors.simulator.arrivals import BLOCK_DAYS, COUNTER, ONLINE, arrivals
from connectors.simulator.days import DAY, NEVER, Days, Floats, Ints, day_number
from connectors.simulator.tables import Tables, tables

MONTHS_BACK_DAYS: Final = 548  # eighteen months
DEFECTS: Final = ("status", "date", "code", "year")


@dataclass(frozen=True, slots=True)
class Province:
    """A seed, the day it was opened, and the plans of all dossiers submitted until ``until``."""

    seed: int
    opened_on: date
    until: date
    size: float
    days: Days
    plans: pl.DataFrame


def build(seed: int, opened_on: date, until: date, *, size: float = 1.0) -> Province:
    """Draw the province from eighteen months before ``opened_on`` to at least ``until``, ``size`` times as large.

    ``plans``: unit, procedure (indices), channel, serial, all moments as wall seconds or NEVER, kinds of lives.py.
    """
    days = Days.between(opened_on - timedelta(days=720), opened_on + timedelta(days=3650), worked(calendar.load()))
    known, opened = tables(), day_number(opened_on)
    first = -(-MONTHS_BACK_DAYS // BLOCK_DAYS)
    last = max(0, (until - opened_on).days // BLOCK_DAYS + 1)
    blocks = [_block(seed, number, known, days, opened, size) for number in range(-first, last)]
    drawn = {name: np.concatenate([b[name] for b in blocks]) for name in blocks[0]}
    kept = drawn["submitted"] >= (opened - MONTHS_BACK_DAYS) * DAY
    drawn = {name: values[kept] for name, values in drawn.items()}
    plans = pl.DataFrame(_lived(drawn, known, days, opened)).with_row_index("number")
    return Province(seed, opened_on, opened_on + timedelta(days=last * BLOCK_DAYS), size, days, plans)


def worked(days: calendar.CalendarDays) -> Callable[[date], bool]:
    """Tell working days: Monday to Friday, less the days off, and the rest days worked instead."""
    return lambda day: day in days.made_up or (day.weekday() < 5 and day not in days.off)


def _usual_lateness(seed: int, tables: Tables) -> Floats:
    return np.random.default_rng([seed, 7]).uniform(0.009, 0.031, len(tables.units))


def _block(seed: int, number: int, known: Tables, days: Days, opened: int, size: float) -> dict[str, np.ndarray]:
    """Draw everything about one block that does not depend on other dossiers."""
    rng = np.random.default_rng([seed, 10_000 + number])
    came = arrivals(rng, known, days, opened + number * BLOCK_DAYS, opened, size)
    count = len(came.submitted)
    intake = lives.take_in(rng, came, known, days)
    paid = known.procedures["paid"].to_numpy()[came.procedure]
    paused = lives.pause(rng, intake, paid, days)
    codes, usual = known.units["code"].to_list(), _usual_lateness(seed, known)
    chance = scenes.chance_of_lateness(codes, came.unit, intake.received // DAY, opened, usual)
    late = rng.random(count) < chance
    extended = lives.extend(rng, intake, paused, late, days)
    speed = known.units["speed"].to_numpy()[came.unit]
    needed = lives.working_days_needed(rng, intake, paused, extended, late, speed, days)
    end, patience = lives.ending(rng, intake, paused)
    return {
        "unit": came.unit, "procedure": came.procedure, "channel": came.channel, "serial": came.serial,
        "submitted": came.submitted, "entered": intake.entered, "received": intake.received,
        "rejected": intake.rejected, "due": intake.due, "limit": intake.limit, "pause": paused.kind,
        "asked": paused.asked, "answered": paused.answered, "waited": paused.waited, "asked_after": paused.asked_after,
        "extended": extended.sent, "extended_due": extended.due, "needed": needed, "end": end, "patience": patience,
        "started_after": rng.integers(900, 14_000, count), "moment": rng.random(count),
        "collected_after": rng.integers(0, 6, count), "collected_at": rng.random(count),
        "collected": rng.random(count) < 0.965, "no_due": rng.random(count) < lives.WITHOUT_DUE,
        "mistyped": np.where(
            (rng.random(count) < lives.FINISH_MISTYPED) & (paused.kind == lives.NO_PAUSE) & (extended.sent == NEVER),
            rng.integers(3600, 3 * DAY, count), 0,
        ),
        "defect": np.where(rng.random(count) < lives.UNUSABLE / size, rng.integers(1, 1 + len(DEFECTS), count), 0),
        "business": rng.random(count) < known.procedures["business"].to_numpy()[came.procedure],
    }  # fmt: skip


def _lived(drawn: dict[str, np.ndarray], known: Tables, days: Days, opened: int) -> dict[str, np.ndarray]:
    """Add what depends on the others: the wait for an officer, then every later moment."""
    received, accepted = drawn["received"], drawn["received"] > NEVER
    waits = queues.days_waited(drawn["unit"], drawn["procedure"], received, known, days, opened)
    # A dossier that waits has no time lost twice: what the officer does takes a third of the limit at most.
    needed = np.maximum(drawn["needed"], np.where(waits > 0, waits + drawn["limit"] // 3, 0))
    silent = (drawn["pause"] == lives.SUPPLEMENT) & (drawn["answered"] == NEVER)
    total = np.where(silent, drawn["asked_after"] + drawn["patience"], needed + drawn["waited"])
    closed = _close(drawn, total, days)
    closed = np.where(accepted & (drawn["end"] != lives.STILL_OPEN), closed, NEVER)
    start = np.minimum(
        days.wall_clock(days.desk_clock(received) + drawn["started_after"]), np.where(closed > 0, closed - 60, 2**62)
    )
    extended = np.where((drawn["extended"] > NEVER) & (drawn["extended"] < closed), drawn["extended"], NEVER)
    finish = np.where(drawn["mistyped"] > 0, received - drawn["mistyped"], closed)
    extra = {
        "closed": closed,
        "finish": np.where(closed > NEVER, finish, NEVER),
        "started": np.where(accepted, start, NEVER),
        "extended": extended,
        "extended_due": np.where(extended > NEVER, drawn["extended_due"], NEVER),
        "answered_due": _moved(drawn, days),
        "returned": _handed_over(drawn, closed, days),
    }
    return {k: v for k, v in drawn.items() if k not in _USED_UP} | extra


_USED_UP: Final = (
    "needed", "patience", "started_after", "moment", "collected", "collected_after", "collected_at", "mistyped",
    "asked_after", "limit",
)  # fmt: skip


def _close(drawn: dict[str, np.ndarray], total: Ints, days: Days) -> Ints:
    """Give the moment of closing: in office hours of its day, after all that came before."""
    day = drawn["received"] // DAY
    closing_day = np.where(total > 0, days.shift(day, total), day)
    closing = days.at_desk(closing_day, drawn["moment"])
    earliest = np.maximum(drawn["received"] + 1500, np.maximum(drawn["asked"], drawn["answered"]) + 600)
    closing = np.maximum(closing, earliest)
    return np.where(
        days.is_working(closing // DAY), closing, days.at_desk(days.on_or_after(closing // DAY), drawn["moment"] / 8)
    )


def _moved(drawn: dict[str, np.ndarray], days: Days) -> Ints:
    """Give the promise after the applicant answered: moved by the working days waited (NĐ 61/2018, NĐ 118/2025)."""
    day, second = np.divmod(drawn["due"], DAY)
    moved = np.where(drawn["waited"] > 0, days.shift(day, drawn["waited"]), day)
    return np.where(drawn["answered"] > NEVER, moved * DAY + second, NEVER)


def _handed_over(drawn: dict[str, np.ndarray], closed: Ints, days: Days) -> Ints:
    """Results are taken home some days later; online ones are opened at any hour, others at the counter."""
    online = drawn["channel"] == ONLINE
    day = closed // DAY + drawn["collected_after"] // 2
    from_home = day * DAY + (7 * 3600 + drawn["collected_at"] * 15 * 3600).astype(np.int64)
    counter_day = np.where(drawn["channel"] == COUNTER, drawn["collected_after"], drawn["collected_after"] + 1)
    at_counter = days.at_desk(days.shift(closed // DAY, counter_day), drawn["collected_at"])
    moment = np.maximum(np.where(online, from_home, at_counter), closed + 300)
    result = (closed > NEVER) & (drawn["end"] == lives.RESULT) & drawn["collected"]
    return np.where(result, moment, NEVER)
