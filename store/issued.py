"""Read reports of every state, within a reader's scope: a head sees the sheets of the own units and no other."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import polars as pl
import sqlalchemy as sa

from metrics.scope import Scope
from store import as_read, frames
from store.database import Store, seeing
from store.editions import Paper
from store.outgoing_tables import edition_acts, editions, papers, restatements


@dataclass(frozen=True, slots=True)
class Edition:
    """A report as it stands. ``draft``: the frozen content until it is issued; ``held``: kept notes of why it is not
    sent; ``number``, ``year``, ``issued_at``: once it is issued."""

    id: int
    kind: str
    department: str
    start: date
    end: date
    issue_on: date
    state: str
    data_version: str | None
    ledger_seq: int | None
    known_at: datetime | None
    draft: Mapping[str, Any] | None
    held: tuple[Mapping[str, Any], ...]
    remark: str | None
    caveat: str | None
    approved_by: str | None
    approved_at: datetime | None
    number: int | None
    year: int | None
    issued_at: datetime | None

    @property
    def scope(self) -> Scope:
        """The dossiers that it reports."""
        return Scope.of(self.department) if self.department else Scope.province()

    @property
    def mark(self) -> str:
        """The mark of its draft and of what stands against it, for who sends it all the same; "": nothing was made."""
        return as_read.mark(self.draft, self.held)


def editions_of(store: Store, scope: Scope, *, states: tuple[str, ...] = ()) -> list[Edition]:
    """Give the reports that ``scope`` may read, the latest period first; of ``states``, or all."""
    chosen = [editions.c.state.in_(states)] if states else []
    order = editions.c.period_end.desc(), editions.c.kind, editions.c.department, editions.c.id.desc()
    with seeing(store, scope) as connection:
        rows = connection.execute(sa.select(editions).where(_mine(scope), *chosen).order_by(*order)).mappings()
        return [_edition(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the reports stand: how many by state, and when the last one was issued."""

    states: dict[str, int]
    newest: datetime | None


def standing(store: Store) -> Standing:
    """Count all reports by state."""
    counted = sa.select(editions.c.state, sa.func.count()).group_by(editions.c.state).order_by(editions.c.state)
    with seeing(store, Scope.province()) as connection:
        states = {state: int(n) for state, n in connection.execute(counted)}
        return Standing(states, connection.scalar(sa.select(sa.func.max(editions.c.issued_at))))


def edition(store: Store, id: int, scope: Scope) -> Edition | None:
    """Give one report; None where there is none or ``scope`` may not read it: the reader cannot tell which."""
    with seeing(store, scope) as connection:
        row = connection.execute(sa.select(editions).where(_mine(scope), editions.c.id == id)).mappings().one_or_none()
        return _edition(row) if row else None


def numbered(store: Store, number: int, year: int, scope: Scope) -> Edition | None:
    """Give the issued report of a number; None as in ``edition``."""
    mine = sa.and_(_mine(scope), editions.c.number == number, editions.c.year == year)
    with seeing(store, scope) as connection:
        row = connection.execute(sa.select(editions).where(mine)).mappings().one_or_none()
        return _edition(row) if row else None


def paper(store: Store, id: int, form: str, scope: Scope) -> Paper | None:
    """Give one form of an issued report, byte for byte; None as in ``edition``, and before it is issued."""
    return next((found for found in papers_of(store, id, scope) if found.form == form), None)


def papers_of(store: Store, id: int, scope: Scope) -> list[Paper]:
    """Give every form of an issued report, byte for byte as it stands now; see ``hashes`` for what it was."""
    joined = sa.select(papers).join(editions, editions.c.id == papers.c.edition_id)
    with seeing(store, scope) as connection:
        rows = connection.execute(joined.where(_mine(scope), editions.c.id == id).order_by(papers.c.form)).mappings()
        return [Paper(row["form"], row["name"], base64.b64decode(row["content"])) for row in rows]


def hashes(store: Store, id: int, scope: Scope) -> dict[str, str]:
    """Give the SHA-256 of every form of an issued report as it was kept on the day of issue."""
    joined = sa.select(papers.c.form, papers.c.sha256).join(editions, editions.c.id == papers.c.edition_id)
    with seeing(store, scope) as connection:
        rows = connection.execute(joined.where(_mine(scope), editions.c.id == id).order_by(papers.c.form))
        return {form: digest for form, digest in rows}


def acts(store: Store, id: int, scope: Scope) -> pl.DataFrame:
    """Give what happened to a report, oldest first: act, by, at (UTC), detail."""
    told = (edition_acts.c[name] for name in ("act", "by", "at", "detail"))
    joined = sa.select(*told).join(editions, editions.c.id == edition_acts.c.edition_id)
    with seeing(store, scope) as connection:
        mine = joined.where(_mine(scope), editions.c.id == id)
        return frames.select(connection, mine.order_by(edition_acts.c.seq))


def restatements_of(store: Store, id: int, scope: Scope) -> list[dict[str, Any]]:
    """Give the restatements of an issued report, oldest first: number, found_at, data_version, told (figures)."""
    told = (restatements.c[name] for name in ("number", "found_at", "data_version", "told"))
    joined = sa.select(*told).join(editions, editions.c.id == restatements.c.edition_id)
    with seeing(store, scope) as connection:
        rows = connection.execute(joined.where(_mine(scope), editions.c.id == id).order_by(restatements.c.number))
        return [{**row._mapping, "told": json.loads(row.told)} for row in rows]


def _mine(scope: Scope) -> sa.ColumnElement[bool]:
    """Keep the reports of ``scope``: those of the province are for the province alone."""
    if scope.departments is None:
        return sa.true()
    return editions.c.department.in_(sorted(scope.departments - {""}))


def _edition(row: Mapping[Any, Any]) -> Edition:
    start, end, issue_on = (date.fromisoformat(row[name]) for name in ("period_start", "period_end", "issue_on"))
    draft, held = (json.loads(row[name]) if row[name] else None for name in ("draft", "held"))
    rest: dict[str, Any] = {name: row[name] for name in _PLAIN}
    return Edition(start=start, end=end, issue_on=issue_on, draft=draft, held=tuple(held or ()), **rest)


_PLAIN: Final = (
    "id", "kind", "department", "state", "data_version", "ledger_seq", "known_at", "remark", "caveat", "approved_by",
    "approved_at", "number", "year", "issued_at",
)  # fmt: skip
