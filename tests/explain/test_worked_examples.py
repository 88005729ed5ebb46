"""The worked examples of the two legal clocks, explained: days typed out by hand, sentences as an office reads them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

import pytest

from config.calendar import load as load_days
from config.procedures import Allowed
from metrics.explain import explain
from metrics.explanation import Explanation
from metrics.rulebook import Rulebook
from metrics.terms import Terms
from metrics.weeks import weeks
from tests.metrics.province import BOOK, TERMS, day, dossier, halt, letter, part


def told(on: str, row: dict, terms: Terms = TERMS["test"], book: Rulebook = BOOK) -> Explanation:  # type: ignore[type-arg]
    found = explain(part(row), {"test": terms}, book, day(on))
    assert found is not None
    return found


def limited(committed: str, cutoff: time | None = None) -> Rulebook:
    line = Allowed("", "1.000001", day("1990-01-01"), "15wd", committed, cutoff, None, "QĐ 1", "procedures.csv, 1")
    return replace(BOOK, procedures=(line,))


SUPPLEMENT = {
    "received": "2026-03-02", "due": "2026-03-19", "procedure": "1.000001",
    "halts": [halt("2026-03-05", "2026-03-10", before="2026-03-16", after="2026-03-19")],
}  # fmt: skip


def test_three_days_waited_for_the_applicant_move_the_promise_from_16_to_19_march() -> None:
    found = told("2026-03-19", dossier("S", "processing", **SUPPLEMENT), book=limited("10wd"))
    numbers = {d.on.day: d.number for d in found.days}
    assert numbers == {
        2: None, 3: 1, 4: 2, 5: 3, 6: None, 7: None, 8: None, 9: None, 10: None, 11: 4, 12: 5, 13: 6, 14: None,
        15: None, 16: 7, 17: 8, 18: 9, 19: 10,
    }  # fmt: skip
    reasons = {d.on.day: d.reason for d in found.days if not d.counted}
    assert reasons == {
        2: "ngày tiếp nhận", 6: "tạm dừng: bổ sung hồ sơ", 7: "cuối tuần", 8: "cuối tuần", 9: "tạm dừng: bổ sung hồ sơ",
        10: "tạm dừng: bổ sung hồ sơ", 14: "cuối tuần", 15: "cuối tuần",
    }  # fmt: skip
    assert (found.promised_days, found.passed, found.waited) == (10, 13, 3)
    assert [(p.due_on, p.kind, p.counts, p.in_force) for p in found.promises] == [
        (day("2026-03-16"), "first", True, False),
        (day("2026-03-19"), "return", True, True),
    ]
    (halted,) = found.halts
    assert (halted.kind, halted.from_on, halted.to_on, halted.waited) == (
        "supplement", day("2026-03-05"), day("2026-03-10"), 3,
    )  # fmt: skip
    assert found.expectation is not None
    assert (found.expectation.due_first_on, found.expectation.due_on) == (day("2026-03-16"), day("2026-03-19"))
    assert (found.ahead_first, found.ahead) == (0, 0)


def test_while_the_clock_stands_nothing_counts_and_the_promise_has_not_moved_yet() -> None:
    found = told("2026-03-09", dossier("S", "processing", **SUPPLEMENT))
    assert (found.suspended, found.due_on, found.promised_days) == (True, day("2026-03-16"), 10)
    assert found.halts[0].to_on is None
    assert found.halts[0].waited == found.waited == 2  # Friday 6 and Monday 9
    assert [d.number for d in found.days if d.on > day("2026-03-05")] == [None] * 11


def test_a_promise_longer_than_the_limit_says_by_how_many_working_days() -> None:
    """Received Mon 2/3/2026: 10 working days end on 16/3; the source promised 18/3."""
    row = dossier("P", "processing", received="2026-03-02", due="2026-03-18", procedure="1.000001")
    found = told("2026-03-04", row, book=limited("10wd"))
    assert (found.promised_days, found.ahead_first, found.ahead) == (12, 2, 2)
    ours = found.expectation
    assert ours is not None
    assert (ours.allowed.statutory, ours.allowed.committed, ours.allowed.basis) == ("15wd", "10wd", "QĐ 1")


def test_a_letter_on_the_due_day_does_not_count_and_the_sentence_names_the_law_of_the_receipt() -> None:
    row = dossier(
        "L", "processing", received="2018-10-25", due="2018-11-20",
        letters=[letter("2018-11-05", "2018-11-05", "2018-11-20")],
    )  # fmt: skip
    refused = told("2018-11-06", row).promises[1]
    assert refused.why == (
        "Không tính: văn bản xin lỗi gửi ngày 05/11/2018; phải gửi trước ngày hẹn 05/11/2018 ít nhất 1 ngày làm việc."
    )
    assert (refused.rule, refused.verdict, refused.note) == ("Nghị định 61/2018/NĐ-CP", "late_notice", "1/XL")


def test_the_second_letter_is_one_too_many() -> None:
    row = dossier(
        "T", "processing", received="2018-10-25", due="2018-11-30",
        letters=[letter("2018-11-02", "2018-11-05", "2018-11-12"), letter("2018-11-08", "2018-11-12", "2018-11-30")],
    )  # fmt: skip
    first, good, refused = told("2018-11-13", row).promises
    assert (first.in_force, good.in_force, refused.in_force) == (False, True, False)
    assert refused.why == "Không tính: là lần thứ hai; chỉ được hẹn lại tối đa 1 lần."


def test_a_promise_moved_after_its_day_is_shown_and_does_not_count() -> None:
    row = dossier(
        "M", "resolved", received="2018-10-25", resolved="2018-11-18", due="2018-11-20",
        promises=[("2018-10-25", "2018-11-05"), ("2018-11-10", "2018-11-20")],
    )  # fmt: skip
    found = told("2018-11-18", row)
    assert (found.standing, found.due_on) == ("resolved_overdue", day("2018-11-05"))
    assert found.promises[1].why == (
        "Không tính: nguồn đổi ngày hẹn vào ngày 10/11/2018, khi đã quá ngày hẹn 05/11/2018."
    )
    assert set(found.flags) == {"due_moved_unexplained", "due_moved_too_late"}
    as_told = told("2018-11-18", row, Terms(moves="as_told"))
    assert (as_told.standing, as_told.due_on) == ("resolved_early", day("2018-11-20"))
    assert as_told.promises[1].why.startswith("Tính theo nguồn:")
    assert "due_as_told" in as_told.flags


def test_a_correction_tells_the_operators_reason() -> None:
    row = dossier(
        "C", "processing", received="2026-03-02", due="2026-03-16", corrections=[("2026-03-05", "2026-03-18")]
    )
    found = told("2026-03-06", row)
    assert (found.due_on, found.promises[1].why) == (
        day("2026-03-18"), "Tính: người vận hành đính chính, lý do: x; người ghi: y.",
    )  # fmt: skip


def test_the_swap_of_2_january_2026_is_skipped_and_its_saturday_counts_by_their_decision() -> None:
    """Received Wed 31/12/2025; Thu 1/1 and Fri 2/1 are off; days 1 to 5 are 5/1 to 9/1, Saturday 10/1 is day 6."""
    found = told("2026-01-10", dossier("N", "processing", received="2025-12-31", due="2026-01-10"))
    by_day = {d.on: d for d in found.days}
    off, made_up = by_day[day("2026-01-02")], by_day[day("2026-01-10")]
    decision = load_days().decisions[day("2026-01-02")]
    assert decision
    assert (off.number, off.decision, off.reason) == (None, decision, "hoán đổi với thứ Bảy 10/01/2026")
    assert (made_up.number, made_up.decision, made_up.reason) == (6, decision, "làm bù cho ngày 02/01/2026")
    assert off.source
    assert by_day[day("2026-01-01")].reason == "nghỉ lễ (Tết Dương lịch)"
    assert found.promised_days == 6


def test_eight_working_hours_on_a_friday_afternoon_end_on_monday_afternoon() -> None:
    """Sent Friday 6/3/2026 at 15:00: 2 hours are left of the day; the other 6 end on Monday 9/3 at 15:00."""
    row = dossier("A", "submitted", channel="online", submitted="2026-03-06")
    row["submitted_at"] = datetime.fromisoformat("2026-03-06T15:00+07:00")
    clock = told("2026-03-09", row).acceptance
    assert clock is not None
    assert (clock.due_at, clock.late, clock.hours) == (datetime.fromisoformat("2026-03-09T15:00"), False, 8)
    assert [(d.on.day, d.minutes) for d in clock.days if d.counted] == [(6, 120), (9, 360)]
    assert clock.rule.startswith("Nghị định 118/2025/NĐ-CP")
    next_day = told("2026-03-10", row).acceptance
    assert next_day is not None
    assert next_day.late


def test_a_limit_counted_by_the_minute_tells_the_hours_of_each_day() -> None:
    """One working day is 8 hours: received Mon 2/3/2026 at 10:00, 2 days end on Wed 4/3 at 10:00."""
    row = dossier("H", "processing", received="2026-03-02", due="2026-03-04", procedure="1.000001")
    ours = told("2026-03-04", row, Terms(counting="minutes"), limited("2wd")).expectation
    assert ours is not None
    assert ours.due_at == datetime.fromisoformat("2026-03-04T10:00")
    assert [(d.on.day, d.minutes) for d in ours.days] == [(2, 330), (3, 480), (4, 150)]


def test_steps_are_held_since_a_day_and_for_so_many_working_days() -> None:
    row = dossier("B", "processing", received="2026-03-02", due="2026-03-16")
    row["steps"] = [
        {"step": "Thẩm định", "handler": "CB-1", "at": datetime.fromisoformat("2026-03-03T09:00+07:00")},
        {"step": "Phê duyệt", "handler": "CB-2", "at": datetime.fromisoformat("2026-03-06T09:00+07:00")},
    ]
    steps = told("2026-03-10", row).steps
    assert [(s.handler, s.from_at.day, s.to_at and s.to_at.day, s.held) for s in steps] == [
        ("CB-1", 3, 6, 3),
        ("CB-2", 6, None, 2),
    ]


def test_before_the_receipt_there_is_nothing_to_explain() -> None:
    row = dossier("Z", "processing", received="2026-03-02", due="2026-03-16")
    assert explain(part(row), TERMS, BOOK, day("2026-03-01")) is None


@pytest.mark.parametrize(("on", "first", "last"), [("2026-03-02", 1, 3), ("2026-03-09", 4, 6), ("2026-03-16", 7, 10)])
def test_weeks_fold_the_days_and_keep_every_reason(on: str, first: int, last: int) -> None:
    found = told("2026-03-19", dossier("S", "processing", **SUPPLEMENT))
    week = next(w for w in weeks(found.days) if w.from_on == day(on))
    assert (week.first, week.last) == (first, last)
    told_days = {n for w in weeks(found.days) for note in w.notes for n in range(note.from_on.day, note.to_on.day + 1)}
    assert told_days == {d.on.day for d in found.days if not d.counted}
