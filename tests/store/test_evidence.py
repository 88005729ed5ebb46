"""What is read of the software of a source is what its readings were, less files and what had long happened."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from metrics.dossier import REJECTS
from store import evidence
from store.database import Store
from store.ingest import begin_run
from tests.store.alerted import LIVE, at, put
from tests.store.test_ingest import rows

MORNING = at("2026-11-16")
HOUR = timedelta(hours=1)


def told(code: str, stamped: datetime, **more: object) -> pl.DataFrame:
    plain = {"received_at": MORNING, "submitted_at": MORNING, "changed_at": stamped}
    return rows(code, **(plain | more))


def test_the_first_reading_and_files_are_no_measure_of_delay(store: Store) -> None:
    put(store, told("A", MORNING - 900 * HOUR), MORNING)
    put(store, told("A", MORNING, step="Thẩm định"), MORNING + 2 * HOUR)
    with begin_run(store, LIVE, kind="load", origin="tep.csv", seen_at=MORNING + 3 * HOUR) as run:
        run.batch(told("B", MORNING).with_columns(source=pl.lit(LIVE.name)))
    found = evidence.delays(store, MORNING - HOUR)
    assert found.select((pl.col("seen_at") - pl.col("happened_at")).dt.total_hours()).to_series().to_list() == [2]
    assert evidence.runs(store, MORNING - HOUR).select("source", "state").rows() == [("mot-cua", "ok")] * 2
    assert evidence.delays(store, MORNING + 3 * HOUR).is_empty()


def test_missing_fields_are_those_of_what_was_received(store: Store) -> None:
    put(store, pl.concat([told("A", MORNING, due_at=None), told("B", MORNING, due_at=MORNING - HOUR)]), MORNING)
    found = evidence.received(store, MORNING - HOUR).sort("due_at")
    assert found.select("due_at", "due_before_receipt", "finished_before_receipt").rows() == [(0, 1, 0), (1, 0, 0)]
    assert evidence.received(store, MORNING + HOUR).is_empty()


def test_refused_rows_are_those_of_the_stretch(store: Store) -> None:
    bad = pl.DataFrame(
        [{"place": "dòng 2", "code": "X", "reasons": ["started"], "found": "", "raw": "{}"}], schema=REJECTS
    )
    with begin_run(store, LIVE, kind="sync", origin="test", seen_at=MORNING) as run:
        run.batch(told("A", MORNING).with_columns(source=pl.lit(LIVE.name)), bad)
    assert evidence.refused(store, MORNING)["reasons"].to_list() == [["started"]]
    assert evidence.refused(store, MORNING + HOUR).is_empty()
