"""The acceptance clock, letters, supplements, working days taken, steps: every number worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from metrics.cube import durations
from metrics.scope import Period
from metrics.standing import standing
from metrics.took import took
from tests.metrics.asked import ALL, at_minute, counted, one
from tests.metrics.made import durations_like
from tests.metrics.province import CALENDAR, day, dossier, facts_of, halt, letter

# ---------- the acceptance clock ----------


def online(code: str, submitted: str, received: str | None = None, status: str = "processing", **told: Any) -> Any:
    row = dossier(code, status, channel="online", submitted=submitted[:10], **told)
    row["submitted_at"] = at_minute(submitted)
    row["received_at"] = at_minute(received) if received else None
    return row


def test_an_online_dossier_is_answered_within_eight_working_hours() -> None:
    # Fri 6/3 14:00: 3 h that day, 5 h on Monday: 13:00–14:00 is the eighth, so Mon 9/3 14:00.
    in_time = online("A", "2026-03-06T14:00", "2026-03-09T14:00")
    late = online("B", "2026-03-06T14:00", "2026-03-09T14:01")
    never = online("C", "2026-03-06T14:00", status="submitted")
    gone = online("D", "2026-03-06T14:00", status="withdrawn", resolved="2026-03-07")
    found = counted("2026-03-01", "2026-03-31", in_time, late, never, gone)
    assert found["late_acceptance"] == {"numerator": 2, "denominator": 3, "value": pytest.approx(2 / 3)}
    assert one(in_time)["acceptance_due_on"] == date(2026, 3, 9)
    assert counted("2026-03-09", "2026-03-09", in_time, late, never)["acceptance_due"] == 0  # the day is not over
    assert counted("2026-03-10", "2026-03-10", never, late)["acceptance_overdue"] == 1


def test_where_only_the_day_of_submission_is_known_the_next_working_day_is_the_limit() -> None:
    late = online("A", "2026-03-06T00:00", "2026-03-10T08:00")
    in_time = online("B", "2026-03-06T00:00", "2026-03-09T16:59")
    found = counted("2026-03-01", "2026-03-31", late, in_time)
    assert (found["acceptance_late"], found["acceptance_due"]) == (1, 2)


def test_before_the_law_knew_the_clock_there_is_none() -> None:
    old = online("A", "2025-06-30T14:00", "2025-07-05T14:00")
    counter = dossier("B", "processing", channel="counter", submitted="2026-03-02", received="2026-03-20")
    found = counted("2025-06-01", "2026-03-31", old, counter)
    assert (found["acceptance_due"], found["late_acceptance"]["value"]) == (0, None)


# ---------- letters, supplements, durations ----------


def test_letters_are_owed_on_the_day_the_promise_breaks_or_is_given_up() -> None:
    extended = dossier("A", "processing", received="2026-03-02", due="2026-03-20",
                       letters=[letter("2026-03-09", "2026-03-12", "2026-03-20")])  # fmt: skip
    late_letter = dossier("B", "processing", received="2026-03-02", due="2026-03-20",
                          letters=[letter("2026-03-16", "2026-03-12", "2026-03-20")])  # fmt: skip
    none = dossier("C", "processing", received="2026-03-02", due="2026-03-12")
    next_day = dossier("D", "resolved", received="2026-03-02", due="2026-03-12", resolved="2026-03-13")
    rows = (extended, late_letter, none, next_day)
    found = counted("2026-03-01", "2026-03-18", *rows)
    assert (found["letters_issued"], found["letters_owed"]) == (2, 4)
    assert found["letters_in_time_rate"] == {"numerator": 1, "denominator": 4, "value": 0.25}
    assert (found["extensions"], found["extensions_not_counted"]) == (1, 1)
    by_day = [counted(d, d, *rows)["overdue_without_letter"] for d in ("2026-03-12", "2026-03-13", "2026-03-16")]
    assert by_day == [0, 2, 1]  # B and C on the 13th; B has its letter on the 16th; D was resolved on the 13th


def test_supplements_say_whether_notice_was_given_in_writing() -> None:
    told = [halt("2026-03-03", "2026-03-04") | {"notice": True}, halt("2026-03-05", "2026-03-06") | {"notice": False}]
    again = dossier("A", "processing", received="2026-03-02", due="2026-03-16", halts=told)
    plain = dossier("B", "processing", received="2026-03-02", due="2026-03-16")
    found = counted("2026-03-01", "2026-03-31", again, plain)
    assert (found["supplements"], found["supplemented"]) == (2, 1)
    assert found["supplement_rate"] == {"numerator": 1, "denominator": 2, "value": 0.5}
    assert found["supplement_notice"] == {"numerator": 1, "denominator": 2, "value": 0.5}


def test_a_share_of_nothing_is_null_and_never_a_hundred_percent() -> None:
    row = dossier("A", "processing", received="2026-03-02", due="2026-03-31")
    found = counted("2026-03-01", "2026-03-05", row)
    for name in ("on_time_due", "on_time_resolved", "late_acceptance", "supplement_notice", "letters_in_time_rate"):
        assert found[name] == {"numerator": 0, "denominator": 0, "value": None}, name


def test_working_days_taken_leave_out_those_suspended() -> None:
    # 2/3 to 18/3 are 12 working days, less Fri 6, Mon 9, Tue 10; the others took 1, 2, 3 … days.
    halted = dossier("H", "resolved", received="2026-03-02", resolved="2026-03-18", due="2026-03-16",
                     halts=[halt("2026-03-05", "2026-03-10", "2026-03-16", "2026-03-19")])  # fmt: skip
    rest = [dossier(f"D{n}", "resolved", received="2026-03-02", resolved=f"2026-03-0{2 + n}") for n in range(1, 5)]
    gone = dossier("W", "withdrawn", received="2026-03-02", resolved="2026-03-30")
    table = durations(facts_of(halted, *rest, gone))
    found = took(table, period=Period(day("2026-03-01"), day("2026-03-31")), as_of=day("2026-03-31"), scope=ALL)
    assert found.to_dicts() == [{"took_n": 5, "took_median": 3, "took_p90": 9}]
    by = took(table, period=Period(day("2026-03-01"), day("2026-03-31")), as_of=day("2026-03-31"), scope=ALL,
              by=["month"])  # fmt: skip
    assert by.select("month", "took_n").rows() == [(date(2026, 3, 1), 5)]
    empty = took(table, period=Period(day("2025-03-01"), day("2025-03-31")), as_of=day("2026-03-31"), scope=ALL)
    assert empty.to_dicts() == [{"took_n": 0, "took_median": None, "took_p90": None}]


def test_quantiles_are_exact_on_a_hundred_random_groups() -> None:

    frame, raw = durations_like(seed=7)
    found = took(frame, period=Period(day("2026-01-01"), day("2026-12-31")), as_of=day("2026-12-31"), scope=ALL,
                 by=["field"])  # fmt: skip
    for name, n, median, p90 in found.rows():
        days = raw.filter(pl.col("field") == name)["days"].sort()
        assert n == len(days)
        assert median == days[-(-len(days) * 5 // 10) - 1]
        assert p90 == days[-(-len(days) * 9 // 10) - 1]


def test_the_step_clock_counts_working_days_with_the_present_holder() -> None:
    row = dossier("A", "processing", received="2026-03-02", due="2026-03-31", step="Phê duyệt", handler="h2")
    row["steps"] = [
        {"step": "Thẩm định", "handler": "h1", "at": at_minute("2026-03-03T08:00")},
        {"step": "Phê duyệt", "handler": "h2", "at": at_minute("2026-03-06T16:00")},
    ]
    listed = standing(facts_of(row).lazy(), day("2026-03-11"), CALENDAR).collect().row(0, named=True)
    assert listed["days_at_step"] == 3  # since Fri 6/3: Mon, Tue, Wed
    before = standing(facts_of(row).lazy(), day("2026-03-05"), CALENDAR).collect().row(0, named=True)
    assert before["days_at_step"] is None
    nothing = dossier("B", "processing", received="2026-03-02", due="2026-03-31")
    assert standing(facts_of(nothing).lazy(), day("2026-03-11"), CALENDAR).collect()["days_at_step"][0] is None
