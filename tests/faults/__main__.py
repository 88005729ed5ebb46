"""Break a whole house in eight ways and print what was lost: ``make faults``; ARGS="--only leader --seed 7".

Exit code 1 when anything is lost or doubled, or a point that had to be hit was not.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from functools import partial
from typing import Final

os.environ.setdefault("POLARS_MAX_THREADS", "2")

from tests.faults import clocks, dashboards, database, disk, everything, leader, outage, parts
from tests.faults.house import Street, street
from tests.faults.tally import Tally, table

KILLS: Final = 200


def faults(seed: int, kills: int) -> dict[str, Callable[[Street], Tally]]:
    """Give the faults by the names that ``--only`` knows, in the order in which they are tried."""
    return {
        "database": partial(database.survive, seed=seed),
        "leader": leader.survive,
        "dashboards": dashboards.survive,
        "disk": partial(disk.survive, seed=seed),
        "clocks": partial(clocks.survive, seed=seed),
        "outage": partial(outage.survive, seed=seed),
        "parts": partial(parts.survive, seed=seed),
        "everything": partial(everything.survive, kills=kills, seed=seed),
    }


def main() -> int:
    """Try the faults and print the table."""
    every = faults(0, 0)
    parser = argparse.ArgumentParser(prog="make faults", description="Break a whole house, and count what is lost.")
    parser.add_argument("--only", choices=every, action="append", default=[])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=KILLS, help="of everything, at random moments")
    asked = parser.parse_args()
    tallies: list[Tally] = []
    begun = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was begun is ended, and disks are unmounted
    with street() as opened:
        for name, survive in faults(asked.seed, asked.kills).items():
            if not asked.only or name in asked.only:
                tallies.append(_tried(name, survive, opened))
    sys.stdout.write(f"\n{table(tallies)}\n\nseed {asked.seed}, {time.monotonic() - begun:.0f} s\n")
    wrong = [sentence for tally in tallies for sentence in tally.wrong]
    sys.stdout.writelines(f"✗ {sentence}\n" for sentence in wrong[:100])
    return 1 if wrong else 0


def _tried(name: str, survive: Callable[[Street], Tally], opened: Street) -> Tally:
    begun = time.monotonic()
    try:
        tally = survive(opened)
    except Exception:
        tally = Tally(name, ())
        tally.lost.append(traceback.format_exc())
    sys.stdout.write(f"{name}: {tally.times} times, {len(tally.wrong)} wrong, {time.monotonic() - begun:.0f} s\n")
    sys.stdout.flush()
    return tally


if __name__ == "__main__":
    sys.exit(main())
