"""Many readers in a process of their own: they come, think, choose, go on to other pages, and every drawing is timed.

``python -m benchmarks.readers_crowd`` reads what is wanted as JSON and writes what was measured as JSON.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from typing import Final

from websockets.exceptions import WebSocketException

from benchmarks.readers_line import BrokenError, Drawn, Reader

#: What readers open, those most often that a director opens most often; of each the boxes that it has.
PAGES: Final = ("", "", "", "", "co-quan-don-vi", "co-quan-don-vi", "linh-vuc", "chat-luong")
#: Which box somebody changes, and how often.
BOXES: Final = {"Đơn vị": 6, "Lĩnh vực": 2, "Tuần": 1, "Kênh": 1}
#: Weeks that are looked at: the running one and those before.
WEEKS: Final = 4
MOVES: Final = 0.15


@dataclass(slots=True)
class Wanted:
    """Who comes where, for how long, how they think (seconds; 0: not at all), and from which seed."""

    port: int
    tokens: list[str]
    seconds: float
    think: float
    seed: int = 1
    settle: float = 0.0  # seconds of the beginning that are not counted
    only: str | None = None  # a page that nobody leaves
    spread: float = 0.0  # seconds within which they come; 0: those of the first thought


@dataclass(slots=True)
class Measured:
    """Seconds of each kind of drawing, what went wrong, and for how long was counted."""

    change: list[float] = field(default_factory=list)
    move: list[float] = field(default_factory=list)
    part: list[float] = field(default_factory=list)
    open: list[float] = field(default_factory=list)
    wrong: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    messages: int = 0
    size: int = 0


async def crowd(wanted: Wanted) -> Measured:
    """Let all of them read until the time is over."""
    told, wrong = Measured(), Counter[str]()
    begun = time.monotonic()
    counted, end = begun + wanted.settle, begun + wanted.settle + wanted.seconds
    async with asyncio.TaskGroup() as readers:
        for n, token in enumerate(wanted.tokens):
            dice = random.Random(wanted.seed * 10_000 + n)
            readers.create_task(_reader(wanted, Reader(wanted.port, token), dice, (told, wrong), (counted, end)))
    told.wrong, told.seconds = dict(wrong), wanted.seconds
    return told


_Books = tuple[Measured, Counter[str]]


async def _reader(
    wanted: Wanted, reader: Reader, dice: random.Random, books: _Books, times: tuple[float, float]
) -> None:  # fmt: skip
    """Come at some moment, and read until the end; who breaks down is counted and comes anew."""
    await asyncio.sleep(dice.random() * (wanted.spread or wanted.think * 2 or 0.5))
    reader.page = dice.choice(PAGES) if wanted.only is None else wanted.only
    while time.monotonic() < times[1]:
        try:
            await _timed(reader.open, "open", books, times)
            while time.monotonic() < times[1]:
                await _thinks(wanted, reader, dice, books, times)
                if time.monotonic() < times[1]:
                    await _does(wanted, reader, dice, books, times)
        except (BrokenError, OSError, TimeoutError, WebSocketException) as error:
            books[1][f"{type(error).__name__}: {error}"[:160]] += 1
            await asyncio.sleep(1)
    await reader.leave()


async def _thinks(
    wanted: Wanted, reader: Reader, dice: random.Random, books: _Books, times: tuple[float, float]
) -> None:  # fmt: skip
    """Think for a while; meanwhile the open page asks for its parts."""
    until = min(time.monotonic() + wanted.think * dice.uniform(0.5, 1.5), times[1])
    while (now := time.monotonic()) < until:
        soonest = min((*reader.due.values(), until))
        await asyncio.sleep(max(0.0, min(soonest, until) - now))
        if time.monotonic() < until:
            await _timed(reader.look_after, "part", books, times)


async def _does(
    wanted: Wanted, reader: Reader, dice: random.Random, books: _Books, times: tuple[float, float]
) -> None:  # fmt: skip
    boxes = {
        label: often for label, often in BOXES.items() if label in reader.boxes and len(_options(reader, label)) > 1
    }
    if wanted.only is None and (dice.random() < MOVES or not boxes):
        page = dice.choice(PAGES)
        await _timed(lambda: reader.go(page), "move", books, times)
        return
    label = dice.choices(list(boxes), list(boxes.values()))[0]
    option = dice.choice(_options(reader, label))
    await _timed(lambda: reader.choose(label, option), "change", books, times)


def _options(reader: Reader, label: str) -> list[str]:
    told = list(reader.boxes[label].options)
    return told[:WEEKS] if label == "Tuần" else told


async def _timed(
    ask: Callable[[], Awaitable[Drawn | None]], kind: str, books: _Books, times: tuple[float, float]
) -> None:  # fmt: skip
    drawn = await ask()
    if drawn is not None and times[0] <= time.monotonic() <= times[1]:
        told = books[0]
        getattr(told, kind).append(drawn.seconds)
        told.messages, told.size = told.messages + drawn.messages, told.size + drawn.size


def main() -> None:
    """Read what is wanted, and write what was measured."""
    wanted = Wanted(**json.load(sys.stdin))
    json.dump(asdict(asyncio.run(crowd(wanted))), sys.stdout)


if __name__ == "__main__":
    main()
