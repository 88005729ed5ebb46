"""A file of the snapshot is damaged on the disk: found by its checksum, made again, byte for byte the same."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import cycle, product
from pathlib import Path
from typing import Final

from jobs.rebuild import rebuild
from store import snapshot
from store.snapshot import PIECES
from tests.deploy.machine import wait_until
from tests.faults.house import House, Street
from tests.faults.tally import Tally
from tests.faults.truth import everything, figures_of

NAME = "snapshot part corrupted"


def _flip(file: Path, draw: random.Random) -> None:
    content = bytearray(file.read_bytes())
    for _ in range(3):
        content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
    file.write_bytes(bytes(content))


def _cut(file: Path, draw: random.Random) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: draw.randrange(len(content))])


def _delete(file: Path, _: random.Random) -> None:
    file.unlink()


HOW: Final[dict[str, Callable[[Path, random.Random], None]]] = {
    "bytes flipped": _flip, "truncated": _cut, "deleted": _delete,
}  # fmt: skip


def survive(street: Street, *, times: int = 3, seed: int = 1) -> Tally:
    """Damage a file of every piece in every way ``times`` times, and the manifest itself; 0: each piece in one way."""
    tally = Tally(NAME, (*HOW, *PIECES, "manifest", "found by a worker that begins", "found by a worker at work"))
    draw = random.Random(seed)
    with street.house("parts") as house:
        worker = house.worker()
        house.settle()
        house.end(worker)
        was, figures = files(house), figures_of(house)
        ways = list(product(PIECES, HOW)) * times or list(zip(PIECES, cycle(HOW), strict=False))
        for piece, how in ways:
            HOW[how](_chosen(house, piece, draw), draw)
            tally.hits[piece] += 1
            tally.hit(how)
            _made_again(house, tally, was)
        for damage in list(HOW.values())[: times or 1]:
            damage(house.store.derived / "manifest.json", draw)
            tally.hit("manifest")
            _made_again(house, tally, was)
        _by_worker(house, tally, draw, was)
        if figures_of(house) != figures:
            tally.lost.append("figures differ")
        everything(house, tally)
    return tally


def files(house: House) -> dict[str, bytes]:
    """Give every derived file that the manifest names, and no other."""
    manifest = snapshot.read_manifest(house.store)
    assert manifest is not None
    return {name: (house.store.derived / name).read_bytes() for part in manifest.parts.values() for name in part.files}


def _chosen(house: House, piece: str, draw: random.Random) -> Path:
    return draw.choice(sorted((house.store.derived / piece).glob("*.parquet")))


def _made_again(house: House, tally: Tally, was: dict[str, bytes]) -> None:
    begun = time.monotonic()
    with house.settings():
        rebuild(house.store, verify=True)
    tally.recovered.append(time.monotonic() - begun)
    now = files(house)
    tally.lost += [f"{name} is not what it was" for name, content in was.items() if now.get(name) != content]
    tally.doubled += [f"{name} is new" for name in now.keys() - was.keys()]


def _by_worker(house: House, tally: Tally, draw: random.Random, was: dict[str, bytes]) -> None:
    """Let a worker find the damage when it begins, and what is damaged while it works."""
    _flip_all(house, draw)
    worker = house.worker()
    _found(house, tally, was, "found by a worker that begins")
    house.settle()
    _flip_all(house, draw)
    _found(house, tally, was, "found by a worker at work")
    house.end(worker)


def _flip_all(house: House, draw: random.Random) -> None:
    for piece in PIECES:
        _flip(_chosen(house, piece, draw), draw)


def _found(house: House, tally: Tally, was: dict[str, bytes], point: str) -> None:
    begun = time.monotonic()
    with suppress(TimeoutError):
        wait_until(lambda: files(house) == was)
        tally.hit(point)
        tally.recovered.append(time.monotonic() - begun)
