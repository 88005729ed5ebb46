"""What of a report was read before it was approved, or sent all the same: its draft and what stood against it, under
one mark."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.notes import Note
from store.outgoing_tables import editions

_LENGTH: Final = 12  # hexadecimal digits: people type it


def mark(draft: Mapping[str, Any] | None, held: Sequence[Mapping[str, Any]]) -> str:
    """Give the mark of a draft and of the reasons (kept notes) against it; other content or another reason has another.

    "" for what could not be made.
    """
    if draft is None:
        return ""
    told = json.dumps([draft["seal"]["content_sha256"], list(held)], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:_LENGTH]


def refused(connection: Connection, edition: int, read: str, *, state: str) -> tuple[str, str] | None:
    """Say why a report in ``state`` may not go on, and what to do: there is no draft, or none of the mark ``read``.

    Its row stays as it is until the transaction ends. None where nothing is against it, or it is in another state.
    """
    told = sa.select(editions.c.draft, editions.c.held).where(editions.c.id == edition, editions.c.state == state)
    row = connection.execute(told.with_for_update()).one_or_none()
    if row is None:
        return None
    draft, held = (json.loads(text) if text else None for text in (row.draft, row.held))
    if draft is None:
        why = "; ".join(Note.read(kept).english.rstrip(".") for kept in held or ())
        return f"{why}; there is nothing to send.", "Mend that; it is drafted anew every 30 minutes."
    if mark(draft, held or ()) != read:
        found = "that is not what was read: it was drafted anew, or is held for other reasons."
        return found, f"Read it (dunghan report show {edition}), then name its mark: --draft MARK."
    return None
