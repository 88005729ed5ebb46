"""Find one dossier by a code it carries: its own, or the other one (MaHoSoKhac)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl
import sqlalchemy as sa

from config.errors import StoreError, nearest
from metrics.dossier import UNFINISHED
from store import frames
from store.database import Store, reading
from store.tables import dossiers, sources, steps


@dataclass(frozen=True, slots=True)
class Place:
    """Where a dossier is: its source and its own code there, the part it lies in."""

    source: str
    code: str
    part: str


def find(store: Store, code: str, source: str = "") -> Place:
    """Give the dossier called ``code``, of ``source`` where one is named.

    Raises StoreError when there is none (with the nearest code), or one in several sources (naming them).
    """
    asked = code.strip()
    with reading(store) as connection:
        known = list(connection.scalars(sa.select(sources.c.name).order_by(sources.c.name)))
        if source and source not in known:
            step = f"Known: {', '.join(known) or 'none'}."
            raise StoreError(f"--source {source}", f"there is no such source.{nearest(source, known)}", step)
        question = sa.select(dossiers.c.source, dossiers.c.code, dossiers.c.part)
        mine = question.where(sa.true() if not source else dossiers.c.source == source).order_by(dossiers.c.source)
        found = connection.execute(mine.where(dossiers.c.code == asked)).all()
        found = found or connection.execute(mine.where(dossiers.c.other_code == asked)).all()
        if not found:
            like = list(
                connection.scalars(
                    sa.select(dossiers.c.code)
                    .where(dossiers.c.code.startswith(asked[: max(1, len(asked) // 2)], autoescape=True))
                    .limit(500)
                )
            )
            raise StoreError(f"dossier {asked}", f"there is none.{nearest(asked, like)}", "Check the code.")
    if len(found) > 1:
        where = ", ".join(sorted({row.source for row in found}))
        raise StoreError(f"dossier {asked}", f"there are {len(found)}, in: {where}.", "Name one with --source.")
    return Place(*found[0])


#: What a source may be asked about its own open dossiers by (connectors.base.Reading).
ASKED_BY: Final = (
    "code", "other_code", "status", "submitted_at", "received_at", "due_at", "changed_at", "seen_at",
)  # fmt: skip
_NOT_CLOSED: Final = tuple(s.value for s in UNFINISHED)


def open_of(store: Store, source: str) -> pl.DataFrame:
    """Give the dossiers of ``source`` that may still change, those not yet accepted among them: ASKED_BY."""
    mine = (dossiers.c.source == source, dossiers.c.status.in_(_NOT_CLOSED))
    with reading(store) as connection:
        question = sa.select(*(dossiers.c[c] for c in ASKED_BY)).where(*mine).order_by(dossiers.c.code)
        return frames.select(connection, question)


def stepless_of(store: Store, source: str, before: datetime) -> pl.DataFrame:
    """Give the dossiers of ``source``, open or closed after the moment promised, that are older than ``before`` (aware)
    and of which nothing was told that changed before it: code, due_at, closed.

    Steps read from ``before`` on tell nothing of them, or only their end. Late is told by the moment, so that one
    closed in the last hours of its due day may be among them.
    """
    late = sa.func.coalesce(dossiers.c.resolved_at, dossiers.c.returned_at) > dossiers.c.due_at
    told = sa.exists().where(
        steps.c.source == dossiers.c.source, steps.c.code == dossiers.c.code,
        sa.func.coalesce(steps.c.ended_at, steps.c.started_at) < sa.literal(before, steps.c.ended_at.type),
    )  # fmt: skip
    older = sa.func.coalesce(dossiers.c.submitted_at, dossiers.c.received_at) < sa.literal(
        before, dossiers.c.received_at.type
    )
    mine = (dossiers.c.source == source, sa.or_(dossiers.c.status.in_(_NOT_CLOSED), late), older, ~told)
    with reading(store) as connection:
        question = sa.select(dossiers.c.code, dossiers.c.due_at, dossiers.c.status).where(*mine)
        found = frames.select(connection, question.order_by(dossiers.c.code))
    return found.select("code", "due_at", closed=~pl.col("status").cast(pl.String).is_in(_NOT_CLOSED))
