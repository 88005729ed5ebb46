"""As known on a past evening: a store whose derived files hold what the ledger had told by then, and no more.

Rules, calendar and terms are today's: only what was learned of dossiers is taken back. The rules that were in use then
are named beside today's where they were kept.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from config.errors import StoreError
from jobs.deriving import Given, part_of
from jobs.moments import moment_in, zone_of
from jobs.rebuild import rules_of, version_of
from metrics import rulebook
from metrics.terms import Terms
from store import learned, observed, rulebooks, snapshot
from store.database import Store, must_see_all, reading
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
            must_see_all(store, connection)
            terms, first = snapshot.terms(connection), observed.first_seen(connection)
            zone = zone_of({said.zone for said in terms.values()})
            at = moment_in(known_at, zone, option="--known-at")
            _not_before(min(first.values(), default=None), at, zone, store)
            base = _today(connection, store, terms)
            touched = learned.months(connection, at, seq=base.ledger_seq, corrected=base.corrections_seq)
            touched |= learned.lettered(connection, at, seq=base.letters_seq)
            parts = _taken_over(store, then, {m: part for m, part in base.parts.items() if m not in touched})
            rest = ((m, snapshot.observe(connection, m, at)) for m in observed.months(connection) if m not in parts)
            known = {source: terms[source] for source, seen_at in sorted(first.items()) if seen_at <= at}
            state = replace(_state(then, parts, rest, known), ledger_seq=snapshot.ledger_seq(connection), built_at=at)
        yield Past(then, state, at, rulebooks.in_use(store, at))


def _today(connection: Any, store: Store, terms: Mapping[str, Terms]) -> Manifest:
    """Give the state that stands ready; one without parts where other rules or terms made it."""
    found, rules = snapshot.read_manifest(store), rules_of(rulebook.load())
    told = {source: asdict(said) for source, said in terms.items()}
    same = found and found.rules == rules and all(told.get(source) == said for source, said in found.terms.items())
    if found and same and snapshot.stands_on(connection, found):
        return found
    return Manifest("", 0, rules, {}, datetime.min.replace(tzinfo=UTC))


def _taken_over(store: Store, then: Store, parts: Mapping[str, Part]) -> dict[str, Part]:
    """Copy the files of months in which nothing was learned since: they are what they were."""
    copied: dict[str, Part] = {}
    for month, part in parts.items():
        with suppress(FileNotFoundError):  # deleted meanwhile: it is derived like the others
            for name in part.files:
                (then.derived / name).parent.mkdir(exist_ok=True)
                shutil.copyfile(store.derived / name, then.derived / name)
            copied[month] = part
    return copied


def _not_before(first: datetime | None, at: datetime, zone: ZoneInfo, store: Store) -> None:
    if first is None:
        found, step = "it holds no dossiers yet.", "Load a file (dunghan load FILE --source NAME) or run dunghan sync."
        raise StoreError(f"store {store.name}", found, step)
    if at < first:
        begun = f"{first.astimezone(zone) + timedelta(minutes=1):%Y-%m-%dT%H:%M}"
        found = f"nothing was known at {at.astimezone(zone):%Y-%m-%d %H:%M}: the first dossier was seen later."
        raise StoreError("--known-at", found, f"Ask for {begun} or later.")


def _state(
    then: Store, parts: dict[str, Part], rest: Iterable[tuple[str, pl.DataFrame]], known: dict[str, Terms]
) -> Manifest:
    """Derive the other months, one at a time, into the folder of ``then``, and say what stands there."""
    book = rulebook.load()
    made = {month: part_of(then, seen, month, Given(known, book)) for month, seen in rest}
    whole = dict(sorted((parts | {month: part for month, part in made.items() if part}).items()))
    told, rules = {source: asdict(said) for source, said in known.items()}, rules_of(book)
    return Manifest(version_of(whole, rules, told), 0, rules, told, datetime.min.replace(tzinfo=UTC), whole)
