"""The offices at work, event by event: who queues, who is free, who is away, and when it is done.

Time runs in working seconds (Days.desk_clock). An officer takes what is most urgent, then what has waited longest (or
is due first), and keeps it until it is done, over the evening and over days off of one's own: papers wait on the desk.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np

from connectors.simulator.days import NEVER, WORKING_SECONDS, Ints
from connectors.simulator.flow.plan import ALWAYS, Plan
from connectors.simulator.flow.staff import Desks
from connectors.simulator.flow.ways import Ways


@dataclass(frozen=True, slots=True)
class Done:
    """What became of every step, in working seconds, NEVER where it was not reached; and the desk that did it."""

    queued: Ints
    began: Ints
    ended: Ints
    officer: Ints
    desk: Ints


def run(ways: Ways, submitted: Ints, desks: Desks, plan: Plan) -> Done:
    """Let the offices work until nothing is left to do, or the calendar ends. ``submitted`` in working seconds."""
    office = _Office(ways, desks, _handovers(plan, desks))
    office.open(submitted + (ways.before[ways.first] if len(ways.first) else 0), len(plan.days.working) - 5)
    asked = np.array
    return Done(
        asked(office.queued), asked(office.began), asked(office.ended), asked(office.officer), asked(office.desk)
    )


def _handovers(plan: Plan, desks: Desks) -> dict[int, tuple[int, int]]:
    """Give for each desk of a unit that ends: the moment, and the desk that has its papers from then on."""
    found = {}
    for unit, last in enumerate(plan.to_day.tolist()):
        if last < ALWAYS:
            moment = int(plan.days.count(last)) * WORKING_SECONDS
            for place in range(len(desks.names)):
                size = len(desks.names)
                found[unit * size + place] = (moment, int(plan.successor[unit]) * size + place)
    return found


class _Office:
    """The state of all desks. Events are (moment, number): a step that comes, or an officer who is free (negative)."""

    __slots__ = (
        "away", "before", "began", "desk", "ended", "events", "free", "last_of", "moves", "of_desk", "officer",
        "queued", "turn", "urgency", "waiting", "woken", "work",
    )  # fmt: skip

    def __init__(self, ways: Ways, desks: Desks, moves: dict[int, tuple[int, int]]) -> None:
        count = len(ways.who)
        self.desk, self.work, self.before = ways.desk.tolist(), ways.work.tolist(), ways.before.tolist()
        self.urgency, self.turn = ways.urgency.tolist(), ways.turn.tolist()
        last = np.zeros(count, dtype=bool)
        last[ways.first + ways.length - 1] = True
        self.last_of = last.tolist()
        self.queued, self.began, self.ended = [NEVER] * count, [NEVER] * count, [NEVER] * count
        self.officer = [NEVER] * count
        self.away, self.moves = desks.away, moves
        self.of_desk = {o: d for d, officers in enumerate(desks.officers) for o in officers}
        self.free = [deque(officers) for officers in desks.officers]
        self.waiting: list[list[tuple[int, int, int, int]]] = [[] for _ in desks.officers]
        self.woken: dict[int, int] = {}
        self.events: list[tuple[int, int, int]] = []

    def open(self, coming: Ints, days: int) -> None:
        """Work off every event up to the end of the calendar: (moment, kind, number)."""
        firsts = [n for n, last in enumerate([True, *self.last_of[:-1]]) if last]
        self.events = [(t, 1, n) for t, n in zip(coming.tolist(), firsts, strict=True)]
        self.events += [(moment, 2, desk) for desk, (moment, _) in self.moves.items()]
        heapify(self.events)
        events, end = self.events, days * WORKING_SECONDS
        while events:
            now, kind, number = heappop(events)
            if now >= end:
                break
            if kind == 0:
                desk = self.of_desk[number]
                self.free[desk].append(number)
            elif kind == 1:
                desk = self._come(now, number)
            else:
                desk = self._hand_over(now, number)
            if self.waiting[desk]:
                self._take(now, desk)

    def _come(self, now: int, step: int) -> int:
        desk: int = self.desk[step]
        while desk in self.moves and now >= self.moves[desk][0]:
            desk = self.moves[desk][1]
        self.desk[step], self.queued[step] = desk, now
        heappush(self.waiting[desk], (self.urgency[step], self.turn[step], now, step))
        return desk

    def _hand_over(self, now: int, desk: int) -> int:
        """Move what waits to the successor on its day; else this is a morning on which officers come back."""
        if desk not in self.moves or now < self.moves[desk][0]:
            return desk
        heir = self.moves[desk][1]
        for one in self.waiting[desk]:
            heappush(self.waiting[heir], one)
            self.desk[one[3]] = heir
        self.waiting[desk] = []
        return heir

    def _take(self, now: int, desk: int) -> None:
        """Give waiting steps to free officers who are here; look again tomorrow when all who are free are away."""
        free, waiting, today = self.free[desk], self.waiting[desk], now // WORKING_SECONDS
        for _ in range(len(free)):
            if not waiting:
                return
            officer = free.popleft()
            if today in self.away[officer]:
                free.append(officer)
                continue
            self._do(now, officer, heappop(waiting)[3])
        if free and waiting and self.woken.get(desk, -1) != today + 1:
            self.woken[desk] = today + 1
            heappush(self.events, ((today + 1) * WORKING_SECONDS, 2, desk))

    def _do(self, now: int, officer: int, step: int) -> None:
        away, left, at = self.away[officer], self.work[step], now
        while True:
            today = at // WORKING_SECONDS
            room = (today + 1) * WORKING_SECONDS - at
            if today not in away:
                if left < room:
                    break
                left -= room
            at += room
            if at > now + 600 * WORKING_SECONDS:
                break
        ended = at + left
        self.began[step], self.ended[step], self.officer[step] = now, ended, officer
        heappush(self.events, (ended, 0, officer))
        if not self.last_of[step]:
            heappush(self.events, (ended + self.before[step + 1], 1, step + 1))
