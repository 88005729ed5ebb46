"""Who may sign in, what they may see, and how long a session lasts."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from config import units
from config.errors import ConfigError
from config.units import Known, Units
from metrics.scope import Scope
from store import people, sessions, tables
from store.database import Store, reading

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


@pytest.fixture
def head(store: Store) -> people.Person:
    return people.add(
        store, "truong-phong", "Mật khẩu dài", role="head", title="Chánh Văn phòng", departments=("Sở Xây dựng",)
    )


def test_the_right_password_opens_and_a_wrong_one_or_name_does_not(store: Store, head: people.Person) -> None:
    assert people.check(store, "truong-phong", "Mật khẩu dài") == head
    assert people.check(store, "truong-phong", "Mật khẩu dại") is None
    assert people.check(store, "ai-do", "Mật khẩu dài") is None
    assert people.names(store) == {"truong-phong"}


def test_accents_typed_apart_are_the_same_password(store: Store, head: people.Person) -> None:
    assert people.check(store, "truong-phong", unicodedata.normalize("NFD", "Mật khẩu dài")) == head


def test_neither_passwords_nor_tokens_stand_in_the_store(store: Store, head: people.Person) -> None:
    token = sessions.open_for(store, head, now=NOW)
    with reading(store) as connection:
        told = str([connection.execute(sa.select(t)).all() for t in (tables.people, tables.sessions)])
    assert "khẩu" not in told and token not in told
    assert "$argon2id$" in told


def test_a_head_sees_the_named_departments_and_a_director_the_province(store: Store, head: people.Person) -> None:
    assert head.scope == Scope.of("Sở Xây dựng")
    director = people.add(store, "giam-doc", "x" * 12, role="director", title="Giám đốc")
    assert director.scope == Scope.province()
    with pytest.raises(ConfigError, match="without a department"):
        people.add(store, "khong-don-vi", "x" * 12, role="head", title="?", departments=())


def test_a_session_ends_when_closed_and_when_nobody_is_there(store: Store, head: people.Person) -> None:
    token = sessions.open_for(store, head, now=NOW)
    assert sessions.person_of(store, token, now=NOW + timedelta(minutes=119)) == head
    assert sessions.person_of(store, token, now=NOW + timedelta(minutes=119 + 120)) is None
    sessions.close(store, token)
    assert sessions.person_of(store, token, now=NOW + timedelta(minutes=120)) is None
    assert sessions.person_of(store, "", now=NOW) is None


def test_a_changed_password_ends_the_sessions_of_before(store: Store, head: people.Person) -> None:
    token = sessions.open_for(store, head, now=NOW)
    people.set_password(store, head.name, "Mật khẩu mới nữa", must_change=False, by="quantri", at=NOW)
    assert sessions.person_of(store, token, now=NOW) is None


MINH_SON = Units(
    own_name={"Tỉnh": "UBND tỉnh"},
    handed={"UBND huyện B": (date(2025, 6, 30), "UBND tỉnh")},
    known=(
        Known("UBND tỉnh", "province"),
        Known("UBND huyện B", "district", "UBND tỉnh", None, date(2025, 6, 30), ("UBND tỉnh",)),
        Known("Sở Y tế", "province", "UBND tỉnh"),
        Known("Bệnh viện", "province", "Sở Y tế"),
        Known("Sở Xây dựng", "province", "UBND tỉnh"),
    ),
)


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units, "load", lambda: MINH_SON)


def sees(store: Store, *departments: str, below: bool = False) -> set[str]:
    """Give what a head may see after signing in again."""
    if not people.names(store):
        people.add(store, "head", "a long password", role="head", title="Head", departments=departments, below=below)
    people.change(store, "head", role="head", title="Head", departments=departments, below=below, by="x", at=NOW)
    again = people.check(store, "head", "a long password")
    assert again is not None
    return set(again.scope.departments or ())


def test_a_head_sees_the_units_below_only_where_the_account_says_so(store: Store, register: None) -> None:
    assert sees(store, "Sở Y tế") == {"Sở Y tế"}
    assert sees(store, "Sở Y tế", below=True) == {"Sở Y tế", "Bệnh viện"}
    assert sees(store, "UBND tỉnh", below=True) == {"UBND tỉnh", "Sở Y tế", "Bệnh viện", "Sở Xây dựng"}
    assert sees(store, "Bệnh viện", below=True) == {"Bệnh viện"}


def test_with_a_register_that_cannot_be_read_a_head_sees_the_own_unit_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Units:
        raise ConfigError("units.toml", "broken.", "Mend it.")

    monkeypatch.setattr(units, "load", broken)
    assert sees(store, "UBND tỉnh", below=True) == {"UBND tỉnh"}
