"""``make bench-readers``: 1 to 200 readers at once on ten million dossiers, as browsers speak, with what limits them.

One reader alone beside pages written the ordinary way, whose numbers are compared before a ratio is told; one process
without a pause; what a reader costs in memory; then crowds that think five seconds, before two processes and a proxy;
and a part of a page that draws itself, in Chromium. Everything is on this machine, the readers' own work too.
"""

from __future__ import annotations

import argparse
import asyncio
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks import readers_told, results
from benchmarks.dashboard_browser import Server, WrongNumbersError
from benchmarks.readers_crowd import Measured, Wanted
from benchmarks.readers_house import held, ours, peer, port_of, proxied, read, signed_in
from benchmarks.readers_layout import Laid, lay_out
from benchmarks.readers_line import Reader
from benchmarks.readers_peers_at import Postgres
from benchmarks.readers_seen import fragment_seconds

UNITS: Final = 12
SPEEDS: Final = {"each": 3, "kept": 8, "sql": 8}
THINK: Final = 5.0
SETTLE: Final = 15.0
AT_ONCE: Final = 12  # readers that never think: none may say more than ten things a second
COME: Final = 100  # readers whose memory is weighed
Tell = Callable[[str], None]


@dataclass(slots=True)
class Found:
    """All that was measured."""

    rows: int
    processes: int
    cold: list[float] = field(default_factory=list)
    fresh: list[float] = field(default_factory=list)  # ours, a filter for the first time
    again: list[float] = field(default_factory=list)  # ours, asked before
    peers: dict[str, list[float]] = field(default_factory=dict)
    units: int = 0
    full: Measured = field(default_factory=Measured)
    full_cpu: float = 0.0
    memory: tuple[float, float] = (0.0, 0.0)  # MB a reader; MB before
    crowds: dict[int, Measured] = field(default_factory=dict)
    parts: list[float] = field(default_factory=list)


def main(words: Sequence[str] | None = None) -> int:
    """Run; 0 when every figure is there, 1 when one falls short or a number was wrong, 2 when it cannot run."""
    parser = argparse.ArgumentParser(prog="make bench-readers ARGS=…", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--readers", type=int, nargs="*", default=[1, 10, 50, 100, 200])
    parser.add_argument("--seconds", type=float, default=45.0, help="that each crowd is measured for (45)")
    parser.add_argument("--processes", type=int, default=2, help="dashboards behind the proxy (2)")
    parser.add_argument("--peers", nargs="*", default=list(SPEEDS), choices=list(SPEEDS))
    parser.add_argument("--keep", type=Path, help="lay out in this folder and keep it; used again when it is there")
    parser.add_argument("--write", action="store_true", help="put the figures into benchmarks/RESULTS.md")
    given = list(sys.argv[1:] if words is None else words)
    asked = parser.parse_args(given)
    with tempfile.TemporaryDirectory(prefix="dunghan-readers-") as folder:
        try:
            machine, on = results.machine(), datetime.now(UTC)
            found = measured(asked, asked.keep or Path(folder), _tell)
        except WrongNumbersError as wrong:
            _tell(f"{wrong}")
            return 1
        except (FileNotFoundError, ImportError, subprocess.SubprocessError) as error:
            _tell(f"cannot run here: {error}")
            return 2
    lines = readers_told.judged(found)
    chapter = readers_told.chapter(found, given, f"{on:%Y-%m-%d}", machine)
    if asked.write:
        results.write(chapter)
    sys.stdout.write(f"\n{chapter}\n")
    return 0 if all(line.there for line in lines) else 1


def measured(asked: argparse.Namespace, folder: Path, tell: Tell) -> Found:
    """Measure everything. Raises WrongNumbersError where a page shows other numbers than were worked out."""
    laid, found = lay_out(asked.rows, folder, tell=tell), Found(asked.rows, asked.processes)
    tell(f"{asked.rows:,} dossiers; on {laid.today} due, kept, overdue: {laid.whole}")
    with ExitStack() as open_now:
        servers = open_now.enter_context(ours(laid, asked.processes))
        tokens = signed_in(laid, max([*asked.readers, COME + AT_ONCE]))
        asyncio.run(_warmed(servers, tokens[0], found, tell))
        _beside(laid, servers[0], tokens[0], asked.peers, found, tell)
        _without_a_pause(servers[0], tokens, asked.seconds, found, tell)
        _weighed(servers[-1], tokens, asked.seconds, found, tell)
        port = open_now.enter_context(proxied(servers, _free(), folder / "proxy"))
        for count in asked.readers:
            _crowd(port, tokens[:count], asked.seconds, found, tell)
        found.parts = fragment_seconds(port, tokens[0])
        tell(f"a part of a page in Chromium: {readers_told.milliseconds(found.parts)}")
    return found


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _warmed(servers: Sequence[Server], token: str, found: Found, tell: Tell) -> None:
    """Let the first reader of each process wait for what is read once."""
    for server in servers:
        reader = Reader(port_of(server), token)
        found.cold.append((await reader.open()).seconds)
        for page in ("co-quan-don-vi", "linh-vuc", "chat-luong"):
            await reader.go(page)
        await reader.leave()
        tell(f"a fresh process: first page after {found.cold[-1]:.1f} s")


def _beside(laid: Laid, server: Server, token: str, ways: Sequence[str], found: Found, tell: Tell) -> None:
    """Time one reader alone at ours and at every peer, the same units, every number compared."""
    units = _largest(laid)[:UNITS]
    asyncio.run(_timed(laid, port_of(server), token, units, found.fresh))
    asyncio.run(_timed(laid, port_of(server), token, units, found.again))
    found.units = len(units)
    tell(f"ours: {readers_told.milliseconds(found.fresh)} new, {readers_told.milliseconds(found.again)} again")
    for way in ways:
        place = str(laid.table)
        with ExitStack() as open_now:
            if way == "sql":
                place = open_now.enter_context(Postgres(laid.folder).running())
            one = open_now.enter_context(peer(laid, way, place))
            found.peers[way] = []
            asyncio.run(_timed(laid, port_of(one), "", units[: SPEEDS[way]], found.peers[way]))
        tell(f"{way}: {readers_told.milliseconds(found.peers[way])}")


async def _timed(laid: Laid, port: int, token: str, units: Sequence[str], seconds: list[float]) -> None:
    reader = Reader(port, token)
    try:
        _same("the whole province", (await reader.open()).numbers, laid.whole)
        for unit in units:
            drawn = await reader.choose("Đơn vị", unit)
            _same(unit, drawn.numbers, laid.counts[unit])
            seconds.append(drawn.seconds)
    finally:
        await reader.leave()


def _same(what: str, shown: tuple[int, int, int] | None, wanted: tuple[int, int, int]) -> None:
    if shown != wanted:
        raise WrongNumbersError(f"{what}: due, kept, overdue {shown} stand on the page, {wanted} is right")


def _largest(laid: Laid) -> list[str]:
    """Give the units with the most due; where nothing is due, ours tells of the week before."""
    due = [name for name, told in laid.counts.items() if name and told[0]]
    return sorted(due, key=lambda name: -laid.counts[name][0])


def _without_a_pause(server: Server, tokens: Sequence[str], seconds: float, found: Found, tell: Tell) -> None:
    wanted = Wanted(port_of(server), list(tokens[:AT_ONCE]), seconds / 2, 0.0, seed=7, settle=SETTLE / 2)
    before, begun = server.cpu, time.monotonic()
    found.full = read(wanted)
    found.full_cpu = (server.cpu - before) / (time.monotonic() - begun)
    drawn = len(found.full.change) + len(found.full.move)
    tell(f"one process: {drawn / found.full.seconds:.1f} drawings a second; wrong: {found.full.wrong}")


def _weighed(server: Server, tokens: Sequence[str], seconds: float, found: Found, tell: Tell) -> None:
    """Weigh a process before and while so many more readers have a page open."""
    read(Wanted(port_of(server), list(tokens[:AT_ONCE]), 3.0, 60.0, only="", spread=1.0))
    before = held(server)
    heavier = [before]

    def weigh() -> None:
        heavier.append(held(server))

    wanted = Wanted(port_of(server), list(tokens[AT_ONCE:][:COME]), max(seconds, 10.0), 600.0, only="", spread=5.0)
    read(wanted, near_end=weigh)
    found.memory = (max(heavier) - before) / min(COME, len(wanted.tokens)), before
    tell(f"memory: {found.memory[0]:.2f} MB a reader, {before:.0f} MB before")


def _crowd(port: int, tokens: list[str], seconds: float, found: Found, tell: Tell) -> None:
    told = found.crowds[len(tokens)] = read(Wanted(port, tokens, seconds, THINK, seed=len(tokens), settle=SETTLE))
    tell(
        f"{len(tokens)} readers: a change {readers_told.milliseconds(told.change)}; "
        f"{len(told.change) / told.seconds:.1f} a second; wrong: {told.wrong}"
    )


def _tell(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


if __name__ == "__main__":
    sys.exit(main())
