"""What a source's terms, the register of limits and an operator change: every number worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import polars as pl
import pytest

from config.procedures import Allowed
from metrics.definitions import rates
from metrics.evaluate import figures
from metrics.scope import Period, Scope
from metrics.standing import standing
from metrics.terms import Terms
from tests.metrics.province import BOOK, CALENDAR, cube_of, day, dossier, facts_of, halt, letter

ALL = Scope.province()
SUPPLEMENTED = [("2026-03-02", "processing"), ("2026-03-05", "supplement"), ("2026-03-10", "processing")]


def allowed(statutory: str, committed: str = "", **told: Any) -> Allowed:
    plain: dict[str, Any] = {
        "source": "", "procedure": "1.000001", "from_on": date(1990, 1, 1), "cutoff": None, "on_return": None,
        "basis": "", "place": "procedures.csv",
    }  # fmt: skip
    return Allowed(statutory=statutory, committed=committed, **(plain | told))


def book(*lines: Allowed) -> Any:
    return replace(BOOK, procedures=lines)


def counted(start: str, end: str, *rows: dict[str, Any], as_of: str | None = None, **told: Any) -> dict[str, Any]:
    frame = cube_of(*rows, **told)
    asked = figures(frame, period=Period(day(start), day(end)), as_of=day(as_of or end), scope=ALL)
    return rates(asked).row(0, named=True)


def one(row: dict[str, Any], **told: Any) -> dict[str, Any]:
    return facts_of(row, **told).row(0, named=True)


def at_minute(text: str) -> datetime:
    from tests.metrics.province import ZONE

    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


# ---------- our own reckoning beside the source's promise ----------


def test_our_due_day_stands_beside_the_promise_of_the_source() -> None:
    # 10 working days from Mon 2/3/2026 end on Mon 16/3; the source promised Wed 18/3.
    row = dossier("A", "processing", procedure="1.000001", received="2026-03-02", due="2026-03-18")
    found = one(row, book=book(allowed("15wd", "10wd")))
    assert (found["expected_first_on"], found["first_due_on"]) == (date(2026, 3, 16), date(2026, 3, 18))
    assert (found["statutory_days"], found["committed_days"]) == (15, 10)
    told = counted("2026-03-01", "2026-03-31", row, book=book(allowed("15wd", "10wd")))
    assert (told["promised_later"], told["promised_earlier"], told["promised_alike"]) == (1, 0, 0)
    assert told["limit_cut"] == {"numerator": 5, "denominator": 15, "value": pytest.approx(1 / 3)}


def test_a_suspension_moves_our_due_day_by_the_working_days_waited() -> None:
    # Asked Thu 5/3, back Tue 10/3: Fri, Mon, Tue waited. 16/3 + 3 = 19/3.
    row = dossier("A", "processing", procedure="1.000001", received="2026-03-02", due="2026-03-16",
                  halts=[halt("2026-03-05", "2026-03-10")])  # fmt: skip
    found = one(row, book=book(allowed("10wd")))
    assert (found["expected_first_on"], found["expected_on"]) == (date(2026, 3, 16), date(2026, 3, 19))


def test_a_limit_that_restarts_begins_anew_at_the_return() -> None:
    row = dossier("A", "processing", procedure="1.000001", received="2026-03-02", due="2026-03-16",
                  halts=[halt("2026-03-05", "2026-03-10")])  # fmt: skip
    found = one(row, book=book(allowed("10wd", on_return="restart")))
    assert found["expected_on"] == date(2026, 3, 24)  # 10 working days from Tue 10/3


def test_the_limit_of_the_day_of_receipt_holds_and_the_source_s_own_line_comes_first() -> None:
    lines = book(
        allowed("10wd"),
        allowed("5wd", from_on=date(2026, 3, 3)),
        allowed("2wd", source="other"),
        allowed("3wd", source="test", procedure="1.000002"),
        allowed("9wd", procedure="1.000002"),
    )
    before = dossier("A", "processing", procedure="1.000001", received="2026-03-02")
    after = dossier("B", "processing", procedure="1.000001", received="2026-03-03")
    own = dossier("C", "processing", procedure="1.000002", received="2026-03-03")
    nowhere = dossier("D", "processing", procedure="9.999999", received="2026-03-03")
    found = facts_of(before, after, own, nowhere, book=lines)["expected_first_on"].to_list()
    assert found == [date(2026, 3, 16), date(2026, 3, 10), date(2026, 3, 6), None]


def test_received_after_the_cut_off_counts_from_the_next_working_day() -> None:
    row = dossier("A", "processing", procedure="1.000001", received="2026-03-06")
    row["received_at"] = at_minute("2026-03-06T15:01")
    assert one(row, book=book(allowed("0wd", cutoff=time(15))))["expected_first_on"] == date(2026, 3, 9)
    row["received_at"] = at_minute("2026-03-06T15:00")
    assert one(row, book=book(allowed("0wd", cutoff=time(15))))["expected_first_on"] == date(2026, 3, 6)


def test_a_source_that_counts_by_the_minute_takes_a_day_for_eight_hours() -> None:
    # 2 days = 16 working hours from Mon 2/3 at 10:00: 5.5 h that day (17:00), 8 h on 3/3, 2.5 h on 4/3 = 10:00.
    row = dossier("A", "processing", procedure="1.000001", received="2026-03-02", due="2026-03-04")
    assert one(row, book=book(allowed("2wd")), terms=Terms(counting="minutes"))["expected_first_on"] == date(2026, 3, 4)
    row["received_at"] = at_minute("2026-03-02T07:30")  # from the opening: the close of the second day
    assert one(row, book=book(allowed("2wd")), terms=Terms(counting="minutes"))["expected_first_on"] == date(2026, 3, 3)
    assert one(row, book=book(allowed("2wd")))["expected_first_on"] == date(2026, 3, 4)


def test_the_office_may_let_its_own_reckoning_count() -> None:
    # The source moved its date silently and in time to 30/3; by our reckoning it was 16/3, and 19/3 after the wait.
    row = dossier("A", "resolved", procedure="1.000001", received="2026-03-02", resolved="2026-03-20", due="2026-03-30",
                  promises=[("2026-03-02", "2026-03-16"), ("2026-03-13", "2026-03-30")],
                  halts=[halt("2026-03-05", "2026-03-10")])  # fmt: skip
    ours = one(row, book=book(allowed("10wd")), terms=Terms(promise="computed"))
    assert (ours["first_due_on"], ours["due_on"]) == (date(2026, 3, 16), date(2026, 3, 19))
    theirs = one(row, book=book(allowed("10wd")))
    assert theirs["due_on"] == date(2026, 3, 30)
    told = counted("2026-03-01", "2026-03-31", row, book=book(allowed("10wd")), terms=Terms(promise="computed"))
    assert (told["resolved_overdue"], told["resolved_early"]) == (1, 0)


def test_without_a_known_limit_the_source_s_promise_counts_even_so() -> None:
    row = dossier("A", "processing", procedure="9", received="2026-03-02", due="2026-03-18")
    assert one(row, book=book(), terms=Terms(promise="computed"))["due_on"] == date(2026, 3, 18)


def test_a_valid_letter_counts_beside_our_own_reckoning() -> None:
    row = dossier("A", "processing", procedure="1.000001", received="2026-03-02", due="2026-03-25",
                  letters=[letter("2026-03-12", "2026-03-16", "2026-03-25")])  # fmt: skip
    assert one(row, book=book(allowed("10wd")), terms=Terms(promise="computed"))["due_on"] == date(2026, 3, 25)


# ---------- moves ----------


def test_a_source_whose_moves_are_taken_as_told_is_marked_so() -> None:
    row = dossier("A", "resolved", received="2026-03-02", resolved="2026-03-18", due="2026-03-20",
                  promises=[("2026-03-02", "2026-03-10"), ("2026-03-12", "2026-03-20")])  # fmt: skip
    judged, told = one(row), one(row, terms=Terms(moves="as_told"))
    assert (judged["due_on"], judged["due_moved_too_late"], judged["due_as_told"]) == (date(2026, 3, 10), True, False)
    assert (told["due_on"], told["due_moved_too_late"], told["due_as_told"]) == (date(2026, 3, 20), True, True)


def test_a_correction_counts_from_the_day_it_was_recorded() -> None:
    row = dossier(
        "A", "processing", received="2026-03-02", due="2026-03-10", corrections=[("2026-03-12", "2026-03-20")]
    )

    def stands(on: str) -> str:
        return str(standing(facts_of(row).lazy(), day(on), CALENDAR).collect()["standing"][0])

    assert [stands(d) for d in ("2026-03-11", "2026-03-12", "2026-03-20", "2026-03-21")] == [
        "overdue", "in_term", "in_term", "overdue",
    ]  # fmt: skip
    assert one(row)["due_moved_unexplained"] is False


def test_statuses_seen_one_after_the_other_tell_a_suspension() -> None:
    # A source without a list of suspensions: seen in supplement on Thu 5/3, at work again on Tue 10/3, due unchanged.
    row = dossier("A", "processing", received="2026-03-02", due="2026-03-16", seen="2026-03-02",
                  turns=SUPPLEMENTED)  # fmt: skip
    found = one(row)
    assert found["halts"] == [
        {"kind": "supplement", "from_on": date(2026, 3, 5), "to_on": date(2026, 3, 10), "notice": None}
    ]
    assert [m["kind"] for m in found["moves"]] == ["waited"]
    assert (found["due_on"], found["due_moved_unexplained"]) == (date(2026, 3, 19), False)
    told = counted("2026-03-01", "2026-03-31", row)
    assert (told["supplements"], told["supplemented"], told["supplements_noticed"]) == (1, 1, 0)
    assert counted("2026-03-06", "2026-03-06", row)["pending_suspended"] == 1


def test_a_due_date_shown_with_the_return_is_the_return_s() -> None:
    row = dossier("A", "processing", received="2026-03-02", due="2026-03-23", seen="2026-03-02",
                  turns=SUPPLEMENTED,
                  promises=[("2026-03-02", "2026-03-16"), ("2026-03-10", "2026-03-23")])  # fmt: skip
    found = one(row)
    assert ([m["kind"] for m in found["moves"]], found["due_on"]) == (["return"], date(2026, 3, 23))


def test_a_suspension_that_began_late_stays_late_after_the_return() -> None:
    row = dossier("A", "processing", received="2026-03-02", due="2026-03-04", seen="2026-03-02",
                  turns=SUPPLEMENTED)  # fmt: skip
    found = one(row)
    assert (found["due_on"], found["moves"][0]["verdict"]) == (date(2026, 3, 4), "late_before")
    assert found["due_moved_too_late"] is False


# ---------- to the minute ----------


def test_a_promise_to_the_minute_is_broken_a_minute_later() -> None:
    row = dossier("A", "resolved", received="2026-03-02", resolved="2026-03-10", due="2026-03-10")
    row["due_at"] = at_minute("2026-03-10T10:00")
    for minute, name in (("10:00", "resolved_on_time"), ("10:01", "resolved_overdue")):
        row["resolved_at"] = at_minute(f"2026-03-10T{minute}")
        found = counted("2026-03-10", "2026-03-10", row, as_of="2026-03-11", terms=Terms(precision="minute"))
        assert found[name] == 1
        assert found["due_met"] == int(minute == "10:00")
    assert counted("2026-03-10", "2026-03-10", row)["resolved_on_time"] == 1  # by the day, any hour is in time


def test_to_the_minute_it_is_overdue_at_the_end_of_the_due_day() -> None:
    row = dossier("A", "processing", received="2026-03-02", due="2026-03-10")
    by_minute = Terms(precision="minute")
    assert counted("2026-03-10", "2026-03-10", row, terms=by_minute)["pending_overdue"] == 1
    assert counted("2026-03-10", "2026-03-10", row)["pending_overdue"] == 0
    listed = standing(facts_of(row, terms=by_minute).lazy(), day("2026-03-10"), CALENDAR).collect()
    assert listed["standing"][0] == "overdue"


def test_a_promise_at_midnight_names_the_day() -> None:
    row = dossier("A", "resolved", received="2026-03-02", resolved="2026-03-10", due="2026-03-10")
    row["due_at"] = at_minute("2026-03-10T00:00")
    assert counted("2026-03-10", "2026-03-10", row, terms=Terms(precision="minute"))["resolved_on_time"] == 1


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
    from metrics.cube import durations
    from metrics.took import took

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
    from metrics.took import took
    from tests.metrics.made import durations_like

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


# ---------- found by those who tried to break it ----------


@pytest.mark.parametrize(
    ("waits", "closed", "due"),
    [
        ([("2026-03-13", "2026-03-18"), ("2026-03-17", None)], "2026-03-24", "2026-03-25"),  # 7 days from Fri 13/3
        ([("2026-03-03", "2026-03-06"), ("2026-03-05", None)], "2026-03-10", "2026-03-23"),  # 5 days from Tue 3/3
        ([("2026-03-03", "2026-03-06"), ("2026-03-06", None)], "2026-03-10", "2026-03-23"),
        ([("2026-03-03", "2026-03-06"), ("2026-03-05", "2026-03-10")], "2026-03-10", "2026-03-23"),
        ([("2026-03-03", "2026-03-10"), ("2026-03-05", "2026-03-06")], "2026-03-10", "2026-03-23"),
    ],
)
def test_closed_while_suspended_the_days_of_the_whole_wait_count_once(
    waits: list[tuple[str, str | None]], closed: str, due: str
) -> None:
    row = dossier("A", "resolved", received="2026-03-02", due="2026-03-16", resolved=closed, seen="2026-03-02",
                  halts=[halt(*wait) for wait in waits])  # fmt: skip
    assert one(row)["due_on"] == day(due)


def test_a_wait_never_takes_back_an_extension() -> None:
    # 10wd from 2/3 are 16/3; a valid letter moves it to 30/3; asked Thu 26/3, back Fri 27/3: one day, 31/3.
    told = {"received": "2026-03-02", "procedure": "1.000001", "due": "2026-03-30", "seen": "2026-03-02"}
    row = dossier("A", "processing", letters=[letter("2026-03-12", "2026-03-16", "2026-03-30")],
                  halts=[halt("2026-03-26", "2026-03-27")], **told)  # fmt: skip
    assert one(row, book=book(allowed("10wd")), terms=Terms(promise="computed"))["due_on"] == day("2026-03-31")
    assert one(row, book=book(allowed("10wd")))["due_on"] == day("2026-03-31")
    # begun anew on 27/3: 10 working days end on 10/4
    anew = one(row, book=book(allowed("10wd", on_return="restart")))
    assert anew["due_on"] == day("2026-04-10")
    short = one(row, book=book(allowed("1wd", on_return="restart")))
    assert short["due_on"] == day("2026-03-30")  # never before the promise in force


def test_an_hour_rewritten_after_the_closing_changes_nothing() -> None:
    row = dossier("A", "resolved", received="2026-03-02", resolved="2026-03-11", due="2026-03-11")
    row["resolved_at"] = at_minute("2026-03-11T15:00")
    stamps = [("2026-03-02T09:00", "2026-03-11T10:00"), ("2026-03-12T09:00", "2026-03-11T17:00")]
    row["promises"] = [
        {"due_at": at_minute(due), "happened_at": at_minute(on), "seen_at": at_minute(on)} for on, due in stamps
    ]
    row["due_at"] = at_minute("2026-03-11T17:00")
    found = counted("2026-03-11", "2026-03-11", row, as_of="2026-03-31", terms=Terms(precision="minute"))
    assert (found["resolved_overdue"], found["due_met"], found["due_first_met"]) == (1, 0, 0)
    earlier = dossier("B", "resolved", received="2026-03-02", resolved="2026-03-11", due="2026-03-11")
    earlier["resolved_at"] = at_minute("2026-03-11T09:30")
    earlier["promises"] = [
        {"due_at": at_minute(due), "happened_at": at_minute(on), "seen_at": at_minute(on)}
        for on, due in (("2026-03-02T09:00", "2026-03-11T10:00"), ("2026-03-05T09:00", "2026-03-11T09:00"))
    ]
    earlier["due_at"] = at_minute("2026-03-11T09:00")
    found = counted("2026-03-11", "2026-03-11", earlier, as_of="2026-03-31", terms=Terms(precision="minute"))
    assert (found["resolved_overdue"], found["due_met"], found["due_first_met"]) == (1, 0, 1)


def test_a_correction_after_the_closing_changes_nothing() -> None:
    for on, due in (("2026-03-10", "2026-03-30"), ("2026-03-03", "2026-03-30"), ("2026-03-10", "2026-03-05")):
        row = dossier("A", "resolved", received="2026-03-02", due="2026-03-16", resolved="2026-03-03",
                      corrections=[(on, due)])  # fmt: skip
        found = counted("2026-03-01", "2026-03-31", row)
        assert (found["due"], found["due_met"], found["extended_out"], found["resolved_early"]) == (1, 1, 0, 1)
        assert one(row)["moves"][0]["verdict"] == "after_closing"


def test_where_no_promise_was_ever_made_the_correction_is_the_first() -> None:
    row = dossier("A", "processing", received="2026-03-02", corrections=[("2026-04-10", "2026-04-20")])
    for on in ("2026-03-31", "2026-04-21"):
        found = counted(on, on, row)
        assert (found["pending_undetermined"], found["pending"]) == (0, 1)
        listed = standing(facts_of(row).lazy(), day(on), CALENDAR).collect()
        assert (listed["standing"][0] == "overdue") == (found["pending_overdue"] == 1) == (on == "2026-04-21")


def test_the_source_s_own_promise_stays_in_sight_where_ours_counts() -> None:
    row = dossier("A", "processing", procedure="1.000001", received="2026-03-02", due="2026-03-18")
    found = counted("2026-03-01", "2026-03-31", row, book=book(allowed("10wd")), terms=Terms(promise="computed"))
    assert (found["promised_later"], found["promised_alike"]) == (1, 0)
    told = one(row, book=book(allowed("10wd")), terms=Terms(promise="computed"))
    assert (told["promised_first_on"], told["first_due_on"]) == (day("2026-03-18"), day("2026-03-16"))


def test_a_wait_told_by_the_source_s_own_stamps_counts_though_the_file_was_loaded_years_later() -> None:
    row = dossier("A", "processing", received="2026-03-02", due="2026-03-16", seen="2026-11-22", turns=SUPPLEMENTED)
    assert one(row)["due_on"] == day("2026-03-19")
