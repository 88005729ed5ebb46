"""As known on a past evening: a store whose derived files hold what the ledger had told by then, and no more.

Rules, calendar and terms are today's: only what was learned of dossiers is taken back. The rules that were in use then
are named beside today's where they were kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from config.errors import StoreError
from jobs.moments import moment_in, zone_of
from jobs.rebuild import part_of, rules_of, version_of
from metrics import rulebook
from metrics.terms import Terms
from store import observed, rulebooks, snapshot
from store.database import Store, reading
from store.snapshot import Manifest, Part


@dataclass(frozen=True, slots=True)
class Past:
    """What was known at one moment; ``store`` with ``state`` is asked like the store of today with its manifest.

    ``state.ledger_seq`` is the newest entry there was when the past was read: what came after it was not looked at.
    """

    store: Store
    state: Manifest
    at: datetime
    rules_then: str | None  # None: the rules of that time were not kept

    def told(self) -> dict[str, Any]:
        """Give, as JSON, the moment in the sources' zone, and the rules: figures are made by those of now."""
        here = self.at.astimezone(zone_of(self.state.zones.values()))
        return {"known_at": here.isoformat(), "rules": {"now": self.state.rules, "then": self.rules_then}}


@contextmanager
def past(store: Store, known_at: str) -> Iterator[Past]:
    """Derive in a folder of its own what was known at ``known_at`` (as jobs.moments reads it); gone with the block.

    Raises ConfigError for words that are no moment, StoreError when nothing had been observed by then.
    """
    with TemporaryDirectory(prefix="dunghan-known-") as folder:
        then = replace(store, derived=Path(folder))
        with reading(store) as connection:
            terms, seq = snapshot.terms(connection), snapshot.ledger_seq(connection)
            zone = zone_of({said.zone for said in terms.values()})
            at = moment_in(known_at, zone, option="--known-at")
            _not_before(observed.first_seen_at(connection), at, zone, store)
            months = ((month, snapshot.observe(connection, month, at)) for month in observed.months(connection))
            state = _state(then, at, seq, terms, months)
        yield Past(then, state, at, rulebooks.in_use(store, at))


def _not_before(first: datetime | None, at: datetime, zone: ZoneInfo, store: Store) -> None:
    if first is None:
        found, step = "it holds no dossiers yet.", "Load a file (dunghan load FILE --source NAME) or run dunghan sync."
        raise StoreError(f"store {store.name}", found, step)
    if at < first:
        begun = f"{first.astimezone(zone) + timedelta(minutes=1):%Y-%m-%dT%H:%M}"
        found = f"nothing was known at {at.astimezone(zone):%Y-%m-%d %H:%M}: the first dossier was seen later."
        raise StoreError("--known-at", found, f"Ask for {begun} or later.")


def _state(
    then: Store, at: datetime, seq: int, terms: Mapping[str, Terms], months: Iterable[tuple[str, pl.DataFrame]]
) -> Manifest:
    """Derive the months, one at a time, into the folder of ``then``, and say what was made."""
    book = rulebook.load()
    parts: dict[str, Part] = {}
    sources: set[str] = set()
    for month, seen in months:
        if part := part_of(then, seen, month, dict(terms), book):
            parts[month] = part
            sources |= set(seen["source"].unique())
    told = {source: asdict(terms[source]) for source in sorted(sources)}
    rules = rules_of(book)
    return Manifest(version_of(parts, rules, told), seq, rules, told, built_at=at, parts=parts)
