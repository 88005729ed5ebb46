"""The disk is full while a source is read, figures are made, a report is issued: said, nothing half, and on it goes.

Real file systems of a few megabytes: one for what the house derives and keeps, one for the tables of its database.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Final

from config.errors import DunghanError
from jobs.nightly import back_up, made
from reports.files import write_whole
from store import issued, runs, snapshot
from store.snapshot import PIECES
from tests.deploy.machine import NOBODY, wait_until
from tests.faults.house import OPENED, SOURCE, House, Street
from tests.faults.tally import Tally
from tests.faults.truth import everything
from tests.nothing_lost.disks import fill, small_disk

NAME: Final = "disk full"
POINTS: Final = (
    "raw answers", "figures", "tables while a source is read", "tables while a report is made", "a file of a report",
    "a backup", "said what to do",
)  # fmt: skip
ROOM: Final = "room"


def survive(street: Street, *, rounds: int = 1, seed: int = 1) -> Tally:
    """Fill each disk ``rounds`` times at each point; needs root, to mount them."""
    tally = Tally(NAME, POINTS)
    if os.geteuid():
        tally.skipped = "only root may mount a small disk"
        return tally
    with ExitStack() as undo:
        try:
            disk = undo.enter_context(small_disk(street.folder / "disk-of-files", megabytes=24))
            tables = undo.enter_context(small_disk(street.folder / "disk-of-tables", megabytes=48))
        except OSError as error:
            tally.skipped = f"this root may not mount ({error})"
            return tally
        place = tables / "tables"
        place.mkdir()
        os.chown(place, NOBODY, NOBODY)
        street.cluster.say(f"CREATE TABLESPACE small LOCATION '{place}'")
        house = undo.enter_context(street.house("disk", home=disk / "var", tablespace="small"))
        worker = house.worker()
        house.settle()
        hours = 0
        for n in range(rounds):
            for point, filled in (("raw answers", disk), ("figures", disk), ("tables while a source is read", tables)):
                hours += 12
                _full(house, tally, filled, OPENED + timedelta(hours=hours), point)
            hours = 96 + 168 * n
            _full(house, tally, tables, OPENED + timedelta(hours=hours), "tables while a report is made")
            _files(house, tally, disk)
        house.end(worker)
        everything(house, tally)
    return tally


def _full(house: House, tally: Tally, disk: Path, to: object, point: str) -> None:
    """Fill a disk, let time go on until somebody has met it, look, make room, and see that all is made up for."""
    from datetime import datetime

    assert isinstance(to, datetime)
    before = sum(child.said().count(_WORD[point]) for child in house.children)
    leave = {"raw answers": 0, "figures": 60_000}.get(point, 0)
    if point == "tables while a report is made":
        house.set_clock(to - timedelta(minutes=60))  # everything but the report is there already
        house.settle()
    filler = fill(disk, leave=leave)
    house.set_clock(to)

    def met() -> bool:
        return sum(child.said().count(_WORD[point]) for child in house.children) > before

    wait_until(met, seconds=90)
    tally.hit(point)
    _nothing_half(house, tally, disk)
    said = "".join(child.said() for child in house.children)
    if any(word in said for word in ("Free some space", "make room", "goes on at this batch")):
        tally.hits["said what to do"] += 1
    filler.unlink()
    begun = time.monotonic()
    house.settle()
    tally.recovered.append(time.monotonic() - begun)


#: What the worker's diary says of it.
_WORD: Final[dict[str, str]] = {
    "raw answers": "sync_failed", "figures": "_failed", "tables while a source is read": "sync_failed",
    "tables while a report is made": "_failed",
}  # fmt: skip


def _nothing_half(house: House, tally: Tally, disk: Path) -> None:
    """See that every file under a final name is whole, and that what readers see is the state before, all of it."""
    manifest = snapshot.read_manifest(house.store)
    if manifest is None or snapshot.damaged(house.store, manifest, content=True):
        tally.lost.append("the figures of before")
    for piece in PIECES:
        for file in (house.store.derived / piece).glob("*.parquet"):
            if not snapshot._sound(file, content=True):
                tally.lost.append(f"half a file: {file.name}")
    import polars as pl

    for file in (house.home / "raw").rglob("*.parquet"):
        try:
            pl.read_parquet(file)
        except Exception as error:  # whatever polars makes of half a file
            tally.lost.append(f"half a file: {file} ({type(error).__name__})")
    assert disk.exists()


def _files(house: House, tally: Tally, disk: Path) -> None:
    """Write a report's file and a backup where there is no room."""
    from metrics.scope import Scope

    one = issued.editions_of(house.store, Scope.province(), states=("issued",))[0]
    paper = issued.paper(house.store, one.id, "pdf", Scope.province())
    assert paper is not None
    folder = disk / ROOM
    folder.mkdir(exist_ok=True)
    tries: dict[str, Callable[[], object]] = {
        "a file of a report": lambda: write_whole(folder / "bao-cao.pdf", paper.content),
        "a backup": lambda: back_up(house.store, folder, keep=3, at=house.now),
    }
    for point, do in tries.items():
        for old in folder.iterdir():
            old.unlink()
        filler = fill(disk, leave=8_000)
        try:
            do()
            tally.lost.append(f"{point}: it was not noticed that the disk is full")
        except DunghanError as error:
            tally.hit(point)
            tally.hits["said what to do"] += "room" in error.next_step or "space" in error.next_step
        left = [file.name for file in folder.iterdir()]
        tally.lost += [f"{point}: {name} is half a file" for name in left if not name.endswith((".part", ".wrong"))]
        filler.unlink()
        do()
        if point == "a backup" and len(made(folder)) != 1:
            tally.lost.append("no backup when there was room again")
    assert runs.latest(house.store)["name"][0] == SOURCE
