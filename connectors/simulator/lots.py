"""Cut a set into lots: for every dossier when it came and went, how it stands, its channel and its end; no day yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from connectors.simulator.amounts import Amounts
from connectors.simulator.book import STANDINGS
from connectors.simulator.days import Ints
from connectors.simulator.parts import ALL, CHANNELS

EARLY, ON_TIME, OVERDUE, UNDETERMINED, IN_TERM, PENDING_OVERDUE, PENDING_UNDETERMINED = range(7)
COUNTER, ONLINE, POST = 1, 2, 3
NOTHING, WITHDRAWN, REFUSED, STOPPED, SUSPENDED, NOT_ACCEPTED, AWAITING = range(7)
_CHANNELS: Final = {"counter": COUNTER, "online": ONLINE, "post": POST}
_ENDS: Final = {"withdrawn": WITHDRAWN, "refused": REFUSED, "stopped": STOPPED}
_LATE: Final = (OVERDUE, PENDING_OVERDUE)


@dataclass(frozen=True, slots=True)
class Lots:
    """One place per dossier. ``came``: stretch of receipt (−1: before the period); ``left``: of closing (their number:
    still open); ``standing``, ``channel``, ``end``: the words above."""

    came: Ints
    left: Ints
    standing: Ints
    channel: Ints
    end: Ints


def lots(amounts: Amounts, part: int, short: Ints, rng: np.random.Generator) -> Lots:
    """Match receipts with closings, oldest first: none leaves before it comes, and the late ones are the oldest.

    ``short``: stretches of one working day, in which nothing can come and be late.
    """
    stretches = range(len(amounts.layout.stretches))
    came_in = [amounts.of("carried_over", part), *(amounts.of("received", part, s, s) for s in stretches)]
    closing = [_shuffled(_closings(amounts, part, s), rng) for s in stretches]
    kinds = np.concatenate([*closing, _shuffled(_open(amounts, part), rng)]).astype(np.int64)
    left = np.repeat(range(len(closing) + 1), [*map(len, closing), len(kinds) - sum(map(len, closing))])
    came = _older(np.repeat(np.arange(-1, len(stretches)), came_in), left, kinds, short)
    return Lots(came, left, kinds, _channels(amounts, part, came, rng), _ends(amounts, part, kinds, rng))


def _closings(amounts: Amounts, part: int, stretch: int) -> dict[int, int]:
    return {kind: amounts.of(name, part, stretch, stretch) for kind, name in enumerate(STANDINGS)}


def _open(amounts: Amounts, part: int) -> dict[int, int]:
    names = {
        IN_TERM: "pending_in_term",
        PENDING_OVERDUE: "pending_overdue",
        PENDING_UNDETERMINED: "pending_undetermined",
    }
    return {kind: amounts.of(name, part) for kind, name in names.items()}


def _shuffled(counts: dict[int, int], rng: np.random.Generator) -> Ints:
    """Lay out so many of each kind, the late ones first."""
    late = [np.full(counts[kind], kind) for kind in _LATE if kind in counts]
    others = {kind: n for kind, n in counts.items() if kind not in _LATE}
    return np.concatenate([*late, rng.permutation(np.repeat(list(others), list(others.values())))])


def _older(came: Ints, left: Ints, standing: Ints, short: Ints) -> Ints:
    """Let those who are late and came in a ``short`` stretch change places with earlier ones who are not."""
    late = np.isin(standing, _LATE)
    for stretch in short:
        needs = np.flatnonzero(late & (came == stretch) & ((left == stretch) | (standing == PENDING_OVERDUE)))
        gives = np.flatnonzero(~late & (came < stretch) & (left >= stretch))[: len(needs)]
        needs = needs[: len(gives)]
        came[needs], came[gives] = came[gives], came[needs]
    return came


def _channels(amounts: Amounts, part: int, came: Ints, rng: np.random.Generator) -> Ints:
    channel = np.full(len(came), COUNTER, dtype=np.int64)
    for s in range(len(amounts.layout.stretches)):
        counts = [amounts.of(f"received_{name}", part, s, s) for name in _CHANNELS]
        channel[came == s] = rng.permutation(np.repeat(list(_CHANNELS.values()), counts))
    own = amounts.layout.parts[part].channels if part != ALL else CHANNELS
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
