"""Why a day does not count, as it is told: the weekend, the holiday, the swap, the wait, the cut-off, the decision."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

from config import calendar as days_file
from config import hours as hours_file
from metrics.calendar import WorkingCalendar
from metrics.limits import parse_limit
from metrics.reckoning import DECIDED, Skipped, deadline
from metrics.worktime import WorkTime
from tests.law.table import OFFICE, Row, slow, suspension


def _explained(received: str, limit: str, *suspensions: str) -> list[tuple[int, str]]:
    halts = tuple(map(suspension, suspensions))
    found = slow(Row(datetime.fromisoformat(received), limit, "", (), suspensions=halts), OFFICE)
    return [(s.day.day, s.reason) for s in found.skipped]


def test_a_skipped_day_says_why() -> None:
    assert _explained("2026-04-24T09:00", "3wd") == [
        (24, "ngày tiếp nhận"), (25, "cuối tuần"), (26, "nghỉ lễ (Ngày Giỗ Tổ Hùng Vương)"),
        (27, "nghỉ lễ (Ngày Giỗ Tổ Hùng Vương (nghỉ bù))"), (30, "nghỉ lễ (Ngày Chiến thắng)"),
        (1, "nghỉ lễ (Ngày Quốc tế Lao động)"), (2, "cuối tuần"), (3, "cuối tuần"),
    ]  # fmt: skip
    assert _explained("2025-12-31T09:00", "1wd")[:3] == [
        (31, "ngày tiếp nhận"), (1, "nghỉ lễ (Tết Dương lịch)"), (2, "hoán đổi với thứ Bảy 10/01/2026"),
    ]  # fmt: skip
    assert _explained("2026-03-05T09:00", "1wd", "2026-03-05..2026-03-07") == [
        (5, "ngày tiếp nhận"), (6, "tạm dừng"), (7, "cuối tuần"), (8, "cuối tuần"),
    ]  # fmt: skip


def test_the_cut_off_is_told_as_the_reason() -> None:
    limit = parse_limit("1wd", cutoff=time(15))
    found = deadline(datetime.fromisoformat("2026-03-06T16:00"), limit, time=OFFICE)
    assert [s.reason for s in found.skipped] == [
        "ngày tiếp nhận, sau giờ chốt 15:00", "cuối tuần", "cuối tuần", "ngày tiếp nhận",
    ]  # fmt: skip


def test_the_decision_of_a_swap_is_named_once_the_office_has_its_number(tmp_path: Path) -> None:
    mine = tmp_path / "calendar.toml"
    mine.write_text(
        'confirmed_to = 2026-12-31\n[[day]]\nday = 2026-03-04\nkind = "off"\nwhy = "nghỉ bão"\ndecision = "12/QĐ"\n',
        encoding="utf-8",
    )
    calendar = WorkingCalendar(days_file.load(mine))
    found = deadline(
        datetime.fromisoformat("2026-03-03T09:00"), parse_limit("1wd"), time=WorkTime(calendar, hours_file.load())
    )
    assert found.skipped[1] == Skipped(date(2026, 3, 4), "nghỉ bão", "12/QĐ", DECIDED)
    assert found.due_on == date(2026, 3, 5)
