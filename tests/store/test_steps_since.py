"""Steps of a stretch of time: each as last told, by those that are done alone too."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from store import steps
from store.database import Store, reading
from store.ingest import begin_run
from store.steps import STEPS
from tests.store.alerted import LIVE, at
from tests.store.test_ingest import rows

MORNING = at("2026-11-16")


def told(code: str, step: str | None, begun: int | None, ended: int | None, handler: str = "cb-1") -> dict[str, object]:
    """Tell a step by the hours after MORNING at which it began and ended."""
    moments = {"started_at": begun, "ended_at": ended}
    stamps = {name: None if n is None else MORNING + timedelta(hours=n) for name, n in moments.items()}
    return dict.fromkeys(STEPS) | {"code": code, "step": step, "handler": handler} | stamps


def keep(store: Store, *lines: dict[str, object], seen: datetime = MORNING) -> None:
    with begin_run(store, LIVE, kind="sync", origin="test", seen_at=seen) as run:
        run.batch(rows("A", "B").with_columns(source=pl.lit(LIVE.name)), told_steps=pl.DataFrame(lines, schema=STEPS))


def since(store: Store, hours: int) -> list[tuple[object, ...]]:
    with reading(store) as connection:
        found = steps.since(connection, MORNING + timedelta(hours=hours))
    return sorted(found.select("code", "step", "handler", pl.col("ended_at").is_not_null()).rows(), key=str)


def test_a_step_counts_as_last_told(store: Store) -> None:
    keep(store, told("A", "one", 0, None), told("B", "one", 0, None))
    keep(store, told("A", "one", 0, 2, "cb-2"), seen=MORNING + timedelta(hours=3))
    assert since(store, 1) == [("A", "one", "cb-2", True), ("B", "one", "cb-1", False)]
    assert since(store, 3) == [("B", "one", "cb-1", False)]  # what was told of A when it was open holds no more


def test_what_ended_before_is_left_out(store: Store) -> None:
    keep(store, told("A", "one", 0, 2), told("A", "two", 2, 5))
    assert since(store, 2) == [("A", "one", "cb-1", True), ("A", "two", "cb-1", True)]
    assert since(store, 4) == [("A", "two", "cb-1", True)]


def test_steps_of_which_only_the_ends_are_told_are_different_ones(store: Store) -> None:
    keep(store, told("A", None, None, 2, "cb-1"), told("A", None, None, 4, "cb-2"))
    assert since(store, 1) == [("A", None, "cb-1", True), ("A", None, "cb-2", True)]
