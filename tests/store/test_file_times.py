"""The time of a file is the stamp of rows that have none: kept with the dossier, told nowhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from metrics.dossier import PLAIN
from metrics.scope import Scope
from store import masked, tables
from store.database import Store, reading
from store.file_times import FileTime
from store.ingest import Counts, Source, begin_run

SOURCE = Source("tep", "Asia/Ho_Chi_Minh", kind="folder")
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)


def at(day: int) -> datetime:
    return datetime(2026, 11, day, 9, tzinfo=UTC)


def load(store: Store, file: FileTime | None, *, hours: int = 0, shown: str | None = None, **steps: Any) -> Counts:
    """Load one row per code; a step with a moment carries that as its own stamp."""
    every = {"source": "tep", "status": "processing", "received_at": at(2)}
    told = {code: step if isinstance(step, tuple) else (step, None) for code, step in steps.items()}
    rows = [every | {"code": code, "step": step, "changed_at": stamp} for code, (step, stamp) in told.items()]
    people = None if shown is None else pl.DataFrame({"code": list(steps), "shown": [shown] * len(steps)})
    with begin_run(store, SOURCE, kind="sync", origin="folder", seen_at=NOW + timedelta(hours=hours)) as run:
        return run.batch(pl.DataFrame(rows, schema_overrides=PLAIN), file=file, told_masked=people)


def told(store: Store, column: str) -> dict[str, Any]:
    question = sa.select(tables.dossiers.c.code, tables.dossiers.c[column])
    with reading(store) as connection:
        return {code: value for code, value in connection.execute(question)}


def test_the_time_of_a_file_is_kept_with_the_dossier_and_is_in_no_ledger(store: Store) -> None:
    load(store, FileTime(at(10)), A="nhận", B=("nhận", at(3)))
    load(store, FileTime(at(11)), hours=1, A="nhận", B=("nhận", at(3)))  # unchanged, and still told on the 11th
    assert told(store, "stamped_at") == {"A": at(11), "B": at(3)}
    with reading(store) as connection:
        kept = connection.execute(sa.select(tables.ledger.c.code, tables.ledger.c.happened_at)).all()
        assert [tuple(row) for row in kept] == [("A", None), ("B", at(3))]
        assert connection.scalar(sa.select(tables.sources.c.stamped_at)) is None, "a time of a file is no news"


@pytest.mark.parametrize(("day", "step"), [(9, "nhận"), (10, "thẩm định"), (12, "thẩm định")])
def test_an_older_file_counts_where_the_stored_state_came_with_no_newer_one(store: Store, day: int, step: str) -> None:
    load(store, FileTime(at(10)), A="nhận")
    load(store, FileTime(at(13)), hours=1, B="nhận")
    found = load(store, FileTime(at(day), is_older=True), hours=2, A="thẩm định")
    assert (found.changed, found.merged) == ((0, 1) if day == 9 else (1, 0))
    assert told(store, "step")["A"] == step
    assert told(store, "stamped_at")["A"] == at(max(day, 10))


def test_what_people_are_recognised_by_is_not_taken_from_an_older_row(store: Store) -> None:
    load(store, FileTime(at(10)), A="nhận", shown="K***")
    load(store, FileTime(at(9), is_older=True), hours=1, A="nhận", B="nhận", shown="C***")
    assert [masked.of(store, "tep", code, Scope.province()) for code in "AB"] == ["K***", "C***"]
