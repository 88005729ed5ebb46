"""Everything is killed, many times; in the end the house is as one in which nobody was killed.

Days go by at the same hours in both; within a day as many lives are cut short (lives.py) as its share is, then a worker
is let live until everything is done.

A report tells when its sources were read last, to the minute, and what they told. A draft that a worker makes while
another reading of the same morning goes on may be of before or after it, killed or not. So a report is due half a
minute after the house was read and counted, within the same minute, and of that half minute the source tells nothing
new: whichever reading came before the draft, the report has to be the same, to the last character.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from config.mapping import TIME_ZONE
from metrics.scope import Scope
from store import issued, outbox
from tests.deploy.machine import free_ports
from tests.faults import marks
from tests.faults.house import OPENED, OPERATOR, SOURCE, House, Street
from tests.faults.lives import STAGES, UNBORN, Killer
from tests.faults.tally import Tally
from tests.faults.truth import everything, figures_of
from tests.nothing_lost.contents import HOW_OFTEN, WHEN, hashes

NAME: Final = "SIGKILL of everything"
MUST: Final = (*STAGES, marks.IDLE, UNBORN, "same as undisturbed")
ABSENT: Final = "(nothing)"
#: How long after a day's hour its report is due.
LATER: Final = timedelta(seconds=30)
#: As many kills while a report is made as on so many other days.
HEAVY: Final = 4


def survive(street: Street, *, kills: int = 200, days: int = 12, seed: int = 1, must: tuple[str, ...] = MUST) -> Tally:
    """Kill ``kills`` times within ``days`` days, at moments drawn by ``seed``."""
    tally = Tally(NAME, must)
    with street.house("killed") as house:
        _due_later(house)
        house.box.slow_seconds = 0.2
        killer = Killer(house, tally, random.Random(seed), free_ports(1)[0])
        for moment, times in _moments(kills, days):
            house.set_clock(moment)
            killer.token = house.sessions()[0]
            killer.hour(times)
            _until_quiet(house, tally)
            sys.stdout.write(f"  {tally.times} of {kills} times, {moment:%d/%m}\n")
            sys.stdout.flush()
        everything(house, tally)
        killed = told(house)
    with street.house("undisturbed") as house:
        _due_later(house)
        for moment, _ in _moments(kills, days):
            house.set_clock(moment)  # while nobody reads: what is shown on Friday would be seen on Thursday
            worker = house.worker()
            house.settle()
            house.end(worker)
        _compare(tally, killed, told(house))
    return tally


def _due_later(house: House) -> None:
    """Let the office's reports be due LATER than the hour at which the house is read."""
    file = house.folder / "config" / "report.toml"
    due = f"{(OPENED + LATER).astimezone(ZoneInfo(TIME_ZONE)):%H:%M:%S}"
    file.write_text(
        re.sub(r"(?m)^(draft_at|issue_at) = \S+", rf"\1 = {due}", file.read_text(encoding="utf-8")), "utf-8"
    )


def _moments(kills: int, days: int) -> Iterator[tuple[datetime, int]]:
    """Give each hour and how many kills there are at it: one a day, on Fridays that of the report too."""
    moments = []
    for day in (OPENED + timedelta(days=n) for n in range(days)):
        moments.append((day, 1))
        if day.weekday() == 4:
            moments.append((day + LATER, HEAVY))
    every = sum(weight for _, weight in moments)
    done = so_far = 0
    for moment, weight in moments:
        so_far += weight
        until = kills * so_far // every
        yield moment, until - done
        done = until


def _until_quiet(house: House, tally: Tally) -> None:
    """Let a worker do the rest of the day."""
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
        "reports": {f"{one.number}/{one.year}": _report(house, one) for one in out},
        "letters": sorted((_plain(row["key"]), row["recipient"]) for row in letters),
        "mails": sorted(
            (_plain(row["key"]), came[row["message_id"], row["recipient"]] if row["state"] == "sent" else 1)
            for row in letters
        ),
    }


def _report(house: House, one: issued.Edition) -> dict[str, Any]:
    """Give the papers of a report by their hash, and its content."""
    paper = issued.paper(house.store, one.id, "json", Scope.province())
    assert paper is not None
    return {"papers": issued.hashes(house.store, one.id, Scope.province()), "content": json.loads(paper.content)}


def _plain(key: str) -> str:
    """Leave out the number that the database gave a report: a transaction that was cut off takes one too."""
    return re.sub(r":\d+:", ":", key)


def _compare(tally: Tally, killed: dict[str, Any], undisturbed: dict[str, Any]) -> None:
    found = list(apart(killed, undisturbed))
    tally.lost += [f"{place}: {one}, undisturbed {other}" for place, one, other in found]
    if not found:
        tally.hits["same as undisturbed"] += 1


def apart(one: Any, other: Any, place: str = "") -> Iterator[tuple[str, str, str]]:
    """Give every place at which two things differ, down to single values, with what stands there."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in {**one, **other}:
            yield from apart(one.get(name, ABSENT), other.get(name, ABSENT), f"{place}.{name}".lstrip("."))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for n, (mine, others) in enumerate(zip(one, other, strict=True)):
            yield from apart(mine, others, f"{place}[{n}]")
    elif one != other:
        yield place, str(one)[:300], str(other)[:300]
