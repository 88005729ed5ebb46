"""The office's calendar and hours as files: what runs out, what is missing, what cannot be meant."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from config import calendar as days_file
from config import hours as hours_file
from config.errors import ConfigError
from config.hours import Hours
from config.place import SHIPPED
from metrics.calendar import WorkingCalendar
from metrics.limits import parse_limit
from metrics.reckoning import deadline
from metrics.worktime import WorkTime

DAYS = """
confirmed_to = 2026-12-31
[[day]]
day = 2026-03-04
kind = "half"
worked = "morning"
why = "họp"
decision = "15/TB"
source = "https://example.gov.vn/15"
[[day]]
day = 2026-03-14
kind = "work"
why = "làm bù"
[[day]]
day = 2026-03-20
kind = "off"
why = "chưa chắc"
confirmed = false
[[day]]
day = 2026-09-01
kind = "work"
why = "trực lễ"
decision = "16/TB"
[[closure]]
units = ["A", "B"]
from = 2026-09-03
to = 2026-09-04
why = "lụt"
[[closure]]
units = ["A"]
from = 2026-10-01
to = 2026-10-02
why = "chưa chắc"
confirmed = false
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_each_day_has_its_kind_and_what_is_not_confirmed_does_not_count(tmp_path: Path) -> None:
    days = days_file.load(write(tmp_path, "calendar.toml", DAYS))
    assert days.half == {date(2026, 3, 4): days_file.HalfDay("morning", "họp")}
    told = {day: why for day, why in days.made_up.items() if day in days.decisions}
    assert told == {date(2026, 3, 14): "làm bù", date(2026, 9, 1): "trực lễ"}
    assert days.unconfirmed == {date(2026, 3, 20): "chưa chắc"}
    assert date(2026, 3, 20) not in days.off and date(2026, 9, 1) not in days.off and date(2026, 9, 2) in days.off
    assert days.decisions[date(2026, 3, 4)] == "15/TB"
    assert days.sources == {date(2026, 3, 4): "https://example.gov.vn/15"}
    assert [(c.units, c.to_on) for c in days.closures] == [(("A", "B"), date(2026, 9, 4))]
    assert days.half_day_counts


def test_the_doctor_learns_which_days_lack_their_decision_and_when_the_holidays_run_out(tmp_path: Path) -> None:
    days = days_file.load(write(tmp_path, "calendar.toml", DAYS))
    assert days_file.undecided(days) == [date(2026, 3, 14), date(2026, 9, 3)]
    assert days_file.runs_out(days, date(2026, 11, 1)) == days_file.RunsOut(date(2026, 12, 31), 60)
    assert days_file.runs_out(days, date(2026, 10, 31)) is None
    assert days_file.runs_out(days, date(2027, 1, 2)) == days_file.RunsOut(date(2026, 12, 31), -2)
    assert days_file.runs_out(days, date(2026, 10, 31), warn_days=61) is not None


HALF = 'confirmed_to = 2026-12-31\n[[day]]\nday = 2026-03-04\nwhy = "x"\n'
CLOSED = 'confirmed_to = 2026-12-31\n[[closure]]\nwhy = "x"\n'
YEARLY = 'confirmed_to = 2026-12-31\n[[yearly]]\nwhy = "x"\nfrom_year = 2026\nconfirmed = true\n'
SEASON = '[default]\nsessions = ["07:30-11:30"]\n[[default.season]]\nsessions = ["08:00-12:00"]\n'


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (HALF + 'kind = "half"', 'goes with kind = "half"'),
        (HALF + 'kind = "off"\nworked = "morning"', 'goes with kind = "half"'),
        (HALF + 'kind = "half"\nworked = "mornin"', "day[1].worked"),
        (CLOSED + "units = []\nfrom = 2026-03-04\nto = 2026-03-05", "closure[1].units"),
        (CLOSED + 'units = ["A"]\nfrom = 2026-03-04\nto = 2026-03-03', "to lies before from"),
        (HALF + 'kind = "off"\n[[day]]\nday = 2026-03-04\nkind = "work"\nwhy = "y"', "2026-03-04 has 2 entries"),
        (YEARLY + "month = 13\nday = 1", "no year has a day 1/13"),
        (YEARLY + "month = 2\nday = 30", "no year has a day 30/2"),
        (CLOSED + 'units = ["A"]\nfrm = 2026-03-04\nto = 2026-03-03', 'Did you mean "from'),
    ],
)
def test_a_calendar_that_cannot_be_meant_is_refused(tmp_path: Path, text: str, found: str) -> None:
    wrong = write(tmp_path, "calendar.toml", text)
    with pytest.raises(ConfigError, match="calendar.toml") as caught:
        days_file.load(wrong)
    assert found in str(caught.value)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (SEASON + 'from = "16/4"\nto = "10-15"', 'a day of the year is written "04-16"'),
        (SEASON + 'from = "04-31"\nto = "10-15"', "default.season[1].from"),
        (SEASON + 'from = "04-16"\nto = "10-15"\n[[default.season]]\nsessions = ["08:00-12:00"]\n'
         'from = "10-01"\nto = "02-01"', "two seasons overlap"),
        ('[default]\nsessions = ["07:30:59-11:30"]', 'a session is written "07:30-11:30", not "07:30:59-11:30"'),
        ('[default]\nsessions = ["07:30-07:30"]', "closes before it opens"),
        ('[default]\nsessions = ["07:30-11:30"]\nmidday = 11:00:30', "told to the minute, not 11:00:30"),
        ('[default]\nsessions = ["07:30-11:30"]\n' + 2 * '[[unit]]\nname = "A"\nsessions = ["08:00-09:00"]\n',
         '"A" has two entries [[unit]]'),
    ],
)  # fmt: skip
def test_hours_that_cannot_be_meant_are_refused(tmp_path: Path, text: str, found: str) -> None:
    wrong = write(tmp_path, "hours.toml", text)
    with pytest.raises(ConfigError, match="hours.toml") as caught:
        hours_file.load(wrong)
    assert found in str(caught.value)


def test_a_season_runs_from_its_first_day_to_its_last_over_the_new_year_too(tmp_path: Path) -> None:
    text = '[default]\nsessions = ["07:30-11:30"]\n[[default.season]]\nsessions = ["08:00-12:00"]\n'
    hours = hours_file.load(write(tmp_path, "hours.toml", text + 'from = "11-01"\nto = "02-29"\n')).default
    usual, winter = Hours(((450, 690),)), Hours(((480, 720),))
    days = ["2026-10-31", "2026-11-01", "2026-12-31", "2027-01-01", "2027-02-28", "2028-02-29", "2027-03-01"]
    assert [hours.on(date.fromisoformat(day)) for day in days] == [usual, *[winter] * 5, usual]


@pytest.mark.parametrize(
    ("sessions", "midday", "morning", "afternoon"),
    [
        (("07:30-11:30", "13:00-17:00"), "12:00", 240, 240),
        (("08:00-15:00",), "12:00", 240, 180),
        (("08:00-12:30", "13:30-17:00"), "13:00", 270, 210),
        (("08:00-12:00",), "12:00", 240, 0),
    ],
)
def test_a_half_day_is_cut_at_midday(
    tmp_path: Path, sessions: tuple[str, ...], midday: str, morning: int, afternoon: int
) -> None:
    text = f"[default]\nsessions = {list(sessions)}\nmidday = {midday}:00\n"
    hours = hours_file.load(write(tmp_path, "hours.toml", text)).default.usual
    assert (hours.half("morning").minutes, hours.half("afternoon").minutes) == (morning, afternoon)


def test_the_shipped_files_can_be_read_and_every_swap_is_in_them() -> None:
    days = days_file.load(SHIPPED / "calendar.toml")
    assert {str(day) for day in days.made_up} == {
        "2010-02-27", "2012-02-04", "2013-05-04", "2014-04-26", "2014-09-06", "2014-12-27", "2015-02-14", "2015-04-25",
        "2019-01-05", "2019-05-04", "2024-05-04", "2025-04-26", "2026-01-10", "2026-08-22",
    }  # fmt: skip
    assert hours_file.load(SHIPPED / "hours.toml").default.usual.minutes == 480


def test_the_29th_of_february_comes_in_leap_years_only(tmp_path: Path) -> None:
    days = days_file.load(write(tmp_path, "calendar.toml", YEARLY + "month = 2\nday = 29"))
    assert [day for day in days.off if (day.month, day.day) == (2, 29)] == [
        date(y, 2, 29) for y in (2028, 2032, 2036, 2040)
    ]


def test_a_day_swapped_by_the_library_has_the_saturday_that_was_worked_for_it(tmp_path: Path) -> None:
    days = days_file.load(write(tmp_path, "calendar.toml", "confirmed_to = 2026-12-31"))
    assert days.off[date(2014, 5, 2)] == "hoán đổi với ngày 26/04/2014"
    assert days.made_up[date(2014, 4, 26)] == "làm bù cho ngày 02/05/2014"
    assert date(2014, 5, 2) in days.swapped and date(2014, 4, 30) not in days.swapped


@pytest.mark.parametrize("day", ["2014-05-02", "2014-04-26"])
def test_a_swap_of_which_the_office_corrects_a_day_is_left_to_the_office(tmp_path: Path, day: str) -> None:
    text = f'confirmed_to = 2026-12-31\n[[day]]\nday = {day}\nkind = "off"\nwhy = "x"\n'
    days = days_file.load(write(tmp_path, "calendar.toml", text))
    assert date(2014, 4, 26) not in days.made_up and date(2014, 9, 6) in days.made_up


def test_a_day_that_is_not_sure_is_counted_and_says_so() -> None:
    days = days_file.load(SHIPPED / "calendar.toml")
    assert days.unconfirmed[date(2026, 11, 24)] == "Ngày Văn hóa Việt Nam"
    time = WorkTime(WorkingCalendar(days), hours_file.load(SHIPPED / "hours.toml"))
    found = deadline(datetime.fromisoformat("2026-11-23T08:00"), parse_limit("2wd"), time=time)
    assert [(c.day.day, c.note) for c in found.counted] == [
        (24, "chưa xác nhận là ngày nghỉ: Ngày Văn hóa Việt Nam"), (25, ""),
    ]  # fmt: skip


def test_a_swapped_day_is_told_as_one_and_its_saturday_counts() -> None:
    time = WorkTime(WorkingCalendar(days_file.load(SHIPPED / "calendar.toml")), hours_file.load(SHIPPED / "hours.toml"))
    found = deadline(datetime.fromisoformat("2014-04-25T08:00"), parse_limit("2wd"), time=time)
    assert [(c.day, c.note) for c in found.counted] == [
        (date(2014, 4, 26), "làm bù cho ngày 02/05/2014"), (date(2014, 4, 28), ""),
    ]  # fmt: skip
    later = deadline(datetime.fromisoformat("2014-04-29T08:00"), parse_limit("1wd"), time=time)
    assert (date(2014, 5, 2), "hoán đổi với ngày 26/04/2014") in [(s.day, s.reason) for s in later.skipped]


def test_a_file_that_a_windows_editor_marked_is_read(tmp_path: Path) -> None:
    path = tmp_path / "calendar.toml"
    path.write_text("confirmed_to = 2026-12-31", encoding="utf-8-sig")
    assert days_file.load(path).confirmed_to == date(2026, 12, 31)
