"""Tokens on both engines: told once, kept as a hash, ended for good, and every act of it in the audit log."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from config.errors import ConfigError
from metrics.scope import Scope
from store import audit, tables, tokens
from store.database import Store, reading
from tests.store.test_ingest import NOON


def test_a_secret_opens_its_kind_and_is_nowhere_in_the_store(store: Store) -> None:
    token, secret = tokens.issue(store, "cong-tinh", kind="api", departments=("Sở Y tế",), by="quantri", at=NOON)
    assert tokens.by_secret(store, secret, "api") == token
    assert token.scope == Scope.of("Sở Y tế")
    assert tokens.by_secret(store, secret, "wall") is None
    assert tokens.by_secret(store, "cong-tinh", "api") is None
    with reading(store) as connection:
        row = connection.execute(sa.select(tables.tokens)).one()
    assert secret not in [str(value) for value in row]


def test_a_revoked_token_stays_revoked_since_the_first_time(store: Store) -> None:
    _, secret = tokens.issue(store, "tuong", kind="wall", departments=None, by="quantri", at=NOON)
    for hours in (1, 2):
        tokens.revoke(store, "tuong", by="quantri", at=NOON.replace(hour=NOON.hour + hours))
    assert tokens.by_secret(store, secret, "wall") is None
    (found,) = tokens.issued(store)
    assert found.revoked_at == NOON.replace(hour=NOON.hour + 1)
    assert audit.read(store)["detail"].to_list() == ["revoked", "revoked", "issued"]


def test_what_cannot_be_issued_or_revoked_is_said(store: Store) -> None:
    tokens.issue(store, "cong-tinh", kind="api", departments=None, by="quantri", at=NOON)
    with pytest.raises(ConfigError, match="the name is taken"):
        tokens.issue(store, "cong-tinh", kind="api", departments=None, by="quantri", at=NOON)
    with pytest.raises(ConfigError, match="has no name"):
        tokens.issue(store, " ", kind="api", departments=None, by="quantri", at=NOON)
    with pytest.raises(ConfigError, match='Did you mean "cong-tinh"'):
        tokens.revoke(store, "cong-tin", by="quantri", at=NOON)


def test_a_wall_is_opened_at_the_address_that_its_secret_makes() -> None:
    assert tokens.address("abc") == "/man-hinh?khoa=abc"
