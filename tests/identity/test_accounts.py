"""What is changed about people: by whom, and what it ends."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import polars as pl
import pytest
import sqlalchemy as sa

from config.errors import ConfigError
from metrics.scope import Scope
from store import audit, failures, passwords, people, sessions, tables
from store.database import Store, writing
from store.passwords import Fault, WeakPasswordError
from tests.identity.conftest import BOTH, NOW, PASSWORD

ENDED = ("sign_out_everywhere",)
both = pytest.mark.parametrize("engine_kind", BOTH)


def is_in(store: Store, token: str, minutes: int = 1) -> bool:
    return sessions.person_of(store, token, now=NOW + timedelta(minutes=minutes)) is not None


def changes(store: Store) -> list[tuple[str, str, str | None]]:
    """Give who did what to whom, the oldest first."""
    kept = audit.read(store).reverse().filter(pl.col("act").is_in(["change_person", "change_password", *ENDED]))
    return kept.select("person", "what", "detail").rows()


@both
def test_a_session_lasts_twelve_hours_at_the_most_however_busy(store: Store, head: people.Person) -> None:
    token = sessions.open_for(store, head, now=NOW)
    for hour in range(1, 12):
        assert is_in(store, token, hour * 60)
    assert is_in(store, token, 12 * 60 - 1)
    assert not is_in(store, token, 12 * 60)


@both
def test_a_session_ends_after_two_hours_in_which_nobody_was_there(store: Store, head: people.Person) -> None:
    token = sessions.open_for(store, head, now=NOW)
    at = NOW + timedelta(hours=1, minutes=59)
    assert sessions.person_of(store, token, now=at, noted=False) == head
    assert sessions.person_of(store, token, now=NOW + timedelta(hours=2), noted=False) is None
    other = sessions.open_for(store, head, now=NOW)
    assert sessions.person_of(store, other, now=at) == head
    assert sessions.person_of(store, other, now=at + timedelta(hours=1, minutes=59)) == head


def test_who_is_signed_in_where_is_told_and_ended_by_name(store: Store, head: people.Person) -> None:
    tokens = [sessions.open_for(store, head, now=NOW + timedelta(minutes=n)) for n in range(2)]
    assert [one.opened_at for one in sessions.of(store, "soxd", now=NOW + timedelta(minutes=2))] == [
        NOW + timedelta(minutes=1), NOW,
    ]  # fmt: skip
    assert sessions.close_all(store, "soxd", by="quantri", at=NOW) == 2
    assert not any(is_in(store, token) for token in tokens)
    assert changes(store) == [("quantri", "person soxd", "2")]


@both
def test_another_role_or_other_units_end_every_session_and_another_title_none(
    store: Store, head: people.Person
) -> None:
    token = sessions.open_for(store, head, now=NOW)
    change = partial(people.change, store, "soxd", role="head", title="Phó Giám đốc", by="quantri", at=NOW)
    change(departments=("Sở Xây dựng",))
    assert is_in(store, token)
    changed = change(departments=("Sở Y tế",))
    assert not is_in(store, token)
    assert changed.scope == Scope.of("Sở Y tế")
    assert people.named(store, "soxd") == changed
    assert changes(store)[1] == (
        "quantri", "person soxd", "head, Sở Xây dựng → head, Sở Y tế; Phó Giám đốc",
    )  # fmt: skip


@both
def test_whoever_is_disabled_is_out_at_once_and_stays_out_until_enabled(store: Store, head: people.Person) -> None:
    token = sessions.open_for(store, head, now=NOW)
    people.disable(store, "soxd", by="quantri", at=NOW)
    assert not is_in(store, token)
    assert people.check(store, "soxd", PASSWORD) is None
    assert [one.disabled_at for one in people.everyone(store)] == [NOW]
    people.enable(store, "soxd", by="quantri", at=NOW)
    assert people.check(store, "soxd", PASSWORD) == head
    assert [detail for *_, detail in changes(store)] == ["disabled", "enabled"]


def test_a_session_that_was_opened_meanwhile_shows_nothing_to_somebody_disabled(
    store: Store, head: people.Person
) -> None:
    people.disable(store, "soxd", by="quantri", at=NOW)
    token = sessions.open_for(store, head, now=NOW)  # judged before, opened after
    assert not is_in(store, token)


def test_a_password_from_an_administrator_ends_sessions_and_a_lock_and_has_to_be_changed(
    store: Store, head: people.Person
) -> None:
    token = sessions.open_for(store, head, now=NOW)
    for _ in range(5):
        failures.begin(store, "soxd", "127.0.0.1", at=NOW)
    made = people.set_password(store, "soxd", by="quantri", at=NOW)
    assert not is_in(store, token)
    assert failures.waiting(store, ["soxd"], at=NOW) == {}
    found = people.check(store, "soxd", made)
    assert found is not None and found.must_change
    assert people.check(store, "soxd", PASSWORD) is None
    assert changes(store) == [("quantri", "person soxd", None)]
    assert made not in str(audit.read(store).rows())


@both
def test_nobody_takes_away_the_last_administrator(store: Store, admin: people.Person) -> None:
    change = partial(people.change, store, "quantri", title="Quản trị", by="quantri", at=NOW)
    with pytest.raises(ConfigError, match="nobody else is administrator"):
        people.disable(store, "quantri", by="quantri", at=NOW)
    with pytest.raises(ConfigError, match="nobody else is administrator"):
        change(role="auditor", departments=None)
    with pytest.raises(
        ConfigError, match="nobody else is administrator"
    ):  # of some units alone one administers nothing
        change(role="administrator", departments=("Sở Y tế",))
    people.add(store, "quantri2", PASSWORD, role="administrator", title="Quản trị")
    people.disable(store, "quantri", by="quantri2", at=NOW)
    with pytest.raises(ConfigError, match="nobody else is administrator"):
        people.disable(store, "quantri2", by="quantri2", at=NOW)


@both
def test_two_administrators_who_take_each_other_away_at_once_leave_one(store: Store, admin: people.Person) -> None:
    people.add(store, "quantri2", PASSWORD, role="administrator", title="Quản trị")

    def away(name: str) -> bool:
        try:
            people.disable(store, name, by="x", at=NOW)
        except ConfigError:
            return False
        return True

    with ThreadPoolExecutor(2) as both_at_once:
        assert sorted(both_at_once.map(away, ["quantri", "quantri2"])) == [False, True]


def test_a_name_is_given_once_and_never_taken_over(store: Store, head: people.Person) -> None:
    with pytest.raises(ConfigError, match="the name is taken"):
        people.add(store, "soxd", "mật khẩu của kẻ khác", role="director", title="Giám đốc")
    with pytest.raises(ConfigError, match="the name is taken"):  # both would wait for the failures of either
        people.add(store, "SoXD", "mật khẩu của kẻ khác", role="director", title="Giám đốc")
    assert people.check(store, "soxd", PASSWORD) == head


@pytest.mark.parametrize("name", ["", "   ", "a" * 201, "hai\ndòng"])
def test_a_name_that_nobody_can_type_is_refused(store: Store, name: str) -> None:
    with pytest.raises(ConfigError, match="no name to type"):
        people.add(store, name, PASSWORD, role="director", title="?")


def test_a_misspelt_name_is_told_with_its_neighbour(store: Store, head: people.Person) -> None:
    with pytest.raises(ConfigError, match='Did you mean "soxd"'):
        people.disable(store, "soxdd", by="x", at=NOW)


def test_role_and_password_of_somebody_from_outside_are_not_ours_to_change(store: Store, head: people.Person) -> None:
    with writing(store) as connection:
        connection.execute(sa.update(tables.people).values(issuer="https://id.tinh.gov.vn", subject="1"))
    with pytest.raises(ConfigError, match="the provider of the sign-in says"):
        people.change(store, "soxd", role="director", title="?", departments=None, by="x", at=NOW)
    with pytest.raises(ConfigError, match="the provider of the sign-in keeps"):
        people.set_password(store, "soxd", by="x", at=NOW)
    people.disable(store, "soxd", by="x", at=NOW)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("mười một ký", "short"),
        ("1234567890123", "plain"),
        ("aaaaaaaaaaaaaaa", "plain"),
        ("12/05/1975 - 22/08/1980", "plain"),
        ("Matkhau@123456", "common"),
        ("M-ậ-t-k-h-ẩ-u!!!2026", "common"),
        ("Administrator#1", "common"),
        ("xay.dung.2026.!", "name"),
        ("a" * 2 + "bcde" * 300, "long"),
        (PASSWORD, "same"),
    ],
)
def test_a_password_that_is_soon_guessed_is_refused(password: str, fault: Fault) -> None:
    with pytest.raises(WeakPasswordError) as told:
        passwords.accept(password, name="xay-dung", old_hash=passwords.hashed(PASSWORD))
    assert told.value.fault == fault


def test_words_that_belong_to_nothing_are_taken_and_so_is_what_we_make_ourselves() -> None:
    passwords.accept("con mèo trèo cây cau", name="soxd", old_hash=passwords.hashed(PASSWORD))
    made = {passwords.one_time() for _ in range(50)}
    assert len(made) == 50
    for one in made:
        passwords.accept(one, name="soxd")
