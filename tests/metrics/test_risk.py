"""Chances to miss a due day: shares, falling with the days left, summing to what is expected; and whose word they lean
on."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from config.insight_risk import Risk
from metrics.dispersion import Apart
from metrics.evenings import Evenings, evenings, lives, sampled
from metrics.expected import by_department
from metrics.risk import LEVELS, alike, chances, groups, learn
from metrics.risk_backtest import backtest, brier_of, calibration, origins
from tests.metrics.risks import CALENDAR, facts, province

LAST = date(2026, 2, 8)
SETTINGS = Risk(least_scored=100)


def played(seed: int = 1, settings: Risk = SETTINGS) -> Evenings:
    told = lives(province(seed), CALENDAR)
    days = sampled(told.rows, CALENDAR, LAST, history=settings.history, most=settings.rows)
    return evenings(told, [*days, LAST])


@pytest.fixture(scope="module")
def world() -> Evenings:
    return played()


def of(
    world: Evenings, settings: Risk = SETTINGS, at: date = LAST, others: int = 0
) -> tuple[pl.DataFrame, slice]:  # fmt: skip
    """Give the rows of the evening with their chance."""
    numbered, rows = groups(world), slice(world.before(at), world.before(at + timedelta(days=1)))
    curves = learn(world, numbered, at, settings)
    found = chances(curves, numbered, rows, world.rows["left"][rows].to_numpy())
    told = alike(world, numbered, curves, rows, fewest=settings.fewest, others=others)
    return world.rows[rows].with_columns(chance=pl.Series(found)).hstack(told), rows


def test_a_chance_is_a_share_and_falls_with_the_days_left(world: Evenings) -> None:
    numbered, curves = groups(world), learn(world, groups(world), LAST, SETTINGS)
    rows = slice(world.before(LAST), world.rows.height)
    before = np.ones(world.rows.height - rows.start)
    assert len(before) > 10
    for left in range(SETTINGS.horizon + 20):
        found = chances(curves, numbered, rows, np.full(len(before), left))
        assert ((found >= 0) & (found <= before + 1e-12)).all()
        before = found
    assert (chances(curves, numbered, rows, np.zeros(len(before), np.int64)) == 1).all()


def test_the_slow_department_the_slow_step_and_the_near_day_are_the_likely_ones(world: Evenings) -> None:
    days = [day for day in world.rows["evening"].unique().sort() if day < LAST][-20:]
    rows = pl.concat([of(world, at=day)[0] for day in days])
    by = {
        key: rows.group_by(key).agg(pl.col("chance").mean()).sort("chance")[key].to_list()
        for key in ("department", "step")
    }
    assert by == {"department": ["A", "B"], "step": ["Phê duyệt", "Thẩm định"]}
    near, far = rows.filter(pl.col("left") <= 2)["chance"].mean(), rows.filter(pl.col("left") >= 6)["chance"].mean()
    assert near > 2 * far  # type: ignore[operator]


def test_what_was_expected_is_the_sum_of_the_chances_and_lies_within_its_interval(world: Evenings) -> None:
    rows, _ = of(world)
    told = by_department(rows, (1, 5, 10), apart=Apart(), within=0.9, keys=["department"])
    for row in told.to_dicts():
        mine = rows.filter(department=row["department"]).filter(pl.col("left") <= row["ahead"])
        assert row["n"] == mine.height
        assert row["expected"] == pytest.approx(mine["chance"].sum())
        assert 0 <= row["low"] <= round(row["expected"]) <= row["high"] <= row["n"]
        assert row["variance"] == pytest.approx((mine["chance"] * (1 - mine["chance"])).sum())
    assert told.group_by("department").agg(pl.col("expected").diff().min() >= 0)["expected"].all()


def test_with_all_the_weight_on_the_larger_group_everybody_is_as_the_source() -> None:
    told = province(3).with_columns(field=pl.when(pl.col("department") == "A").then(pl.lit("f")).otherwise(pl.lit("g")))
    world = evenings(
        lives(told, CALENDAR), sampled(lives(told, CALENDAR).rows, CALENDAR, LAST, history=250, most=10**6)
    )
    leant = Risk(lean=10_000, lean_department=10_000)
    curves = learn(world, groups(world), LAST, leant)
    numbered = groups(world)
    top = curves.stays[0][numbered.of[0]]
    for level in range(1, len(LEVELS)):
        assert np.abs(curves.stays[level][numbered.of[level]] - top).max() < 0.06
    assert np.abs(curves.pace - 1).max() < 0.05
    free = learn(world, numbered, LAST, Risk(lean=0, lean_department=0.001))
    for level, mine in enumerate(numbered.of):
        told_of = free.alike[level][mine] > 0
        assert np.allclose(free.stays[level][mine][told_of][:, 1], free.own[level][mine][told_of][:, 1])


def test_nothing_of_later_days_moves_a_chance(world: Evenings) -> None:
    """The forecast of a past evening is the same when everything that came after it is other."""
    day = date(2026, 1, 12)
    changed = province(1).with_columns(
        closed_on=pl.when(pl.col("closed_on") > day).then(pl.lit(LAST)).otherwise("closed_on"),
        steps=pl.col("steps").list.eval(pl.element().filter(pl.element().struct.field("at").dt.date() <= day)),
    ).filter(pl.col("received_on") <= day)  # fmt: skip
    days = [d for d in world.rows["evening"].unique().sort() if d <= day]
    other = evenings(lives(changed, CALENDAR), days)
    keep = ["code", "chance"]
    assert of(other, at=day)[0].select(keep).sort("code").equals(of(world, at=day)[0].select(keep).sort("code"))


def test_the_sentence_rests_on_the_smallest_group_of_enough_dossiers() -> None:
    """Nine of twelve dossiers of a procedure were open four days after their first evening, each counted once."""
    rows = [{"procedure": "1.0", "received_on": date(2026, 1, 5 + n % 3), "due_on": date(2026, 1, 30),
             "closed_on": date(2026, 1, 8 + n % 3) if n < 3 else date(2026, 1, 27)} for n in range(12)]  # fmt: skip
    late = CALENDAR.add(date(2026, 1, 28), 18)
    rows += [{"procedure": name, "received_on": date(2026, 1, 28), "due_on": late} for name in ("2.0", "1.0")]
    told = lives(facts(rows), CALENDAR)
    world = evenings(told, [date(2026, 1, day) for day in (5, 6, 7, 8, 9, 12, 13, 28)])
    found, _ = of(world, Risk(fewest=10), at=date(2026, 1, 28))
    assert found.select("procedure", "alike", "n_alike").sort("procedure").rows() == [
        ("1.0", "step", 12),
        ("2.0", "field", 12),
    ]
    none, _ = of(world, Risk(fewest=13), at=date(2026, 1, 28))
    assert none.select("alike", "n_alike", "missed_alike").unique().rows() == [(None, 0, None)]


@pytest.mark.parametrize(("neighbours", "told"), [(0, ("step", 12)), (1, (None, 0)), (2, (None, 0)), (3, ("step", 12))])
def test_the_sentence_never_rests_on_one_neighbour_or_two(neighbours: int, told: tuple[str | None, int]) -> None:
    """Twelve dossiers of the procedure, in turn of the own unit and of so many others."""
    units = ["Own", "B", "C", "D"][: neighbours + 1]
    rows = [{"procedure": "1.0", "department": units[n % len(units)], "received_on": date(2026, 1, 5 + n % 3),
             "due_on": date(2026, 1, 30), "closed_on": date(2026, 1, 27)} for n in range(12)]  # fmt: skip
    late = CALENDAR.add(date(2026, 1, 28), 18)
    rows += [{"procedure": "1.0", "department": "Own", "received_on": date(2026, 1, 28), "due_on": late}]
    world = evenings(lives(facts(rows), CALENDAR), [date(2026, 1, day) for day in (5, 6, 7, 8, 9, 12, 13, 28)])
    found, _ = of(world, Risk(fewest=10), at=date(2026, 1, 28), others=3)
    assert found.select("alike", "n_alike", "n_others").rows() == [(*told, neighbours if told[0] else 0)]


# ---------- was it any good ----------


def test_the_forecast_beats_the_base_rate_on_dossiers_whose_risk_is_planted(world: Evenings) -> None:
    told = backtest(world, groups(world), LAST, SETTINGS)
    assert told.n > 400
    assert told.brier is not None and told.brier_base is not None
    assert told.brier < 0.75 * told.brier_base
    assert not told.hidden
    assert told.calibration["n"].sum() == told.n
    apart = (told.calibration["predicted"] - told.calibration["observed"]).abs()
    assert (apart * told.calibration["n"]).sum() / told.n < 0.1
    assert told.held is not None and told.held > 0.8


def test_where_the_past_misleads_the_forecast_hides_itself() -> None:
    """Due on the next working day, done then or too late: ten days the one, ten days the other, so that what was lately
    the case is not what comes."""
    days = [d for d in pl.date_range(date(2025, 9, 1), date(2026, 2, 6), eager=True) if CALENDAR.is_working(d)]
    rows = [
        {"received_on": day, "due_on": CALENDAR.add(day, 1), "closed_on": CALENDAR.add(day, 1 if (n // 10) % 2 else 3)}
        for n, day in enumerate(days)
        for _ in range(6)
    ]
    told = lives(facts(rows), CALENDAR)
    world = evenings(told, sampled(told.rows, CALENDAR, LAST, history=250, most=10**6))
    found = backtest(world, groups(world), LAST, SETTINGS.model_copy(update={"least_scored": 50}))
    assert found.brier is not None and found.brier_base is not None
    assert found.brier > found.brier_base
    assert (found.why, found.hidden) == ("worse", True)


def test_with_too_little_history_nothing_is_shown_and_nothing_breaks(world: Evenings) -> None:
    few = backtest(world, groups(world), LAST, SETTINGS.model_copy(update={"least_scored": 10**6}))
    assert (few.why, few.hidden) == ("few", True)
    for rows in (facts([]), facts([{"received_on": date(2026, 2, 2), "due_on": date(2026, 2, 20)}])):
        told = lives(rows, CALENDAR)
        world = evenings(told, sampled(told.rows, CALENDAR, LAST, history=250, most=100))
        none = backtest(world, groups(world), LAST, SETTINGS)
        assert (none.n, none.brier, none.hidden) == (0, None, True)


def test_scores_and_tenths_worked_by_hand() -> None:
    chance, missed = np.array([0.1, 0.1, 0.8, 0.8]), np.array([False, True, True, True])
    assert brier_of(chance, missed) == pytest.approx((0.01 + 0.81 + 0.04 + 0.04) / 4)
    assert calibration(chance, missed).rows() == [(0.1, 0.5, 2), (0.8, 1.0, 2)]
    assert calibration(np.linspace(0, 1, 100), np.zeros(100, bool))["n"].to_list() == [10] * 10


def test_the_newest_evening_is_tried_and_the_first_are_only_learnt_from() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(30)]
    chosen = origins(days, 4)
    assert chosen[-1] == days[-1]
    assert len(chosen) <= 4
    assert chosen[0] >= days[6]
    assert origins(days[:3], 4) == []
