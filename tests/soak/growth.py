"""What is noted every few seconds of a soak, and what it comes to in the end."""

from __future__ import annotations

import csv
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from config.errors import DunghanError
from store import tables
from store.database import Store, reading
from tests.soak.house import House
from tests.soak.memory import MB, POOLS_FILL, WARM_UP, Slope, held, slope

EVERY_SECONDS: Final = 3.0
#: Memory may grow by so many MB with each thousand drawings of a page,
MEMORY_BOUND: Final = 2.0
#: with each thousand readings of a source, which are ten days and fewer than a soak has pages,
WORKER_BOUND: Final = 20.0
#: and open files and threads by so many.
COUNT_BOUND: Final = 2.0
#: A new month has files of its own.
DERIVED_BOUND: Final = 10.0
#: With less than this after the warm-up nothing is proven of a slope.
ENOUGH: Final = 600
#: Tables that grow with what happens; their rows are counted.
COUNTED: Final = ("dossiers", "ledger", "runs", "quarantine", "sessions", "audit")


@dataclass(frozen=True, slots=True)
class Sample:
    """One look; bytes in MB."""

    seconds: float
    told: str
    pages: int
    syncs: int
    dashboard_own: float
    dashboard_all: float
    dashboard_files: int
    dashboard_threads: int
    worker_own: float
    worker_all: float
    worker_files: int
    worker_threads: int
    store: float
    derived: float
    derived_files: int
    raw: float


def runs_made(store: Store) -> int:
    """Count readings of sources."""
    with reading(store) as connection:
        return connection.scalar(sa.select(sa.func.max(tables.runs.c.id))) or 0


@dataclass(slots=True)
class Watch:
    """Looks every few seconds, in a thread, and keeps what it sees in a file too."""

    house: House
    pages: Callable[[], int]
    file: Path
    samples: list[Sample] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def begin(self) -> None:
        """Look from now on."""
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Look no more."""
        self._stop.set()
        if self._thread:
            self._thread.join(30)

    def _look(self) -> None:
        while not self._stop.wait(EVERY_SECONDS):
            with suppress(OSError, DunghanError):  # a file goes while it is looked at, the database is busy
                self.samples.append(self.look())
                with self.file.open("a", encoding="utf-8", newline="") as out:
                    row = asdict(self.samples[-1])
                    writer = csv.DictWriter(out, row.keys())
                    if out.tell() == 0:
                        writer.writeheader()
                    writer.writerow(row)

    def look(self) -> Sample:
        """Look once."""
        page, worker = (held(child.process.pid) for child in (self.house.dashboard, self.house.worker))
        derived, files = _size(self.house.store.derived)
        store = sum(_size(f)[0] for f in self.house.folder.glob("dunghan.sqlite*") if f.is_file())
        return Sample(
            round(time.monotonic() - self.begun, 1), f"{self.house.clock.now:%Y-%m-%d %H:%M}", self.pages(),
            runs_made(self.house.store), page.own / MB, page.all / MB, page.files, page.threads,
            worker.own / MB, worker.all / MB, worker.files, worker.threads,
            store, derived, files, _size(self.house.folder / "var" / "raw")[0],
        )  # fmt: skip


def _size(place: Path) -> tuple[float, int]:
    """Give MB and files at a place."""
    files = [place] if place.is_file() else [f for f in place.rglob("*") if f.is_file()]
    total = 0
    for file in files:
        with suppress(FileNotFoundError):
            total += file.stat().st_size
    return total / MB, len(files)


def rows(store: Store) -> dict[str, int]:
    """Count the rows of the tables that grow."""
    with reading(store) as connection:
        found = {
            name: connection.scalar(sa.select(sa.func.count()).select_from(tables.metadata.tables[name]))
            for name in COUNTED
        }
    return {name: int(count or 0) for name, count in found.items()}


@dataclass(frozen=True, slots=True)
class Judged:
    """A slope under a bound. ``unit``: of what grows; ``of``: of what is done."""

    name: str
    found: Slope | None
    bound: float
    unit: str
    of: str

    @property
    def verdict(self) -> str:
        """One of "flat", "grows", "not shown"."""
        if self.found is None or self.found.done < ENOUGH:
            return "not shown"
        if self.found.grows(self.bound):
            return "grows"
        return "flat" if self.found.flat(self.bound) else "not shown"

    def line(self) -> str:
        """Say it."""
        if self.found is None:
            return f"{self.name}: too little was done to say"
        s = self.found
        told = f"{s.a_thousand:+.2f} {self.unit} (95 %: {s.low:+.2f} to {s.high:+.2f}) a thousand {self.of}"
        return f"{self.name}: {told}, over {s.done:,} after warm-up; bound {self.bound:g}: {self.verdict}"


def judged(samples: Sequence[Sample]) -> list[Judged]:
    """Judge memory, open files and threads of both processes by what each did."""
    pages, syncs = [s.pages for s in samples], [s.syncs for s in samples]

    def of(name: str, title: str, done: list[int], bound: float, unit: str, what: str) -> Judged:
        warm_up = POOLS_FILL if unit == "threads" else WARM_UP
        return Judged(title, slope(done, [getattr(s, name) for s in samples], warm_up), bound, unit, what)

    found = []
    each = (("dashboard", pages, "pages", MEMORY_BOUND), ("worker", syncs, "syncs", WORKER_BOUND))
    for process, done, what, bound in each:
        found.append(of(f"{process}_own", f"{process}, own memory", done, bound, "MB", what))
        found.append(of(f"{process}_all", f"{process}, all memory", done, bound, "MB", what))
        found.append(of(f"{process}_files", f"{process}, open files", done, COUNT_BOUND, "files", what))
        found.append(of(f"{process}_threads", f"{process}, threads", done, COUNT_BOUND, "threads", what))
    found.append(of("derived_files", "derived files", syncs, DERIVED_BOUND, "files", "syncs"))
    return found
