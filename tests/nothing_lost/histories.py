"""Small histories of dossiers, deliveries of their states in any order, and a slow twin of what the store does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import polars as pl

from metrics.dossier import REJECTS, whole
from store.ingest import Counts

NOON: Final = datetime(2026, 3, 2, 5, tzinfo=UTC)
#: Every reading is later than every stamp of a source: its clock can be believed.
FIRST_LOOK: Final = NOON + timedelta(days=60)


@dataclass(frozen=True, slots=True)
class State:
    """What a source says of a dossier from the minute ``stamp`` on."""

    code: str
    stamp: int
    step: str
    month: int = 0  # of receipt: a typing error that was put right moves the dossier to another part

    @property
    def at(self) -> datetime:
        return NOON + timedelta(minutes=self.stamp)

    @property
    def said(self) -> tuple[str, int]:
        """All but the stamp: what two observations are compared by."""
        return self.step, self.month

    def row(self, source: str) -> dict[str, Any]:
        return {
            "source": source, "code": self.code, "status": "processing", "department": "Sở Xây dựng",
            "step": self.step, "received_at": NOON - timedelta(days=40 - 31 * self.month), "changed_at": self.at,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be read; ``code`` where at least that can."""

    text: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One batch: one state a code, and rows that are refused."""

    states: tuple[State, ...]
    refused: tuple[Refused, ...] = ()

    def good(self, source: str) -> pl.DataFrame:
        names = list(State("", 0, "").row(source))
        rows = [s.row(source) for s in self.states]
        stamps = {n: pl.Datetime("us", "UTC") if n.endswith("_at") else pl.String for n in names}
        return whole(pl.DataFrame(rows, schema=stamps))

    def rejects(self) -> pl.DataFrame:
        rows = [
            {"place": "dòng 1", "code": r.code, "reasons": ["unknown_status"], "found": "x", "raw": json.dumps(r.text)}
            for r in self.refused
        ]
        return pl.DataFrame(rows, schema=REJECTS)


@dataclass(slots=True)
class _Known:
    state: State
    top: int
    entries: list[State] = field(default_factory=list)


@dataclass(slots=True)
class Twin:
    """The laws, one dossier after the other: what is older than the newest stamp is folded in, what says the same only
    moves the stamp, everything else is a new entry of the ledger."""

    known: dict[str, _Known] = field(default_factory=dict)
    waiting: dict[str, tuple[str | None, int, bool]] = field(default_factory=dict)  # text → code, last look, waits

    def take(self, delivery: Delivery, look: int) -> Counts:
        """Take a stored delivery of the ``look``-th run."""
        done = sum((self._one(s) for s in delivery.states), start=Counts(quarantined=len(delivery.refused)))
        for row in delivery.refused:
            self.waiting[row.text] = (row.code, look, True)
        bad = {r.code for r in delivery.refused}
        well = {s.code for s in delivery.states} - bad
        for text, (code, last, _) in self.waiting.items():
            if code in well and last < look:
                self.waiting[text] = (code, last, False)
        return done

    def _one(self, state: State) -> Counts:
        known = self.known.get(state.code)
        if known is None:
            self.known[state.code] = _Known(state, state.stamp, [state])
            return Counts(new=1)
        if state.stamp < known.top:
            return Counts(merged=1)
        known.top = state.stamp
        if state.said == known.state.said:
            return Counts(unchanged=1)
        known.state = state
        known.entries.append(state)
        return Counts(changed=1)


def in_order(states: Iterable[State], *, most: int) -> list[Delivery]:
    """Cut states into deliveries as a source without fault gives them: oldest first, one state a code in each."""
    deliveries: list[list[State]] = [[]]
    for state in sorted(states, key=lambda s: (s.stamp, s.code)):
        if len(deliveries[-1]) >= most or state.code in {s.code for s in deliveries[-1]}:
            deliveries.append([])
        deliveries[-1].append(state)
    return [Delivery(tuple(states)) for states in deliveries]


def never_ahead(deliveries: Sequence[Delivery]) -> bool:
    """Say whether no dossier's state came before all older ones of it had: then the ledger is that of a clean load."""
    seen: dict[str, int] = {}
    all_of: dict[str, list[int]] = {}
    for state in (s for d in deliveries for s in d.states):
        all_of.setdefault(state.code, []).append(state.stamp)
    told = {code: sorted(set(stamps)) for code, stamps in all_of.items()}
    for state in (s for d in deliveries for s in d.states):
        place = told[state.code].index(state.stamp)
        if place > seen.get(state.code, -1) + 1:
            return False
        seen[state.code] = max(seen.get(state.code, -1), place)
    return True
