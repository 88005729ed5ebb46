"""``make soak``: simulated weeks of the whole product at 1,200 times; 1 when something grows, drifts or is lost.

``--minutes`` of real time at most (66), ``--weeks`` at most (8), ``--rate`` of the clock, ``--readers`` at once,
``--folder`` to keep what it leaves (samples.csv among it). DUNGHAN_TEST_ENGINE=postgresql: the store in PostgreSQL.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from store import runs, snapshot
from store.tokens import WALL_KEY, WALL_PATH
from tests.architecture.tracked import ROOT
from tests.deploy.machine import wait_until
from tests.soak import checks, clock, growth
from tests.soak.house import OPENED_ON, PATIENCE, SEED, House, house, province
from tests.soak.readers import Readers
from tests.soak.truth import at
from tests.soak.weeks import Life, say

#: A soak that was to last so long has to show that nothing grows; a shorter one says what it could not show.
LONG_MINUTES: Final = 60
#: As fast as a long one has to be, with all its waiting.
FAST: Final = 1200


def main(words: list[str] | None = None) -> int:
    """Soak, tell what was found, and give the exit code."""
    parser = argparse.ArgumentParser(prog="make soak ARGS=…", description=__doc__)
    parser.add_argument("--minutes", type=float, default=66.0)
    parser.add_argument(
        "--weeks", type=int, default=8, help="of the made-up office; the ninth has a holiday on its Friday"
    )
    parser.add_argument("--rate", type=int, default=1500)
    parser.add_argument("--readers", type=int, default=3)
    parser.add_argument("--rest", type=float, default=0.2, help="seconds of each reader between two pages")
    parser.add_argument("--size", type=float, default=0.05, help="of the made-up province; 1 has 150,000 dossiers")
    parser.add_argument("--every", type=int, default=900, help="cadence of the source in seconds")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--no-wall", action="store_true")
    asked = parser.parse_args(words)
    if lacking := clock.missing():
        sys.stderr.write(f"make soak: {lacking}\n")
        return 2
    if asked.folder:
        asked.folder.mkdir(parents=True)
        return soaked(asked, asked.folder.resolve())
    with tempfile.TemporaryDirectory(prefix="dunghan-soak-") as folder:
        return soaked(asked, Path(folder))


def soaked(asked: argparse.Namespace, folder: Path) -> int:
    """Soak in a folder."""
    opened = at(OPENED_ON, 7)
    with house(folder, size=asked.size, opened=opened, port=asked.port, every=asked.every) as made:
        _first_figures(made)
        readers = Readers(made.ports[1], lambda: made.sign_in("giamdoc"), rest=asked.rest)
        watch = growth.Watch(made, lambda: readers.count, folder / "samples.csv")
        begun = time.monotonic()
        cadence = timedelta(seconds=asked.every)
        life = Life(made, province(SEED, OPENED_ON, asked.size), asked.rate, cadence, begun + asked.minutes * 60)
        with _wall(made, wanted=not asked.no_wall) as wall:
            watch.begin()
            readers.come(asked.readers)
            life.live(asked.weeks)
            took = time.monotonic() - begun
            readers.leave()
            watch.end()
        passed = (made.clock.now - opened).total_seconds()
        if asked.minutes >= LONG_MINUTES and passed / took < FAST:
            life.wrong.append(f"{passed / took:,.0f} times as fast, in place of {FAST:,}: the machine was busy")
        say(f"{passed / 604_800:.2f} weeks in {took / 60:.1f} minutes: {passed / took:,.0f} times as fast; "
            f"the clock stood or crept for {life.held / 60:.1f}; load {os.getloadavg()[0]:.1f}")  # fmt: skip
        return _told(life, readers, watch, wall, long=asked.minutes >= LONG_MINUTES)


def _first_figures(made: House) -> None:
    """Let the first reading end before time passes; it reads eighteen months."""

    def there() -> bool:
        known, state = runs.latest(made.store), snapshot.read_manifest(made.store)
        return state is not None and bool(state.parts) and known.height == 1 and known["last_state"][0] == "ok"

    wait_until(there, seconds=PATIENCE)
    say("the first reading is in")


def _told(life: Life, readers: Readers, watch: growth.Watch, wall: Path | None, *, long: bool) -> int:
    """Tell everything; 1 when something is wrong. ``long``: what could not be shown is wrong too."""
    made = life.house
    found = growth.judged(watch.samples)
    wrong = [*life.wrong, *checks.said(made), *(f"readers: {what} ({n} times)" for what, n in readers.wrong.items())]
    wrong += _of_wall(wall) if wall else []
    bad = ("grows", "not shown") if long else ("grows",)
    wrong += [each.line() for each in found if each.verdict in bad]
    first, last = watch.samples[0], watch.samples[-1]
    say(f"{readers.count:,} pages drawn, {last.syncs:,} readings, {life.compared:,} dossiers and figures compared")
    for name in (
        "store",
        "derived",
        "derived_files",
        "raw",
        "dashboard_own",
        "dashboard_all",
        "worker_own",
        "worker_all",
    ):
        say(f"{name}: {getattr(first, name):,.1f} → {getattr(last, name):,.1f}")
    for one in found:
        say(one.line())
    say(f"postScriptGC as Streamlit reads it: {_post_script_gc()}")
    for each in wrong:
        say(f"WRONG: {each}")
    say("nothing is wrong" if not wrong else f"{len(wrong)} wrong")
    return 1 if wrong else 0


def _post_script_gc() -> str:
    from streamlit import config

    return str(config.get_option("runner.postScriptGC"))


@contextmanager
def _wall(made: House, *, wanted: bool) -> Iterator[Path | None]:
    """Let a wall screen stand open while the block runs; gives the file of what it showed."""
    if not wanted or shutil.which("chromium") is None:
        say("no wall screen is open")
        yield None
        return
    file = made.folder / "wall.jsonl"
    address = f"{made.address}{WALL_PATH}?{WALL_KEY}={made.wall_secret()}"
    with file.open("wb") as out:
        screen = subprocess.Popen([sys.executable, "-m", "tests.soak.wall", address], cwd=ROOT, stdout=out, stderr=out)
        try:
            yield file
        finally:
            screen.kill()
            screen.wait()


def _of_wall(file: Path) -> list[str]:
    """Say what is wrong with what the wall showed, and tell its memory."""
    seen = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("{")]
    shown = [one for one in seen if one["figures"]]
    if not shown:
        return [f"the wall never showed a figure: {file.read_text(encoding='utf-8')[-400:]}"]
    heaps = [one["heap"] / 1e6 for one in shown if "heap" in one]
    late = shown[-1]
    say(f"wall: {len(seen)} looks, {len(shown)} with figures, {seen[-1]['loads']} loads; at the end {late['head']!r}")
    say(f"wall, memory of its scripts: {min(heaps):.0f} to {max(heaps):.0f} MB, at the end {heaps[-1]:.0f}")
    return [] if len(shown) > len(seen) * 0.9 else [f"the wall showed figures in {len(shown)} of {len(seen)} looks"]


if __name__ == "__main__":
    sys.exit(main())
