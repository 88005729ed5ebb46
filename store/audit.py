"""Who did what and when: sign-ins, views of dossiers, exports, records, changes. Never changed, never deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store import frames
from store.database import Store, reading, writing
from store.tables import audit

Act = Literal[
    "sign_in", "sign_in_failed", "sign_out", "sign_out_everywhere", "view_dossier", "export", "record", "acknowledge",
    "urge", "fault", "change_person", "change_password", "change_settings",
]  # fmt: skip
LONGEST: Final = 1_000  # characters kept of what somebody typed
COLUMNS: Final = ("seq", "at", "person", "act", "what", "detail")


def keep(store: Store, *, person: str, act: Act, at: datetime, what: str = "", detail: str = "") -> None:
    """Keep that ``person`` did ``act`` to ``what`` at ``at`` (aware). Raises StoreError when the database refuses.

    A sign-in that failed keeps the name that was typed, whoever that is; never a password.
    """
    with writing(store) as connection:
        keep_in(connection, person=person, act=act, at=at, what=what, detail=detail)


def keep_in(connection: Connection, *, person: str, act: Act, at: datetime, what: str = "", detail: str = "") -> None:
    """Keep it in the transaction of what was done, so that neither stands without the other."""
    told = {"what": what[:LONGEST] or None, "detail": detail[:LONGEST] or None}
    connection.execute(sa.insert(audit).values(at=at, person=person[:LONGEST], act=act, **told))


def read(
    store: Store, *, person: str = "", act: Act | None = None, what: str = "", since: datetime | None = None,
    until: datetime | None = None, limit: int = 500,
) -> pl.DataFrame:  # fmt: skip
    """Give the newest ``limit`` entries, newest first: seq, at (UTC), person, act, what, detail.

    ``since`` is included, ``until`` is not; an empty ``person`` or ``what`` and no ``act`` mean all.
    """
    chosen = [audit.c[name] == value for name, value in (("person", person), ("act", act), ("what", what)) if value]
    chosen += [audit.c.at >= since] if since is not None else []
    chosen += [audit.c.at < until] if until is not None else []
    question = sa.select(*(audit.c[name] for name in COLUMNS)).where(*chosen)
    with reading(store) as connection:
        return frames.select(connection, question.order_by(audit.c.seq.desc()).limit(limit))
