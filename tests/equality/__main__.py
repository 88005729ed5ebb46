"""``make equality``: 200 random questions of every role, each by every road. ARGS="--questions 500 --seed 7"."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.equality import province
from tests.equality.hunt import every_walk, hunt
from tests.equality.roads import Road


def main() -> int:
    """Run the hunt; 0 when every number was the same by every road."""
    parser = argparse.ArgumentParser(prog="make equality ARGS=…", description=__doc__)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 1_000_000)
    asked = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, province.opened(Path(folder)) as store:
        told = hunt(every_walk(store), count=asked.questions, seed=asked.seed, said=_said)
    _tell(f"seed {asked.seed}: {told.questions} questions, {told.compared:,} numbers held against another, ")
    _tell(f"{len(told.wrong)} differ; {time.monotonic() - begun:.0f} s\n{told.words}\n")
    return 1 if told.wrong else 0


def _said(road: Road) -> None:
    if road.wrong:
        _tell(f"{road.question}: {len(road.wrong)} of {road.compared} differ\n")


def _tell(words: str) -> None:
    sys.stdout.write(words)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
