"""Who did what and when: kept, read newest first, and taken back by nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
import sqlalchemy as sa

from config.errors import StoreError
from store import audit, tables
from store.database import Store, writing
from store.verifying import verify

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)


def test_what_people_did_is_read_newest_first_and_by_person_act_thing_and_time(store: Store) -> None:
    audit.keep(store, person="giamdoc", act="sign_in", at=NOON)
    audit.keep(store, person="giamdoc", act="view_dossier", at=NOON + timedelta(minutes=1), what="mot-cua H53.1")
    audit.keep(store, person="chutich", act="export", at=NOON + timedelta(minutes=2), what="worklist", detail="12 dòng")
    assert audit.read(store).select("person", "act", "what", "detail").rows() == [
        ("chutich", "export", "worklist", "12 dòng"),
        ("giamdoc", "view_dossier", "mot-cua H53.1", None),
        ("giamdoc", "sign_in", None, None),
    ]
    assert audit.read(store, person="giamdoc")["act"].to_list() == ["view_dossier", "sign_in"]
    assert audit.read(store, act="export")["at"].to_list() == [NOON + timedelta(minutes=2)]
    assert audit.read(store, what="mot-cua H53.1").height == 1
    between = audit.read(store, since=NOON + timedelta(minutes=1), until=NOON + timedelta(minutes=2))
    assert between["act"].to_list() == ["view_dossier"]
    assert audit.read(store, limit=1)["person"].to_list() == ["chutich"]


def test_what_was_done_is_neither_changed_nor_deleted(store: Store) -> None:
    audit.keep(store, person="giamdoc", act="sign_in", at=NOON)
    for change in (sa.update(tables.audit).values(person="another"), sa.delete(tables.audit)):
        with pytest.raises(StoreError, match="the audit log is append-only"), writing(store) as connection:
            connection.execute(change)
    assert audit.read(store)["person"].to_list() == ["giamdoc"]
    assert verify(store) == ()


def test_a_log_whose_guard_was_taken_away_is_told(store: Store) -> None:
    name = "audit_no_change ON audit" if store.engine.dialect.name == "postgresql" else "audit_no_update"
    with writing(store) as connection:
        connection.execute(sa.text(f"DROP TRIGGER {name}"))
    assert [w.split(":")[0] for w in verify(store)] == ["audit"]


def test_a_name_of_ten_thousand_letters_typed_at_sign_in_is_kept_short(store: Store) -> None:
    audit.keep(store, person="x" * 10_000, act="sign_in_failed", at=NOON, what="đ" * 10_000)
    assert audit.read(store).select(pl.col("person", "what").str.len_chars()).row(0) == (audit.LONGEST, audit.LONGEST)
