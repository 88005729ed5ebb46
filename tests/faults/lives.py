"""Lives of two workers, a dashboard and a reader, and when they end: at any moment, or at a stage that is aimed at.

A stage that lasts milliseconds is not met by chance. Whoever is aimed at is killed by a signal of its own making, at a
passing of the stage that is drawn, or a moment after it that is drawn too; everybody else is killed as soon as it is
gone. What was met is what each had noted when it died, not what was aimed at.
"""

from __future__ import annotations

import random
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from metrics.scope import Scope
from store import issued, outbox, turns
from tests.faults import marks
from tests.faults.children import Child
from tests.faults.house import House
from tests.faults.readers import AwayError, Reader
from tests.faults.tally import Tally

UNBORN: Final = "before it had begun"
#: Lives that end at any moment, and how long such a life is at most, in seconds.
FREE: Final = 0.25
LONGEST_FREE: Final = 1.5
#: How long a life waits for its stage, and how often it is asked whether the stage can still come.
LONGEST: Final = 60.0
ASKED_EVERY: Final = 0.3
#: Stage → how many of its marks one passes at most, and how many seconds it lasts about.
STAGES: Final[dict[str, tuple[int, float]]] = {
    marks.READ: (15, 0.4), marks.FIGURES: (2, 0.4), marks.TURN: (5, 0.02), marks.PAGE: (1, 0.4), marks.DRAFT: (6, 0.6),
    marks.PRINT: (2, 0.8), marks.ISSUE: (9, 0.02), marks.MAIL: (12, 0.25),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Aim:
    """A stage, the passing of it, and the seconds after that at which a process is to die."""

    stage: str
    nth: int
    after: float


@dataclass(slots=True)
class Killer:
    """Cuts lives in a house short, by ``draw``. ``port``: of the dashboard; ``token``: of the reader's session."""

    house: House
    tally: Tally
    draw: random.Random
    port: int
    token: str = ""

    def hour(self, times: int) -> None:
        """Cut ``times`` lives short; the first third of them aim at nothing later than the draft of a report."""
        for nth in range(times):
            self._life(self._aim(early=3 * nth < times))

    def _life(self, aim: Aim | None) -> None:
        """Let everybody live for a moment, and kill them all."""
        told = {"die": aim.stage, "nth": aim.nth, "after": aim.after} if aim else {}
        lives = [self.house.worker(**told), self.house.worker(**told), self.house.dashboard(self.port, **told)]
        stop = threading.Event()
        reader = threading.Thread(target=_reads, args=(Reader([self.port], self.token), stop), daemon=True)
        reader.start()
        if aim:
            self._wait(aim, lives)
        else:
            time.sleep(self.draw.uniform(0.02, LONGEST_FREE))
        for child in self.draw.sample(lives, len(lives)):
            self.house.end(child)
        stop.set()
        reader.join()
        self.tally.times += 1
        met = {name for child in lives for name in child.stands()}
        begun = any(child.said() for child in lives)
        self.tally.hits.update(met or {marks.IDLE if begun else UNBORN})

    def _aim(self, *, early: bool) -> Aim | None:
        """Aim at the stage that was met least of those that may still come; now and then at nothing. ``early``: leave a
        report that is not drafted as it is, for the next life to draft."""
        reach = within_reach(self.house)
        undrafted = marks.DRAFT in reach
        if self.draw.random() < FREE:
            return None
        reach = tuple(stage for stage in reach if not (early and undrafted and stage == marks.ISSUE))
        stage = min(reach, key=lambda stage: self.tally.hits[stage])
        passings, seconds = STAGES[stage]
        if stage == marks.PRINT and (early or not undrafted):
            passings = 1  # printed once as a draft, to see that it can be, and once when it is issued
        after = self.draw.choice([0.0, self.draw.uniform(0, seconds)])
        return Aim(stage, self.draw.randint(1, passings), after)

    def _wait(self, aim: Aim, lives: list[Child]) -> None:
        """Wait until somebody died as aimed, or the stage cannot come any more: then they die where they are."""
        end, ask = time.monotonic() + LONGEST, time.monotonic() + ASKED_EVERY
        while time.monotonic() < end and not any(child.dead() for child in lives):
            time.sleep(0.005)
            if time.monotonic() > ask:
                if aim.stage not in within_reach(self.house):
                    break
                ask = time.monotonic() + ASKED_EVERY


def within_reach(house: House) -> tuple[str, ...]:
    """Give the stages that may still come at this hour: a report is drafted, printed and issued once, and mailed."""
    if house.owes():
        drafted = issued.editions_of(house.store, Scope.province(), states=("draft", "approved"))
        return (marks.PRINT, marks.ISSUE) if drafted else (marks.DRAFT, marks.PRINT, marks.ISSUE)
    always = (marks.READ, marks.FIGURES, marks.PAGE)
    mail = (marks.MAIL,) if outbox.any_open(house.store) else ()
    taken = turns.taken(house.store).values()
    due = any(turn.next_due_at <= house.now or (turn.begun_at and turn.outcome is None) for turn in taken)
    return (*always, *mail, *((marks.TURN,) if due or not taken else ()))


def _reads(reader: Reader, stop: threading.Event) -> None:
    while not stop.is_set():
        with suppress(AwayError, OSError, EOFError):
            reader.figures()
        stop.wait(0.1)
    reader.close()
