"""Messages to single recipients: put in once by whoever issues, sent once by whoever delivers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from config import mail
from metrics.scope import Scope
from store import audit
from store.database import Store, seeing, writing
from store.outgoing_tables import outbox

#: States of a message that is still to be sent, or being sent.
OPEN: Final = ("waiting", "claimed", "data")


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one recipient. ``key``: what it is and for whom, so that nothing is put in twice.

    ``about``: report, digest, escalation, notice; ``channel``: mail, or the name of a gateway; ``department``: whose
    units it is about, None for the province; ``attached``: forms of the papers of ``edition_id``.
    """

    key: str
    about: str
    channel: str
    recipient: str
    subject: str
    body: str
    edition_id: int | None = None
    department: str | None = None
    attached: tuple[str, ...] = ()


def put(connection: Connection, message: Message, *, at: datetime) -> bool:
    """Put a message in, within the transaction of what it is about; False when its key is there already."""
    row = {
        "key": message.key, "message_id": message_id(message.key), "about": message.about, "state": "waiting",
        "edition_id": message.edition_id, "department": message.department, "channel": message.channel,
        "recipient": message.recipient, "subject": message.subject, "body": message.body,
        "attached": json.dumps(message.attached), "attempts": 0, "put_at": at,
    }  # fmt: skip
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    added = insert(outbox).values(row).on_conflict_do_nothing()  # key and Message-ID are both unique
    return connection.execute(added.returning(outbox.c.id)).first() is not None


def put_later(store: Store, messages: Sequence[Message], *, by: str, at: datetime, what: str) -> int:
    """Put messages in because a person says so, all in one transaction; gives how many were not there yet."""
    with writing(store) as connection:
        n = sum(put(connection, message, at=at) for message in messages)
        if n:
            audit.keep_in(connection, person=by, act="record", at=at, what=what, detail=f"mail to {n} more recipients")
        return n


def keys(store: Store, wanted: Sequence[str]) -> frozenset[str]:
    """Give which of these keys are in the outbox."""
    with seeing(store, Scope.province()) as connection:
        return frozenset(connection.scalars(sa.select(outbox.c.key).where(outbox.c.key.in_(wanted))))


def message_id(key: str) -> str:
    """Give the Message-ID of what has ``key``: the same whenever it is asked for."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{mail.server_told().own_domain}>"


@dataclass(frozen=True, slots=True)
class Standing:
    """How the outbox stands: messages by state, and since when the oldest one waits or is under way."""

    states: dict[str, int]
    oldest: datetime | None


def standing(store: Store) -> Standing:
    """Count messages by state."""
    open_ = sa.select(sa.func.min(outbox.c.put_at)).where(outbox.c.state.in_(OPEN))
    counted = sa.select(outbox.c.state, sa.func.count()).group_by(outbox.c.state).order_by(outbox.c.state)
    with seeing(store, Scope.province()) as connection:
        states = {state: int(n) for state, n in connection.execute(counted)}
        return Standing(states, connection.scalar(open_))


def any_open(store: Store) -> bool:
    """Say whether any message waits or is under way."""
    with seeing(store, Scope.province()) as connection:
        return bool(connection.scalar(sa.select(sa.exists().where(outbox.c.state.in_(OPEN)))))


def listed(store: Store, *, states: tuple[str, ...] = (), limit: int = 200) -> list[dict[str, Any]]:
    """Give messages, newest first: all columns of the table ``outbox``; of ``states``, or all."""
    question = sa.select(outbox).order_by(outbox.c.id.desc()).limit(limit)
    return _rows(store, question.where(outbox.c.state.in_(states)) if states else question)


def shown(store: Store, id: int) -> dict[str, Any] | None:
    """Give one message with all columns, None where there is none."""
    return next(iter(_rows(store, sa.select(outbox).where(outbox.c.id == id))), None)


def _rows(store: Store, question: sa.Select[Any]) -> list[dict[str, Any]]:
    with seeing(store, Scope.province()) as connection:
        return [dict(row) for row in connection.execute(question).mappings()]
