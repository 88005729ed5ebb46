"""Draw the dossiers of a set whose numbers are settled: exactly so many of each kind, with days that make it true.

Days are drawn as places in the list of working days, so that limits, waits and delays are plain differences.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
import polars as pl

from config import calendar
from config.errors import ConfigError
from connectors.simulator import trade
from connectors.simulator.amounts import Amounts
from connectors.simulator.days import Days, Ints, day_number
from connectors.simulator.lots import (
    AWAITING,
    EARLY,
    NOT_ACCEPTED,
    ON_TIME,
    ONLINE,
    OVERDUE,
    PENDING_OVERDUE,
    PENDING_UNDETERMINED,
    SUSPENDED,
    UNDETERMINED,
    Lots,
    lots,
)
from connectors.simulator.parts import ALL, Part
from connectors.simulator.province import worked

NO_DAY: Final = -1
#: Working days in which what was carried over had come in, and in which a backlog is worked off.
_BEFORE, _WORKED_OFF = 20, 20


@dataclass(frozen=True, slots=True)
class Set:
    """``drawn``: one row per dossier: department, procedure (row of trade.procedures), field (null: the procedure's),
    channel, standing, end, received, closed, due, asked (working days by their number, NO_DAY where there is none)."""

    amounts: Amounts
    days: Days
    departments: tuple[str, ...]
    drawn: pl.DataFrame


def draw(amounts: Amounts, *, seed: int) -> Set:
    """Draw the set; the same numbers and seed give the same dossiers. Raises ConfigError where no days can be found."""
    rng = np.random.default_rng(seed)
    first, last = amounts.layout.from_on - timedelta(days=90), amounts.layout.to_on + timedelta(days=400)
    days = Days.between(first, last, worked(calendar.load()))
    numbered = list(enumerate(amounts.layout.parts)) or [(ALL, Part(amounts.told.departments or ("Trung tâm",)))]
    names = tuple(dict.fromkeys(d for _, part in numbered for d in part.departments))
    frames = [_part(amounts, at, part, names, days, rng) for at, part in numbered]
    drawn = pl.concat([*frames, _apart(amounts, numbered[-1][1], names, days, rng)])
    return Set(amounts, days, names, drawn.sort("received", maintain_order=True))


def _part(
    amounts: Amounts, at: int, part: Part, names: tuple[str, ...], days: Days, rng: np.random.Generator
) -> pl.DataFrame:
    first, last = _bounds(amounts, days)
    cut = lots(amounts, at, np.flatnonzero(first == last), rng)
    unit = rng.integers(0, len(part.departments), len(cut.came))
    pools = [trade.pool(d, part.field, part.without) for d in part.departments]
    limit, procedure = np.zeros_like(unit), np.zeros_like(unit)
    for number, pool in enumerate(pools):
        mine = unit == number
        limit[mine] = rng.choice(pool.limit, int(mine.sum()))
    received, closed, due = _days(amounts, cut, limit, days, rng)
    wanted = np.where(due > NO_DAY, due - received, limit)
    for number, pool in enumerate(pools):
        procedure[unit == number] = pool.near(wanted[unit == number], rng)
    return _frame(part, names, unit, procedure, cut, received, closed, due, _asked(cut, received, amounts, days, rng))


def _days(amounts: Amounts, cut: Lots, limit: Ints, days: Days, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Draw receipt, closing and due day as places in the list of working days."""
    first, last = _bounds(amounts, days)
    room = np.r_[first, first[0] - _BEFORE][cut.came], np.r_[last, first[0] - 1][cut.came]
    is_open = cut.left == len(first)
    ends = np.where(is_open, 0, cut.left)
    received, closed = _closed(amounts, cut, limit, room, (first[ends], last[ends]), rng)
    waiting, promised = _open(amounts, cut, limit, days, room, rng)
    due = _due(cut, limit, received, closed)
    return np.where(is_open, waiting, received), np.where(is_open, NO_DAY, closed), np.where(is_open, promised, due)


def _closed(
    amounts: Amounts,
    cut: Lots,
    limit: Ints,
    room: tuple[Ints, Ints],
    ends: tuple[Ints, Ints],
    rng: np.random.Generator,
) -> tuple[Ints, Ints]:
    """Draw receipt and closing of the resolved, each inside its stretch, so far apart as the standing wants."""
    (ra, rb), (ca, cb) = room, ends
    late, took = cut.standing == OVERDUE, _took(cut, limit, rng)
    cb = np.where(cut.came < cut.left, np.minimum(cb, ca + _WORKED_OFF), cb)
    start = np.minimum(np.maximum(ca, ra + np.maximum(took, late)), cb)
    closed = start + (rng.random(len(limit)) * (cb - start + 1)).astype(np.int64)
    latest = np.minimum(rb, closed - late)
    if ((cut.standing <= UNDETERMINED) & (latest < ra)).any():
        raise _no_room(amounts, "a dossier that comes and goes on one working day cannot be overdue.")
    return np.clip(closed - took, ra, np.maximum(latest, ra)), closed


def _took(cut: Lots, limit: Ints, rng: np.random.Generator) -> Ints:
    """Draw how many working days each wants to take: its limit, less, or more."""
    more = limit + 1 + rng.exponential(5.0, len(limit)).astype(np.int64)
    less = (rng.random(len(limit)) * np.maximum(limit, 1)).astype(np.int64)
    return np.select([cut.standing == ON_TIME, cut.standing == OVERDUE], [limit, more], less)


def _due(cut: Lots, limit: Ints, received: Ints, closed: Ints) -> Ints:
    """Promise the end of the limit where the standing allows it, else the nearest day that does."""
    kinds = [cut.standing == EARLY, cut.standing == ON_TIME, cut.standing == OVERDUE]
    early, late = np.maximum(received + limit, closed + 1), np.minimum(received + limit, closed - 1)
    return np.select(kinds, [early, closed, late], NO_DAY)


def _open(
    amounts: Amounts, cut: Lots, limit: Ints, days: Days, room: tuple[Ints, Ints], rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Draw receipt and due day of the pending: due after the last day of the period, or before it."""
    ra, rb = room
    end = day_number(amounts.layout.to_on)
    last_before_end, last_day = int(days.count(end - 1)) - 1, int(days.count(end)) - 1
    late = cut.standing == PENDING_OVERDUE
    rb = np.where(late, np.minimum(rb, last_before_end), rb)
    if (late & (rb < ra)).any():
        raise _no_room(amounts, "a dossier that comes on the last day cannot be pending overdue at its end.")
    start = np.maximum(ra, rb - _WORKED_OFF * np.where(late, 3, 1))
    received = start + (rng.random(len(limit)) * (rb - start + 1)).astype(np.int64)
    due = np.where(late, np.minimum(received + limit, last_before_end), np.maximum(received + limit, last_day + 1))
    return received, np.where(cut.standing == PENDING_UNDETERMINED, NO_DAY, due)


def _bounds(amounts: Amounts, days: Days) -> tuple[Ints, Ints]:
    """Give first and last working day of each stretch by their numbers."""
    first = np.array([int(days.count(day_number(s) - 1)) for s, _ in amounts.layout.stretches], dtype=np.int64)
    last = np.array([int(days.count(day_number(e))) - 1 for _, e in amounts.layout.stretches], dtype=np.int64)
    for at in np.flatnonzero(last < first):
        start, end = amounts.layout.stretches[int(at)]
        moved = sum(amounts.of(k, ALL, int(at), int(at)) for k in ("received", "resolved"))
        if moved:
            step = "Leave received and resolved of these days at 0, or give the stretch a working day."
            raise ConfigError(f"totals, {start} to {end}", "no day of it is a working day.", step)
    return first, np.maximum(first, last)


def _no_room(amounts: Amounts, found: str) -> ConfigError:
    step = "Give a longer period or stretch, or more carried_over."
    return ConfigError(f"totals, {amounts.layout.from_on} to {amounts.layout.to_on}", found, step)


def _asked(cut: Lots, received: Ints, amounts: Amounts, days: Days, rng: np.random.Generator) -> Ints:
    """Draw the day on which the clocks that stand were stopped."""
    last = int(days.count(day_number(amounts.layout.to_on))) - 1
    asked = received + (rng.random(len(received)) * (last - received + 1)).astype(np.int64)
    return np.where(cut.end == SUSPENDED, asked, NO_DAY)


def _frame(part: Part, names: tuple[str, ...], unit: Ints, procedure: Ints, cut: Lots, *moments: Ints) -> pl.DataFrame:
    at = np.array([names.index(d) for d in part.departments], dtype=np.int64)
    return pl.DataFrame(
        {
            "department": at[unit], "procedure": procedure, "channel": cut.channel, "standing": cut.standing,
            "end": cut.end, **dict(zip(("received", "closed", "due", "asked"), moments, strict=True)),
        }
    ).with_columns(field=pl.lit(part.field or None, pl.String))  # fmt: skip


def _apart(amounts: Amounts, part: Part, names: tuple[str, ...], days: Days, rng: np.random.Generator) -> pl.DataFrame:
    """Draw those that were never received: turned down at once, or waiting since the last working days."""
    first, last = _bounds(amounts, days)
    counts = [amounts.of("not_accepted"), amounts.of("awaiting_acceptance")]
    end = np.repeat([NOT_ACCEPTED, AWAITING], counts)
    count, none = len(end), np.full(sum(counts), NO_DAY)
    cut = Lots(none, none, np.full(count, PENDING_UNDETERMINED), np.full(count, ONLINE), end)
    start = np.where(end == AWAITING, max(int(last[-1]) - 3, int(first[0])), int(first[0]))
    submitted = start + (rng.random(count) * (last[-1] - start + 1)).astype(np.int64)
    pool = trade.pool(part.departments[0], part.field, part.without)
    procedure = pool.procedure[rng.integers(0, len(pool.procedure), count)]
    return _frame(
        part, names, rng.integers(0, len(part.departments), count), procedure, cut, submitted, none, none, none
    )
