"""What the estimate of Index 766 says of published sets and of real ones: points, and how much is not known.

``python -m benchmarks.evidence_index766`` prints it as lines of Markdown. Sets older than the decision are given points
by its table nevertheless: to see what is known of them, not to judge them.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from benchmarks import real_sets
from config import catalogue, index766
from config.settings import settings
from jobs.load import load_file
from jobs.rebuild import rebuild
from jobs.simulate import Wanted, simulate
from metrics.definitions import rates
from metrics.evaluate import figures
from metrics.index766 import Estimate, Known, estimate
from metrics.index766_known import of_dossiers
from metrics.scope import Period, Scope
from store import snapshot
from store.database import Store, open_store

ROOT: Final = Path(__file__).resolve().parent.parent
MAPPINGS: Final = ROOT / "tests" / "truth" / "mappings"
SEEN: Final = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
PUBLISHED: Final = ("quang-nam-2018", "thanh-hoa-2022", "thai-nguyen-2023")
#: Real set → its file, its mapping, the year that is told.
REAL: Final = {
    "Boston": ("boston_311_animal_2015/filtered_2015.csv", "boston", 2015),
    "Houston": ("houston_311_flooding_2017/floodingPiped2017.csv", "houston", 2017),
    "WABO": ("receipt_wabo/receipt_events.csv", "receipt_wabo", 2011),
}


@dataclass(frozen=True, slots=True)
class Found:
    """The estimate of one set."""

    name: str
    estimate: Estimate

    def line(self) -> str:
        """Say its points, of how many known, and each item with its parts."""
        whole = self.estimate.whole
        told = "; ".join(
            f"{each.item.id} {float(each.points):.3f}/{each.weight} ({each.parts[0]:,}/{each.parts[1]:,}; "
            f"100 more cost {float(each.per_hundred or 0):.3f})"
            for each in self.estimate.items
            if each.points is not None and each.parts is not None
        )
        return f"| {self.name} | {float(whole.points):.2f} / {whole.known} | {whole.unknown} | {told or 'nothing'} |"


def of_store(name: str, store: Store, period: Period) -> Found:
    """Estimate a period of the whole of ``store`` from its dossiers alone, by the newest table."""
    rows = figures(
        snapshot.cube(store, rebuild(store)), period=period, as_of=period.end, scope=Scope.province()
    )  # fmt: skip
    known = Known(of_dossiers(rates(rows).row(0, named=True)))
    return Found(name, estimate(index766.load()[-1], known, small=catalogue.load().small))


def published(name: str, folder: Path, totals: Path | None = None) -> Found:
    """Build a published set and estimate its days. Raises ConfigError, StoreError."""
    store = open_store(f"sqlite:///{folder}/{name}.db", home=folder / name)
    told = simulate(store, Wanted(name, totals))
    if told.from_on is None or told.to_on is None:
        raise ValueError(f"{name} is of no days")
    found = of_store(name, store, Period(told.from_on, told.to_on))
    store.engine.dispose()
    return found


def real(name: str, folder: Path, shared: Path) -> Found:
    """Load a real set and estimate one year of it."""
    file, mapping, year = REAL[name]
    store = open_store(f"sqlite:///{folder}/{name}.db", home=folder / name)
    load_file(store, shared / file, mapping=MAPPINGS / f"{mapping}.toml", seen_at=SEEN)
    found = of_store(f"{name} {year}", store, Period(date(year, 1, 1), date(year, 12, 31)))
    store.engine.dispose()
    return found


def main() -> int:
    """Print what was found."""
    shared = real_sets.folder()
    sys.stdout.write("| set | points / known | not known | known items |\n|---|---|---|---|\n")
    with tempfile.TemporaryDirectory() as aside:
        os.environ["DUNGHAN_HOME"] = aside
        settings.cache_clear()
        for found in _all(Path(aside), shared):
            sys.stdout.write(f"{found.line()}\n")
            sys.stdout.flush()
    return 0


def _all(folder: Path, shared: Path) -> Iterator[Found]:
    yield from (published(name, folder) for name in PUBLISHED)
    yield from (real(name, folder, shared) for name in REAL if shared.is_dir())


if __name__ == "__main__":
    sys.exit(main())
