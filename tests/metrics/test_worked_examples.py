"""The worked examples of the specification: dates and counts worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from metrics.definitions import rates
from metrics.evaluate import figures
from metrics.scope import Period, Scope
from metrics.standing import standing
from tests.metrics.province import CALENDAR, cube_of, day, dossier, facts_of, halt, letter

ALL = Scope.province()


def counted(start: str, end: str, *rows: dict[str, Any], as_of: str | None = None) -> dict[str, Any]:
    asked = figures(cube_of(*rows), period=Period(day(start), day(end)), as_of=day(as_of or end), scope=ALL)
    return rates(asked).row(0, named=True)


def stands(on: str, row: dict[str, Any]) -> dict[str, Any]:
    return standing(facts_of(row).lazy(), day(on), CALENDAR).collect().row(0, named=True)


def test_the_four_dossiers_of_the_week_of_2_to_8_november() -> None:
    a = dossier("A", "resolved", received="2018-10-25", due="2018-11-05", resolved="2018-11-05")
    b = dossier("B", "resolved", received="2018-10-25", due="2018-11-06", resolved="2018-11-08")
    c = dossier("C", "supplement", received="2018-10-25", due="2018-11-07", halts=[halt("2018-11-04", None)])
    d = dossier(
        "D",
        "processing",
        received="2018-10-25",
        due="2018-11-15",
        letters=[letter("2018-11-03", "2018-11-06", "2018-11-15")],
    )
    found = counted("2018-11-02", "2018-11-08", a, b, c, d, as_of="2018-11-09")
    assert found["on_time_due"] == {"numerator": 1, "denominator": 2, "value": 0.5}
    assert (found["extended_out"], found["suspended_out"]) == (1, 1)
    assert found["on_time_due_first"] == {"numerator": 1, "denominator": 3, "value": pytest.approx(1 / 3)}


def test_a_promise_moved_after_its_day_stays_broken_on_that_day() -> None:
    moved = dossier(
        "M", "resolved", received="2018-10-25", resolved="2018-11-18", due="2018-11-20",
        promises=[("2018-10-25", "2018-11-05"), ("2018-11-10", "2018-11-20")],
    )  # fmt: skip
    assert stands("2018-11-08", moved)["standing"] == "overdue"
    assert counted("2018-11-08", "2018-11-08", moved)["pending_overdue"] == 1
    assert stands("2018-11-18", moved)["standing"] == "resolved_overdue"


def test_a_promise_moved_in_time_counts_and_is_flagged() -> None:
    moved = dossier(
        "M", "resolved", received="2018-10-25", resolved="2018-11-18", due="2018-11-20",
        promises=[("2018-10-25", "2018-11-05"), ("2018-11-05", "2018-11-20")],
    )  # fmt: skip
    row = stands("2018-11-18", moved)
    assert (row["standing"], row["due_on"], row["first_due_on"]) == (
        "resolved_early",
        day("2018-11-20"),
        day("2018-11-05"),
    )
    assert row["due_moved_unexplained"] and not row["due_moved_too_late"]


def test_a_promise_drawn_forward_and_put_back_is_the_first_one_again() -> None:
    moved = dossier(
        "M", "processing", received="2018-10-25", due="2018-11-05",
        promises=[("2018-10-25", "2018-11-05"), ("2018-10-29", "2018-11-01"), ("2018-10-31", "2018-11-05")],
    )  # fmt: skip
    assert stands("2018-10-30", moved)["due_on"] == day("2018-11-01")
    assert stands("2018-11-02", moved)["standing"] == "in_term"
    assert counted("2018-11-02", "2018-11-02", moved)["pending_overdue"] == 0
    assert stands("2018-11-06", moved)["standing"] == "overdue"


def test_closed_while_suspended_without_a_working_day_waited_leaves_a_due_saturday_where_it_is() -> None:
    """Asked Friday 13/2/2026, closed Saturday 14/2, the due day: a day off, on which no day was waited."""
    row = stands("2026-02-16", dossier(
        "S", "resolved", received="2026-02-09", resolved="2026-02-14", due="2026-02-14",
        halts=[halt("2026-02-13", "2026-02-20")],
    ))  # fmt: skip
    assert (row["standing"], row["due_on"]) == ("resolved_on_time", day("2026-02-14"))


def test_a_second_letter_and_a_letter_on_the_due_day_do_not_count() -> None:
    late = dossier(
        "L",
        "processing",
        received="2018-10-25",
        due="2018-11-20",
        letters=[letter("2018-11-05", "2018-11-05", "2018-11-20")],
    )
    assert stands("2018-11-06", late)["standing"] == "overdue"
    twice = dossier(
        "T", "processing", received="2018-10-25", due="2018-11-30",
        letters=[letter("2018-11-02", "2018-11-05", "2018-11-12"), letter("2018-11-08", "2018-11-12", "2018-11-30")],
    )  # fmt: skip
    assert stands("2018-11-12", twice)["standing"] == "in_term"
    assert stands("2018-11-13", twice)["standing"] == "overdue"


def test_due_today_is_not_overdue_and_is_from_tomorrow() -> None:
    row = dossier("X", "processing", received="2018-11-01", due="2018-11-08")
    assert stands("2018-11-08", row)["standing"] == "in_term"
    tomorrow = stands("2018-11-09", row)
    assert (tomorrow["standing"], tomorrow["days_late"]) == ("overdue", 1)


@pytest.mark.parametrize(
    ("on", "band"),
    [
        ("2018-11-10", "overdue_1_3"),  # Saturday after a Friday: 0 working days, already overdue
        ("2018-11-14", "overdue_1_3"),  # Wednesday: 3
        ("2018-11-15", "overdue_4_10"),  # Thursday: 4
        ("2018-11-23", "overdue_4_10"),  # 10
        ("2018-11-26", "overdue_11_30"),  # 11
        ("2018-12-21", "overdue_11_30"),  # 30
        ("2018-12-24", "overdue_over_30"),  # 31
    ],
)
def test_the_overdue_grow_old_in_working_days(on: str, band: str) -> None:
    row = dossier("X", "processing", received="2018-11-01", due="2018-11-09")
    found = counted(on, on, row)
    ages = {a: found[a] for a in ("overdue_1_3", "overdue_4_10", "overdue_11_30", "overdue_over_30")}
    assert ages == dict.fromkeys(ages, 0) | {band: 1}


def test_suspended_from_the_day_of_the_request_to_the_day_before_the_return() -> None:
    row = dossier(
        "S", "processing", received="2026-03-02", due="2026-03-19",
        halts=[halt("2026-03-05", "2026-03-10", before="2026-03-16", after="2026-03-19")],
    )  # fmt: skip
    told = {on: stands(on, row)["suspended"] for on in ("2026-03-04", "2026-03-05", "2026-03-09", "2026-03-10")}
    assert told == {"2026-03-04": False, "2026-03-05": True, "2026-03-09": True, "2026-03-10": False}
    assert stands("2026-03-04", row)["due_on"] == day("2026-03-16")
    assert stands("2026-03-10", row)["due_on"] == day("2026-03-19")
    assert stands("2026-03-20", row)["standing"] == "overdue"
    assert not stands("2026-03-20", row)["due_moved_unexplained"]


def test_late_before_the_suspension_stays_late_in_it() -> None:
    late = dossier("S", "supplement", received="2026-03-02", due="2026-03-16", halts=[halt("2026-03-18", None)])
    assert stands("2026-03-25", late)["standing"] == "overdue"
    in_time = dossier("S", "supplement", received="2026-03-02", due="2026-03-16", halts=[halt("2026-03-16", None)])
    assert stands("2026-03-25", in_time)["standing"] == "in_term"
    assert counted("2026-03-25", "2026-03-25", in_time)["pending_suspended"] == 1


def test_closed_while_suspended_is_judged_with_the_days_waited() -> None:
    told: dict[str, Any] = {"received": "2026-03-02", "due": "2026-03-16", "halts": [halt("2026-03-12", None)]}
    # Waited from Thu 12/3: by Wed 18/3 four working days (13, 16, 17, 18), so the due day is 20/3.
    on_18 = stands("2026-03-18", dossier("S", "resolved", resolved="2026-03-18", **told))
    assert (on_18["due_on"], on_18["standing"]) == (day("2026-03-20"), "resolved_early")


def test_a_finish_before_the_receipt_is_counted_and_never_in_stock() -> None:
    row = dossier("F", "resolved", received="2026-03-10", resolved="2026-03-05", due="2026-03-20")
    before = counted("2026-03-01", "2026-03-09", row)
    assert (before["received"], before["resolved"], before["pending"]) == (0, 0, 0)
    after = counted("2026-03-10", "2026-03-10", row)
    assert (after["received"], after["resolved_early"], after["pending"]) == (1, 1, 0)


def test_no_due_date_is_undetermined_and_never_on_time() -> None:
    rows = [
        dossier("U", "resolved", received="2026-03-02", resolved="2026-03-05"),
        dossier("V", "processing", received="2026-03-02"),
    ]
    found = counted("2026-03-01", "2026-03-31", *rows)
    assert (found["resolved_undetermined"], found["pending_undetermined"]) == (1, 1)
    assert found["on_time_resolved"] == {"numerator": 0, "denominator": 0, "value": None}


def test_submitted_waits_for_acceptance_and_turned_down_is_never_received() -> None:
    waiting = dossier("W", "submitted", submitted="2026-03-02")
    refused = dossier("N", "not_accepted", submitted="2026-03-02", rejected="2026-03-04")
    monday = counted("2026-03-02", "2026-03-02", waiting, refused)
    assert (monday["submitted"], monday["awaiting_acceptance"], monday["received"]) == (2, 2, 0)
    friday = counted("2026-03-02", "2026-03-06", waiting, refused)
    assert (friday["awaiting_acceptance"], friday["not_accepted"], friday["received"]) == (1, 1, 0)


def test_withdrawn_is_inside_resolved_and_in_no_due_cohort_when_it_left_by_its_day() -> None:
    row = dossier("R", "withdrawn", received="2026-03-02", resolved="2026-03-05", due="2026-03-10")
    found = counted("2026-03-01", "2026-03-31", row)
    assert (found["withdrawn"], found["resolved"], found["resolved_early"], found["due"]) == (1, 1, 1, 0)


def test_days_are_cut_in_the_time_zone_of_the_source() -> None:
    # 17:30 UTC is 00:30 of the next day in Vietnam.
    row = dossier("Z", "resolved", received="2026-03-02", due="2026-03-05", resolved="2026-03-05")
    row["resolved_at"] = row["resolved_at"].replace(hour=17, minute=30)
    assert stands("2026-03-06", row)["standing"] == "resolved_overdue"
