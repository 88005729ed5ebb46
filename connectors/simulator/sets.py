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
from connectors.simulator.amounts import STANDINGS, Amounts
from connectors.simulator.days import Days, Ints, day_number
from connectors.simulator.parts import ALL, CHANNELS, OTHER_FIELD, Part
from connectors.simulator.province import worked

EARLY, ON_TIME, OVERDUE, UNDETERMINED, IN_TERM, PENDING_OVERDUE, PENDING_UNDETERMINED = range(7)
COUNTER, ONLINE, POST = 1, 2, 3
NOTHING, WITHDRAWN, REFUSED, STOPPED, SUSPENDED, NOT_ACCEPTED, AWAITING = range(7)
NO_DAY: Final = -1
#: Working days in which what was carried over had come in, and in which a backlog is worked off.
_BEFORE, _WORKED_OFF = 20, 20
_CHANNELS: Final = {"counter": COUNTER, "online": ONLINE, "post": POST}
_ENDS: Final = {"withdrawn": WITHDRAWN, "refused": REFUSED, "stopped": STOPPED}


@dataclass(frozen=True, slots=True)
class Set:
    """``drawn``: one row per dossier: department, procedure (row of trade.procedures), field (null: the procedure's),
    channel, standing, end, received, closed, due, asked (working days by their number, NO_DAY where there is none)."""

    amounts: Amounts
    days: Days
    departments: tuple[str, ...]
    drawn: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Lots:
    """What is settled before any day is drawn: the stretch of receipt (−1: before) and of closing (one more: open)."""

    came: Ints
    left: Ints
    standing: Ints
    channel: Ints
    end: Ints


def draw(amounts: Amounts, *, seed: int) -> Set:
    """Draw the set; the same numbers and seed give the same dossiers. Raises ConfigError where no days can be found."""
    rng = np.random.default_rng(seed)
    first, last = amounts.from_on - timedelta(days=90), amounts.to_on + timedelta(days=400)
    days = Days.between(first, last, worked(calendar.load()))
    numbered = list(enumerate(amounts.parts)) or [(ALL, Part(amounts.told.departments or ("Trung tâm",)))]
    names = tuple(dict.fromkeys(d for _, part in numbered for d in part.departments))
    frames = [_part(amounts, at, part, names, days, rng) for at, part in numbered]
    drawn = pl.concat([*frames, _apart(amounts, numbered[-1][1], names, days, rng)])
    return Set(amounts, days, names, drawn.sort("received", maintain_order=True))


def _part(
    amounts: Amounts, at: int, part: Part, names: tuple[str, ...], days: Days, rng: np.random.Generator
) -> pl.DataFrame:
    lots = _lots(amounts, at, rng)
    unit = rng.integers(0, len(part.departments), len(lots.came))
    pools = [trade.pool(d, part.field, part.without) for d in part.departments]
    limit = _by_unit(unit, pools, lambda pool, n: pool.limit[rng.integers(0, len(pool.limit), n)])
    received, closed, due = _days(amounts, lots, limit, days, rng)
    wanted = np.where(due > NO_DAY, due - received, limit)
    procedure = np.zeros(len(unit), dtype=np.int64)
    for number, pool in enumerate(pools):
        procedure[unit == number] = pool.near(wanted[unit == number], rng)
    return _frame(part, names, unit, procedure, lots, received, closed, due, _asked(lots, received, amounts, days, rng))


def _by_unit(unit: Ints, pools: list[trade.Pool], draw_one: object) -> Ints:
    values = np.zeros(len(unit), dtype=np.int64)
    for number, pool in enumerate(pools):
        here = unit == number
        values[here] = draw_one(pool, int(here.sum()))  # type: ignore[operator]
    return values


def _lots(amounts: Amounts, part: int, rng: np.random.Generator) -> _Lots:
    """Match receipts with closings, oldest first: none leaves before it comes, and the late ones are the oldest."""
    stretches = range(len(amounts.stretches))
    came_in = [amounts.of("carried_over", part), *(amounts.of("received", part, s, s) for s in stretches)]
    came = np.repeat(np.arange(-1, len(stretches)), came_in)
    left, standing = [], []
    for s in stretches:
        counts = {k: amounts.of(name, part, s, s) for k, name in enumerate(STANDINGS)}
        late = counts.pop(OVERDUE)
        rest = rng.permutation(np.repeat(list(counts), list(counts.values())))
        standing += [np.full(late, OVERDUE), rest]
        left.append(np.full(late + len(rest), s))
    open_ones = [amounts.of(k, part) for k in ("pending_in_term", "pending_undetermined")]
    late, rest = amounts.of("pending_overdue", part), np.repeat([IN_TERM, PENDING_UNDETERMINED], open_ones)
    standing += [np.full(late, PENDING_OVERDUE), rng.permutation(rest)]
    left.append(np.full(late + len(rest), len(stretches)))
    kinds = np.concatenate(standing).astype(np.int64)
    goes = np.concatenate(left).astype(np.int64)
    return _Lots(came, goes, kinds, _channels(amounts, part, came, rng), _ends(amounts, part, kinds, rng))


def _channels(amounts: Amounts, part: int, came: Ints, rng: np.random.Generator) -> Ints:
    channel = np.full(len(came), COUNTER, dtype=np.int64)
    for s in range(len(amounts.stretches)):
        counts = [amounts.of(f"received_{name}", part, s, s) for name in _CHANNELS]
        channel[came == s] = rng.permutation(np.repeat(list(_CHANNELS.values()), counts))
    own = amounts.parts[part].channels if part != ALL else CHANNELS
    channel[came < 0] = rng.choice([_CHANNELS[c] for c in own], int((came < 0).sum()))
    return channel


def _ends(amounts: Amounts, part: int, standing: Ints, rng: np.random.Generator) -> Ints:
    """Draw who ends without a result and whose clock stands."""
    end = np.full(len(standing), NOTHING, dtype=np.int64)
    closed = rng.permutation(np.flatnonzero(standing <= UNDETERMINED))
    taken = 0
    for name, kind in _ENDS.items():
        count = amounts.of(name, part)
        end[closed[taken : taken + count]] = kind
        taken += count
    running = rng.permutation(np.flatnonzero(standing == IN_TERM))
    end[running[: amounts.of("pending_suspended", part)]] = SUSPENDED
    return end


def _days(amounts: Amounts, lots: _Lots, limit: Ints, days: Days, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Draw receipt, closing and due day as places in the list of working days."""
    first, last = _bounds(amounts, days)
    ra, rb = np.r_[first, first[0] - _BEFORE][lots.came], np.r_[last, first[0] - 1][lots.came]
    is_open = lots.left == len(first)
    here = np.where(is_open, 0, lots.left)
    ca, cb = first[here], last[here]
    late, share = lots.standing == OVERDUE, rng.random(len(limit))
    took = np.select(
        [lots.standing == ON_TIME, late],
        [limit, limit + 1 + rng.exponential(5.0, len(limit)).astype(np.int64)],
        (share * np.maximum(limit, 1)).astype(np.int64),
    )
    cb = np.where(lots.came < lots.left, np.minimum(cb, ca + _WORKED_OFF), cb)
    start = np.minimum(np.maximum(ca, ra + np.maximum(took, late)), cb)
    closed = start + (rng.random(len(limit)) * (cb - start + 1)).astype(np.int64)
    latest = np.minimum(rb, closed - late)
    if (~is_open & (latest < ra)).any():
        raise _no_room(amounts, "a dossier that comes and goes on one working day cannot be overdue.")
    received = np.clip(closed - took, ra, np.maximum(latest, ra))
    due = np.select(
        [lots.standing == EARLY, lots.standing == ON_TIME, late],
        [np.maximum(received + limit, closed + 1), closed, np.minimum(received + limit, closed - 1)],
        NO_DAY,
    )
    waiting, promised = _open(amounts, lots, limit, days, (ra, rb), rng)
    return np.where(is_open, waiting, received), np.where(is_open, NO_DAY, closed), np.where(is_open, promised, due)


def _open(
    amounts: Amounts, lots: _Lots, limit: Ints, days: Days, room: tuple[Ints, Ints], rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Draw receipt and due day of the pending: due after the last day of the period, or before it."""
    ra, rb = room
    end = day_number(amounts.to_on)
    last_before_end, last_day = int(days.count(end - 1)) - 1, int(days.count(end)) - 1
    late = lots.standing == PENDING_OVERDUE
    rb = np.where(late, np.minimum(rb, last_before_end), rb)
    if (late & (rb < ra)).any():
        raise _no_room(amounts, "a dossier that comes on the last day cannot be pending overdue at its end.")
    start = np.maximum(ra, rb - _WORKED_OFF * np.where(late, 3, 1))
    received = start + (rng.random(len(limit)) * (rb - start + 1)).astype(np.int64)
    due = np.where(late, np.minimum(received + limit, last_before_end), np.maximum(received + limit, last_day + 1))
    return received, np.where(lots.standing == PENDING_UNDETERMINED, NO_DAY, due)


def _bounds(amounts: Amounts, days: Days) -> tuple[Ints, Ints]:
    """Give first and last working day of each stretch by their numbers."""
    first = np.array([int(days.count(day_number(s) - 1)) for s, _ in amounts.stretches], dtype=np.int64)
    last = np.array([int(days.count(day_number(e))) - 1 for _, e in amounts.stretches], dtype=np.int64)
    for at in np.flatnonzero(last < first):
        start, end = amounts.stretches[int(at)]
        moved = sum(amounts.of(k, ALL, int(at), int(at)) for k in ("received", "resolved"))
        if moved:
            step = "Leave received and resolved of these days at 0, or give the stretch a working day."
            raise ConfigError(f"totals, {start} to {end}", "no day of it is a working day.", step)
    return first, np.maximum(first, last)


def _no_room(amounts: Amounts, found: str) -> ConfigError:
    step = "Give a longer period or stretch, or more carried_over."
    return ConfigError(f"totals, {amounts.from_on} to {amounts.to_on}", found, step)


def _asked(lots: _Lots, received: Ints, amounts: Amounts, days: Days, rng: np.random.Generator) -> Ints:
    """Draw the day on which the clocks that stand were stopped."""
    last = int(days.count(day_number(amounts.to_on))) - 1
    asked = received + (rng.random(len(received)) * (last - received + 1)).astype(np.int64)
    return np.where(lots.end == SUSPENDED, asked, NO_DAY)


def _frame(
    part: Part, names: tuple[str, ...], unit: Ints, procedure: Ints, lots: _Lots, *moments: Ints
) -> pl.DataFrame:
    at = np.array([names.index(d) for d in part.departments], dtype=np.int64)
    field = part.field or (
        OTHER_FIELD if part.without and not trade.pool("", "", part.without).procedure.size else None
    )
    return pl.DataFrame(
        {
            "department": at[unit], "procedure": procedure, "channel": lots.channel, "standing": lots.standing,
            "end": lots.end, **dict(zip(("received", "closed", "due", "asked"), moments, strict=True)),
        }
    ).with_columns(field=pl.lit(field, pl.String))  # fmt: skip


def _apart(amounts: Amounts, part: Part, names: tuple[str, ...], days: Days, rng: np.random.Generator) -> pl.DataFrame:
    """Draw those that were never received: turned down at once, or waiting since the last working days."""
    first, last = _bounds(amounts, days)
    counts = [amounts.of("not_accepted"), amounts.of("awaiting_acceptance")]
    end = np.repeat([NOT_ACCEPTED, AWAITING], counts)
    count, none = len(end), np.full(sum(counts), NO_DAY)
    lots = _Lots(none, none, np.full(count, PENDING_UNDETERMINED), np.full(count, ONLINE), end)
    start = np.where(end == AWAITING, max(int(last[-1]) - 3, int(first[0])), int(first[0]))
    submitted = start + (rng.random(count) * (last[-1] - start + 1)).astype(np.int64)
    pool = trade.pool(part.departments[0], part.field, part.without)
    procedure = pool.procedure[rng.integers(0, len(pool.procedure), count)]
    return _frame(
        part, names, rng.integers(0, len(part.departments), count), procedure, lots, submitted, none, none, none
    )
