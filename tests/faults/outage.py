"""The source is down for three days, refusing and not answering by turns: marked, then everything is caught up."""

from __future__ import annotations

import time
from datetime import timedelta

from connectors.simulator.faults import Faults
from jobs.heard import judged
from store import runs, snapshot
from tests.deploy.machine import wait_until
from tests.faults.house import OPENED, SOURCE, House, Street
from tests.faults.tally import Tally
from tests.faults.truth import everything, figures_of, true_figures

NAME = "source down for three days"
POINTS = ("refuses", "does not answer", "breaks off", "marked with its error", "marked silent")


def survive(street: Street, *, every_hours: int = 6, seed: int = 1) -> Tally:
    """Let three days of the province pass without its source, then let it answer."""
    tally = Tally(NAME, POINTS)
    with street.house("outage") as house:
        house.worker()
        house.settle()
        before = figures_of(house)
        kinds = POINTS[:3]
        for n, hours in enumerate(range(every_hours, 72 + 1, every_hours)):
            house.set_clock(OPENED + timedelta(hours=hours))
            _fails(house, tally, kinds[n % 3], seed + n)
            if figures_of(house)["received"] != before["received"]:
                tally.doubled.append("figures changed while nothing was read")
        _silent(house, tally)
        begun = time.monotonic()
        house.desk.mishaps = None
        if house.speaks is None:
            house.open_source()
        house.set_clock(OPENED + timedelta(hours=73))
        house.settle()
        tally.recovered.append(time.monotonic() - begun)
        if true_figures(house)["received"] <= before["received"]:
            tally.lost.append("nothing happened in the three days: the fault says nothing")
        everything(house, tally)
    return tally


def _fails(house: House, tally: Tally, how: str, seed: int) -> None:
    """Let the source fail in one way until a run by the clock has failed."""
    if how == "refuses":
        house.close_source()
    else:
        if house.speaks is None:
            house.open_source()
        kind = "timeout" if how == "does not answer" else "cut"
        house.desk.mishaps = Faults(seed, {kind: 1.0}, held_seconds=6.0)

    def failed() -> bool:
        known = runs.latest(house.store)
        return bool(known["last_state"][0] == "failed" and known["last_run_at"][0] == house.now)

    wait_until(failed, seconds=120)
    tally.hit(how)
    error = str(runs.latest(house.store)["last_error"][0])
    if "minh-son" in error and len(error) > 40:
        tally.hits["marked with its error"] += 1


def _silent(house: House, tally: Tally) -> None:
    """See that whoever asks is told that the source is silent."""
    state = snapshot.read_manifest(house.store)
    assert state is not None
    told = judged(house.store, state, as_of=house.now.date(), known_at=house.now).silent
    if any(one.source == SOURCE for one in told):
        tally.hits["marked silent"] += 1
