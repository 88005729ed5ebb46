"""A dashboard is killed with its readers on it; they go on at the other one, signed in, with the same figures.

Every reader is a session of Streamlit's own protocol (readers.py): the page by HTTP, its socket, a whole run of the
page's script. Which of two addresses to go to is nginx's business in a production (tests/deploy), here the reader's.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from tests.deploy.machine import wait_until
from tests.faults import marks
from tests.faults.children import Child
from tests.faults.house import PATIENCE, House, Street
from tests.faults.readers import Reader
from tests.faults.tally import Tally

NAME = "dashboard killed with {} readers on it"
POINTS = (marks.PAGE, marks.IDLE, "killed again on the way")


def survive(street: Street, *, readers: int = 50, rounds: int = 1, points: tuple[str, ...] = POINTS) -> Tally:
    """Kill the dashboard that ``readers`` are on: while pages are drawn, while they only read, and twice in a row."""
    tally = Tally(NAME.format(readers), points)
    with street.house("dashboards") as house:
        worker = house.worker()
        house.settle()
        house.end(worker)
        both = [house.dashboard(), house.dashboard()]
        tokens = house.sessions(readers)
        crowd = [Reader([one.port for one in both], token) for token in tokens]
        for port in crowd[0].ports:
            wait_until(Reader([port], tokens[0]).welcome, seconds=120)
        with ThreadPoolExecutor(readers) as hands:
            seen = set(hands.map(_again, crowd))
            tally.lost += [f"before anything happened: {len(seen)} different pages"] * (len(seen) != 1)
            for _ in range(rounds):
                for point in points:
                    _kill(house, tally, crowd, hands, point, seen)
        for one in crowd:
            one.close()
        _sessions(house, tally, readers)
    return tally


def _kill(
    house: House, tally: Tally, crowd: list[Reader], hands: ThreadPoolExecutor, point: str, seen: set[str]
) -> None:
    """Kill the dashboard of the crowd at a point, and let everybody go on; one that was killed before is back first."""
    for gone in set(crowd[0].ports) - {child.port for child in house.children}:
        _back(house, gone)
    port = crowd[0].ports[crowd[0].at]
    at = next(child for child in house.children if child.port == port)
    if point == marks.IDLE:
        house.end(at)
        begun = time.monotonic()
        drawn = hands.map(_again, crowd)
    else:
        drawn = hands.map(lambda reader: _until_gone(reader, at, seen), crowd)
        wait_until(lambda: marks.PAGE in at.stands(), seconds=30)
        house.end(at)
        begun = time.monotonic()
    tally.hit(point)
    if point == "killed again on the way":  # who fled to the other one loses that too; this one is there again
        _back(house, port)
        other = next(child for child in house.children if child.port not in (port, 0))
        with suppress(TimeoutError):
            wait_until(lambda: marks.PAGE in other.stands(), seconds=10)
        house.end(other)
        _back(house, other.port)
    pages = list(drawn)
    tally.recovered.append(time.monotonic() - begun)
    tally.lost += [f"a reader has no figures, or others, after: {point}" for page in pages if page not in seen]


def _back(house: House, port: int) -> None:
    """Start a dashboard again where it was."""
    house.dashboard(port)
    asked = Reader([port], house.sessions()[0])
    wait_until(asked.welcome, seconds=120)


def _again(reader: Reader) -> str:
    return reader.at_last(PATIENCE)


def _until_gone(reader: Reader, dashboard: Child, seen: set[str]) -> str:
    """Draw the page again and again, for one drawing may be over before it is seen; give the first without its figures,
    or the first after the dashboard was gone."""
    while (page := _again(reader)) in seen and not dashboard.dead():
        pass
    return page


def _sessions(house: House, tally: Tally, readers: int) -> None:
    """See that nobody's session was ended or opened anew by the house itself."""
    from store import sessions

    opened = len(sessions.of(house.store, "giamdoc", now=house.now))
    if opened < readers:
        tally.lost.append(f"{readers - opened} sessions")
