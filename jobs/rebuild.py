"""Bring everything derived up to the ledger: observed parts → facts → cube, only the months that changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

import polars as pl

from config.calendar import load as load_days
from metrics.calendar import WorkingCalendar
from metrics.clocks import facts
from metrics.cube import cube
from store import snapshot
from store.database import Store, locked, reading
from store.snapshot import Manifest, Part

#: Raise when a rule changes what facts or cube hold: every part is then derived again.
RULES_VERSION = 1
Progress = Callable[[int, int], None]


def rebuild(store: Store, *, progress: Progress | None = None) -> Manifest:
    """Derive what the ledger has that the manifest has not, and give the manifest now in force.

    Another process that is at it already is waited for by returning its last finished state.
    """
    with locked(store, "rebuild") as free:
        before = snapshot.read_manifest(store)
        if not free and before is not None:
            return before
        return _rebuilt(store, before, progress)


def _rebuilt(store: Store, before: Manifest | None, progress: Progress | None) -> Manifest:
    calendar = WorkingCalendar(load_days())
    rules = f"{RULES_VERSION}-{calendar.version}"
    with reading(store) as connection:
        seq, zones = snapshot.ledger_seq(connection), snapshot.zones(connection)
        usable = before is not None and before.rules == rules
        if before is not None and usable and before.ledger_seq == seq and before.zones == zones:
            return before
        parts = dict(before.parts) if before is not None and usable else {}
        months = snapshot.changed_months(connection, after=before.ledger_seq if before is not None and usable else 0)
        for done, month in enumerate(sorted(months), start=1):
            part = _part(store, snapshot.observe(connection, month), month, zones, calendar)
            parts = {m: p for m, p in parts.items() if m != month} | ({month: part} if part else {})
            if progress:
                progress(done, len(months))
    manifest = Manifest(
        data_version=_version(parts, rules),
        ledger_seq=seq,
        rules=rules,
        zones=zones,
        built_at=datetime.now(UTC),
        parts=dict(sorted(parts.items())),
    )
    snapshot.write_manifest(store, manifest, before)
    return manifest


def _part(
    store: Store, observed: pl.DataFrame, month: str, zones: dict[str, str], calendar: WorkingCalendar
) -> Part | None:
    if observed.is_empty():
        return None
    derived = facts(observed, zones, calendar)
    return Part(
        observed=snapshot.put(store, "observed", month, observed),
        facts=snapshot.put(store, "facts", month, derived),
        cube=snapshot.put(store, "cube", month, cube(derived, calendar)),
        newest_at=snapshot.newest(observed),
    )


def _version(parts: dict[str, Part], rules: str) -> str:
    """Name a state of the figures: the newest thing any source said, and a digest of all parts and rules."""
    told = rules + "".join(part.cube + part.facts for _, part in sorted(parts.items()))
    newest = max((part.newest_at for part in parts.values() if part.newest_at), default=None)
    stamp = f"{newest:%Y-%m-%dT%H:%MZ}" if newest else "empty"
    return f"{stamp}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"
