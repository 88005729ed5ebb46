"""Mistakes that other monitors make with what is counted: shares of nothing, duplicates, and a past that moves."""

from __future__ import annotations

import pytest

from tests.peers.conftest import Office

FEBRUARY, MARCH = ("2026-02-01", "2026-02-28"), ("2026-03-01", "2026-03-31")


# ---------- shares ----------


def test_without_a_due_date_nothing_is_on_time(office: Office) -> None:
    office.load("A,Đã có kết quả,2026-03-02 08:00,,2026-03-05 09:00,", "B,Đang xử lý,2026-03-02 08:00,,,")
    found = office.figures(*MARCH)
    assert (found["counts"]["resolved"], found["counts"]["resolved_undetermined"]) == (1, 1)
    assert found["counts"]["resolved_early"] == found["counts"]["resolved_on_time"] == 0
    assert (found["counts"]["pending_undetermined"], found["counts"]["pending_in_term"]) == (1, 0)
    assert found["rates"]["on_time_resolved"] == {"numerator": 0, "denominator": 0, "value": None}


def test_where_nothing_was_resolved_there_is_no_rate_and_not_a_hundred_percent(office: Office) -> None:
    office.load("A,Đang xử lý,02/03/2026 08:00,30/04/2026,,")
    rates = office.figures(*MARCH)["rates"]
    for name in ("on_time_resolved", "early_of_on_time", "on_time_due"):
        assert rates[name]["value"] is None, name


def test_a_dossier_that_was_turned_down_is_no_received_one(office: Office) -> None:
    office.load("A,Không được tiếp nhận,,,02/03/2026 08:00,", "B,Đang xử lý,02/03/2026 08:00,30/04/2026,,")
    assert office.figures(*MARCH)["counts"]["received"] == 1


# ---------- duplicates ----------


def test_rows_that_come_twice_in_an_export_are_one_dossier(office: Office) -> None:
    row = "A,Đã có kết quả,02/03/2026 08:00,16/03/2026,13/03/2026 09:00,"
    report = office.load(row, row, row, "B,Đang xử lý,03/03/2026 08:00,30/04/2026,,")
    assert (report.counts.read, report.counts.new, report.counts.merged) == (4, 2, 2)
    found = office.counts(*MARCH)
    assert [found[k] for k in ("received", "resolved", "resolved_early", "pending", "pending_in_term")] == [
        2,
        1,
        1,
        1,
        1,
    ]


def test_the_same_export_sent_twice_changes_no_figure(office: Office) -> None:
    rows = (
        "A,Đã có kết quả,02/03/2026 08:00,16/03/2026,13/03/2026 09:00,",
        "B,Đang xử lý,03/03/2026 08:00,30/04/2026,,",
    )
    office.load(*rows)
    before = office.figures(*MARCH)
    report = office.load(*rows, seen="2026-06-02 08:00")
    assert (report.counts.new, report.counts.changed, report.counts.unchanged) == (0, 0, 2)
    assert office.figures(*MARCH) == before


# ---------- the past stays ----------


def test_the_figures_of_a_month_do_not_change_because_a_status_changed_later(office: Office) -> None:
    office.load(
        "A,Đang xử lý,02/02/2026 08:00,20/02/2026 17:00,,",
        "B,Đang xử lý,03/02/2026 08:00,31/03/2026 17:00,,",
        "C,Đã có kết quả,03/02/2026 08:00,20/02/2026 17:00,19/02/2026 09:00,",
        seen="2026-03-01 07:00",
    )
    before = office.figures(*FEBRUARY)
    assert (before["counts"]["pending_overdue"], before["counts"]["pending_in_term"]) == (1, 1)
    office.load(
        "A,Đã có kết quả,02/02/2026 08:00,20/02/2026 17:00,04/03/2026 09:00,",
        "B,Công dân rút,03/02/2026 08:00,31/03/2026 17:00,05/03/2026 09:00,",
        "C,Đã trả kết quả,03/02/2026 08:00,20/02/2026 17:00,19/02/2026 09:00,",
        seen="2026-04-01 07:00",
    )
    assert office.figures(*FEBRUARY) == before
    march = office.counts(*MARCH)
    assert (march["carried_over"], march["resolved"], march["resolved_overdue"], march["withdrawn"]) == (2, 2, 1, 1)


def test_a_dossier_in_process_at_the_end_of_a_month_stays_pending_there_once_it_is_done(office: Office) -> None:
    office.load("A,Đã có kết quả,02/02/2026 08:00,31/03/2026,04/03/2026 09:00,", seen="2026-04-01 07:00")
    found = office.figures(*FEBRUARY)["counts"]
    assert [found[k] for k in ("received", "resolved", "pending", "pending_in_term")] == [1, 0, 1, 1]


@pytest.mark.parametrize("due_again", ["20/03/2026 17:00", "19/03/2026 10:00", "25/03/2026 17:00"])
def test_a_due_date_that_is_overwritten_after_the_fact_turns_nothing_overdue_into_on_time(
    office: Office, due_again: str
) -> None:
    office.load("A,Đang xử lý,02/03/2026 08:00,16/03/2026 17:00,,", seen="2026-03-05 08:00")
    office.load(f"A,Đã có kết quả,02/03/2026 08:00,{due_again},19/03/2026 10:00,", seen="2026-03-21 08:00")
    found = office.counts(*MARCH)
    assert found["resolved_overdue"] == 1
    assert "resolved_on_time" not in found
    assert "resolved_early" not in found
    assert office.figures("2026-03-01", "2026-03-17")["counts"]["pending_overdue"] == 1


def test_a_due_date_that_is_put_off_too_late_is_overdue_before_and_after(office: Office) -> None:
    office.load("A,Đang xử lý,02/03/2026 08:00,16/03/2026 17:00,,", seen="2026-03-05 08:00")
    office.load("A,Đang xử lý,02/03/2026 08:00,30/04/2026 17:00,,", seen="2026-03-18 08:00")
    (late,) = office.overdue("2026-03-20")
    assert (late["due_on"], late["due_moved_too_late"]) == ("2026-03-16", True)
