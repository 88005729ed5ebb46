"""Of which dossiers, open or closed late, a window of days has told no step, or only the last ones."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl

from metrics.dossier import COLUMNS, PLAIN, Dossier
from store.database import Store
from store.finding import stepless_of
from store.ingest import Source, begin_run
from store.steps import STEPS


def on(day: int) -> datetime:
    return datetime(2026, 11, day, 3, tzinfo=UTC)


def dossier(code: str, submitted: int, due: int, closed: int | None = None) -> dict[str, Any]:
    return dict.fromkeys(COLUMNS) | {
        "source": "a", "code": code, "status": "resolved" if closed else "processing", "submitted_at": on(submitted),
        "received_at": on(submitted), "due_at": on(due), "resolved_at": on(closed) if closed else None,
    }  # fmt: skip


def step(code: str, started: int | None, ended: int | None) -> dict[str, Any]:
    return {"code": code, "step": "x", "started_at": on(started) if started else None,
            "ended_at": on(ended) if ended else None}  # fmt: skip


def test_what_a_window_left_out_is_found_and_nothing_else(store: Store) -> None:
    rows = [
        dossier("open", 2, 9), dossier("cut in two", 2, 9), dossier("told", 2, 9), dossier("terse", 2, 9),
        dossier("young", 12, 20), dossier("late", 2, 9, closed=10), dossier("in time", 2, 9, closed=8),
    ]  # fmt: skip
    steps = [
        step("cut in two", 3, 12),  # began before the window, and was told because it ended in it
        step("told", 2, 3), step("told", 3, None), step("terse", None, 3),
    ]  # fmt: skip
    frame = Dossier.cast(pl.DataFrame(rows, schema=PLAIN))
    with begin_run(store, Source("a", "Asia/Ho_Chi_Minh"), kind="sync", origin="t", seen_at=on(20)) as run:
        run.batch(frame, told_steps=pl.DataFrame(steps, schema=STEPS))
    found = stepless_of(store, "a", on(11))
    assert found.select("code", "closed").rows() == [("cut in two", False), ("late", True), ("open", False)]
    assert found["due_at"].to_list() == [on(9)] * 3
    assert stepless_of(store, "b", on(11)).is_empty()
    assert stepless_of(store, "a", on(2)).is_empty(), "nobody is older"
