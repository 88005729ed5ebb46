"""Tokens of other systems and of wall screens: what they may read, who issued them, when they ended."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import sqlalchemy as sa

from config.errors import ConfigError, nearest
from metrics.scope import Scope
from store import audit
from store.database import Store, reading, writing
from store.tables import tokens

Kind = Literal["api", "wall"]
KINDS: Final[tuple[Kind, ...]] = ("api", "wall")
#: Where the secret of a wall is typed once: the page's address, and the secret's name in it.
WALL_PATH: Final = "/man-hinh"
WALL_KEY: Final = "khoa"


@dataclass(frozen=True, slots=True)
class Token:
    """A token by its name. ``departments`` None: the whole province. ``revoked_at``: since then it opens nothing."""

    name: str
    kind: Kind
    departments: tuple[str, ...] | None
    issued_by: str
    issued_at: datetime
    revoked_at: datetime | None = None

    @property
    def scope(self) -> Scope:
        """What it may read."""
        return Scope.province() if self.departments is None else Scope.of(*self.departments)


def issue(
    store: Store, name: str, *, kind: Kind, departments: tuple[str, ...] | None, by: str, at: datetime
) -> tuple[Token, str]:
    """Issue a token and give it with its secret, which is told this once: the store keeps a hash.

    Raises ConfigError for a name that is taken, empty, or a kind that is not known.
    """
    if kind not in KINDS:
        raise ConfigError(f"token of kind {kind}", "there is no such kind.", f"Known: {', '.join(KINDS)}.")
    if not name.strip():
        raise ConfigError("token", "it has no name.", "Name the system or the screen that is to read with it.")
    secret = secrets.token_urlsafe(32)
    token = Token(name.strip(), kind, departments, by, at)
    row = {
        "name": token.name, "kind": kind, "secret_sha256": _digest(secret), "issued_by": by, "issued_at": at,
        "departments": None if departments is None else json.dumps(list(departments), ensure_ascii=False),
    }  # fmt: skip
    with writing(store) as connection:
        if connection.scalar(sa.select(tokens.c.name).where(tokens.c.name == token.name)):
            raise ConfigError(
                f'token "{token.name}"', "the name is taken.", "Choose another: a name is never used again."
            )
        connection.execute(sa.insert(tokens).values(row))
        audit.keep_in(connection, person=by, act="change_settings", at=at, what=f"token {token.name}", detail="issued")
    return token, secret


def address(secret: str) -> str:
    """Give the path that a wall screen opens once with its secret; behind the address of the dashboard."""
    return f"{WALL_PATH}?{WALL_KEY}={secret}"


def by_secret(store: Store, secret: str, kind: Kind) -> Token | None:
    """Give the token of a secret, None when there is none of that kind or it was revoked."""
    here = sa.and_(tokens.c.secret_sha256 == _digest(secret), tokens.c.kind == kind, tokens.c.revoked_at.is_(None))
    with reading(store) as connection:
        row = connection.execute(sa.select(tokens).where(here)).one_or_none()
    return _token(row) if row else None


def revoke(store: Store, name: str, *, by: str, at: datetime) -> None:
    """End a token; one that has ended stays ended. Raises ConfigError for a name that is not known."""
    with writing(store) as connection:
        known = list(connection.scalars(sa.select(tokens.c.name)))
        if name not in known:
            raise ConfigError(f'token "{name}"', f"there is none.{nearest(name, known)}", "See dunghan token list.")
        here = sa.and_(tokens.c.name == name, tokens.c.revoked_at.is_(None))
        connection.execute(sa.update(tokens).where(here).values(revoked_at=at))
        audit.keep_in(connection, person=by, act="change_settings", at=at, what=f"token {name}", detail="revoked")


def issued(store: Store) -> tuple[Token, ...]:
    """Give every token that was ever issued, by name."""
    with reading(store) as connection:
        return tuple(_token(row) for row in connection.execute(sa.select(tokens).order_by(tokens.c.name)))


def _token(row: sa.Row[tuple[object, ...]]) -> Token:
    departments = tuple(json.loads(row.departments)) if row.departments is not None else None
    return Token(row.name, row.kind, departments, row.issued_by, row.issued_at, row.revoked_at)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
