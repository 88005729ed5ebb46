"""Offices at work: waiting comes out of the load, hand-overs and absences show, and everything is the same again."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from connectors.simulator.days import DAY, NEVER, day_number
from connectors.simulator.flow import demand, staff, verdict
from connectors.simulator.flow.plan import lay_out
from connectors.simulator.flow.world import AT_ONCE, World, by_month, play
from tests.demo.flows import LAND, NORTH, SOUTH, at, office


@pytest.fixture(scope="module")
def calm() -> World:
    return play(office())


def late_share(world: World, unit: str) -> float:
    """Share of a unit's closed dossiers that ran past every promise made to them."""
    number = [u.name for u in world.plan.told.unit].index(unit)
    closed = world.truth.filter(pl.col("unit") == number, pl.col("closed") > NEVER)
    promise = pl.max_horizontal("due", "moved", "extended_due", "again_due")
    return float(closed.select((pl.col("closed") // DAY > promise // DAY).mean()).item())


def test_the_same_scenario_and_seed_give_the_same_world(calm: World) -> None:
    again = play(office())
    assert again.truth.equals(calm.truth)
    assert again.steps.equals(calm.steps)
    assert not play(office(), seed=2).truth.equals(calm.truth)


def test_no_dossier_lives_backwards(calm: World) -> None:
    lived = calm.truth
    for earlier, later in (
        ("submitted", "received"), ("received", "started"), ("started", "closed"), ("received", "asked"),
        ("asked", "replied"), ("replied", "closed"), ("closed", "returned"),
    ):  # fmt: skip
        both = lived.filter(pl.col(earlier) > NEVER, pl.col(later) > NEVER)
        assert both.height > 0, (earlier, later)
        assert (both[later] >= both[earlier]).all(), (earlier, later)


def test_every_accepted_dossier_walks_its_route_step_by_step(calm: World) -> None:
    steps = calm.steps.sort("number", "place", "again")
    told = steps.with_columns(before=pl.col("ended").shift(1).over("number"))
    assert (told["began"] >= told["queued"]).all()
    assert (told["ended"] >= told["began"]).all()
    assert told.filter(pl.col("queued") < pl.col("before")).is_empty(), "nothing queues before the last step is done"
    done = calm.truth.filter(pl.col("closed") > NEVER, pl.col("asked") == NEVER)
    length = done.join(steps.group_by("number").len(), on="number")["len"]
    assert set(length) == {3, 4, 5}, "and handing out, which nobody queues for: routes of four to six steps"


def test_a_unit_with_too_few_officers_becomes_late_and_the_others_do_not(calm: World) -> None:
    """For three weeks of March nobody is at the desk of appraisal in the north, where limits are two days."""
    tight = [p | {"limit": 2} if p["kind"] == "commune" else p for p in _procedures()]
    away = {"unit": NORTH, "desk": "appraisal", "officers": 0, "from_on": date(2026, 3, 2), "to_on": date(2026, 3, 20)}
    short = play(office(work={"absent": 0.0}, procedure=tight, staff=[away]))
    enough = play(office(work={"absent": 0.0}, procedure=tight))
    assert late_share(enough, NORTH) < 0.05
    assert late_share(short, NORTH) > 0.10
    assert late_share(short, SOUTH) == pytest.approx(late_share(enough, SOUTH), abs=0.01)


def _procedures() -> list[dict[str, object]]:
    return [p.model_dump() for p in office().procedure]


def test_the_queue_grows_while_there_is_more_work_than_officers_and_shrinks_after() -> None:
    """Ten hours of work come in on a day, one officer does eight of them; four weeks later a second one helps."""
    world = play(
        office(
            arrivals={"per_working_day": 20, "online": 0.0, "weekday": [1.0] * 5},
            work={"absent": 0.0, "spread": 0.1, "headroom": 8.0},
            rates={"supplement": 0.0, "payment": 0.0, "not_accepted": 0.0},
            unit=[{"name": LAND, "code": "H98.01", "kind": "land"}],
            procedure=[{"name": "Tách thửa", "code": "1.01", "field": "Đất đai", "kind": "land", "limit": 10}],
            route=[{"name": "way", "step": [
                {"name": "Tiếp nhận", "desk": "intake", "hours": 0.05},
                {"name": "Thẩm định", "desk": "appraisal", "hours": 0.5},
                {"name": "Phê duyệt", "desk": "approval", "hours": 0.05},
                {"name": "Trả kết quả", "desk": "return"},
            ]}],
            staff=[{"unit": LAND, "desk": "appraisal", "officers": 1, "to_on": date(2026, 2, 6)},
                   {"unit": LAND, "desk": "appraisal", "officers": 2, "from_on": date(2026, 2, 7)}],
        )
    )  # fmt: skip

    def waiting(day: date) -> int:
        moment = day_number(day) * DAY + 12 * 3600
        queued = world.steps.filter(pl.col("place") == 1, pl.col("queued") <= moment)
        return queued.filter(pl.col("began") > moment).height

    # 20 come in, 16 are done: 4 more each day. After five working weeks about 100 wait.
    assert 15 <= waiting(date(2026, 1, 9)) <= 40
    assert 75 <= waiting(date(2026, 2, 6)) <= 130
    assert waiting(date(2026, 3, 13)) <= 10


def test_nobody_works_on_a_day_off_nor_takes_up_anything_while_away(calm: World) -> None:
    tet = day_number(date(2026, 2, 17))
    assert calm.steps.filter(pl.col("began") // DAY == tet).is_empty()
    assert calm.truth.filter(pl.col("closed") // DAY == tet).is_empty()
    desks = staff.hire(calm.plan, np.random.default_rng([calm.plan.told.seed, 3]))
    worked = calm.steps.filter(pl.col("began") > NEVER)
    day = calm.plan.days.desk_clock(worked["began"].to_numpy()) // (8 * 3600)
    assert any(desks.away)
    assert not any(d in desks.away[o] for d, o in zip(day.tolist(), worked["officer"], strict=True))


def test_an_urgent_procedure_overtakes() -> None:
    procedures = _procedures()
    procedures[0]["urgent"] = 5
    crowded = {"staff": [{"unit": u, "desk": "appraisal", "officers": 1} for u in (NORTH, SOUTH)],
               "arrivals": {"per_working_day": 60}}  # fmt: skip
    first, usual = play(office(procedure=procedures, **crowded)), play(office(**crowded))

    def mean_wait(world: World) -> float:
        asked = world.truth.filter(procedure=0).select("number")
        mine = world.steps.filter(pl.col("place") == 1, pl.col("began") > NEVER).join(asked, on="number")
        return float(mine.select((pl.col("began") - pl.col("queued")).mean()).item())

    assert mean_wait(first) < 0.5 * mean_wait(usual)


def test_arrivals_follow_weekday_season_hour_and_tet() -> None:
    plan = lay_out(
        office(
            arrivals={
                "per_working_day": 1000, "weekday": [2.0, 1, 1, 1, 1], "month": [1, 1, 3] + [1] * 9,
                "month_end": 1.5, "before_tet": 2.0, "after_tet": 0.5, "online": 0.0, "on_rest_days": 0.0,
                "hour": [0] * 8 + [1, 3] + [0] * 14,
            }
        )
    )  # fmt: skip
    day, number = demand.expected(plan)
    of = dict(zip(day.tolist(), number.tolist(), strict=True))

    def on(month: int, of_month: int) -> float:
        return float(of[day_number(date(2026, month, of_month))])

    assert on(1, 12) == 2000, "a Monday"
    assert on(1, 13) == 1000, "a Tuesday"
    assert on(3, 10) == 3000, "a Tuesday in March"
    assert on(1, 28) == 1500, "third working day from the end of January"
    assert on(2, 10) == 2000, "a Tuesday, three working days before Tết"
    assert on(2, 25) == 500 * 1.5, "after Tết, and at the end of the month"
    assert on(2, 17) == on(3, 8) == 0, "Tết, and a Sunday"
    came = demand.demand(plan, day, demand.counts(plan, seed=1)[1], np.random.default_rng(1))
    hours = np.bincount(came.submitted % DAY // 3600, minlength=24) / len(came.submitted)
    assert hours[9] == pytest.approx(0.75, abs=0.01)
    assert hours[8:10].sum() == pytest.approx(1.0)


def test_so_many_rows_as_asked_for() -> None:
    assert play(office(), rows=1234).truth.height == 1234


def test_by_columns_alone_a_month_at_a_time_is_the_whole() -> None:
    told = office(work={"queues": False, "late": 0.2})
    whole = play(told).truth
    parts = [world.truth for _, world in by_month(told)]
    assert len(parts) == 5
    assert pl.concat(parts).equals(whole)
    assert whole["number"].to_list() == list(range(whole.height))
    closed = whole.filter(pl.col("closed") > NEVER, pl.col("asked") == NEVER)
    late = closed.select((pl.col("closed") // DAY > pl.col("due") // DAY).mean()).item()
    assert 0.17 < late < 0.23


def test_a_large_month_comes_in_pieces_of_whole_days_and_none_is_larger_for_more_rows() -> None:
    told = office(work={"queues": False, "late": 0.2})
    pieces = list(by_month(told, rows=120_000))
    sizes = [world.truth.height for _, world in pieces]
    assert max(sizes) < 1.2 * AT_ONCE, "a piece and a day"
    assert sum(sizes) == 120_000
    names = [name for name, _ in pieces]
    assert names[:3] == ["2026-01", "2026-01.2", "2026-01.3"]
    assert len(set(names)) == len(names)
    days = [set(world.truth["submitted"] // DAY) for _, world in pieces]
    assert sum(map(len, days)) == len(set().union(*days)), "no day is cut"
    whole = pl.concat(world.truth for _, world in pieces)
    assert whole["number"].to_list() == list(range(120_000))


def test_a_unit_that_is_merged_hands_over_what_is_pending() -> None:
    units = [
        {"name": NORTH, "code": "H98.41", "level": "commune", "kind": "commune", "to_on": date(2026, 3, 31),
         "successor": "UBND xã Mới"},
        {"name": SOUTH, "code": "H98.42", "level": "commune", "kind": "commune", "to_on": date(2026, 3, 31),
         "successor": "UBND xã Mới"},
        {"name": "UBND xã Mới", "code": "H98.51", "level": "commune", "kind": "commune", "from_on": date(2026, 4, 1)},
    ]  # fmt: skip
    world = play(office(unit=units, procedure=[p for p in _procedures() if p["kind"] == "commune"]))
    night = at(2026, 4, 1, 0)
    before, after = (world.truth.filter(f) for f in (pl.col("submitted") < night, pl.col("submitted") >= night))
    assert set(before["unit"]) == {0, 1}
    assert set(after["unit"]) == {2}
    handed = world.truth.filter(pl.col("handed") > NEVER)
    assert handed.height > 3
    assert set(handed["handed"]) == {night}
    assert ((handed["closed"] >= night) | (handed["closed"] == NEVER)).all()
    taken_up = world.steps.join(handed.select("number"), on="number").filter(pl.col("queued") >= night)
    assert set(taken_up["unit"]) == {2}, "what is left of it is done by the successor"


def test_the_history_tells_every_step_and_every_moment_in_order(calm: World) -> None:
    told = verdict.history(calm)
    assert told["at"].is_sorted()
    begun = calm.steps.filter(pl.col("began") > NEVER).height
    assert told.filter(pl.col("event").str.starts_with("step ")).height == begun
    assert told.filter(event="closed").height == calm.truth.filter(pl.col("closed") > NEVER).height
    one = told.filter(number=told.filter(event="returned")["number"][0])["event"].to_list()
    assert (one[0], one[-1]) == ("submitted", "returned")
