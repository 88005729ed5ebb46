"""What officers did, held and lost, by days worked out by hand; nobody is counted by more than the steps say."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from config.units import Units
from dashboard.answers import officers as words
from metrics import officers, rulebook
from metrics.officers import FIGURES, OFFICER
from metrics.scope import Period
from metrics.terms import Terms
from store.steps import STEPS

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CALENDAR = rulebook.load().calendar
WEEK = Period(date(2026, 11, 16), date(2026, 11, 22))  # Monday to Sunday
FRIDAY = date(2026, 11, 20)
NOBODY = Units({}, {})
DAYS = ("submitted_on", "received_on", "rejected_on", "closed_on", "step_since_on")
TEXTS = ("source", "code", "department", "department_own", "procedure", "handler", "step", "holding_unit")


def at(day: int, hour: str = "10:00") -> datetime:
    """Give a moment of November 2026 as the office tells it."""
    return datetime.combine(date(2026, 11, day), time.fromisoformat(hour), ZONE).astimezone(UTC)


def step(code: str, handler: str, **told: Any) -> dict[str, Any]:
    plain = {"code": code, "step": "Thẩm định", "handler": handler, "unit": None, "state": None, "source": "mot-cua"}
    return plain | {"started_at": at(9), "due_at": at(18, "17:00"), "ended_at": None} | told


def steps(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema={**STEPS, "source": pl.String(), "seq": pl.Int64()})


def facts(*codes: str, **told: Any) -> pl.DataFrame:
    """Give open dossiers of the Sở Y tế."""
    plain: dict[str, Any] = dict.fromkeys((*TEXTS, *DAYS)) | {
        "source": "mot-cua", "department": "Sở Y tế", "department_own": "Sở Y tế", "procedure": "1.1",
        "received_on": date(2026, 11, 9),
    }  # fmt: skip
    schema = dict.fromkeys(TEXTS, pl.String) | dict.fromkeys(DAYS, pl.Date)
    return pl.DataFrame([plain | {"code": code} | told for code in codes], schema=schema)


def figures(
    told: pl.DataFrame, known: pl.DataFrame, *, period: Period = WEEK, as_of: date = FRIDAY, fewest: int = 1,
    units: Units = NOBODY, terms: Terms | None = None,
) -> dict[tuple[str, str], dict[str, Any]]:  # fmt: skip
    rows = officers.lines(told, known, units, {"mot-cua": terms or Terms()})
    found = officers.figures(rows, period, as_of, CALENDAR, fewest=fewest)
    assert found.columns == [*OFFICER, *FIGURES]
    return {(row["department"], row["handler"]): row for row in found.to_dicts()}


def test_a_step_ended_on_its_due_day_is_not_late_and_one_ended_the_day_after_is() -> None:
    told = steps(step("A", "cb-1", ended_at=at(18, "20:00")), step("B", "cb-1", ended_at=at(19, "08:00")))
    row = figures(told, facts("A", "B"))["Sở Y tế", "cb-1"]
    assert (row["handled"], row["judged"], row["late"], row["held"]) == (2, 2, 1, 0)
    assert row["days_lost"] == 1  # Thursday 19/11


def test_a_source_that_promises_a_minute_is_judged_by_it() -> None:
    told = steps(step("A", "cb-1", ended_at=at(18, "17:01")), step("B", "cb-1", ended_at=at(18, "17:00")))
    row = figures(told, facts("A", "B"), terms=Terms(precision="minute"))["Sở Y tế", "cb-1"]
    assert (row["judged"], row["late"], row["days_lost"]) == (2, 1, 0)


def test_a_step_without_a_due_day_is_counted_and_in_no_rate() -> None:
    told = steps(step("A", "cb-1", ended_at=at(19), due_at=None), step("B", "cb-1", due_at=None))
    row = figures(told, facts("A", "B"))["Sở Y tế", "cb-1"]
    assert (row["handled"], row["judged"], row["late"], row["no_due"]) == (1, 0, 0, 1)
    assert (row["held"], row["held_due"], row["held_past_due"], row["days_lost"]) == (1, 0, 0, 0)


def test_what_is_held_is_open_on_the_evening_of_the_day_and_so_is_its_dossier() -> None:
    told = steps(*(step(code, "cb-1") for code in "ABC"), step("D", "cb-1", started_at=at(21)))
    known = pl.concat([facts("A", "D"), facts("B", closed_on=date(2026, 11, 19)), facts("C", closed_on=FRIDAY)])
    assert figures(told, known)["Sở Y tế", "cb-1"]["held"] == 1
    assert figures(told, known, as_of=date(2026, 11, 18))["Sở Y tế", "cb-1"]["held"] == 3


def test_due_today_is_not_past_due() -> None:
    told = steps(step("A", "cb-1"))
    days = {day: figures(told, facts("A"), as_of=date(2026, 11, day))["Sở Y tế", "cb-1"] for day in (18, 19)}
    assert [days[day]["held_past_due"] for day in (18, 19)] == [0, 1]
    by_minute = figures(told, facts("A"), as_of=date(2026, 11, 18), terms=Terms(precision="minute"))
    assert by_minute["Sở Y tế", "cb-1"]["held_past_due"] == 1


def test_days_lost_are_working_days_of_the_period_alone() -> None:
    """Due Wednesday 11/11: of the days since, Monday 16/11 to Friday 20/11 lie in this week, 12 and 13/11 do not."""
    told = steps(step("A", "cb-1", due_at=at(11)))
    assert figures(told, facts("A"))["Sở Y tế", "cb-1"]["days_lost"] == 5
    ended = steps(step("A", "cb-1", due_at=at(11), ended_at=at(17)))
    assert figures(ended, facts("A"))["Sở Y tế", "cb-1"]["days_lost"] == 2
    closed = facts("A", closed_on=date(2026, 11, 16))
    assert figures(told, closed)["Sở Y tế", "cb-1"]["days_lost"] == 1


def test_days_that_are_left_make_up_for_none_that_are_lost() -> None:
    told = steps(step("A", "cb-1", due_at=at(25)), step("B", "cb-1", due_at=at(17), ended_at=at(18)))
    assert figures(told, facts("A", "B"))["Sở Y tế", "cb-1"]["days_lost"] == 1


def test_nothing_after_the_day_is_known_of() -> None:
    told = steps(step("A", "cb-1", ended_at=at(20)))
    row = figures(told, facts("A"), as_of=date(2026, 11, 19))["Sở Y tế", "cb-1"]
    assert (row["handled"], row["held"], row["days_lost"]) == (0, 1, 1)


def test_an_officer_of_another_unit_is_that_unit_s_and_a_room_nobody_knows_is_the_department_s() -> None:
    register = Units({"H99.05": "Chi cục Thuế"}, {"Chi cục Thuế": (date(2026, 11, 1), "Thuế tỉnh")})
    told = steps(step("A", "cb-1", unit="H99.05"), step("B", "cb-2", unit="Phòng 3"))
    assert set(figures(told, facts("A", "B"), units=register)) == {("Thuế tỉnh", "cb-1"), ("Sở Y tế", "cb-2")}


def test_where_no_step_is_told_the_state_of_the_dossier_says_who_holds_it() -> None:
    known = facts("A", "B", handler="cb-9", step="Thẩm định", step_since_on=date(2026, 11, 12))
    found = figures(steps(step("A", "cb-1", ended_at=at(17))), known)
    assert found["Sở Y tế", "cb-9"]["held"] == 1  # B alone: of A there are steps
    assert (found["Sở Y tế", "cb-9"]["held_due"], found["Sở Y tế", "cb-9"]["arrived"]) == (0, 0)


def test_load_is_of_different_dossiers() -> None:
    told = steps(
        step("A", "cb-1", ended_at=at(16)), step("A", "cb-1", step="Thẩm định lại", started_at=at(17)),
        step("B", "cb-1", ended_at=at(13)),
    )  # fmt: skip
    row = figures(told, facts("A", "B"))["Sở Y tế", "cb-1"]
    assert (row["handled"], row["held"], row["dossiers"], row["arrived"]) == (1, 1, 1, 1)


def test_like_is_put_beside_like() -> None:
    """Others are late with 1 of 4 of procedure 1.1 and with 3 of 3 of procedure 2.2; cb-1 did two and one of them: of
    these 2 × 1/4 + 1 × 3/3 = 1.5 would be late with others, and one was."""
    late, kept = {"ended_at": at(19)}, {"ended_at": at(17)}
    mine = [step("A1", "cb-1", **kept), step("A2", "cb-1", **kept), step("X1", "cb-1", **late)]
    others = [step(f"A{n}", f"cb-{n}", **(late if n == 3 else kept)) for n in (3, 4, 5, 6)]
    others += [step(f"X{n}", f"cb-{n}", **late) for n in (7, 8, 9)]
    known = pl.concat([facts(*(f"A{n}" for n in range(1, 7))), facts("X1", "X7", "X8", "X9", procedure="2.2")])
    row = figures(steps(*mine, *others), known)["Sở Y tế", "cb-1"]
    assert (row["judged"], row["compared"], row["compared_late"]) == (3, 3, 1)
    assert row["expected"] == pytest.approx(1.5)
    few = figures(steps(*mine, *others), known, fewest=4)["Sở Y tế", "cb-1"]
    assert (few["compared"], few["compared_late"]) == (2, 0)
    assert few["expected"] == pytest.approx(0.5)


@pytest.mark.parametrize(("others", "told"), [(("cb-2",), 0), (("cb-2", "cb-3"), 0), (("cb-2", "cb-3", "cb-4"), 1)])
def test_the_numbers_of_one_or_two_colleagues_are_not_told_however_many_steps_they_did(
    others: tuple[str, ...], told: int
) -> None:
    """Steps of nobody, and those of the same officer for another unit, make no other officer."""
    who = [others[n % len(others)] for n in range(30)] + [None] * 5
    mine = [step("A", "cb-1", ended_at=at(17)), step("B", "cb-1", ended_at=at(17))]
    steps_ = steps(*mine, *(step(f"X{n}", handler, ended_at=at(19)) for n, handler in enumerate(who)))  # type: ignore[arg-type]
    elsewhere = {"department": "Sở Tư pháp", "department_own": "Sở Tư pháp"}
    half = [
        facts("A", *(f"X{n}" for n in range(0, 35, 2))),
        facts("B", *(f"X{n}" for n in range(1, 35, 2)), **elsewhere),
    ]
    known = pl.concat(half)
    row = figures(steps_, known, fewest=20)["Sở Y tế", "cb-1"]
    assert (row["compared"], row["expected"] is not None) == (told, bool(told))
    cells = officers.cells(officers.lines(steps_, known, NOBODY, {"mot-cua": Terms()}), WEEK, FRIDAY)
    shown = words.mix(cells.filter(handler="cb-1", department="Sở Y tế"), {}, 20)
    assert (shown["Người khác: có hạn"].to_list() != ["—"]) == bool(told)


@pytest.mark.parametrize(("units", "told"), [(1, False), (2, False), (3, True), (0, True)])
def test_the_numbers_of_one_or_two_neighbours_are_told_to_no_head(units: int, told: bool) -> None:
    """Four colleagues at the step: one of the own unit, the others of ``units`` other units, or all of the own."""
    rows = [step(f"X{n}", f"cb-{n}", ended_at=at(19)) for n in range(1, 5)]
    names = ["Sở Y tế", *(f"Sở {n % units}" if units else "Sở Y tế" for n in range(3))]
    known = pl.concat(
        [facts("A"), *(facts(f"X{n}", department=name, department_own=name) for n, name in enumerate(names, start=1))]
    )
    laid = officers.lines(steps(step("A", "cb-0", ended_at=at(17)), *rows), known, NOBODY, {"mot-cua": Terms()})
    for seen, shown in ((None, True), ({"Sở Y tế"}, told), ({"Sở Y tế", "Sở 0"}, units < 2)):
        of = {(row["department"], row["handler"]): row for row in
              officers.figures(laid, WEEK, FRIDAY, CALENDAR, fewest=1, seen=seen).to_dicts()}  # fmt: skip
        assert (of["Sở Y tế", "cb-0"]["expected"] is not None) == shown, (seen, units)
        cells = officers.cells(laid, WEEK, FRIDAY, seen).filter(handler="cb-0")
        assert (words.mix(cells, {}, 1)["Người khác: trễ"].to_list() != ["—"]) == shown


def test_who_is_alone_at_a_step_is_beside_nobody() -> None:
    row = figures(steps(step("A", "cb-1", ended_at=at(17))), facts("A"))["Sở Y tế", "cb-1"]
    assert (row["compared"], row["expected"]) == (0, None)


def test_officers_stand_in_the_order_of_units_and_codes_whatever_they_did() -> None:
    told = steps(*(step(f"{n}", f"cb-{n}", ended_at=at(19 if n == 1 else 17)) for n in (3, 1, 2)))
    assert [handler for _, handler in figures(told, facts("1", "2", "3"))] == ["cb-1", "cb-2", "cb-3"]


def test_a_step_of_a_dossier_in_no_figure_is_in_none() -> None:
    assert figures(steps(step("A", "cb-1", ended_at=at(17))), facts("B")) == {}


def test_a_source_that_tells_no_step_is_named() -> None:
    known = facts("A", "B")
    rows = officers.lines(steps(), known, NOBODY, {"mot-cua": Terms()})
    assert officers.untold(known, rows) == ("mot-cua",)
    rows = officers.lines(steps(step("A", "cb-1")), known, NOBODY, {"mot-cua": Terms()})
    assert officers.untold(known, rows) == ()
