"""The published sets, each simulated once into a store of its own. ``make published`` builds them in full size.

Without it four of them are built a tenth or a hundredth as large, with totals whose shares print the same digits.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from config.settings import settings
from jobs.answers import Asked, answer
from jobs.simulate import Outcome, Wanted, simulate
from metrics.definitions import RATES
from metrics.scope import Filters
from reports.formats import percent
from store.database import Store, open_store
from tests.fresh import Databases

FULL: Final = os.environ.get("DUNGHAN_PUBLISHED") == "full"
#: Totals files for an ordinary run: what they name holds, and of the scenario what still fits.
SMALL: Final[Mapping[str, str]] = {
    "quang-ninh-2016-2018": """
        [totals]
        received = 13_295
        resolved_in_time = 13_273
        resolved_overdue = 12
        pending = 10
        resolved_early = 3_411
        received_online = 1_445
        received_post = 7_487
        [[cell]]
        year = 2016
        resolved_overdue = 9
        [[cell]]
        year = 2017
        resolved_overdue = 2
        [[cell]]
        year = 2018
        resolved_overdue = 1
    """,
    "quang-ninh-districts-2016-2018": """
        [totals]
        received = 8_048
        resolved_in_time = 7_689
        resolved_overdue = 123
        resolved = 7_812
        pending = 236
        resolved_early = 5_637
        received_online = 65
        received_post = 38
    """,
    "quang-nam-2018": """
        [totals]
        received = 6_555
        resolved = 6_178
        pending = 377
        fees = 10_327_000_000
        charged = 5_164
    """,
    "thai-nguyen-2023": """
        [totals]
        received = 17_721
        resolved_in_time = 15_700
        resolved_overdue = 42
        charged = 8_000
        paid_online = 1_237
    """,
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A published set in a store: what came out of it, asked as ``dunghan figures`` asks."""

    store: Store
    outcome: Outcome
    file: Path

    def ask(self, *by: str, start: date | None = None, end: date | None = None, **filters: str) -> list[dict[str, Any]]:
        """Give the groups of a period, by default the whole one, judged as of its last day."""
        assert self.outcome.from_on and self.outcome.to_on
        start, end = start or self.outcome.from_on, end or self.outcome.to_on
        chosen = Filters(**{name: (value,) for name, value in filters.items()})
        groups: list[dict[str, Any]] = answer(self.store, Asked(start, end, end.isoformat(), by, chosen))["groups"]
        return groups

    def counts(self, **asked: Any) -> dict[str, int]:
        (group,) = self.ask(**asked)
        counts: dict[str, int] = group["counts"]
        return counts

    def printed(self, rate: str, *, places: int = 1, **asked: Any) -> str:
        """Give a rate as the report prints it."""
        assert rate in RATES
        (group,) = self.ask(**asked)
        return percent(group["rates"][rate]["numerator"], group["rates"][rate]["denominator"], places)


Read = Callable[[str], Loaded]


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Read]:
    """Give a function that simulates a scenario into a store of its own, once a session."""
    folder = tmp_path_factory.mktemp("published")
    before = os.environ.get("DUNGHAN_HOME")
    os.environ["DUNGHAN_HOME"] = str(folder)
    settings.cache_clear()

    opened: list[Store] = []

    @cache
    def load(name: str) -> Loaded:
        totals = None if FULL or name not in SMALL else folder / f"{name}.toml"
        if totals:
            totals.write_text(SMALL[name], encoding="utf-8")
        store = open_store(databases.migrated(folder, name), home=folder / name)
        opened.append(store)
        file = folder / f"{name}.json"
        return Loaded(store, simulate(store, Wanted(name, totals), out=file), file)

    yield load
    for store in opened:
        store.engine.dispose()
    os.environ.pop("DUNGHAN_HOME")
    if before:
        os.environ["DUNGHAN_HOME"] = before
    settings.cache_clear()
