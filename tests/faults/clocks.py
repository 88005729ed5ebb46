"""The clock jumps, forward and back, while workers work: reports, mail, turns and sessions go on as by a clock that
goes evenly."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from store import outbox, people, sessions, turns
from tests.deploy.machine import wait_until
from tests.faults.house import OPENED, PASSWORD, House, Street
from tests.faults.tally import Tally
from tests.faults.truth import everything

NAME: Final = "clock jumps"
#: The second Friday: a report begins on its own day, so the first is issued before the clock goes wrong.
FRIDAY: Final = OPENED + timedelta(days=11)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
#: From a Friday's morning back to Thursday, when the offices have closed: a source that is read then tells the week.
EVENING: Final = 14 * HOUR


def survive(street: Street, *, seed: int = 1) -> Tally:
    """Jump in each way, with two workers at work; ``seed`` only names the run: nothing here is drawn."""
    tally = Tally(NAME, (*WAYS, "a letter waits while the clock is wrong", "the worker leads through it all"))
    with street.house("clocks") as house:
        leader = house.worker()
        wait_until(lambda: "leading" in leader.said(), seconds=120)
        house.worker()
        house.settle()
        house.read_before(FRIDAY - 7 * DAY)
        house.settle()
        for name, way in WAYS.items():
            begun = time.monotonic()
            way(house, tally)
            house.settle()
            tally.recovered.append(time.monotonic() - begun)
            tally.hit(name)
        if leader in house.children and not house.over(leader):
            tally.hits["the worker leads through it all"] += 1
        everything(house, tally)
    return tally


def _over_a_friday(house: House, tally: Tally) -> None:
    """From Thursday to Saturday at once: Friday's report is made up for."""
    house.set_clock(FRIDAY - EVENING)
    house.settle()
    house.set_clock(FRIDAY + DAY)


def _back_over_a_friday(house: House, tally: Tally) -> None:
    """Back to Thursday, and through Friday again: no second report."""
    for moment in (FRIDAY - EVENING, FRIDAY, FRIDAY + DAY):
        house.set_clock(moment)
        _rests(house)


def _an_hour_back_on_friday(house: House, tally: Tally) -> None:
    """Friday 8:05, then 7:05, when nothing is due, then 8:05 again."""
    house.read_before(FRIDAY + timedelta(days=7))
    house.settle()
    house.set_clock(FRIDAY + timedelta(days=7) - HOUR)
    _rests(house)
    house.set_clock(FRIDAY + timedelta(days=7))


def _ahead_and_back(house: House, tally: Tally) -> None:
    """Three days ahead, where the mail server says "later", and back: the letter does not wait for three days."""
    house.set_clock(FRIDAY + timedelta(days=14) - EVENING)
    house.settle()
    house.box.after = "451 later"
    house.set_clock(FRIDAY + timedelta(days=17))
    wait_until(lambda: any(row["attempts"] for row in _waiting(house)), seconds=120)
    tally.hits["a letter waits while the clock is wrong"] += len(_waiting(house))
    house.box.after = "250 OK queued"
    house.set_clock(FRIDAY + timedelta(days=14))
    with suppress(TimeoutError):
        wait_until(lambda: not _waiting(house), seconds=90)
    tally.lost += [f"letter {row['id']} waits for a day that is far" for row in _waiting(house)]
    house.set_clock(FRIDAY + timedelta(days=18))


def _waiting(house: House) -> list[dict[str, object]]:
    return [row for row in outbox.listed(house.store) if row["state"] == "waiting"]


def _session(house: House, tally: Tally) -> None:
    """A session ends by the clock that is right again, neither at once nor never."""
    now = house.now
    person = people.check(house.store, "giamdoc", PASSWORD)
    assert person is not None
    token = sessions.open_for(house.store, person, now=now)

    def known(at: datetime) -> bool:
        return sessions.person_of(house.store, token, now=at, noted=False) is not None

    if not known(now - 3 * HOUR) or not known(now + HOUR):
        tally.lost.append("a session ended because the clock was set by hours")
    if known(now + 13 * HOUR):
        tally.doubled.append("a session outlives its end")
    house.set_clock(now + 2 * DAY)
    house.settle()


def _turns(house: House, tally: Tally) -> None:
    """A day back and forth ten times: no turn is taken twice."""
    now = house.now
    before = turns.taken(house.store)["reports"].last_due_at
    for _ in range(5):
        house.set_clock(now - DAY)
        _rests(house, 0.7)
        house.set_clock(now)
        _rests(house, 0.7)
    after = turns.taken(house.store)["reports"].last_due_at
    if before != after:
        tally.doubled.append(f"turn of reports: {before} → {after}")


def _rests(house: House, seconds: float = 3.0) -> None:
    """Let the workers look at the clock a few times."""
    time.sleep(seconds)
    assert house.children, "nobody is there to look at the clock"


WAYS: Final[dict[str, Callable[[House, Tally], None]]] = {
    "forward over a Friday": _over_a_friday,
    "back before it": _back_over_a_friday,
    "an hour back on Friday": _an_hour_back_on_friday,
    "ahead and back with mail": _ahead_and_back,
    "sessions": _session,
    "to and fro": _turns,
}
