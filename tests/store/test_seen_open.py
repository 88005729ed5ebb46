"""When a dossier stood open, out of ledger and runs: few are read, files ask nobody, failed runs tell nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from metrics.dossier import INSTANT, whole
from store import seen_open
from store.database import Store, reading
from store.ingest import Kind, Source, begin_run

SOURCE = Source("land", "Asia/Ho_Chi_Minh")
NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)


def shown(store: Store, days: int, *codes: str, status: str = "processing", kind: Kind = "sync") -> None:
    at = NOON + timedelta(days=days)
    done = {"resolved_at": at} if status == "resolved" else {}
    told = [{"source": SOURCE.name, "code": code, "status": status, "received_at": NOON, **done} for code in codes]
    stamps = {"received_at": INSTANT, "resolved_at": INSTANT}
    with begin_run(store, SOURCE, kind=kind, origin="here", seen_at=at) as run:
        run.batch(whole(pl.DataFrame(told, schema_overrides=stamps) if done else pl.DataFrame(
            told, schema_overrides={"received_at": INSTANT})))  # fmt: skip


def test_every_entry_of_those_asked_for_is_given_oldest_first_and_of_nobody_else(store: Store) -> None:
    shown(store, 0, "A", "B")
    shown(store, 3, "A", status="resolved")
    asked = pl.DataFrame({"source": [SOURCE.name, "elsewhere"], "code": ["A", "B"]})
    with reading(store) as connection:
        found = seen_open.entries(connection, asked)
        none = seen_open.entries(connection, asked.clear())
    assert found.select("code", "status", "seen_at").rows() == [
        ("A", "processing", NOON), ("A", "resolved", NOON + timedelta(days=3)),
    ]  # fmt: skip
    assert found["run_id"].is_sorted()
    assert none.is_empty() and none.schema == found.schema


def test_only_good_runs_that_asked_the_source_are_readings(store: Store) -> None:
    shown(store, 0, "A")
    shown(store, 1, "B", kind="load")
    with pytest.raises(ZeroDivisionError), begin_run(store, SOURCE, kind="sync", origin="x", seen_at=NOON):
        _ = 1 / 0
    shown(store, 3, "C", kind="sweep")
    with reading(store) as connection:
        every = seen_open.readings(connection, NOON - timedelta(days=1))
        later = seen_open.readings(connection, NOON + timedelta(days=2))
    days = [(at - NOON).days for at in every["started_at"]]
    assert (days, later.height) == ([0, 3], 1)
