"""People of the embedded sign-in: who they are, what they may see, and their open sessions."""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

import sqlalchemy as sa

from config import units
from config.errors import ConfigError
from metrics.scope import Scope
from store.database import Store, reading, writing
from store.tables import people, sessions

if TYPE_CHECKING:
    from pwdlib import PasswordHash

Role = Literal["chairman", "director", "head", "operator", "auditor", "administrator"]
ROLES: Final[tuple[Role, ...]] = ("chairman", "director", "head", "operator", "auditor", "administrator")
SESSION_HOURS: Final = 12
_ONE_AT_A_TIME: Final = threading.Semaphore(2)  # one argon2 hash takes 64 MiB


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in. ``departments`` None: the whole province; ``below``: and what stands under them."""

    name: str
    title: str
    role: Role
    departments: tuple[str, ...] | None
    below: bool = False

    @property
    def scope(self) -> Scope:
        """What the person may see: ``departments``, and only where the account says so the units under them today."""
        if self.departments is None:
            return Scope.province()
        return Scope.of(*self.departments, *(_under(self.departments) if self.below else ()))


def _under(departments: tuple[str, ...]) -> frozenset[str]:
    try:
        register = units.load()
    except ConfigError:  # the doctor says what is wrong with it; until then nobody sees more than is certain
        return frozenset()
    return frozenset[str]().union(*(register.below(name) for name in departments))


def add(
    store: Store, name: str, password: str, *, role: Role, title: str, departments: tuple[str, ...] | None = None,
    below: bool = False,
) -> Person:  # fmt: skip
    """Add or replace a person. Raises ConfigError when a head is given no department."""
    if role == "head" and not departments:
        raise ConfigError(
            f'person "{name}"', "a department head without a department.", "Name at least one department."
        )
    told = None if departments is None else _written(departments, below)
    row = {"title": title, "role": role, "departments": told, "password_hash": _hash(password)}
    with writing(store) as connection:
        connection.execute(sa.delete(people).where(people.c.name == name))
        connection.execute(sa.insert(people).values(name=name, **row))
    return Person(name, title, role, departments, below and departments is not None)


def _written(departments: tuple[str, ...], below: bool) -> str:
    """Write a list of names; one that reaches below them says so, and shows nothing to versions that do not know it."""
    told = {"departments": list(departments), "below": True} if below else list(departments)
    return json.dumps(told, ensure_ascii=False)


def names(store: Store) -> frozenset[str]:
    """Give the names of all who may sign in."""
    with reading(store) as connection:
        return frozenset(connection.scalars(sa.select(people.c.name)))


def by_name(store: Store, name: str) -> Person | None:
    """Give the person of a name, None where nobody has it."""
    with reading(store) as connection:
        row = connection.execute(sa.select(people).where(people.c.name == name)).one_or_none()
    return _person(row) if row else None


def check(store: Store, name: str, password: str) -> Person | None:
    """Give the person when the password fits. An unknown name takes as long as a wrong password."""
    with reading(store) as connection:
        row = connection.execute(sa.select(people).where(people.c.name == name)).one_or_none()
    with _ONE_AT_A_TIME:
        fits = _hasher().verify(_same(password), row.password_hash if row else _nobody())
    return _person(row) if row and fits else None


def open_session(store: Store, person: Person, *, now: datetime) -> str:
    """Open a session and give its token; the store keeps only the token's hash."""
    token = secrets.token_urlsafe(32)
    row = {"token_sha256": _digest(token), "person": person.name, "opened_at": now}
    with writing(store) as connection:
        connection.execute(sa.delete(sessions).where(sessions.c.expires_at <= now))
        connection.execute(sa.insert(sessions).values(expires_at=now + timedelta(hours=SESSION_HOURS), **row))
    return token


def by_session(store: Store, token: str, *, now: datetime) -> Person | None:
    """Give the person of an open session, None when it is unknown, closed or expired."""
    question = (
        sa.select(people).join(sessions).where(sessions.c.token_sha256 == _digest(token), sessions.c.expires_at > now)
    )
    with reading(store) as connection:
        row = connection.execute(question).one_or_none()
    return _person(row) if row else None


def close_session(store: Store, token: str) -> None:
    """End a session; an unknown token is no error."""
    with writing(store) as connection:
        connection.execute(sa.delete(sessions).where(sessions.c.token_sha256 == _digest(token)))


def _person(row: sa.Row[tuple[object, ...]]) -> Person:
    if not row.departments:
        return Person(row.name, row.title, row.role, None)
    told = json.loads(row.departments)
    below = isinstance(told, dict) and told["below"] is True
    return Person(row.name, row.title, row.role, tuple(told["departments"] if below else told), below)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _same(password: str) -> str:
    """Let a password typed with composed or decomposed accents be one password."""
    return unicodedata.normalize("NFC", password)


def _hash(password: str) -> str:
    return _hasher().hash(_same(password))


@cache
def _hasher() -> PasswordHash:
    from pwdlib import PasswordHash

    return PasswordHash.recommended()


@cache
def _nobody() -> str:
    return _hash(secrets.token_urlsafe())
