"""``make bench-dashboard``: our overview beside a page written the ordinary way, over the same million dossiers.

Both run as servers on this machine, Chromium visits them in turn; every number on the screens is compared before a
ratio is told. First figures: from asking for the page until both headline numbers stand there. A filter: the server's
CPU seconds from choosing a unit until the page stands still, with everything that ticks meanwhile.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

from benchmarks import asking, results
from benchmarks.dashboard_browser import Server, WrongNumbersError, choose, chromium, fresh, served, still, until_shown
from benchmarks.dashboard_layout import NAME, PASSWORD, Laid, lay_out
from dashboard.routes import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, ViewportSize

LIGHT: Final = "/so-tay-chi-so"  # a page without figures: whoever signs in there has asked for none
WITHOUT: Final = ("/ho-so", "/nap-tep", "/man-hinh")  # need a dossier, or another role; the wall never stands still
SCREEN: Final[ViewportSize] = {"width": 1440, "height": 900}
UNITS: Final = 3
FIRST_SOONER, FILTER_LESS = 3.0, 20.0


@dataclass(slots=True)
class Measured:
    """One side: seconds to the first figures (the first visit of a fresh server apart), filters, bytes, pages."""

    cold: float = 0.0
    first: list[float] = field(default_factory=list)
    filter_cpu: list[float] = field(default_factory=list)
    filter_seconds: list[float] = field(default_factory=list)
    weight: int = 0
    pages: dict[str, tuple[float, int]] = field(default_factory=dict)


def main(words: Sequence[str] | None = None) -> int:
    """Run; 0 when every number was the same."""
    parser = asking.parser("bench-dashboard", __doc__)
    parser.add_argument("--times", type=int, default=3, help="visits of each side after the first (3)")
    given = list(sys.argv[1:] if words is None else words)
    asked = parser.parse_args(given)
    with tempfile.TemporaryDirectory(prefix="dunghan-dashboard-") as folder:
        try:
            chapter = _measured(asked, asked.keep or Path(folder), given)
        except WrongNumbersError as wrong:
            _tell(f"{wrong}")
            return 1
    if asked.write:
        results.write(chapter)
    sys.stdout.write(f"\n{chapter}\n")
    return 0


def _measured(asked: argparse.Namespace, folder: Path, given: list[str]) -> str:
    machine, on = results.machine(), datetime.now(UTC)
    laid = lay_out(asked.rows, folder, tell=_tell)
    _same_by_unit(laid)
    environment = {"DUNGHAN_STORE": laid.store_url, "DUNGHAN_HOME": str(folder)}
    peer = ["benchmarks/peer_streamlit.py", "--", str(laid.table), f"{laid.today}"]
    with (
        served(["streamlit_app.py"], environment, "/healthz", folder / "ours.log") as ours,
        served(peer, {"PYTHONPATH": "."}, "/_stcore/health", folder / "peer.log") as theirs,
        chromium() as browser,
    ):
        sides = [Side(server, browser.new_context(viewport=SCREEN)) for server in (ours, theirs)]
        _walked(sides[0], sides[1], laid, asked.times)
    return _chapter(asked.rows, given, f"{on:%Y-%m-%d}", machine, sides[0].told, sides[1].told)


def _same_by_unit(laid: Laid) -> None:
    """Hold the pandas page's table by unit against ours. Raises WrongNumbersError."""
    from benchmarks import peer_streamlit

    table = peer_streamlit.by_department(peer_streamlit.read(str(laid.table)), laid.today)
    found = {row.department: (row.due, row.met, row.overdue) for row in table.itertuples()}
    mine = {name: told for name, told in laid.counts.items() if any(told)}
    if {name: told for name, told in found.items() if any(told)} != mine:
        raise WrongNumbersError("the table by unit of the pandas page is another than ours")
    _tell(f"{len(mine)} units, every number the same; whole: {laid.whole}")


@dataclass(slots=True)
class Side:
    """One server with its visitor, and what was measured of it; the page of the last visit stays open."""

    server: Server
    context: BrowserContext
    told: Measured = field(default_factory=Measured)
    page: Page | None = None

    def visit(self, laid: Laid, *, first: bool) -> None:
        """Open the first page anew and wait for its figures."""
        if self.page:
            self.page.close()
        self.page, sizes = fresh(self.context)
        begun = time.perf_counter()
        self.page.goto(self.server.address + "/")
        until_shown(self.page, laid.whole)
        seconds = time.perf_counter() - begun
        still(self.page)
        if first:
            self.told.cold, self.told.weight = seconds, sum(sizes)
        else:
            self.told.first.append(seconds)
        _tell(f"{self.server.name}: first figures after {seconds:.2f} s")

    def choose(self, unit: str, laid: Laid) -> None:
        """Choose a unit and wait until the page stands still with its figures."""
        assert self.page is not None
        before, begun = self.server.cpu, time.perf_counter()
        choose(self.page, unit)
        until_shown(self.page, laid.counts[unit])
        self.told.filter_seconds.append(time.perf_counter() - begun)
        still(self.page)
        self.told.filter_cpu.append(self.server.cpu - before)
        _tell(f"{self.server.name}: {unit}, {self.told.filter_cpu[-1]:.2f} CPU s")

    def look(self, path: str) -> None:
        """Open another page and wait until it stands still, which takes a second of rest."""
        page, sizes = fresh(self.context)
        begun = time.perf_counter()
        page.goto(self.server.address + path)
        still(page)
        self.told.pages[path] = time.perf_counter() - begun - 1.0, sum(sizes)
        page.close()


def _walked(ours: Side, theirs: Side, laid: Laid, times: int) -> None:
    """Measure both in turns; then every page of ours."""
    _sign_in(ours)
    for n in range(times + 1):
        for side in (ours, theirs):
            side.visit(laid, first=n == 0)
    for unit in _largest(laid):
        for side in (ours, theirs):
            side.choose(unit, laid)
    for path in (path for path in PAGES if path not in WITHOUT):
        ours.look(path)


def _sign_in(side: Side) -> None:
    page = side.context.new_page()
    page.goto(f"{side.server.address}/dang-nhap?tiep={LIGHT}")
    page.fill("#ten", NAME)
    page.fill("#mat_khau", PASSWORD)
    page.click("button")
    page.wait_for_url(f"**{LIGHT}")
    still(page)
    page.close()


def _largest(laid: Laid) -> list[str]:
    """Give the units with the most due, whose names begin no other's."""
    names = sorted((n for n in laid.counts if n), key=lambda name: -laid.counts[name][0])
    return [n for n in names if not any(o != n and o and n in o for o in laid.counts)][:UNITS]


def _chapter(rows: int, given: list[str], on: str, machine: str, ours: Measured, theirs: Measured) -> str:
    told = list(given)
    if "--keep" in told:
        del told[told.index("--keep") : told.index("--keep") + 2]
    first, less = median(theirs.first) / median(ours.first), median(theirs.filter_cpu) / median(ours.filter_cpu)
    slowest = max(ours.pages, key=lambda path: ours.pages[path][0])
    heaviest = max(ours.pages, key=lambda path: ours.pages[path][1])
    lines = [
        f"## Dashboard over {rows:,} dossiers",
        "",
        f'`make bench-dashboard ARGS="{" ".join(told)}"` on {on}. {machine}.',
        "",
        "Chromium beside a Streamlit page that reads SQL into pandas on every run, both headline numbers and the table "
        "by unit the same on both. Pages of one server in turn; the first visit of a fresh server stands apart.",
        "",
        "| | ours | pandas page | ratio | wanted |",
        "|---|--:|--:|--:|---|",
        f"| first figures, s (median of {len(ours.first)}) | {median(ours.first):.2f} | {median(theirs.first):.2f} "
        f"| {first:.1f} | ≥ {FIRST_SOONER:g}: {_yes(first >= FIRST_SOONER)} |",
        f"| first figures of a fresh server, s | {ours.cold:.2f} | {theirs.cold:.2f} "
        f"| {theirs.cold / ours.cold:.1f} | |",
        f"| another unit: CPU s of the server (median of {UNITS}) | {median(ours.filter_cpu):.2f} "
        f"| {median(theirs.filter_cpu):.2f} | {less:.1f} | ≥ {FILTER_LESS:g}: {_yes(less >= FILTER_LESS)} |",
        f"| another unit: s until its figures stand there | {median(ours.filter_seconds):.2f} "
        f"| {median(theirs.filter_seconds):.2f} "
        f"| {median(theirs.filter_seconds) / median(ours.filter_seconds):.1f} | |",
        f"| bytes of a first visit | {ours.weight:,} | {theirs.weight:,} | {theirs.weight / ours.weight:.2f} | |",
        "",
        f"Slowest page: `{slowest}`, {ours.pages[slowest][0]:.2f} s until it stands still; heaviest: `{heaviest}`, "
        f"{ours.pages[heaviest][1]:,} bytes with an empty cache.",
        "",
        "| page | s until still | bytes |",
        "|---|--:|--:|",
        *(f"| `{path}` | {seconds:.2f} | {size:,} |" for path, (seconds, size) in ours.pages.items()),
    ]
    return "\n".join(lines)


def _yes(reached: bool) -> str:
    return "there" if reached else "**not yet**"


def _tell(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


if __name__ == "__main__":
    sys.exit(main())
