"""Turns of the worker's daily and weekly jobs: each is claimed before its work, and none twice, whatever clocks do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from store.database import Store, reading, writing
from store.outbox import Message, put
from store.outgoing_tables import turns

#: ``held``: it ran, and something stands against what it made (a report that is not sent).
Outcome = Literal["done", "failed", "held"]
#: Whoever takes turns holds this lock: a turn that was begun and not ended is nobody else's.
LOCK: Final = "turns"
LONGEST_DETAIL: Final = 500


@dataclass(frozen=True, slots=True)
class Turn:
    """How a job stands. ``last_due_at``: of the turn that was claimed last; ``outcome`` None: under way or cut off."""

    job: str
    next_due_at: datetime
    last_due_at: datetime | None
    begun_at: datetime | None
    ended_at: datetime | None
    outcome: Outcome | None
    detail: str | None


def plan(store: Store, job: str, due: datetime) -> None:
    """Say when a job is due for the first time; one that was planned before stands as it is."""
    with writing(store) as connection:
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        first = insert(turns).values(job=job, next_due_at=due)
        connection.execute(first.on_conflict_do_nothing(index_elements=["job"]))


def move(store: Store, turn: Turn, due: datetime) -> bool:
    """Plan the next turn for another time, as the settings say now; never for one that was claimed."""
    unclaimed = sa.or_(turns.c.last_due_at.is_(None), turns.c.last_due_at < due)
    mine = turns.c.job == turn.job, turns.c.next_due_at == turn.next_due_at, unclaimed
    with writing(store) as connection:
        return connection.execute(sa.update(turns).where(*mine).values(next_due_at=due)).rowcount == 1


def claim(store: Store, job: str, planned: datetime, due: datetime, *, then: datetime, at: datetime) -> bool:
    """Claim the turn of ``due`` where ``planned`` is the next one, and plan ``then``; False when somebody else did."""
    mine = turns.c.job == job, turns.c.next_due_at == planned
    told = {"last_due_at": due, "next_due_at": then, **_begun(at)}
    with writing(store) as connection:
        return connection.execute(sa.update(turns).where(*mine).values(told)).rowcount == 1


def again(store: Store, turn: Turn, *, at: datetime) -> bool:
    """Begin a turn once more that was cut off or failed; the caller holds LOCK. False when it is not so any more."""
    mine = (
        turns.c.job == turn.job,
        turns.c.begun_at == turn.begun_at,
        sa.func.coalesce(turns.c.outcome, "failed") == "failed",
    )
    with writing(store) as connection:
        return connection.execute(sa.update(turns).where(*mine).values(_begun(at))).rowcount == 1


def ended(
    store: Store, job: str, outcome: Outcome, detail: str, *, at: datetime, notices: Iterable[Message] = ()
) -> None:
    """Write down what came of a turn, with notices to the operator."""
    told = {"outcome": outcome, "detail": detail[:LONGEST_DETAIL] or None, "ended_at": at}
    with writing(store) as connection:
        connection.execute(sa.update(turns).where(turns.c.job == job).values(told))
        for notice in notices:
            put(connection, notice, at=at)


def taken(store: Store) -> dict[str, Turn]:
    """Give how each job stands, by its name."""
    told = (turns.c[name] for name in Turn.__slots__)
    with reading(store) as connection:
        return {row["job"]: Turn(**row) for row in connection.execute(sa.select(*told)).mappings()}


def _begun(at: datetime) -> dict[str, Any]:
    return {"begun_at": at, "ended_at": None, "outcome": None, "detail": None}
