"""Everything is killed at random moments, many times; in the end the house is as one in which nobody was killed.

Days go by at the same hours in both; within a day as many lives of two workers, a dashboard and a reader are cut short
as the draw says, then one is let live until everything is done.
"""

from __future__ import annotations

import random
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

from metrics.scope import Scope
from store import issued, outbox
from tests.deploy.machine import free_ports
from tests.faults import marks
from tests.faults.children import Child
from tests.faults.house import OPENED, OPERATOR, SOURCE, House, Street
from tests.faults.readers import AwayError, Reader
from tests.faults.tally import Tally
from tests.faults.truth import everything, figures_of
from tests.nothing_lost.contents import HOW_OFTEN, WHEN, hashes

NAME: Final = "SIGKILL of everything"
MUST: Final = (
    marks.READ, marks.FIGURES, marks.DRAFT, marks.PRINT, marks.ISSUE, marks.MAIL, marks.TURN, marks.PAGE, marks.IDLE,
    "before it had begun", "same as undisturbed",
)  # fmt: skip
#: Stages that are waited for in half of the lives, else the rarest would be met by chance alone.
ANY_DAY: Final = (marks.READ, marks.TURN, marks.PAGE)
REPORTS: Final = (marks.DRAFT, marks.PRINT, marks.ISSUE)
LONGEST: Final = 15.0
#: As many kills on a Friday, when reports are made, as on so many other days.
HEAVY: Final = 4


def survive(street: Street, *, kills: int = 200, days: int = 12, seed: int = 1, must: tuple[str, ...] = MUST) -> Tally:
    """Kill ``kills`` times within ``days`` days, at moments drawn by ``seed``."""
    tally = Tally(NAME, must)
    draw = random.Random(seed)
    with street.house("killed") as house:
        house.box.slow_seconds = 0.2
        port, token = free_ports(1)[0], ""
        for moment, times in _days(kills, days):
            house.set_clock(moment)
            token = house.sessions()[0]
            for _ in range(times):
                _life(house, tally, draw, port, token)
            _until_quiet(house, tally)
            sys.stdout.write(f"  {tally.times} of {kills} times, {moment:%d/%m}\n")
            sys.stdout.flush()
        everything(house, tally)
        killed = told(house)
    with street.house("undisturbed") as house:
        for moment, _ in _days(kills, days):
            house.set_clock(moment)
            worker = house.worker()
            house.settle()
            house.end(worker)
        _compare(tally, killed, told(house))
    return tally


def _days(kills: int, days: int) -> Iterator[tuple[datetime, int]]:
    """Give each day's hour and how many kills there are on it."""
    moments = [OPENED + timedelta(days=n) for n in range(days)]
    weights = [HEAVY if moment.weekday() == 4 else 1 for moment in moments]
    done = so_far = 0
    for moment, weight in zip(moments, weights, strict=True):
        so_far += weight
        until = kills * so_far // sum(weights)
        yield moment, until - done
        done = until


def _life(house: House, tally: Tally, draw: random.Random, port: int, token: str) -> None:
    """Let two workers, a dashboard and a reader live for a moment, and kill them all."""
    lives = [house.worker(), house.worker(), house.dashboard(port)]
    stop = threading.Event()
    reader = threading.Thread(target=_reads, args=(Reader([port], token), stop))
    reader.start()
    _moment(house, draw, lives)
    at = [child.stands() for child in lives]
    begun = ["began" for child in lives if child.said()]
    for child in draw.sample(lives, len(lives)):
        house.end(child)
    stop.set()
    reader.join()
    tally.times += 1
    met = {name for names in at for name in names}
    tally.hits.update(met or {marks.IDLE if begun else "before it had begun"})


def _moment(house: House, draw: random.Random, lives: list[Child]) -> None:
    """Wait until the moment to kill: a time that is drawn, or the first time somebody is at a stage that is drawn."""
    if draw.random() < 0.5:
        time.sleep(draw.uniform(0.02, 1.5))
        return
    wanted = draw.choice(_within_reach(house))
    after = draw.uniform(0, 0.05)
    end = time.monotonic() + LONGEST
    while time.monotonic() < end and not any(wanted in child.stands() for child in lives):
        time.sleep(0.005)
    time.sleep(after)


def _within_reach(house: House) -> tuple[str, ...]:
    """Give the stages that may still come today: a report is drafted, printed and issued once, and its mail sent."""
    if house.owes():
        return REPORTS
    return (marks.MAIL,) if outbox.any_open(house.store) else ANY_DAY


def _reads(reader: Reader, stop: threading.Event) -> None:
    while not stop.is_set():
        with suppress(AwayError, OSError, EOFError):
            reader.figures()
        stop.wait(0.1)
    reader.close()


def _until_quiet(house: House, tally: Tally) -> None:
    """Let a worker do the rest of the day; of letters in doubt the operator decides, who asks the mail server."""
    worker = house.worker()
    begun = time.monotonic()
    house.settle()
    tally.recovered.append(time.monotonic() - begun)
    house.end(worker)


def told(house: House) -> dict[str, Any]:
    """Give all that two houses must have in common: tables, figures, reports, mail."""
    out = issued.editions_of(house.store, Scope.province(), states=("issued",))
    came = house.box.copies
    letters = [row for row in outbox.listed(house.store) if row["recipient"] != OPERATOR]
    return {
        "tables": hashes(house.store, SOURCE, less=WHEN | HOW_OFTEN | {"place"}),
        "figures": figures_of(house),
        "reports": sorted((one.number, one.kind, one.department, one.start, one.end) for one in out),
        "papers": [issued.hashes(house.store, one.id, Scope.province())["json"] for one in out],
        "letters": sorted((_plain(row["key"]), row["recipient"]) for row in letters),
        "mails": sorted(
            (_plain(row["key"]), came[row["message_id"], row["recipient"]] if row["state"] == "sent" else 1)
            for row in letters
        ),
    }


def _plain(key: str) -> str:
    """Leave out the number that the database gave a report: a transaction that was cut off takes one too."""
    return re.sub(r":\d+:", ":", key)


def _compare(tally: Tally, killed: dict[str, Any], undisturbed: dict[str, Any]) -> None:
    apart = [name for name, value in undisturbed.items() if killed[name] != value]
    for name in apart:
        tally.lost.append(f"{name}: {str(killed[name])[:300]}, undisturbed {str(undisturbed[name])[:300]}")
    if not apart:
        tally.hits["same as undisturbed"] += 1
