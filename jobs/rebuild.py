"""Bring everything derived up to the ledger: observed parts → facts → cube, only the months that changed."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final

import polars as pl

from config.calendar import load as load_days
from config.errors import StoreError
from metrics.calendar import WorkingCalendar
from metrics.clocks import facts
from metrics.cube import DIMENSIONS, cube
from metrics.terms import Terms
from store import snapshot
from store.database import Store, locked, reading
from store.snapshot import Manifest, Part

#: Raise when a rule changes what facts or cube hold: every part is then derived again.
RULES_VERSION = 2
Progress = Callable[[int, int], None]


#: How long to wait for another process that derives the same store, and how often to look.
PATIENCE_SECONDS = 900.0
LOOK_EVERY_SECONDS = 0.2


def rebuild(store: Store, *, verify: bool = False, progress: Progress | None = None) -> Manifest:
    """Derive what the ledger has that the manifest has not, and give the manifest now in force.

    ``verify`` reads every derived file and makes those again whose content is not what their name says; without it
    only missing files are noticed. Another process that is at it is waited for. Raises StoreError.
    """
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE_SECONDS:
        with locked(store, "rebuild") as free:
            if free:
                return _rebuilt(store, verify, progress)
        time.sleep(LOOK_EVERY_SECONDS)
    raise StoreError(
        f"store {store.name}",
        "another process has been deriving its figures for very long.",
        "Stop it, then try again.",
    )


def _rebuilt(store: Store, verify: bool, progress: Progress | None) -> Manifest:
    calendar = WorkingCalendar(load_days())
    rules = f"{RULES_VERSION}-{calendar.version}"
    before = snapshot.read_manifest(store)
    base = before if before is not None and before.rules == rules else None
    with reading(store) as connection:
        seq, stamped_at = snapshot.ledger_seq(connection), snapshot.stamped_at(connection)
        terms = snapshot.terms(connection)
        told = {source: asdict(said) for source, said in terms.items()}
        base = base if base is not None and _still(base.terms, told) else None
        damaged = snapshot.damaged(store, base, content=verify) if base else set()
        same = base is not None and (base.ledger_seq, base.terms, base.stamped_at) == (seq, told, stamped_at)
        if base is not None and same and not damaged:
            return base
        parts = dict(base.parts) if base else {}
        months = snapshot.changed_months(connection, after=base.ledger_seq if base else 0) | damaged
        for done, month in enumerate(sorted(months), start=1):
            part = _part(store, snapshot.observe(connection, month), month, terms, calendar)
            parts = {m: p for m, p in parts.items() if m != month} | ({month: part} if part else {})
            if progress:
                progress(done, len(months))
    manifest = Manifest(
        data_version=_version(parts, rules, told),
        ledger_seq=seq,
        rules=rules,
        terms=told,
        built_at=datetime.now(UTC),
        parts=dict(sorted(parts.items())),
        stamped_at=stamped_at,
    )
    snapshot.write_manifest(store, manifest, before)
    return manifest


def _still(before: dict[str, dict[str, str]], now: dict[str, dict[str, str]]) -> bool:
    """Say whether every source is taken as it was: one that is new changes nothing that stands."""
    return all(now.get(source) == terms for source, terms in before.items())


#: How many dossiers took how many working days; filled by the metrics.
DURATIONS: Final = pl.Schema(
    {"day": pl.Date(), **dict.fromkeys(DIMENSIONS, pl.String()), "days": pl.Int32(), "n": pl.Int32()}
)


def _part(
    store: Store, observed: pl.DataFrame, month: str, terms: dict[str, Terms], calendar: WorkingCalendar
) -> Part | None:
    if observed.is_empty():
        return None
    zones = {source: said.zone for source, said in terms.items()}
    derived = facts(observed, zones, calendar)
    return Part(
        observed=snapshot.put(store, "observed", month, observed),
        facts=snapshot.put(store, "facts", month, derived),
        cube=snapshot.put(store, "cube", month, cube(derived, calendar)),
        durations=snapshot.put(store, "durations", month, pl.DataFrame(schema=DURATIONS)),
        newest_at=snapshot.newest(observed),
    )


def _version(parts: dict[str, Part], rules: str, terms: dict[str, dict[str, str]]) -> str:
    """Name a state of the figures: the newest thing any dossier says, and a digest of all parts, rules and terms."""
    made = "".join(part.cube + part.durations + part.facts for _, part in sorted(parts.items()))
    told = rules + json.dumps(terms, sort_keys=True) + made
    newest = max((part.newest_at for part in parts.values() if part.newest_at), default=None)
    stamp = f"{newest:%Y-%m-%dT%H:%MZ}" if newest else "empty"
    return f"{stamp}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"
