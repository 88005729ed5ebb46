"""A part tells where a dossier has been: every department, every step with its holder, now and as known at a moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

from jobs.rebuild import rebuild
from metrics.terms import Terms
from store import corrections, snapshot
from store.database import Store, reading
from store.ingest import Source, begin_run
from store.observed import first_seen, months
from tests.store.test_ingest import HCM, NOON, load, rows

BUILDING, HEALTH = "Sở Xây dựng", "Sở Y tế"


def hour(n: float) -> datetime:
    return NOON + timedelta(hours=n)


def observe(store: Store, *, month: str = "2026-10", known_at: datetime | None = None) -> pl.DataFrame:
    with reading(store) as connection:
        return snapshot.observe(connection, month, known_at)


def listed(store: Store, column: str, *names: str, known_at: datetime | None = None) -> list[tuple[Any, ...]] | None:
    (found,) = observe(store, known_at=known_at)[column].to_list()
    return found if found is None else [tuple(one[name] for name in names) for one in found]


def told(store: Store, at: float, **row: Any) -> None:
    load(store, rows("A", **row), seen_at=hour(at))


def test_a_dossier_handed_over_and_back_has_been_in_three_places(store: Store) -> None:
    told(store, 0, department=BUILDING)
    told(store, 1, department=HEALTH)
    told(store, 2, department=HEALTH, step="Thẩm định")
    told(store, 3, department=BUILDING, step="Thẩm định")
    places = listed(store, "places", "department", "at")
    assert places == [(BUILDING, hour(0)), (HEALTH, hour(1)), (BUILDING, hour(3))]


def test_a_department_taken_away_and_given_back_leaves_a_gap(store: Store) -> None:
    told(store, 0, department=BUILDING)
    told(store, 1, department=None)
    told(store, 2, department=BUILDING)
    assert listed(store, "places", "department") == [(BUILDING,), (None,), (BUILDING,)]


def test_a_department_named_only_later_begins_with_none(store: Store) -> None:
    told(store, 0, department=None)
    told(store, 1, department=BUILDING)
    assert listed(store, "places", "department", "at") == [(None, hour(0)), (BUILDING, hour(1))]


def test_who_never_moved_has_no_places(store: Store) -> None:
    told(store, 0)
    assert listed(store, "places", "department") is None
    told(store, 1, step="Thẩm định")
    assert listed(store, "places", "department") is None


def test_a_handover_is_dated_by_the_source_where_it_says(store: Store) -> None:
    told(store, 0, department=BUILDING, changed_at=hour(-30))
    told(store, 1, department=HEALTH, changed_at=hour(-20))
    assert listed(store, "places", "department", "at") == [(BUILDING, hour(-30)), (HEALTH, hour(-20))]


def test_each_step_and_each_change_of_hands_is_told_oldest_first(store: Store) -> None:
    told(store, 0, step="Thẩm định", handler="cb-1")
    told(store, 1, step="Thẩm định", handler="cb-2")
    told(store, 2, step="Thẩm định", handler="cb-2", due_at=hour(90))
    told(store, 3, step=None, handler=None, due_at=hour(90))
    told(store, 4, step="Thẩm định", handler="cb-1", due_at=hour(90))
    assert listed(store, "steps", "step", "handler", "at") == [
        ("Thẩm định", "cb-1", hour(0)), ("Thẩm định", "cb-2", hour(1)), (None, None, hour(3)),
        ("Thẩm định", "cb-1", hour(4)),
    ]  # fmt: skip


def test_a_dossier_seen_once_stands_at_its_step(store: Store) -> None:
    told(store, 0, step="Thẩm định", handler="cb-1", changed_at=hour(-5))
    assert listed(store, "steps", "step", "handler", "at") == [("Thẩm định", "cb-1", hour(-5))]


@pytest.mark.parametrize("times", [1, 2])
def test_a_source_that_never_named_a_step_gives_none(store: Store, times: int) -> None:
    for n in range(times):
        told(store, n, handler=f"cb-{n}")
    assert listed(store, "steps", "step") is None


def test_the_places_of_each_dossier_are_its_own(store: Store) -> None:
    load(store, pl.concat([rows("A", department=BUILDING), rows("B", department=HEALTH), rows("C")]))
    moved = pl.concat([rows("A", department=HEALTH), rows("B", department=BUILDING), rows("C", step="Thẩm định")])
    load(store, moved, seen_at=hour(1))
    found = observe(store).select("code", "places", "steps").to_dicts()
    assert [[p["department"] for p in row["places"] or []] for row in found] == [
        [BUILDING, HEALTH], [HEALTH, BUILDING], []
    ]  # fmt: skip
    assert [row["steps"] is not None for row in found] == [False, False, True]


def test_a_part_without_dossiers_has_the_columns_of_one(store: Store) -> None:
    empty = observe(store)
    told(store, 0, step="Thẩm định")
    now = observe(store)
    assert empty.schema == now.schema == observe(store, known_at=hour(0)).schema
    assert (empty.height, now.height) == (0, 1)


def test_nothing_that_was_seen_later_is_known_before(store: Store) -> None:
    told(store, 0, department=BUILDING, due_at=hour(48))
    told(store, 2, department=HEALTH, due_at=hour(96), step="Thẩm định")
    then = observe(store, known_at=hour(1))
    (row,) = then.to_dicts()
    assert (row["department"], row["due_at"], row["step"]) == (BUILDING, hour(48), None)
    assert (row["first_seen_at"], row["seen_at"]) == (hour(0), hour(0))
    assert all(row[column] is None for column in ("promises", "places", "steps", "status_since_at"))
    assert listed(store, "places", "department", known_at=hour(2)) == [(BUILDING,), (HEALTH,)]
    assert observe(store, known_at=hour(-1)).is_empty()


def test_a_receipt_that_was_corrected_stood_in_another_month_before(store: Store) -> None:
    told(store, 0)
    told(store, 1, received_at=NOON - timedelta(days=60))
    assert observe(store, known_at=hour(0))["code"].to_list() == ["A"]
    assert observe(store, known_at=hour(1)).is_empty()
    assert observe(store, month="2026-09", known_at=hour(0)).is_empty()
    assert observe(store, month="2026-09", known_at=hour(1))["code"].to_list() == ["A"]
    with reading(store) as connection:
        assert (months(connection), first_seen(connection)) == (["2026-09", "2026-10"], {HCM.name: hour(0)})


def test_a_correction_is_known_from_when_it_was_recorded(store: Store) -> None:
    told(store, 0)
    corrections.record(store, HCM.name, "A", due_at=hour(48), reason="Nhập sai", by="van-hanh", at=hour(2))
    assert listed(store, "corrections", "due_at", "at") == [(hour(48), hour(2))]
    assert listed(store, "corrections", "due_at", known_at=hour(1)) is None


def test_a_stamp_without_a_change_moves_the_newest_day_and_derives_nothing_again(store: Store) -> None:
    told(store, 0, changed_at=hour(-20))
    first = rebuild(store)
    told(store, 1, changed_at=hour(0.5))
    after = rebuild(store)
    assert (first.newest_at, after.newest_at) == (hour(-20), hour(0.5))
    assert (after.parts, after.data_version) == (first.parts, first.data_version)
    told(store, 2, changed_at=hour(500))  # a clock that is ahead
    assert rebuild(store).newest_at == hour(0.5)


def test_what_is_derived_goes_by_the_ledger_and_not_by_later_stamps(store: Store) -> None:
    told(store, 0, status="supplement", changed_at=hour(-20))
    first = rebuild(store)
    told(store, 1, status="supplement", changed_at=hour(0.5))
    (store.derived / "manifest.json").unlink()
    assert rebuild(store).parts == first.parts


def test_a_source_taken_in_another_way_is_worked_out_anew_and_a_new_source_moves_nothing_else(store: Store) -> None:
    told(store, 0)
    first = rebuild(store)
    other = Source("khac", HCM.time_zone)
    with begin_run(store, other, kind="load", origin="b.csv", seen_at=hour(1)) as run:
        run.batch(rows("Z", source="khac", received_at=NOON - timedelta(days=90)))
    second = rebuild(store)
    assert second.parts["2026-10"] == first.parts["2026-10"]
    minutes = Source(HCM.name, HCM.time_zone, terms=Terms(counting="minutes", precision="minute"))
    with begin_run(store, minutes, kind="load", origin="a.csv", seen_at=hour(2)) as run:
        run.batch(rows("A"))
    third = rebuild(store)
    assert third.terms[HCM.name]["counting"] == "minutes"
    assert third.data_version != second.data_version
    with reading(store) as connection:
        assert snapshot.terms(connection)[HCM.name] == minutes.terms
