"""The way of a dossier as its source told it: every step once, those told only when they were done among them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl

from jobs.rebuild import rebuild
from store import snapshot, steps
from store.database import Store
from tests.store.test_ingest import NOON, load, rows


def _step(name: str, begun: int | None, done: int | None, handler: str = "cb-1") -> dict[str, Any]:
    plain: dict[str, Any] = {"code": "A", "step": name, "handler": handler, "unit": None, "state": None, "due_at": None}
    return plain | {"started_at": _at(begun), "ended_at": _at(done)}


def _at(hours: int | None) -> datetime | None:
    return None if hours is None else NOON + timedelta(hours=hours)


def _tell(store: Store, *told: dict[str, Any], hours: int = 0) -> None:
    load(
        store, rows("A"), told_steps=pl.DataFrame(list(told), schema=steps.STEPS), seen_at=NOON + timedelta(hours=hours)
    )


def _way(store: Store) -> list[tuple[Any, ...]]:
    observed = snapshot.read(store, rebuild(store), "observed").select("way").collect()
    return [tuple(each.values()) for each in observed["way"][0]]


def test_two_ends_of_one_step_are_two_visits_and_stand_in_the_order_of_their_days(store: Store) -> None:
    _tell(store, _step("Thẩm định", None, 5), _step("Thẩm định", None, 2), _step("Trình ký", 2, 4))
    told = [(name, begun, done) for name, _, _, begun, done in _way(store)]
    assert told == [
        ("Thẩm định", None, _at(2)), ("Trình ký", _at(2), _at(4)), ("Thẩm định", None, _at(5)),
    ]  # fmt: skip


def test_a_step_told_again_when_it_is_done_is_one_visit(store: Store) -> None:
    _tell(store, _step("Thẩm định", 1, None))
    _tell(store, _step("Thẩm định", 1, 3), hours=4)
    assert [(begun, done) for _, _, _, begun, done in _way(store)] == [(_at(1), _at(3))]
