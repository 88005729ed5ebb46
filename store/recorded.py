"""Read what people recorded beside dossiers (store.records): of one, the last of many, and the letters of a month."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from metrics.dossier import INSTANT, KEY
from metrics.scope import Scope
from metrics.whose import IN_SIGHT, only_where
from store import frames
from store.database import Store, seeing
from store.records import Kind
from store.sight import sight
from store.tables import dossiers, records

#: Letters recorded of a dossier, oldest first. ``at``: when it was recorded, which is when it counts from.
LETTERS: Final = pl.List(
    pl.Struct({"at": INSTANT, "issued_at": INSTANT, "due_at": INSTANT, "number": pl.String, "by": pl.String})
)
COLUMNS: Final = ("seq", "kind", "cause", "text", "number", "issued_at", "due_at", "recorded_by", "recorded_at")
#: What ``beside`` adds to lists.
LAST: Final = ("cause", "cause_note", "answer", "answer_at", "letter_number", "letter_issued_at", "letter_due_at")
_LETTER: Final = records.c.kind == Kind.LETTER.value


def of_dossier(store: Store, source: str, code: str, scope: Scope) -> pl.DataFrame:
    """Give everything recorded of one dossier, newest first: COLUMNS, instants in UTC.

    Empty when there is no such dossier or when ``scope`` may not see it (store.sight): the reader cannot tell which.
    """
    with seeing(store, scope) as connection:
        allowed = sight(connection, source, code, scope) is not None
        mine = sa.and_(records.c.source == source, records.c.code == code if allowed else sa.false())
        question = sa.select(*(records.c[name] for name in COLUMNS)).where(mine)
        return frames.select(connection, question.order_by(records.c.seq.desc()))


def newest(store: Store, scope: Scope) -> int:
    """Give the number of the newest record of any kind that ``scope`` may know of, 0 when there is none: what lists
    were read with. Where the database itself does not part the scopes (store.database.see) it is the newest of all."""
    with seeing(store, scope) as connection:
        return connection.scalar(sa.select(sa.func.max(records.c.seq))) or 0


def last(store: Store, scope: Scope, known_at: datetime | None = None) -> pl.DataFrame:
    """Give what was last recorded of every dossier of which anything was: source, code, LAST. For ``beside``.

    Where the database itself does not part the scopes (store.database.see) it is of every unit's: nobody is shown it
    but beside rows of the own scope. With ``known_at`` nothing recorded later is read.
    """
    known = records.c.recorded_at <= known_at if known_at is not None else sa.true()
    one = (records.c.source, records.c.code, records.c.kind)
    newest_of = sa.select(sa.func.max(records.c.seq)).where(known).group_by(*one)
    told = (*(records.c[name] for name in ("source", "code", *COLUMNS)),)
    with seeing(store, scope) as connection:
        return _in_a_row(frames.select(connection, sa.select(*told).where(records.c.seq.in_(newest_of))))


def beside(rows: pl.DataFrame, last: pl.DataFrame) -> pl.DataFrame:
    """Add to ``rows`` (source, code …; of the reader's scope already) what ``last`` tells of each: LAST; nothing where
    the row itself says that the reader may not look at it (metrics.whose.IN_SIGHT)."""
    named = rows.with_columns(pl.col("source").cast(pl.String))
    told = named.join(last, on=KEY, how="left", maintain_order="left")
    return told.with_columns(only_where(pl.col(IN_SIGHT), pl.col(LAST))) if IN_SIGHT in rows.columns else told


def _in_a_row(found: pl.DataFrame) -> pl.DataFrame:
    """Lay the last record of each kind side by side: source, code, LAST."""

    def of(kind: Kind, column: str) -> pl.Expr:
        return pl.col(column).filter(pl.col("kind") == kind.value).first()

    return found.group_by(KEY).agg(
        cause=of(Kind.CAUSE, "cause"), cause_note=of(Kind.CAUSE, "text"), answer=of(Kind.ANSWER, "text"),
        answer_at=of(Kind.ANSWER, "recorded_at"), letter_number=of(Kind.LETTER, "number"),
        letter_issued_at=of(Kind.LETTER, "issued_at"), letter_due_at=of(Kind.LETTER, "due_at"),
    )  # fmt: skip


def last_letter(connection: Connection) -> int:
    """Give the number of the newest letter, 0 when there is none; of what is recorded, letters alone move figures."""
    return connection.scalar(sa.select(sa.func.max(records.c.seq)).where(_LETTER)) or 0


def changed_months(connection: Connection, *, after: int) -> set[str]:
    """Give the parts that letters recorded later than number ``after`` touch, by month."""
    mine = sa.and_(*(dossiers.c[k] == records.c[k] for k in KEY))
    later = sa.and_(_LETTER, records.c.seq > after)
    return set(connection.scalars(sa.select(dossiers.c.part).join(records, mine).where(later)))


def letters_of_month(connection: Connection, month: str, known_at: datetime | None = None) -> pl.DataFrame:
    """Give source, code, letters_recorded (LETTERS) of the dossiers of a month, as known at a moment."""
    mine = sa.and_(*(dossiers.c[k] == records.c[k] for k in KEY))
    told = (*(records.c[k] for k in KEY), *(records.c[n] for n in _OF_LETTER))
    question = sa.select(*told).join(dossiers, mine).where(_LETTER)
    if known_at is not None:
        question = question.where(records.c.recorded_at <= known_at)
    elsewhere = dossiers.c.part == month if known_at is None else sa.true()
    rows = frames.select(connection, question.where(elsewhere).order_by(records.c.seq))
    named = rows.rename({"recorded_at": "at", "recorded_by": "by"})
    one = pl.struct("at", "issued_at", "due_at", "number", "by").alias("letters_recorded")
    return named.group_by(KEY, maintain_order=True).agg(one).with_columns(pl.col("letters_recorded").cast(LETTERS))


_OF_LETTER: Final = ("recorded_at", "issued_at", "due_at", "number", "recorded_by")
