"""The worker that leads is killed, at every stage of its work; the one that waits takes over."""

from __future__ import annotations

import time
from datetime import timedelta

from tests.deploy.machine import wait_until
from tests.faults import marks
from tests.faults.children import Child
from tests.faults.house import OPENED, House, Street
from tests.faults.tally import Tally
from tests.faults.truth import everything

NAME = "worker killed while leader"
STAGES = (marks.READ, marks.FIGURES, marks.DRAFT, marks.PRINT, marks.ISSUE, marks.MAIL, marks.TURN)


def survive(street: Street, stages: tuple[str, ...] = STAGES, rounds: int = 2) -> Tally:
    """Kill the leader ``rounds`` times at each of ``stages``; every round is another Friday's morning."""
    tally = Tally(NAME, stages)
    with street.house("leader") as house:
        leads, at = house.worker(), 0
        for nth in range(1, rounds + 1):
            for stage in stages:
                house.read_before(OPENED + timedelta(days=4 + 7 * at))
                house.end(leads)
                leads = _killed(house, tally, stage, nth)
                at += 1
        house.end(leads)
        everything(house, tally)
    return tally


def _killed(house: House, tally: Tally, stage: str, nth: int) -> Child:
    """Let a worker lead that dies at a stage, and another wait; gives the one that took over."""
    doomed = house.worker(die=stage, nth=nth)
    wait_until(lambda: "leading" in doomed.said() or house.over(doomed), seconds=120)
    waiting = house.worker()
    wait_until(lambda: house.over(doomed), seconds=120)
    begun = time.monotonic()
    wait_until(lambda: "leading" in waiting.said(), seconds=120)
    tally.hit(stage)
    house.settle()
    tally.recovered.append(time.monotonic() - begun)
    return waiting
