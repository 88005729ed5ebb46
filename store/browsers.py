"""Browsers in which somebody signed in with a password: their tries are counted apart from everybody else's."""

from __future__ import annotations

import hmac
import secrets

import sqlalchemy as sa

from store.database import Store, reading
from store.tables import people


def mark(store: Store, name: str) -> str:
    """Give what a browser keeps in which ``name`` signed in; it holds until the password changes."""
    nonce = secrets.token_urlsafe(18)
    return f"{nonce}.{_seal(store, name, nonce)}"


def known(store: Store, name: str, mark: str) -> str:
    """Give which browser of ``name`` it is, by the mark that it brings; nothing for any other."""
    nonce, _, seal = mark.partition(".")
    right = _seal(store, name, nonce)
    return nonce if right and hmac.compare_digest(right.encode(), seal.encode()) else ""


def _seal(store: Store, name: str, nonce: str) -> str:
    """Sign with the hash of the password, which nobody has but the store: a new password ends every mark."""
    question = sa.select(people.c.password_hash).where(people.c.name == name)
    with reading(store) as connection:
        secret = connection.scalar(question)
    return hmac.new(secret.encode(), f"{nonce} {name}".encode(), "sha256").hexdigest() if secret else ""
