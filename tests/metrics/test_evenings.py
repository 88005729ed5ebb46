"""Past evenings tell only what was known on them: open dossiers, the promise in force, the step, days in process."""

from __future__ import annotations

from datetime import date

import polars as pl

from metrics.evenings import evenings, lives, sampled
from metrics.verdicts import BEFORE, EVER
from tests.metrics.risks import CALENDAR, at, facts

# 2/3/2026 is a Monday.
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 3, n) for n in range(2, 7))
NEXT_MONDAY, NEXT_FRIDAY = date(2026, 3, 9), date(2026, 3, 13)
END = date(2026, 3, 31)
ALL = slice(0, None)


def seen(rows: pl.DataFrame, *days: date) -> dict[tuple[date, str], tuple[int, int, str | None]]:
    """Give (evening, code) → days in process, days left, step."""
    told = evenings(lives(rows, CALENDAR), days).rows
    return {(r["evening"], r["code"]): (r["elapsed"], r["left"], r["step"]) for r in told.to_dicts()}


def test_a_dossier_is_seen_from_its_receipt_to_the_evening_before_it_left_or_fell_due() -> None:
    rows = facts([{"code": "x", "received_on": TUESDAY, "due_on": NEXT_MONDAY, "closed_on": FRIDAY}])
    found = seen(rows, MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)
    assert found == {(TUESDAY, "x"): (0, 4, None), (WEDNESDAY, "x"): (1, 3, None), (THURSDAY, "x"): (2, 2, None)}
    late = facts([{"code": "y", "received_on": MONDAY, "due_on": WEDNESDAY, "closed_on": FRIDAY}])
    assert list(seen(late, MONDAY, TUESDAY, WEDNESDAY, THURSDAY)) == [(MONDAY, "y"), (TUESDAY, "y")]


def test_the_step_and_the_promise_are_those_of_the_evening() -> None:
    span = [
        {"from_on": BEFORE, "to_on": WEDNESDAY, "due_on": FRIDAY, "suspended": False, "late": False},
        {"from_on": WEDNESDAY, "to_on": EVER, "due_on": NEXT_FRIDAY, "suspended": False, "late": False},
    ]
    rows = facts(
        [{"code": "x", "received_on": MONDAY, "first_due_on": FRIDAY, "due_on": NEXT_FRIDAY, "closed_on": NEXT_FRIDAY,
          "spans": span, "steps": [at(MONDAY, "Tiếp nhận"), at(THURSDAY, "Thẩm định")]}]
    )  # fmt: skip
    found = seen(rows, TUESDAY, WEDNESDAY, THURSDAY)
    assert found == {
        (TUESDAY, "x"): (1, 3, "Tiếp nhận"),
        (WEDNESDAY, "x"): (2, 7, "Tiếp nhận"),
        (THURSDAY, "x"): (3, 6, "Thẩm định"),
    }


def test_days_on_which_the_clock_stood_are_in_no_count_and_move_the_day() -> None:
    """Asked on Wednesday, back on Monday: three working days stood (Thursday, Friday, Monday)."""
    span = [
        {"from_on": BEFORE, "to_on": WEDNESDAY, "due_on": FRIDAY, "suspended": False, "late": False},
        {"from_on": WEDNESDAY, "to_on": NEXT_MONDAY, "due_on": FRIDAY, "suspended": True, "late": False},
        {"from_on": NEXT_MONDAY, "to_on": EVER, "due_on": date(2026, 3, 11), "suspended": False, "late": False},
    ]
    told = {"received_on": MONDAY, "first_due_on": FRIDAY, "due_on": date(2026, 3, 11), "spans": span}
    rows = facts([{**told, "closed_on": date(2026, 3, 11)}, {**told, "closed_on": date(2026, 3, 12)}])
    days = [TUESDAY, WEDNESDAY, THURSDAY, NEXT_MONDAY]
    found = evenings(lives(rows, CALENDAR), days)
    assert found.rows.filter(code="d0")["evening"].to_list() == [TUESDAY, NEXT_MONDAY]  # while it stood: no forecast
    assert found.rows.filter(code="d0")["elapsed"].to_list() == [1, 2]
    went, left = found.followed(ALL, END)
    # From Tuesday to Wednesday 11/3: six working days less three.
    assert dict(zip(found.rows.select("evening", "code").rows(), went.tolist(), strict=True)) == {
        (TUESDAY, "d0"): 3, (TUESDAY, "d1"): 4, (NEXT_MONDAY, "d0"): 2, (NEXT_MONDAY, "d1"): 3,
    }  # fmt: skip
    assert left.all()
    missed, known = found.missed(ALL, END)
    assert known.all()
    assert missed.tolist() == [False, True, False, True]


def test_nothing_is_known_of_what_comes_after_the_evening_of_asking() -> None:
    told = {"received_on": MONDAY, "due_on": FRIDAY}
    rows = facts(
        [{**told, "closed_on": THURSDAY}, {**told, "closed_on": NEXT_MONDAY}, {**told, "status": "processing"}]
    )
    found = evenings(lives(rows, CALENDAR), [TUESDAY])
    days, left = found.followed(ALL, WEDNESDAY)
    assert (days.tolist(), left.tolist()) == ([1, 1, 1], [False, False, False])
    assert not found.missed(ALL, THURSDAY)[1].any()  # the day has not come
    missed, known = found.missed(ALL, FRIDAY)
    assert (missed.tolist(), known.tolist()) == ([False, True, True], [True, True, True])
    days, left = found.followed(ALL, NEXT_MONDAY)
    assert (days.tolist(), left.tolist()) == ([2, 4, 4], [True, True, False])


def test_what_vanished_is_no_result_and_proves_nothing() -> None:
    rows = facts([{"received_on": MONDAY, "due_on": FRIDAY, "closed_on": WEDNESDAY, "status": "gone"}])
    found = evenings(lives(rows, CALENDAR), [TUESDAY])
    assert [value.tolist() for value in found.followed(ALL, END)] == [[1], [False]]
    assert not found.missed(ALL, END)[1].any()


def test_a_letter_does_not_save_the_day_that_was_promised() -> None:
    span = [
        {"from_on": BEFORE, "to_on": THURSDAY, "due_on": FRIDAY, "suspended": False, "late": False},
        {"from_on": THURSDAY, "to_on": EVER, "due_on": NEXT_FRIDAY, "suspended": False, "late": False},
    ]
    rows = facts([{"received_on": MONDAY, "due_on": NEXT_FRIDAY, "closed_on": NEXT_MONDAY, "spans": span}])
    found = evenings(lives(rows, CALENDAR), [TUESDAY, THURSDAY])
    assert found.missed(ALL, END)[0].tolist() == [True, False]


def test_who_finishes_on_a_day_off_is_done_by_the_next_working_day() -> None:
    rows = facts([{"received_on": MONDAY, "due_on": NEXT_MONDAY, "closed_on": date(2026, 3, 7)}])
    found = evenings(lives(rows, CALENDAR), [THURSDAY])
    assert found.followed(ALL, END)[0].tolist() == [2]
    assert found.missed(ALL, END)[0].tolist() == [False]


def test_a_source_that_keeps_only_the_last_step_has_none_on_past_evenings() -> None:
    told = {"received_on": MONDAY, "due_on": NEXT_FRIDAY, "closed_on": NEXT_MONDAY}
    one, two = [at(MONDAY, "Tiếp nhận")], [at(MONDAY, "Tiếp nhận"), at(TUESDAY, "Thẩm định")]
    lone = facts([{**told, "source": "a", "steps": one}, {**told, "source": "b", "steps": two}])
    assert [step for _, _, step in seen(lone, WEDNESDAY).values()] == [None, "Thẩm định"]


def test_without_a_promise_there_is_nothing_to_miss() -> None:
    assert lives(facts([{"received_on": MONDAY}, {"due_on": FRIDAY}]), CALENDAR).rows.is_empty()


def test_evenings_are_working_days_before_the_day_and_never_one_weekday_alone() -> None:
    rows = lives(facts([{"received_on": MONDAY, "due_on": NEXT_FRIDAY}] * 100), CALENDAR).rows
    every = sampled(rows, CALENDAR, NEXT_MONDAY, history=250, most=10_000)
    assert every == [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY]
    few = sampled(rows, CALENDAR, END, history=250, most=160)  # ten days of a hundred: a fifth of them and fewer
    assert 1 < len(few) < 6
    assert len({day.weekday() for day in few}) > 1
    assert sampled(rows, CALENDAR, MONDAY, history=250, most=10) == []
    assert sampled(rows.clear(), CALENDAR, END, history=250, most=10) == []
