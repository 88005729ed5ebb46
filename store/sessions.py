"""Sessions of people who signed in: how long they last, who has which, how they end. Of a token a hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from config.errors import StoreError
from store import audit
from store.database import Store, reading, writing
from store.people import Person, end_sessions_in, of_row
from store.tables import people, sessions

#: A session ends this long after the sign-in, whatever is done in it,
LASTS: Final = timedelta(hours=12)
#: and when nobody did anything for so long.
IDLE: Final = timedelta(hours=2)
#: How exactly it is known when somebody was last there: a page is drawn often, and writing waits for other writers.
NOTED_EVERY: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Session:
    """An open session: since when, when somebody was last there (to NOTED_EVERY), and when it ends at the latest."""

    opened_at: datetime
    last_seen_at: datetime
    expires_at: datetime


def open_for(store: Store, person: Person, *, now: datetime, hint: str = "") -> str:
    """Open a session and give its token. ``hint``: what the provider of the sign-in wants to hear at the sign-out."""
    token = secrets.token_urlsafe(32)
    row = {"token_sha256": _digest(token), "person": person.name, "opened_at": now, "last_seen_at": now}
    with writing(store) as connection:
        connection.execute(sa.delete(sessions).where(sa.not_(_is_open(now))))
        connection.execute(sa.insert(sessions).values(expires_at=now + LASTS, hint=hint or None, **row))
        connection.execute(sa.update(people).where(people.c.name == person.name).values(signed_in_at=now))
    return token


def open_now(store: Store, now: datetime) -> int:
    """Count the sessions that are open."""
    with reading(store) as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(sessions).where(_is_open(now))) or 0


def person_of(store: Store, token: str, *, now: datetime, noted: bool = True) -> Person | None:
    """Give the person of an open session, None when it is unknown, closed, over or idle, or the person disabled.

    ``noted`` False: asked by a page that stands open, not by somebody who does something.
    """
    given = {"digest": _digest(token), "now": now, "since": now - IDLE}
    with reading(store) as connection:
        row = connection.execute(_WHO, given).one_or_none()
    if row is None:
        return None
    if noted and now - row.last_seen_at >= NOTED_EVERY:
        _note(store, token, now)
    return of_row(row)


def _note(store: Store, token: str, now: datetime) -> None:
    """Note that somebody is there; while the database is busy the page is worth more than the note."""
    with suppress(StoreError), writing(store) as connection:
        here = sessions.c.token_sha256 == _digest(token)
        connection.execute(sa.update(sessions).where(here).values(last_seen_at=now))


def close(store: Store, token: str) -> str:
    """End a session and give its hint; an unknown token is no error."""
    here = sessions.c.token_sha256 == _digest(token)
    with writing(store) as connection:
        hint: str | None = connection.scalar(sa.select(sessions.c.hint).where(here))
        connection.execute(sa.delete(sessions).where(here))
    return hint or ""


def close_all(store: Store, name: str, *, by: str, at: datetime) -> int:
    """End every session of a person and keep in the audit log who did it; give how many were open."""
    with writing(store) as connection:
        ended = end_sessions_in(connection, name)
        audit.keep_in(connection, person=by, act="sign_out_everywhere", at=at, what=f"person {name}", detail=f"{ended}")
    return ended


def of(store: Store, name: str, *, now: datetime) -> tuple[Session, ...]:
    """Give the open sessions of a person, the newest first."""
    shown = (sessions.c.opened_at, sessions.c.last_seen_at, sessions.c.expires_at)
    question = sa.select(*shown).where(sessions.c.person == name, _is_open(now)).order_by(sessions.c.opened_at.desc())
    with reading(store) as connection:
        return tuple(Session(*row) for row in connection.execute(question))


def _is_open(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(sessions.c.expires_at > now, sessions.c.last_seen_at > now - IDLE)


_NOW, _SINCE = (sa.bindparam(name, type_=sessions.c.expires_at.type) for name in ("now", "since"))
#: Asked at every drawing of every page: put together once.
_WHO: Final = (
    sa.select(people, sessions.c.last_seen_at)
    .join(sessions)
    .where(
        sessions.c.token_sha256 == sa.bindparam("digest"), sessions.c.expires_at > _NOW,
        sessions.c.last_seen_at > _SINCE, people.c.disabled_at.is_(None),
    )
)  # fmt: skip


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
