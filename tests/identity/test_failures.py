"""After five failures a name waits 30 seconds, then a minute, two, … at most 15 minutes; on both engines, for both
dashboards, and in an audit log that nobody can fill."""

from __future__ import annotations

import tomllib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from ipaddress import ip_address

import pytest
import sqlalchemy as sa

from store import audit, failures, people, signing_in, tables
from store.database import Store, open_store, reading
from tests.architecture.tracked import ROOT
from tests.identity.conftest import BOTH, NOW, PASSWORD

both = pytest.mark.parametrize("engine_kind", BOTH)
HERE = "127.0.0.1"


def seconds(n: float) -> timedelta:
    return timedelta(seconds=n)


def told(store: Store) -> list[tuple[str, str | None]]:
    """Give person and detail of the failures in the audit log, the oldest first."""
    return audit.read(store, act="sign_in_failed").reverse().select("person", "detail").rows()


@both
def test_five_tries_are_free_and_the_waits_double_up_to_a_quarter_of_an_hour(store: Store) -> None:
    assert [failures.begin(store, "soxd", HERE, at=NOW) for _ in range(6)] == [seconds(0)] * 5 + [seconds(30)]
    at, waits = NOW, []
    for wait in (30, 60, 120, 240, 480, 900, 900):
        at += seconds(wait)
        assert failures.begin(store, "soxd", HERE, at=at) == seconds(0)
        waits.append(failures.begin(store, "soxd", HERE, at=at).total_seconds())
    assert waits == [60, 120, 240, 480, 900, 900, 900]


@both
def test_whoever_waits_does_not_wait_longer_for_trying(store: Store) -> None:
    for _ in range(5):
        failures.begin(store, "soxd", HERE, at=NOW)
    assert failures.begin(store, "soxd", HERE, at=NOW + seconds(10)) == seconds(20)
    assert failures.begin(store, "soxd", HERE, at=NOW + seconds(29)) == seconds(1)
    assert failures.begin(store, "soxd", HERE, at=NOW + seconds(30)) == seconds(0)


@both
def test_a_hundred_at_once_are_not_a_hundred_guesses(store: Store) -> None:
    with ThreadPoolExecutor(8) as several:
        waits = list(several.map(lambda _: failures.begin(store, "soxd", HERE, at=NOW), range(40)))
    assert waits.count(seconds(0)) == 5


def test_two_dashboards_count_together(store: Store) -> None:
    other = open_store(store.url, home=store.derived.parent)
    tries = [failures.begin(which, "soxd", HERE, at=NOW) for which in (store, other) * 3]
    other.engine.dispose()
    assert tries == [seconds(0)] * 5 + [seconds(30)]


def test_a_day_of_quiet_forgets_the_failures_of_a_name(store: Store) -> None:
    for _ in range(4):
        failures.begin(store, "soxd", HERE, at=NOW)
    later = NOW + timedelta(hours=24)
    assert [failures.begin(store, "soxd", HERE, at=later) for _ in range(5)] == [seconds(0)] * 5


def test_the_right_password_forgets_the_failures_and_waiting_refuses_even_the_right_one(
    store: Store, head: people.Person
) -> None:
    def tried(password: str, after: int = 0) -> object:
        at = NOW + seconds(after)
        return signing_in.with_password(store, "soxd", password, address=HERE, at=at, may=lambda _: True)

    assert [tried("sai") for _ in range(4)] == [signing_in.Turned()] * 4
    assert tried(PASSWORD) == head
    assert [tried("sai") for _ in range(5)] == [signing_in.Turned()] * 5
    assert tried(PASSWORD) == signing_in.Turned(seconds(30))
    assert tried(PASSWORD, after=30) == head
    assert failures.waiting(store, ["soxd"], at=NOW + seconds(30)) == {}


def test_an_address_waits_after_fifty_names_and_this_machine_never_does(store: Store) -> None:
    tries = [failures.begin(store, f"nhan-vien-{n}", "10.20.30.40", at=NOW) for n in range(51)]
    assert tries == [seconds(0)] * 50 + [seconds(30)]
    assert failures.begin(store, "ai-khac", "10.20.30.41", at=NOW) == seconds(0)
    assert not any(failures.begin(store, f"nhan-vien-{n}", HERE, at=NOW) for n in range(60, 112))


def test_what_an_address_tried_while_waiting_is_told_of_nobody_by_name(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failures, "OF_ADDRESS", failures.Rule(5, timedelta(hours=1)))
    for n in range(8):
        failures.begin(store, f"nhan-vien-{n}", "10.20.30.40", at=NOW)
    failures.begin(store, "soxd", "10.20.30.40", at=NOW + seconds(30))
    (entry,) = audit.read(store).select("person", "what", "detail").rows()
    assert entry == ("", "address 10.20.30.40", "3 more, not told singly")


def test_an_address_of_ipv6_is_its_whole_network(store: Store) -> None:
    tries = [failures.begin(store, f"nhan-vien-{n}", f"2001:db8:1:2::{n:x}", at=NOW) for n in range(1, 52)]
    assert tries[-1] == seconds(30)
    assert failures.begin(store, "ai-khac", "2001:db8:1:3::1", at=NOW) == seconds(0)


def test_an_address_of_ipv4_is_the_same_on_a_server_that_listens_on_ipv6(store: Store) -> None:
    tries = [failures.begin(store, f"nhan-vien-{n}", "::ffff:10.20.30.40", at=NOW) for n in range(51)]
    assert tries[-1] == seconds(30)
    assert failures.begin(store, "ai-khac", "10.20.30.40", at=NOW) == seconds(30)
    assert failures.begin(store, "ai-khac", "::ffff:10.20.30.41", at=NOW) == seconds(0)
    assert not any(failures.begin(store, f"nhan-vien-{n}", f"::ffff:{HERE}", at=NOW) for n in range(60, 112))


def test_right_passwords_of_a_whole_office_lock_nobody_out(
    store: Store, head: people.Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failures, "OF_ADDRESS", failures.Rule(5, timedelta(hours=1)))
    for _ in range(8):
        found = signing_in.with_password(store, "soxd", PASSWORD, address="10.20.30.40", at=NOW, may=lambda _: True)
        assert found == head


@both
def test_what_is_tried_while_waiting_is_one_entry_of_the_audit_log(store: Store, head: people.Person) -> None:
    for n in range(12):  # five are judged, seven wait
        signing_in.with_password(store, "soxd", "sai", address=HERE, at=NOW + seconds(n), may=lambda _: True)
    assert told(store) == [("soxd", None)] * 4 + [("soxd", "waits 30 s")]
    signing_in.with_password(store, "soxd", PASSWORD, address=HERE, at=NOW + seconds(60), may=lambda _: True)
    assert told(store)[5:] == [("soxd", "7 more, not told singly")]
    assert audit.read(store, act="sign_in").height == 1


def test_beyond_so_many_failures_in_an_hour_the_audit_log_takes_a_number(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert failures.TOLD.free == 200
    monkeypatch.setattr(failures, "TOLD", failures.Rule(20, timedelta(hours=1)))
    for n in range(23):
        failures.was_wrong(store, f"ai-{n}", at=NOW)
    assert len(told(store)) == 20
    failures.was_wrong(store, "ai-do", at=NOW + timedelta(hours=1))
    assert told(store)[20:] == [("", "3 more, not told singly"), ("ai-do", None)]


def test_waiting_and_trying_again_under_many_names_does_not_fill_the_log_either(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failures, "TOLD", failures.Rule(5, timedelta(hours=1)))
    monkeypatch.setattr(failures, "OF_NAME", failures.Rule(1, timedelta(days=1)))
    for n in range(8):  # each name is judged, tries while it waits, and is judged again
        for second in (0, 1, 30):
            failures.begin(store, f"ai-{n}", HERE, at=NOW + seconds(second))
    assert len(told(store)) == 5


def test_the_table_stays_small_however_many_names_are_tried(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "MOST", 10)
    for n in range(25):
        failures.begin(store, f"ai-{n}", HERE, at=NOW + seconds(n))
    with reading(store) as connection:
        assert len(connection.execute(sa.select(tables.failures)).all()) <= 10
    assert [failures.begin(store, "ai-24", HERE, at=NOW + seconds(30)) for _ in range(5)] == [
        seconds(0), seconds(0), seconds(0), seconds(0), seconds(30),
    ]  # fmt: skip


@both
def test_whoever_waits_makes_no_rows_under_other_names(store: Store) -> None:
    for n in range(50):
        failures.begin(store, f"ai-{n}", "10.0.0.7", at=NOW)
    for n in range(20):
        assert failures.begin(store, f"nua-{n}", "10.0.0.7", at=NOW) == seconds(30)
    with reading(store) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.failures)) == 51


@both
def test_a_flood_of_names_ends_nobodys_wait(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "MOST", 20)
    for _ in range(6):
        failures.begin(store, "soxd", HERE, at=NOW)
    for n in range(60):
        failures.begin(store, f"ai-{n}", HERE, at=NOW + seconds(1 + n / 10))
    assert failures.begin(store, "soxd", HERE, at=NOW + seconds(10)) == seconds(20)
    for n in range(60):
        failures.begin(store, f"mai-{n}", HERE, at=NOW + timedelta(hours=25, seconds=n))
    with reading(store) as connection:
        kept = set(connection.scalars(sa.select(tables.failures.c.failed)))
    assert kept == {1}, "what is forgotten anyway makes room first"


def test_a_typed_name_is_not_kept_as_it_was_typed(store: Store) -> None:
    failures.begin(store, "my password in the wrong field", HERE, at=NOW)
    with reading(store) as connection:
        assert "password" not in str(connection.execute(sa.select(tables.failures)).all())


def test_as_shipped_the_dashboard_listens_where_a_proxy_on_this_machine_is_believed() -> None:
    """uvicorn believes 127.0.0.1; unset, Streamlit listens on ::, and hears that as ::ffff:127.0.0.1."""
    shipped = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert ip_address(shipped["server"]["address"]).version == 4
