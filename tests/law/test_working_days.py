"""The working calendar of state agencies: Tết, swapped days, make-up Saturdays; every count worked out by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import calendar as days_file
from config.errors import ConfigError
from config.place import of
from config.seed_holidays import seeded
from metrics.calendar import WorkingCalendar

CALENDAR = WorkingCalendar(days_file.load())


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2018-12-31", False), ("2019-01-05", True),
        ("2019-04-29", False), ("2019-05-04", True),
        ("2024-04-29", False), ("2024-05-04", True),
        ("2025-05-02", False), ("2025-04-26", True),
        ("2026-01-02", False), ("2026-01-10", True),
        ("2026-08-31", False), ("2026-08-22", True),
        ("2020-09-03", True), ("2021-09-03", False),  # Quốc khánh: one day to 2020, two from 2021
        ("2026-02-16", False), ("2026-02-20", False), ("2026-02-23", True),  # Tết Bính Ngọ
        ("2026-04-27", False),  # Giỗ Tổ falls on Sunday 26/4: the next working day is off
        ("2026-11-24", True), ("2027-11-24", True),  # not confirmed: it is worked
        ("2026-11-21", False), ("2026-11-22", False),
    ],
)  # fmt: skip
def test_a_day_is_worked_as_the_decisions_say(day: str, worked: bool) -> None:
    assert CALENDAR.is_working(date.fromisoformat(day)) is worked


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2026-03-02", 10, "2026-03-16"),  # 3 4 5 6 | 9 10 11 12 13 | 16
        ("2026-03-07", 1, "2026-03-09"),  # received on a Saturday: that day is 0, Monday is 1
        ("2026-04-29", 1, "2026-05-04"),  # 30/4 and 1/5 off, a weekend
        ("2026-02-13", 1, "2026-02-23"),  # the Friday before Tết
        ("2025-12-31", 2, "2026-01-06"),  # 1/1 off, 2/1 swapped off: 5, 6
        ("2026-01-08", 2, "2026-01-10"),  # Friday 9, make-up Saturday 10
        ("2026-08-21", 1, "2026-08-22"),  # the Saturday is made up
        ("2026-08-28", 1, "2026-09-03"),  # 31/8 swapped, 1/9 and 2/9 off
    ],
)
def test_working_days_are_counted_from_the_day_after(start: str, n: int, end: str) -> None:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    assert CALENDAR.add(first, n) == last
    assert CALENDAR.between(first, last) == n


@given(st.dates(date(2015, 1, 1), date(2035, 12, 31)), st.integers(0, 300))
def test_counting_there_and_back_agrees_and_lands_on_a_worked_day(start: date, n: int) -> None:
    end = CALENDAR.add(start, n)
    assert CALENDAR.is_working(end)
    assert CALENDAR.between(start, end) == n
    assert end >= start or n == 0


@given(st.dates(date(2015, 1, 1), date(2035, 12, 31)), st.integers(0, 400))
def test_prefix_sums_agree_with_counting_day_by_day(start: date, span: int) -> None:
    line = [date.fromordinal(start.toordinal() + k) for k in range(1, span + 1)]
    end = date.fromordinal(start.toordinal() + span)
    assert CALENDAR.between(start, end) == sum(CALENDAR.is_working(day) for day in line)


def test_an_unconfirmed_day_off_counts_once_the_office_confirms_it(tmp_path: Path) -> None:
    told = of("calendar.toml").read_text(encoding="utf-8")
    mine = tmp_path / "calendar.toml"
    mine.write_text(told.replace("confirmed = false", "confirmed = true"), encoding="utf-8")
    confirmed = WorkingCalendar(days_file.load(mine))
    assert not confirmed.is_working(date(2026, 11, 24))
    assert confirmed.version != CALENDAR.version


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('confirmed_to = 2026-12-31\n[[day]]\nday = 2026-01-02\nknd = "off"\nwhy = "x"', 'Did you mean "kind"'),
        ('confirmed_to = 2026-12-31\n[[day]]\nday = 2026-01-02\nkind = "nghỉ"\nwhy = "x"', "day[1].kind"),
        ("[[day]]\n", '"confirmed_to" is missing'),
        ("confirmed_to = ", "not readable as TOML"),
    ],
)
def test_a_wrong_calendar_names_the_file_and_the_key(tmp_path: Path, text: str, found: str) -> None:
    wrong = tmp_path / "calendar.toml"
    wrong.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="calendar.toml") as caught:
        days_file.load(wrong)
    assert found in str(caught.value)


def test_the_seed_is_what_the_library_says() -> None:
    assert days_file.SEED.read_text(encoding="utf-8") == seeded()
