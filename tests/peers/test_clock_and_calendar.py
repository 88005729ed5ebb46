"""Mistakes that other monitors make with hours, day cuts, month ends and the days that are worked."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.peers.conftest import HERE, RECKONED, Office

# ---------- midnight ----------


def test_received_at_midnight_is_counted_once_and_in_the_day_that_begins(office: Office) -> None:
    office.load("A,Đang xử lý,01/03/2026 00:00:00,31/03/2026,,", "B,Đang xử lý,28/02/2026 23:59:59,31/03/2026,,")
    assert office.figures("2026-02-01", "2026-02-28")["counts"]["received"] == 1
    assert office.figures("2026-03-01", "2026-03-31")["counts"]["received"] == 1
    days = office.groups("2026-02-01", "2026-03-31", "day")
    assert {g["by"]["day"]: g["counts"]["received"] for g in days if g["counts"]["received"]} == {
        "2026-02-28": 1, "2026-03-01": 1,
    }  # fmt: skip


def test_resolved_at_midnight_is_counted_once_and_in_the_month_that_begins(office: Office) -> None:
    office.load("A,Đã có kết quả,02/03/2026 08:00,30/04/2026,01/04/2026 00:00:00,")
    assert office.figures("2026-03-01", "2026-03-31")["counts"]["resolved"] == 0
    assert office.figures("2026-04-01", "2026-04-30")["counts"]["resolved"] == 1


def test_a_promise_written_as_a_day_lasts_to_the_end_of_that_day(office: Office) -> None:
    office.load("A,Đã có kết quả,02/03/2026 08:00,16/03/2026,16/03/2026 15:00,")
    assert office.counts("2026-03-01", "2026-03-31")["resolved_on_time"] == 1


def test_done_on_the_due_day_at_a_minute_to_midnight_is_on_time(office: Office) -> None:
    office.load("A,Đã có kết quả,02/03/2026 08:00,16/03/2026 17:00,16/03/2026 23:59:00,")
    assert office.counts("2026-03-01", "2026-03-31")["resolved_on_time"] == 1


def test_done_at_midnight_after_the_due_day_is_overdue(office: Office) -> None:
    office.load("A,Đã có kết quả,02/03/2026 08:00,16/03/2026 17:00,17/03/2026 00:00:00,")
    assert office.counts("2026-03-01", "2026-03-31")["resolved_overdue"] == 1


def test_due_today_is_not_overdue_today(office: Office) -> None:
    office.load("A,Đang xử lý,02/03/2026 08:00,16/03/2026 17:00,,")
    assert office.figures("2026-03-01", "2026-03-16")["counts"]["pending_overdue"] == 0
    assert office.figures("2026-03-01", "2026-03-17")["counts"]["pending_overdue"] == 1


# ---------- twelve-hour clocks ----------


@pytest.mark.parametrize(
    ("written", "utc_hour", "utc_day"),
    [
        ("03/13/2026 12:30:00 PM", 5, 13),  # half past noon in Việt Nam
        ("03/13/2026 12:30:00 AM", 17, 12),  # half past midnight: still the day before in Greenwich
        ("03/13/2026 01:30:00 PM", 6, 13),
        ("13/03/2026 12:30", 5, 13),
        ("13/03/2026 00:30", 17, 12),
    ],
)
def test_half_past_twelve_is_not_half_past_midnight(office: Office, written: str, utc_hour: int, utc_day: int) -> None:
    office.load(f"A,Đang xử lý,{written},,,")
    assert office.stamp("received_at") == datetime(2026, 3, utc_day, utc_hour, 30, tzinfo=UTC)


def test_midnight_on_a_twelve_hour_clock_closes_the_dossier_on_the_next_day(office: Office) -> None:
    office.load("A,Đã có kết quả,03/13/2026 08:00:00 AM,03/16/2026 05:00:00 PM,03/17/2026 12:10:00 AM,")
    assert office.counts("2026-03-01", "2026-03-31")["resolved_overdue"] == 1


# ---------- where the day is cut ----------


def test_an_instant_in_greenwich_time_is_cut_into_the_days_of_the_office(office: Office) -> None:
    office.load(
        "A,Đã có kết quả,2026-03-02T01:00:00Z,2026-03-16T10:00:00Z,2026-03-16T16:59:00Z,",  # 23:59 of the 16th
        "B,Đã có kết quả,2026-03-02T01:00:00Z,2026-03-16T10:00:00Z,2026-03-16T17:01:00Z,",  # 00:01 of the 17th
    )
    counts = office.counts("2026-03-01", "2026-03-31")
    assert (counts["resolved_on_time"], counts["resolved_overdue"]) == (1, 1)


def test_what_comes_in_the_evening_in_greenwich_belongs_to_the_next_month_here(office: Office) -> None:
    office.load("A,Đang xử lý,2026-03-31T17:30:00Z,2026-04-30T10:00:00Z,,")
    assert office.figures("2026-03-01", "2026-03-31")["counts"]["received"] == 0
    assert office.figures("2026-04-01", "2026-04-30")["counts"]["received"] == 1


# ---------- month ends ----------


def test_the_last_days_of_long_and_short_months_stay_in_their_months(office: Office) -> None:
    days = ("31/01/2024", "28/02/2024", "29/02/2024", "01/03/2024", "30/03/2024", "31/03/2024", "30/04/2024")
    office.load(*(f"D{i},Đang xử lý,{day} 09:00,31/12/2024,," for i, day in enumerate(days)))
    months = office.groups("2024-01-01", "2024-12-31", "month")
    found = {g["by"]["month"]: g["counts"]["received"] for g in months if g["counts"]["received"]}
    assert found == {"2024-01": 1, "2024-02": 2, "2024-03": 3, "2024-04": 1}
    assert office.figures("2024-02-29", "2024-02-29")["counts"]["received"] == 1


def test_the_state_month_of_march_begins_on_the_15th_of_february_also_in_a_leap_year(office: Office) -> None:
    days = ("14/02/2024", "15/02/2024", "29/02/2024", "14/03/2024", "15/03/2024")
    office.load(*(f"D{i},Đang xử lý,{day} 09:00,31/12/2024,," for i, day in enumerate(days)))
    months = office.groups("2024-01-15", "2024-04-14", "state_month")
    found = {g["by"]["state_month"]: g["counts"]["received"] for g in months if g["counts"]["received"]}
    assert found == {"2024-01-15": 1, "2024-02-15": 3, "2024-03-15": 1}


def test_a_limit_counted_over_the_end_of_february_ends_on_the_right_day(office: Office) -> None:
    # From Tue 27/2/2024: Wed 28/2, Thu 29/2, Fri 1/3. In 2026, from Thu 26/2: Fri 27/2, Mon 2/3, Tue 3/3.
    office.load("A,Đang xử lý,27/02/2024 09:00,,,3", "B,Đang xử lý,26/02/2026 09:00,,,3", mapping=RECKONED)
    assert office.stamp("due_at", "A").astimezone(HERE).date().isoformat() == "2024-03-01"
    assert office.stamp("due_at", "B").astimezone(HERE).date().isoformat() == "2026-03-03"


# ---------- the days that are worked ----------


def test_a_make_up_saturday_after_a_friday_holiday_is_a_working_day(office: Office) -> None:
    # Fri 2/1/2026 is off and worked on Sat 10/1. From Thu 8/1: Fri 9/1, Sat 10/1.
    office.load("A,Đang xử lý,2026-01-08 09:00,,,2", mapping=RECKONED, seen="2026-01-08 12:00")
    assert office.figures("2026-01-01", "2026-01-10")["counts"]["pending_overdue"] == 0
    (late,) = office.overdue("2026-01-12")
    assert (late["due_on"], late["days_late"]) == ("2026-01-10", 1)


def test_the_friday_holiday_itself_is_not_one(office: Office) -> None:
    # From Wed 31/12/2025: 1/1 and Fri 2/1 are off, 3/1 and 4/1 the weekend, so Mon 5/1 is the first.
    office.load("A,Đang xử lý,31/12/2025 09:00,,,1", mapping=RECKONED, seen="2025-12-31 12:00")
    assert office.figures("2025-12-01", "2026-01-05")["counts"]["pending_overdue"] == 0
    assert [row["due_on"] for row in office.overdue("2026-01-06")] == ["2026-01-05"]


def test_an_ordinary_saturday_counts_for_nothing(office: Office) -> None:
    # From Thu 15/1/2026: Fri 16/1, and Mon 19/1 over the weekend.
    office.load("A,Đang xử lý,15/01/2026 09:00,,,2", mapping=RECKONED, seen="2026-01-15 12:00")
    assert [row["due_on"] for row in office.overdue("2026-01-20")] == ["2026-01-19"]


def half_saturday(folder: Path, counts: str) -> None:
    """Give the office a calendar of its own, in which the morning of Sat 17/1/2026 is worked."""
    own = f'confirmed_to = 2026-12-31\nhalf_day_counts = {counts}\n[[day]]\nday = 2026-01-17\nkind = "half"\n'
    (folder / "calendar.toml").write_text(own + 'worked = "morning"\nwhy = "làm bù buổi sáng"\n', encoding="utf-8")


@pytest.mark.parametrize(("counts", "due_on"), [("true", "2026-01-17"), ("false", "2026-01-19")])
def test_a_half_day_saturday_is_a_whole_day_of_a_limit_or_none_as_the_office_decides(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counts: str, due_on: str
) -> None:
    half_saturday(tmp_path, counts)
    monkeypatch.setenv("DUNGHAN_CONFIG", str(tmp_path))
    office.load("A,Đang xử lý,15/01/2026 09:00,,,2", mapping=RECKONED, seen="2026-01-15 12:00")
    assert [row["due_on"] for row in office.overdue("2026-01-20")] == [due_on]
