"""Times of steps, lost days, loops and ways, and who has the ball: counted by hand."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from config.units import Units
from metrics import rulebook, step_hands, step_ways
from metrics.ball import Ball, held
from metrics.clocks import HALTS
from metrics.standing import Standing
from metrics.step_figures import KEPT, LATE, OPEN, OPEN_LATE, times, told_times
from metrics.step_losses import losses, usual

CALENDAR = rulebook.load().calendar
_ROW: Final[dict[str, Any]] = {
    "id": 0, "department": "Sở Y tế", "field": "Y tế", "procedure": "1.1", "recent": True, "ending": KEPT,
    "step": "Thẩm định", "unit": "Sở Y tế", "handler": "cb-1", "split": True, "named": True, "running": False,
    "inside": True, "waiting": 0, "holding": 0, "unsplit": 0, "suspended": 0, "again": False, "handed": False,
    "after": False,
}  # fmt: skip


def visits(*rows: dict[str, Any]) -> pl.DataFrame:
    whole = ("waiting", "holding", "unsplit", "suspended")
    return pl.DataFrame([_ROW | row for row in rows]).with_columns(pl.col(whole).cast(pl.Int32))


def test_medians_are_of_visits_that_have_ended_and_of_each_kind_by_itself() -> None:
    """Three visits held 60, 120 and 600 minutes after 0, 30 and 240 of waiting; one told only at its end took 480."""
    rows = visits(
        {"holding": 60}, {"waiting": 30, "holding": 120}, {"waiting": 240, "holding": 600},
        {"split": False, "unsplit": 480}, {"holding": 9999, "running": True}, {"holding": 9999, "inside": False},
        {"step": None, "waiting": 9999},
    )  # fmt: skip
    row = told_times(times(rows), ["step"]).row(0, named=True)
    assert (row["whole_n"], row["waiting_n"], row["holding_n"]) == (4, 3, 3)
    assert (row["waiting_median"], row["waiting_p90"]) == (1, 8)  # half hours
    assert (row["holding_median"], row["holding_p90"]) == (4, 20)
    assert (row["whole_median"], row["whole_p90"]) == (5, 28)  # 60, 150, 480, 840: the second and the fourth
    assert (row["whole_minutes"], row["holding_minutes"], row["waiting_minutes"]) == (1530, 780, 270)


@given(some.lists(some.tuples(some.sampled_from("ABC"), some.sampled_from("xy"), some.integers(0, 5000)), min_size=1))
def test_counts_of_parts_add_up_to_those_of_the_whole(drawn: list[tuple[str, str, int]]) -> None:
    rows = visits(*({"step": step, "unit": unit, "holding": n} for step, unit, n in drawn))
    whole, parts = (told_times(times(rows), by) for by in (["step"], ["step", "unit"]))
    summed = parts.group_by("step").agg(pl.col("whole_n", "whole_minutes", "holding_minutes").sum()).sort("step")
    assert summed.rows() == whole.sort("step").select(summed.columns).rows()
    minutes = sorted(n for step, _, n in drawn if step == drawn[0][0])
    found = whole.filter(pl.col("step") == drawn[0][0])["holding_median"][0]
    assert found == _rounded(minutes[(len(minutes) - 1) // 2])


def _rounded(minutes: int) -> int:
    """Half hours below two days of work, half days below ten, days from there on."""
    halves = (minutes + 15) // 30
    step = 1 if halves < 32 else 8 if halves < 160 else 16
    return (halves + step // 2) // step * step


def _late(rows: pl.DataFrame, least: int = 3) -> tuple[pl.DataFrame, pl.DataFrame]:
    return losses(rows, usual(rows, least))


def test_what_is_lost_is_what_goes_beyond_the_timely_ones_of_the_procedure() -> None:
    """Timely ones take 100, 200 and 600 at the appraisal: 200 is usual. Two late ones take 500 and 150: 300 is lost, by
    one. At the signing nobody timely ever was: all 40 are lost there, and the 70 that one
    has waited since its appraisal. Of another procedure there is nothing to compare.
    """
    timely = [{"id": n, "holding": m} for n, m in enumerate((100, 200, 600))]
    late = [
        {"id": 10, "ending": LATE, "holding": 450}, {"id": 10, "ending": LATE, "waiting": 50},
        {"id": 11, "ending": OPEN_LATE, "holding": 150, "running": True},
        {"id": 11, "ending": OPEN_LATE, "step": "Ký", "holding": 40},
        {"id": 11, "ending": OPEN_LATE, "waiting": 70, "running": True, "after": True},
        {"id": 12, "ending": LATE, "procedure": "2.2", "holding": 9999},
        {"id": 13, "ending": OPEN, "holding": 9999},
    ]  # fmt: skip
    lost, late_known = _late(visits(*timely, *late))
    mine = lost.filter(procedure="1.1").to_dicts()
    told = {(row["step"], row["after"]): (row["lost"], row["dossiers"], row["spent"]) for row in mine}
    assert told == {
        ("Thẩm định", False): (300.0, 1, 650), ("Ký", False): (40.0, 1, 40), ("Thẩm định", True): (70.0, 1, 70),
    }  # fmt: skip
    assert lost.filter(procedure="2.2")["lost"].sum() == 0
    assert late_known.select(pl.col("late", "compared").sum()).row(0) == (3, 2)


def test_time_lost_at_a_step_of_two_units_falls_to_each_by_the_time_it_was_there() -> None:
    timely = [{"id": n, "holding": 100} for n in range(3)]
    late = [{"id": 9, "ending": LATE, "holding": 100}, {"id": 9, "ending": LATE, "holding": 300, "unit": "Sở Xây dựng"}]
    lost, _ = _late(visits(*timely, *late))
    assert dict(lost.filter(pl.col("lost") > 0).select("unit", "lost").iter_rows()) == {
        "Sở Y tế": 75.0, "Sở Xây dựng": 225.0,
    }  # fmt: skip


def test_too_few_timely_ones_measure_nobody() -> None:
    timely = [{"id": n, "holding": 100} for n in range(2)]
    lost, late_known = _late(visits(*timely, {"id": 9, "ending": LATE, "holding": 900}))
    assert (lost["lost"].sum(), late_known["compared"].sum()) == (0, 0)


def test_dossiers_that_name_no_procedure_are_laid_beside_those_of_their_field() -> None:
    rows = visits(
        *({"id": n, "procedure": None, "holding": 100} for n in range(3)),
        {"id": 9, "procedure": None, "ending": LATE, "holding": 150},
        {"id": 10, "procedure": None, "field": "Đất đai", "ending": LATE, "holding": 150},
    ).with_columns(pl.col("procedure").cast(pl.String))
    lost, late_known = _late(rows)
    assert lost["lost"].sum() == 50
    assert late_known.select(pl.col("late", "compared").sum()).row(0) == (2, 1)


def test_of_each_procedure_the_most_frequent_ways_are_named() -> None:
    one = {"department": "Sở Y tế", "field": "Y tế", "procedure": "1.1", "recent": True, "ending": KEPT, "days": 5,
           "loops": 0, "hands": 1, "units": 0, "loop_minutes": None, "hand_minutes": 30}  # fmt: skip
    gone = [{"way": "A › B"}] * 3 + [{"way": "A"}] * 2 + [{"way": "A › B › A", "loops": 5, "loop_minutes": 90}]
    told = step_ways.counted(pl.DataFrame([one | each for each in gone]), 2)
    ways = dict(told.group_by("way").agg(pl.col("n").sum()).iter_rows())
    assert ways == {"A › B": 3, "A": 2, None: 1}
    rare = told.filter(pl.col("way").is_null()).row(0, named=True)
    assert (rare["loops"], rare["loops_sum"], rare["loop_minutes"]) == (3, 5, 90)
    assert told["hand_minutes"].sum() == 180


def test_costs_are_those_of_the_visits_that_turned_back_or_changed_hands() -> None:
    rows = visits(
        {"waiting": 10, "holding": 20}, {"again": True, "handed": True, "waiting": 5, "holding": 40},
        {"handed": True, "waiting": 7, "holding": 100},
    )  # fmt: skip
    assert step_ways.costs(rows).rows() == [(0, 45, 12)]


def _hands(*rows: tuple[str, str, int, int]) -> pl.DataFrame:
    told = [
        {"department": "Sở Y tế", "unit": unit, "procedure": "1.1", "step": "A", "handler": h, "halves": m, "n": n}
        for unit, h, m, n in rows
    ]
    return pl.DataFrame(told)


def test_an_officer_stands_beside_all_others_together_and_never_beside_two() -> None:
    own = [("Sở Y tế", "cb-1", 4, 10), ("Sở Xây dựng", "cb-1", 90, 10)]
    others = [("Sở Y tế", "cb-2", 2, 10), ("Sở Xây dựng", "cb-3", 6, 10)]
    third = [("Sở Xây dựng", "cb-4", 8, 10)]
    alone = step_hands.beside(_hands(*own, *others), "Sở Y tế", fewest=20)
    assert alone.filter(handler="cb-1").select("n", "median", "others_n").row(0) == (10, 4, None)
    told = step_hands.beside(_hands(*own, *others, *third), "Sở Y tế", fewest=20).filter(handler="cb-1")
    assert told.select("median", "others", "others_n", "others_median").row(0) == (4, 3, 30, 6)
    few = step_hands.beside(_hands(*own, *others, *third), "Sở Y tế", fewest=31).filter(handler="cb-1")
    assert few["others_n"].to_list() == [None]


@pytest.mark.parametrize(("units", "told"), [(1, False), (2, False), (3, True), (0, True)])
def test_no_head_reads_off_how_long_steps_lie_with_one_or_two_neighbours(units: int, told: bool) -> None:
    others = [(f"Sở {n % units}" if units else "Sở Y tế", f"cb-{n + 2}", 6, 10) for n in range(3)]
    rows = _hands(("Sở Y tế", "cb-1", 4, 10), *others)
    for seen, shown in ((None, True), ({"Sở Y tế"}, told)):
        found = step_hands.beside(rows, "Sở Y tế", fewest=20, seen=seen).filter(handler="cb-1")
        assert (found["others_median"].to_list() == [6]) == shown
        assert (found["others_n"].to_list() == [30]) == shown


def test_an_officer_of_another_unit_is_nobodys_own_whoever_the_dossiers_belong_to() -> None:
    """All rows are of dossiers of Sở Y tế; who had them at Sở Xây dựng answers to its head."""
    rows = _hands(("Sở Y tế", "cb-1", 4, 30), ("Sở Xây dựng", "cb-9", 90, 30))
    assert step_hands.beside(rows, "Sở Y tế", fewest=1)["handler"].to_list() == ["cb-1"]
    assert step_hands.beside(rows, "Sở Xây dựng", fewest=1)["handler"].to_list() == ["cb-9"]


_OPEN: Final[dict[str, Any]] = {
    "standing": Standing.IN_TERM.value, "suspended": False, "halts": None, "holding_unit": None, "step": None,
    "handler": None, "department": "Sở Y tế", "department_own": "Sở Y tế", "submitted_on": date(2026, 11, 2),
    "step_since_on": None,
}  # fmt: skip


def _halt(kind: str) -> list[dict[str, Any]]:
    old = {"kind": "other", "from_on": date(2026, 11, 3), "to_on": date(2026, 11, 4), "notice": None}
    return [old, {"kind": kind, "from_on": date(2026, 11, 10), "to_on": None, "notice": True}]


#: It began after another that still lasts, and ended.
_LATER: Final = {"kind": "payment", "from_on": date(2026, 11, 17), "to_on": date(2026, 11, 18), "notice": True}


@pytest.mark.parametrize(
    ("told", "who", "days"),
    [
        ({}, Ball.UNKNOWN, None),
        ({"step": "Thẩm định", "step_since_on": date(2026, 11, 16)}, Ball.DEPARTMENT, 4),
        ({"holding_unit": "Sở Y tế"}, Ball.DEPARTMENT, None),
        ({"holding_unit": "Sở Xây dựng", "handler": "cb-1", "step_since_on": date(2026, 11, 20)}, Ball.OTHER, 0),
        ({"holding_unit": "Phòng 3"}, Ball.DEPARTMENT, None),
        ({"suspended": True, "halts": _halt("supplement")}, Ball.APPLICANT, 8),
        ({"suspended": True, "halts": _halt("payment"), "step": "A"}, Ball.PAYMENT, 8),
        ({"suspended": True, "halts": _halt("other")}, Ball.PAUSED, 8),
        ({"suspended": True, "halts": [*_halt("supplement"), _LATER]}, Ball.APPLICANT, 8),
        ({"standing": Standing.AWAITING.value}, Ball.INTAKE, 14),
        ({"standing": Standing.OVERDUE.value, "halts": _halt("supplement")[:1], "step": "A"}, Ball.DEPARTMENT, None),
    ],
)
def test_who_has_the_ball(told: dict[str, Any], who: Ball, days: int | None) -> None:
    schema: dict[str, Any] = {"halts": HALTS, "step_since_on": pl.Date} | dict.fromkeys(
        ("holding_unit", "step", "handler"), pl.String
    )
    rows = pl.DataFrame([_OPEN | told], schema_overrides=schema)
    known = Units({"H01": "Sở Y tế", "H05": "Sở Xây dựng"}, {})
    found = rows.with_columns(**held(pl.lit(date(2026, 11, 20)), CALENDAR, known))
    assert found.select("ball", "ball_days").row(0) == (who.value, days)
