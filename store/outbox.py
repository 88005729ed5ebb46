"""Messages to single recipients: put in once by whoever issues, sent once by whoever delivers."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from config import mail
from store.outgoing_tables import outbox


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
    added = insert(outbox).values(row).on_conflict_do_nothing(index_elements=["key"])
    return connection.execute(added.returning(outbox.c.id)).first() is not None


def message_id(key: str) -> str:
    """Give the Message-ID of what has ``key``: the same whenever it is asked for."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{mail.server_told().own_domain}>"
