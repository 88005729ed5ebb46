"""Break a whole house in eight ways and print what was lost: ``make faults``; ARGS="--only leader --seed 7".

Exit code 1 when anything is lost or doubled, or a point that had to be hit was not.
"""

from __future__ import annotations

import argparse
import os
import pickle
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

os.environ.setdefault("POLARS_MAX_THREADS", "2")

from tests.faults import clocks, dashboards, database, disk, everything, leader, outage, parts
from tests.faults.house import Street, street
from tests.faults.tally import Tally, table

KILLS: Final = 200
#: Is begun first, so that nothing waits for it in the end.
LONGEST: Final = "everything"


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
    parser.add_argument("--at-once", type=int, default=2, help="how many faults are tried beside one another")
    parser.add_argument("--keep", type=Path, help="file for what a single fault came to, instead of a table")
    asked = parser.parse_args()
    begun = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was begun is ended, and disks are unmounted
    names = [name for name in every if name in (asked.only or every)]
    if asked.keep:
        asked.keep.write_bytes(pickle.dumps(_tried(names[0], asked.seed, asked.kills)))
        return 0
    tallies = _beside(names, asked) if len(names) > 1 else [_tried(names[0], asked.seed, asked.kills)]
    sys.stdout.write(f"\n{table(tallies)}\n\nseed {asked.seed}, {time.monotonic() - begun:.0f} s\n")
    wrong = [sentence for tally in tallies for sentence in tally.wrong]
    sys.stdout.writelines(f"✗ {sentence}\n" for sentence in wrong[:100])
    return 1 if wrong else 0


def _tried(name: str, seed: int, kills: int) -> Tally:
    """Try one fault, on a street of its own; what broke the fault itself is told as lost."""
    begun = time.monotonic()
    try:
        with street() as opened:
            tally = faults(seed, kills)[name](opened)
    except Exception:
        tally = Tally(name, ())
        tally.lost.append(traceback.format_exc())
    sys.stdout.write(f"{name}: {tally.times} times, {len(tally.wrong)} wrong, {time.monotonic() - begun:.0f} s\n")
    sys.stdout.flush()
    return tally


def _beside(names: list[str], asked: argparse.Namespace) -> list[Tally]:
    """Try each fault in a process of its own, some at once: a house waits most of the time, for clocks and locks."""
    told: dict[str, Tally] = {}
    left, running = sorted(names, key=lambda name: name != LONGEST), dict[str, subprocess.Popen[bytes]]()
    with TemporaryDirectory(prefix="dunghan-told-") as folder:
        try:
            while left or running:
                while left and len(running) < asked.at_once:
                    name = left.pop(0)
                    running[name] = _begun(name, asked, Path(folder))
                time.sleep(0.2)
                for name in [name for name, process in running.items() if process.poll() is not None]:
                    told[name] = _told(name, running.pop(name), Path(folder))
        finally:
            for process in running.values():
                process.terminate()
            for process in running.values():
                process.wait()
    return [told[name] for name in names]


def _begun(name: str, asked: argparse.Namespace, folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.faults", "--only", name, "--keep", str(folder / name)]
    return subprocess.Popen([*command, "--seed", str(asked.seed), "--kills", str(asked.kills)])


def _told(name: str, ended: subprocess.Popen[bytes], folder: Path) -> Tally:
    if ended.returncode == 0:
        tally: Tally = pickle.loads((folder / name).read_bytes())  # noqa: S301  of our own process
        return tally
    return Tally(name, (), lost=[f"its process ended with exit code {ended.returncode}"])


if __name__ == "__main__":
    sys.exit(main())
