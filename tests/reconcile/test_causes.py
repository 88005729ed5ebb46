"""A cause is chosen from the office's list, kept for ever with who and when, and the last one holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from config import causes
from config.errors import ConfigError, StoreError
from metrics.scope import Scope
from store import audit, people
from store.database import Store, open_store, writing
from store.reconciliations import Judged, record, recorded
from store.tables import reconciliations

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
ONE = Judged("mot-cua", "cong-quoc-gia", "H99-1", "not_closed")


def test_the_last_cause_of_a_dossier_holds_and_those_before_are_kept(store: Store) -> None:
    record(store, ONE, Scope.province(), cause="N02", by="vanhanh", at=NOON)
    record(store, ONE, Scope.province(), cause="N99", note="  Đã báo xã  ", by="vanhanh", at=NOON + timedelta(hours=1))
    (row,) = recorded(store, Scope.province(), "mot-cua", "cong-quoc-gia").to_dicts()
    assert row == {
        "code": "H99-1", "class": "not_closed", "cause": "N99", "note": "Đã báo xã", "recorded_by": "vanhanh",
        "recorded_at": NOON + timedelta(hours=1),
    }  # fmt: skip
    (then,) = recorded(store, Scope.province(), "mot-cua", "cong-quoc-gia", NOON)["cause"].to_list()
    assert then == "N02"
    assert recorded(store, Scope.province(), "mot-cua", "cong-quoc-gia", NOON - timedelta(seconds=1)).is_empty()
    assert recorded(store, Scope.province(), "cong-quoc-gia", "mot-cua").is_empty()


def test_what_was_recorded_cannot_be_changed_or_taken_back(store: Store) -> None:
    record(store, ONE, Scope.province(), cause="N02", by="vanhanh", at=NOON)
    for statement in (sa.delete(reconciliations), sa.update(reconciliations).values(cause="N01")):
        with pytest.raises(StoreError, match="append-only"), writing(store) as connection:
            connection.execute(statement)


def test_a_cause_must_be_on_the_list_and_somebody_must_have_said_it(store: Store) -> None:
    with pytest.raises(ConfigError, match='no cause has the code "N2"'):
        record(store, ONE, Scope.province(), cause="N2", by="vanhanh", at=NOON)
    with pytest.raises(ConfigError, match="nothing without a note"):
        record(store, ONE, Scope.province(), cause="N99", note=" ", by="vanhanh", at=NOON)
    with pytest.raises(StoreError, match="nobody is named"):
        record(store, ONE, Scope.province(), cause="N02", by=" ", at=NOON)
    with pytest.raises(StoreError, match="more than 1000"):
        record(store, ONE, Scope.province(), cause="N02", note="x" * 1001, by="vanhanh", at=NOON)
    people.add(store, "vanhanh", "mat-khau", role="operator", title="Vận hành")
    with pytest.raises(StoreError, match="Did you mean"):
        record(store, ONE, Scope.province(), cause="N02", by="vanhan", at=NOON)
    assert recorded(store, Scope.province(), "mot-cua", "cong-quoc-gia").is_empty()


def test_who_may_not_record_is_refused_by_the_store_and_who_does_stands_in_the_log(store: Store) -> None:
    roles: tuple[people.Role, ...] = ("administrator", "auditor", "chairman", "director", "operator")
    for role in roles:
        people.add(store, role, "mat-khau", role=role, title=role)
    for role in roles[:3]:
        with pytest.raises(StoreError, match="may not record anything"):
            record(store, ONE, Scope.province(), cause="N02", by=role, at=NOON)
    assert audit.read(store, act="record").is_empty()
    for role in roles[3:]:
        record(store, ONE, Scope.province(), cause="N02", by=role, at=NOON)
    told = audit.read(store, act="record").select("person", "at", "what", "detail").rows()
    assert told == [(role, NOON, "mot-cua cong-quoc-gia H99-1", "reconcile N02") for role in ("operator", "director")]


def test_an_office_has_its_own_list(tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "causes.toml").write_text(
        '[[cause]]\ncode = "X1"\ntitle = "Bão"\n[[cause]]\ncode = "X2"\ntitle = "Cũ"\nretired = true\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("DUNGHAN_CONFIG", str(tmp_path))
    record(store, ONE, Scope.province(), cause="X1", by="vanhanh", at=NOON)
    with pytest.raises(ConfigError, match="no cause"):
        record(store, ONE, Scope.province(), cause="X2", by="vanhanh", at=NOON)  # retired: no longer to be chosen
    assert causes.load()["X2"].title == "Cũ"


def test_a_code_told_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "causes.toml"
    file.write_text('[[cause]]\ncode = "X1"\ntitle = "a"\n[[cause]]\ncode = "X1"\ntitle = "b"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match='"X1" is told twice'):
        causes.load(file)


def test_a_store_of_before_gets_the_table(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    assert recorded(store, Scope.province(), "a", "b").is_empty()
    store.engine.dispose()
