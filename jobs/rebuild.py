"""Bring everything derived up to the ledger: observed parts → facts → cube, only the months that changed."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime

from config.errors import StoreError
from jobs import deriving
from jobs.deriving import Given
from metrics import rulebook
from metrics.rulebook import Rulebook
from store import corrections, recorded, rulebooks, snapshot, steps
from store.database import Store, is_held, locked, must_see_all, reading
from store.snapshot import Manifest, Part

#: Raise when a rule changes what facts or cube hold: every part is then derived again.
RULES_VERSION = 11
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


def counted(store: Store) -> str:
    """Bring the figures up to what a person recorded and say their version; as a role that sees not every row, say who
    does it. Raises StoreError."""
    with reading(store) as connection:
        held = is_held(connection)
    return "The worker counts it." if held else rebuild(store).data_version


def _rebuilt(store: Store, verify: bool, progress: Progress | None) -> Manifest:
    book = rulebook.load()
    rules = rules_of(book)
    before = snapshot.read_manifest(store)
    base = before if before is not None and before.rules == rules else None
    with reading(store) as connection:
        must_see_all(store, connection)
        seq, stamped_at = snapshot.ledger_seq(connection), snapshot.stamped_at(connection)
        terms, corrected, stepped = snapshot.terms(connection), corrections.last(connection), steps.last(connection)
        mark, lettered = snapshot.ledger_mark(connection, seq), recorded.last_letter(connection)
        told = {source: asdict(said) for source, said in terms.items()}
        base = base if base is not None and _still(base.terms, told) and snapshot.stands_on(connection, base) else None
        damaged = snapshot.damaged(store, base, content=verify) if base else set()
        state = (seq, corrected, lettered, stepped, told, stamped_at)
        if base is not None and not damaged and state == (
            base.ledger_seq, base.corrections_seq, base.letters_seq, base.steps_seq, base.terms, base.stamped_at,
        ):  # fmt: skip
            return base
        parts = dict(base.parts) if base else {}
        months = snapshot.changed_months(connection, after=base.ledger_seq if base else 0) | damaged
        months |= corrections.changed_months(connection, after=base.corrections_seq if base else 0)
        months |= recorded.changed_months(connection, after=base.letters_seq if base else 0)
        months |= steps.months(connection, after=base.steps_seq if base else 0)
        seen = ((month, snapshot.observe(connection, month)) for month in sorted(months))
        for done, (month, part) in enumerate(deriving.parts(store, seen, Given(terms, book)), start=1):
            parts = {m: p for m, p in parts.items() if m != month} | ({month: part} if part else {})
            if progress:
                progress(done, len(months))
    manifest = Manifest(
        data_version=version_of(parts, rules, told),
        ledger_seq=seq,
        rules=rules,
        terms=told,
        built_at=datetime.now(UTC),
        parts=dict(sorted(parts.items())),
        stamped_at=stamped_at,
        corrections_seq=corrected,
        letters_seq=lettered,
        steps_seq=stepped,
        ledger_mark=mark,
    )
    snapshot.write_manifest(store, manifest, before)
    rulebooks.keep(store, rules, book.told(), used_at=manifest.built_at)
    return manifest


def rules_of(book: Rulebook) -> str:
    """Name the rules that figures are made by: those of the code, and those of the office."""
    return f"{RULES_VERSION}-{book.version}"


def _still(before: dict[str, dict[str, str]], now: dict[str, dict[str, str]]) -> bool:
    """Say whether every source is taken as it was: one that is new changes nothing that stands."""
    return all(now.get(source) == terms for source, terms in before.items())


def version_of(parts: dict[str, Part], rules: str, terms: dict[str, dict[str, str]]) -> str:
    """Name a state of the figures: the newest thing any dossier says, and a digest of all parts, rules and terms."""
    made = "".join(part.cube + part.durations + part.facts for _, part in sorted(parts.items()))
    told = rules + json.dumps(terms, sort_keys=True) + made
    newest = max((part.newest_at for part in parts.values() if part.newest_at), default=None)
    stamp = f"{newest:%Y-%m-%dT%H:%MZ}" if newest else "empty"
    return f"{stamp}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"
