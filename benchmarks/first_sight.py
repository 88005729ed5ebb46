"""``make bench-first``: the first figures of a reader who was never here, from a server that has just begun.

Beside it, in the same run, a Streamlit page with one line on it. Both servers begin anew for every visit, and the
browser has an empty cache, once on this machine and once as over an office's line. Our figures are compared with those
worked out beforehand. Bytes are those that came over the wire, packed as they came, socket and all.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from benchmarks import asking, results
from benchmarks.dashboard_browser import (
    PATIENCE,
    ROOT,
    Server,
    WrongNumbersError,
    chromium,
    frame_bytes,
    served,
    still,
    until_shown,
)
from benchmarks.dashboard_layout import NAME, Laid, lay_out
from dashboard.scope import COOKIE
from store import people, sessions
from store.database import open_store

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

SIDES: Final = ("ours", "empty")
SCREEN: Final[ViewportSize] = {"width": 1440, "height": 900}
#: Milliseconds there and back, bytes a second down and up: a department's share of a line of 10 Mbit/s.
OFFICE: Final = {"offline": False, "latency": 40, "downloadThroughput": 1_250_000, "uploadThroughput": 250_000}
#: At most these multiples of the empty page.
LIMITS: Final = {"bytes": 1.0, "here": 2.5, "office": 1.5}
_EMPTY: Final = "Trang trống"


@dataclass(slots=True)
class Visit:
    """What one visit took: seconds until the first figures, requests, bytes by address, bytes through the socket."""

    seconds: float = 0.0
    requests: int = 0
    socket: int = 0
    files: dict[str, int] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        """Give all bytes that came."""
        return self.socket + sum(self.files.values())

    def follow(self, context: BrowserContext, page: Page, line: dict[str, Any] | None) -> None:
        """Count what ``page`` loads; ``line``: over which line."""
        client, addresses = context.new_cdp_session(page), dict[str, str]()
        client.send("Network.enable")
        if line:
            client.send("Network.emulateNetworkConditions", line)

        def asked(told: dict[str, Any]) -> None:
            addresses[told["requestId"]] = told["request"]["url"]

        def came(told: dict[str, Any]) -> None:
            path = urlsplit(addresses.get(told["requestId"], "")).path
            size = int(told["encodedDataLength"])
            self.requests += size > 0  # nothing comes of what the browser has
            self.files[path] = self.files.get(path, 0) + size

        def heard(told: dict[str, Any]) -> None:
            self.socket += frame_bytes(told)

        client.on("Network.requestWillBeSent", asked)
        client.on("Network.loadingFinished", came)
        client.on("Network.webSocketFrameReceived", heard)


@dataclass(frozen=True, slots=True)
class House:
    """Where both servers are started from, and a session of somebody who may see everything."""

    folder: Path
    laid: Laid
    token: str

    def run(self, side: str) -> AbstractContextManager[Server]:
        """Start the server of ``side``."""
        if side == "ours":
            environment = {"DUNGHAN_STORE": self.laid.store_url, "DUNGHAN_HOME": str(self.folder)}
            return served(["streamlit_app.py"], environment, "/healthz", self.folder / "ours.log")
        alone = self.folder / "alone"  # without the settings of ours
        alone.mkdir(exist_ok=True)
        page = str(ROOT / "benchmarks" / "peer_empty.py")
        return served([page], {}, "/_stcore/health", self.folder / "empty.log", home=alone)


def house(rows: int, folder: Path, *, flow: str = "muoi-nam") -> House:
    """Fill a store, and open a session in it: whoever signs in by a page has seen one."""
    laid = lay_out(rows, folder, tell=_tell, flow=flow)
    store = open_store(laid.store_url, home=folder)
    person = people.by_name(store, NAME)
    assert person is not None
    token = sessions.open_for(store, person, now=datetime.now(UTC))
    store.engine.dispose()
    return House(folder, laid, token)


def visits(here: House, browser: Browser, side: str, line: dict[str, Any] | None) -> tuple[Visit, Visit]:
    """Visit a server that has just begun, with an empty cache; then once more with what the cache then has.

    Raises WrongNumbersError when our page shows other figures than were worked out.
    """
    with here.run(side) as server:
        context = browser.new_context(viewport=SCREEN)
        if side == "ours":
            context.add_cookies([{"name": COOKIE, "value": here.token, "url": server.address}])
        first, again = Visit(), Visit()
        for visit in (first, again):
            page = context.new_page()
            visit.follow(context, page, line)
            begun = time.perf_counter()
            page.goto(server.address + "/", wait_until="commit")
            _wait(here, page, side)
            visit.seconds = time.perf_counter() - begun
            still(page)
            page.close()
        context.close()
    return first, again


def _wait(here: House, page: Page, side: str) -> None:
    if side == "ours":
        until_shown(page, here.laid.whole)
    else:
        page.get_by_text(_EMPTY).wait_for(timeout=PATIENCE)


def measured(here: House, times: int) -> dict[tuple[str, str], list[tuple[Visit, Visit]]]:
    """Visit both sides in turns; gives (side, line) → visits, ``line`` being here or office."""
    found: dict[tuple[str, str], list[tuple[Visit, Visit]]] = {}
    with chromium() as browser:
        for _ in range(times):
            for name, line in (("here", None), ("office", OFFICE)):
                for side in SIDES:
                    pair = visits(here, browser, side, line)
                    found.setdefault((side, name), []).append(pair)
                    _tell(f"{side}, {name}: {pair[0].seconds:.2f} s, {pair[0].weight:,} bytes")
    return found


#: What is told: the words, over which line, the first visit or the second, what of it, how it is written, its limit.
_TOLD: Final = (
    ("first figures, on this machine, s", "here", 0, "seconds", ".2f", "here"),
    ("first figures, 10 Mbit/s, 40 ms, s", "office", 0, "seconds", ".2f", "office"),
    ("the second visit, on this machine, s", "here", 1, "seconds", ".2f", ""),
    ("the second visit, 10 Mbit/s, 40 ms, s", "office", 1, "seconds", ".2f", ""),
    ("bytes of the first visit", "here", 0, "weight", ",.0f", "bytes"),
    ("requests of the first visit", "here", 0, "requests", ".0f", ""),
    ("bytes of the second", "here", 1, "weight", ",.0f", ""),
    ("requests of the second", "here", 1, "requests", ".0f", ""),
)


def told(found: dict[tuple[str, str], list[tuple[Visit, Visit]]]) -> tuple[list[str], bool]:
    """Write the medians of both sides beside each other, and say whether all keep their limits."""
    kept = True
    lines = ["| | ours | empty page | ratio | wanted |", "|---|--:|--:|--:|---|"]
    for name, where, nth, what, form, limit in _TOLD:
        ours, empty = (median(float(getattr(pair[nth], what)) for pair in found[side, where]) for side in SIDES)
        ratio = ours / empty if empty else float(ours > 0)
        there = not limit or ratio <= LIMITS[limit]
        kept = kept and there
        wanted = f"≤ {LIMITS[limit]:g}: {'there' if there else '**not yet**'}" if limit else ""
        lines.append(f"| {name} | {ours:{form}} | {empty:{form}} | {ratio:.2f} | {wanted} |")
    return [*lines, "", *_heaviest(found["ours", "here"][-1][0])], kept


def _heaviest(visit: Visit, most: int = 6) -> list[str]:
    """Name what weighs most of a visit."""
    files = sorted(visit.files.items(), key=lambda item: -item[1])[:most]
    named = ", ".join(f"`{path.rpartition('/')[2] or '/'}` {size:,}" for path, size in files)
    return [f"Heaviest of ours: {named}; through the socket {visit.socket:,}."]


def main(words: Sequence[str] | None = None) -> int:
    """Run; 1: a figure falls short, 2: it could not be measured."""
    parser = asking.parser("bench-first", __doc__)
    parser.add_argument("--times", type=int, default=3, help="visits of each side over each line (3)")
    given = list(sys.argv[1:] if words is None else words)
    asked = parser.parse_args(given)
    machine, on = results.machine(), datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="dunghan-first-") as folder:
        try:
            found = measured(house(asked.rows, asked.keep or Path(folder)), asked.times)
        except WrongNumbersError as wrong:
            _tell(f"{wrong}")
            return 2
    lines, kept = told(found)
    chapter = _chapter(asked.rows, asked.times, on, machine, lines)
    if asked.write:
        results.write(chapter)
    sys.stdout.write(f"\n{chapter}\n")
    return 0 if kept else 1


def _chapter(rows: int, times: int, on: datetime, machine: str, lines: Sequence[str]) -> str:
    command = f'`make bench-first ARGS="--rows {rows:_} --times {times} --write"` on {on:%Y-%m-%d}. {machine}.'
    about = (
        "A server that has just begun, a browser with an empty cache, figures compared with those worked out "
        f"beforehand; medians of {times}. The second visit is to the same server, with what the browser kept."
    )
    return "\n".join([f"## First sight of {rows:,} dossiers", "", command, "", about, "", *lines])


def _tell(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


if __name__ == "__main__":
    sys.exit(main())
