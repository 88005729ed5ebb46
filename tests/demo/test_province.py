"""The made-up province: the same for everybody, alive, and with a story to find."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from connectors.simulator.days import DAY, NEVER, day_number, wall_seconds
from connectors.simulator.province import Province, build
from connectors.simulator.state import EVENTS, changed_between, dossiers
from connectors.simulator.tables import tables
from tests.demo import truth
from tests.demo.conftest import NOW, OPENED_ON


@pytest.fixture(scope="module")
def whole() -> Province:
    """The province in the size that the demo shows."""
    return build(20_251_122, OPENED_ON, date(2026, 3, 30))


def test_the_same_seed_gives_the_same_province(province: Province) -> None:
    again = build(7, OPENED_ON, date(2026, 3, 30), size=0.025)
    assert again.plans.equals(province.plans)


def test_another_seed_gives_another_province(province: Province) -> None:
    other = build(8, OPENED_ON, date(2026, 3, 30), size=0.025)
    assert not other.plans.equals(province.plans)


def test_a_longer_future_leaves_the_past_as_it_was(province: Province) -> None:
    longer = build(7, OPENED_ON, date(2026, 8, 1), size=0.025)
    second = wall_seconds(NOW)
    now, then = (dossiers(changed_between(p, 0, second), second) for p in (province, longer))
    assert longer.plans.height > province.plans.height
    assert then.equals(now)


def test_the_state_of_a_moment_is_always_the_same(province: Province) -> None:
    second = wall_seconds(NOW)
    first, again = (dossiers(changed_between(province, 0, second), second) for _ in range(2))
    assert again.equals(first)


def test_dossiers_move_while_one_looks(province: Province) -> None:
    morning, evening = wall_seconds(NOW), wall_seconds(NOW + timedelta(hours=6))
    moved = changed_between(province, morning + 1, evening)
    before = dossiers(changed_between(province, 0, morning), morning).select("MaHoSo", before="TrangThaiHoSo")
    after = dossiers(moved, evening).join(before, on="MaHoSo", how="left")
    assert after["before"].is_null().any(), "new dossiers came"
    assert (after["before"].drop_nulls() != after.drop_nulls("before")["TrangThaiHoSo"]).any(), "old ones went on"


def test_a_working_day_has_hundreds_of_events_and_a_sunday_some(whole: Province) -> None:
    happened = pl.concat([whole.plans.select(at=pl.col(e)) for e in EVENTS])
    per_day = dict(happened.filter(pl.col("at") > NEVER).group_by(pl.col("at") // DAY).len().iter_rows())
    wednesday, sunday = (day_number(d) for d in (date(2026, 3, 4), date(2026, 3, 8)))
    assert per_day[wednesday] > 1000
    assert 80 < per_day[sunday] < 400


def test_nothing_is_done_at_a_desk_on_a_day_off(whole: Province) -> None:
    tet = day_number(date(2026, 2, 17))
    closed = whole.plans.filter(pl.col("closed") > NEVER)["closed"] // DAY
    assert not (closed == tet).any()


def test_no_dossier_lives_backwards(whole: Province) -> None:
    lived = whole.plans.filter(pl.col("received") > NEVER)
    closed = lived.filter(pl.col("closed") > NEVER)
    assert (lived["received"] >= lived["submitted"]).all()
    assert (closed["closed"] >= closed["received"]).all()
    for earlier, later in (("asked", "answered"), ("answered", "closed"), ("closed", "returned")):
        both = closed.filter(pl.col(earlier) > NEVER, pl.col(later) > NEVER)
        assert (both[later] > both[earlier]).all(), (earlier, later)


def test_the_province_is_as_large_and_as_troubled_as_told(whole: Province) -> None:
    true = truth.counts(whole, wall_seconds(NOW), date(2024, 1, 1), OPENED_ON)
    all_of_it = true.drop("department").sum().row(0, named=True)
    resolved_in_time = all_of_it["resolved_early"] + all_of_it["resolved_on_time"]
    assert 135_000 < all_of_it["received"] < 165_000
    assert 250 <= all_of_it["pending_overdue"] <= 450
    assert 0.96 < resolved_in_time / all_of_it["resolved"] < 0.985
    assert all(all_of_it[n] > 20 for n in ("withdrawn", "refused", "stopped", "pending_suspended", "not_accepted"))


def test_online_dossiers_are_a_little_more_than_half(whole: Province) -> None:
    came = whole.plans.filter(pl.col("submitted") <= wall_seconds(NOW))
    assert 0.5 < (came["channel"] == 2).mean() < 0.6  # type: ignore[operator]


def test_one_ward_gets_worse_and_one_department_better(whole: Province) -> None:
    def share_late(unit: str, start: date, end: date) -> float:
        true = truth.counts(whole, wall_seconds(NOW), start, end).filter(department=unit)
        return float((true["resolved_overdue"] / true["resolved"])[0])

    autumn, lately = (date(2025, 9, 1), date(2025, 10, 31)), (date(2026, 2, 16), date(2026, 3, 1))
    assert share_late("UBND phường Tân Vân", *lately) > 2 * share_late("UBND phường Tân Vân", *autumn)
    assert share_late("Sở Y tế", *lately) < 0.5 * share_late("Sở Y tế", *autumn)


def test_every_unit_has_a_procedure_and_every_code_is_used_once() -> None:
    known = tables()
    assert (known.units.height, known.procedures.height) == (60, 91)
    assert known.units.filter(level="commune").height == 40
    assert set(known.units["kind"]) == set(known.procedures["kind"])
    assert known.units["name"].is_unique().all()
    assert known.procedures["code"].is_unique().all()
