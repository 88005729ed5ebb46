"""What was learned after a moment, told alike by both databases."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from store import corrections, learned
from store.database import Store, reading
from store.reach import ledger_seq
from tests.store.test_ingest import HCM, NOON, load, rows

HOUR = timedelta(hours=1)


def test_what_was_learned_is_told_column_by_column_with_its_run(store: Store) -> None:
    load(store, rows("A", "B", "C"))
    load(store, rows("A", step="Thẩm định", due_at=NOON), seen_at=NOON + 2 * HOUR)
    load(store, rows("D", received_at=NOON - timedelta(days=90)), seen_at=NOON + 3 * HOUR)
    corrections.record(store, HCM.name, "B", due_at=NOON, reason="Nhập sai", by="van-hanh", at=NOON + 4 * HOUR)
    with reading(store) as connection:
        seq = ledger_seq(connection)
        keys = learned.keys(connection, NOON + HOUR, seq=seq, up_to=seq)
        told = learned.changes(connection, keys, NOON + HOUR, seq=seq, up_to=seq, zone="Asia/Ho_Chi_Minh")
        touched = learned.months(connection, NOON + HOUR, seq=seq, corrected=1)
        later = learned.months(connection, NOON + 2.5 * HOUR, seq=seq, corrected=1)
        nothing = learned.keys(connection, NOON + 4 * HOUR, seq=seq, up_to=seq)
    assert keys["code"].to_list() == ["A", "B", "D"]
    noon, at = "2026-11-20T12:00:00+07:00", "2026-11-20T14:00:00+07:00"
    assert told[(HCM.name, "A")] == [
        {"column": "step", "before": None, "after": "Thẩm định", "seen_at": at, "run": 2},
        {"column": "due_at", "before": None, "after": noon, "seen_at": at, "run": 2},
    ]
    assert [(c["column"], c["after"], c["run"]) for c in told[(HCM.name, "B")]] == [("correction", noon, None)]
    assert [(c["column"], c["after"], c["run"]) for c in told[(HCM.name, "D")]] == [("code", "D", 3)]
    assert (touched, later, nothing.height) == ({"2026-08", "2026-10"}, {"2026-08", "2026-10"}, 0)


def test_what_came_after_the_past_was_read_is_learned_too(store: Store) -> None:
    load(store, rows("A"))
    with reading(store) as connection:
        seq = ledger_seq(connection)
    load(store, rows("A", step="Thẩm định"), seen_at=NOON + HOUR)
    with reading(store) as connection:
        late = NOON + 9 * HOUR
        assert learned.keys(connection, late, seq=seq, up_to=seq + 1)["code"].to_list() == ["A"]
        assert learned.keys(connection, late, seq=seq, up_to=seq).is_empty()
        assert learned.months(connection, late, seq=seq, corrected=0) == {"2026-10"}
        empty = pl.DataFrame(schema={"source": pl.String, "code": pl.String})
        assert learned.changes(connection, empty, late, seq=seq, up_to=seq, zone="UTC") == {}
