"""Steps as last told: one that is opened anew is open, one told again is one, and an old file changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl

from store import steps
from store.database import Store, reading
from store.ingest import Kind, begin_run
from store.steps import STEPS
from tests.store.test_ingest import HCM, NOON, rows

HOUR = timedelta(hours=1)


def step(**told: Any) -> pl.DataFrame:
    row = {"code": "A", "step": "Thẩm định", "unit": "Phòng Một", "started_at": NOON - HOUR}
    return pl.DataFrame([row | told], schema=STEPS)


OPEN = step(state="1")
DONE = step(state="2", ended_at=NOON)


def tell(store: Store, *told: pl.DataFrame, hours: int, kind: Kind = "sync") -> None:
    with begin_run(store, HCM, kind=kind, origin="x", seen_at=NOON + hours * HOUR) as run:
        run.batch(rows("A"), told_steps=pl.concat(told))


def ends(store: Store) -> list[datetime | None]:
    with reading(store) as connection:
        return steps.of_month(connection, f"{rows('A')['received_at'][0]:%Y-%m}")["ended_at"].to_list()


def kept(store: Store) -> int:
    with reading(store) as connection:
        return steps.last(connection)


def test_a_step_that_is_opened_anew_is_open_and_told_again_adds_nothing(store: Store) -> None:
    for hours, told in enumerate((OPEN, DONE, OPEN)):
        tell(store, told, hours=hours)
    assert (ends(store), kept(store)) == ([None], 3)
    tell(store, OPEN, hours=3)
    assert kept(store) == 3
    tell(store, DONE, hours=4)
    tell(store, DONE, hours=5)
    assert (ends(store), kept(store)) == ([NOON], 4)


def test_an_answer_that_is_replayed_with_both_states_adds_nothing(store: Store) -> None:
    for hours in range(3):
        tell(store, OPEN, DONE, hours=hours)
    assert (ends(store), kept(store)) == ([NOON], 2)


def test_an_old_file_opens_nothing_anew(store: Store) -> None:
    for hours, told in enumerate((OPEN, DONE, OPEN)):
        tell(store, told, hours=hours, kind="load")
    assert (ends(store), kept(store)) == ([NOON], 2)
