"""Ways to make a late dossier punctual, or the reverse, that were tried once and must not work."""

from __future__ import annotations

import pytest

from metrics.standing import standing
from metrics.terms import Terms
from tests.metrics.asked import SUPPLEMENTED, allowed, at_minute, book, counted, one
from tests.metrics.province import CALENDAR, day, dossier, facts_of, halt, letter


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
