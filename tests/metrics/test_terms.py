"""What a source's terms, the register of limits and an operator change: every number worked out by hand."""

from __future__ import annotations

from datetime import date, time

import pytest

from metrics.standing import standing
from metrics.terms import Terms
from tests.metrics.asked import SUPPLEMENTED, allowed, at_minute, book, counted, one
from tests.metrics.province import CALENDAR, day, dossier, facts_of, halt, letter

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
