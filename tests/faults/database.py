"""PostgreSQL is restarted, as a power cut does it and as an operator does it, while sources are read and pages drawn.

The clock goes on by minutes: a session of a reader would end after two hours.
"""

from __future__ import annotations

import random
import threading
import time
from contextlib import suppress
from datetime import timedelta

from tests.deploy.machine import wait_until
from tests.faults import marks
from tests.faults.house import OPENED, PATIENCE, House, Street
from tests.faults.readers import Reader
from tests.faults.tally import Tally
from tests.faults.truth import everything

NAME = "database restarted under load"
MODES = ("immediate", "fast")
LOADS = (marks.READ, marks.PAGE)


def survive(street: Street, *, restarts: int = 10, readers: int = 4, seed: int = 1, pages: bool = True) -> Tally:
    """Restart ``restarts`` times, by turns in each of MODES, at moments drawn by ``seed``."""
    tally = Tally(
        NAME, (*MODES, *(LOADS if pages else LOADS[:1]), "one worker leads", *(["pages read"] if pages else []))
    )
    draw = random.Random(seed)
    with street.house("database") as house:
        house.worker()
        house.worker()
        house.settle()
        dashboard = house.dashboard() if pages else None
        crowd = _crowd(house, dashboard.port, readers) if dashboard else []
        stop = threading.Event()
        threads = [threading.Thread(target=_reads, args=(one, stop, tally), daemon=True) for one in crowd]
        for thread in threads:
            thread.start()
        for n in range(restarts):
            house.set_clock(OPENED + timedelta(minutes=9 * (n + 1)))
            _restart(street, house, tally, MODES[n % 2], draw, LOADS[n // 2 % 2 if pages else 0])
            _one_leads(house, tally)
        stop.set()
        for thread in threads:
            thread.join()
        if crowd:
            house.set_clock(house.now + timedelta(minutes=1))
            house.settle()
            texts = {one.at_last(PATIENCE) for one in crowd}
            tally.lost += [f"{len(texts)} readers see different figures"] * (len(texts) != 1 or "" in texts)
        everything(house, tally)
    return tally


def _crowd(house: House, port: int, readers: int) -> list[Reader]:
    crowd = [Reader([port], token) for token in house.sessions(readers)]
    wait_until(crowd[0].welcome, seconds=120)
    return crowd


def _reads(reader: Reader, stop: threading.Event, tally: Tally) -> None:
    """Read the page again and again; what fails while the database is away is the reader's to see."""
    while not stop.is_set():
        with suppress(OSError, TimeoutError, EOFError):
            reader.figures()
            tally.hits["pages read"] += 1
        stop.wait(0.1)


def _restart(street: Street, house: House, tally: Tally, mode: str, draw: random.Random, load: str) -> None:
    """Restart while somebody is at ``load``, and wait until all that is due is done."""
    with suppress(TimeoutError):
        wait_until(lambda: any(load in child.stands() for child in house.children), seconds=30)
    time.sleep(draw.uniform(0, 0.2))
    met = {name for child in house.children for name in child.stands()}
    street.cluster.stop(mode)
    begun = time.monotonic()
    street.cluster.start()
    tally.hit(mode)
    tally.hits.update(met)
    house.settle()
    tally.recovered.append(time.monotonic() - begun)


def _one_leads(house: House, tally: Tally) -> None:
    """See that one worker leads and the other waits, once both have noticed."""

    def settled() -> bool:
        house.tend()
        said = [one.said() for one in house.children if not one.port]
        return len(said) == 2 and sum(map(_leads, said)) == 1 and sum(map(_waits, said)) == 1

    with suppress(TimeoutError):
        wait_until(settled, seconds=40)
    leaders = sum(_leads(one.said()) for one in house.children if not one.port)
    if leaders == 1:
        tally.hits["one worker leads"] += 1
    elif leaders:
        tally.doubled.append(f"{leaders} workers lead")
    else:
        tally.lost.append("nobody leads")


def _leads(said: str) -> bool:
    """Say whether a worker leads, by what it wrote last about it."""
    return said.rfind(" leading ") > max(said.rfind(" waiting "), said.rfind(" lead_lost "))


def _waits(said: str) -> bool:
    return said.rfind(" waiting ") > said.rfind(" leading ")
