"""A source is late after three of its intervals and silent after six; days are working days. Never green."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from config.calendar import load
from metrics.calendar import WorkingCalendar
from metrics.freshness import Silent, Standing, State, Told, late_after_days, moment_of, silent, standings

CALENDAR = WorkingCalendar(load())
ZONE = "Asia/Ho_Chi_Minh"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Give an instant of November 2026 as clocks in Hà Nội show it; the 16th is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=7)


def source(heard_at: datetime | None, cadence: int | None = 30, *, tried: bool = True) -> Told:
    return Told("mot-cua", None, heard_at, ZONE, cadence_minutes=cadence, tried=tried)


def unit(heard_at: datetime | None, days: int = 1, name: str = "UBND xã Hòa Lam") -> Told:
    return Told("mot-cua", name, heard_at, ZONE, cadence_days=days)


def judged(told: Told, moment: datetime) -> Standing:
    (found,) = standings([told], moment, CALENDAR)
    return found


@pytest.mark.parametrize(
    ("minutes", "state"),
    [(0, "ok"), (90, "ok"), (91, "late"), (180, "late"), (181, "silent"), (60 * 24 * 30, "silent")],
)
def test_a_source_of_half_an_hour_is_late_after_ninety_minutes_and_silent_after_three_hours(
    minutes: int, state: str
) -> None:
    heard = at(17, 8)
    assert judged(source(heard), heard + timedelta(minutes=minutes)).state == state


@pytest.mark.parametrize(("minutes", "state"), [(15, "ok"), (16, "late"), (30, "late"), (31, "silent")])
def test_a_quick_source_has_a_quarter_of_an_hour_at_least(minutes: int, state: str) -> None:
    heard = at(17, 8)
    assert judged(source(heard, 1), heard + timedelta(minutes=minutes)).state == state


def daily(heard_at: datetime, cadence: int = 1440) -> Told:
    return Told("tep", None, heard_at, ZONE, cadence_minutes=cadence, by_record=True)


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (at(18, 16, 59), "ok"),  # Tuesday ended without a file
        (at(19, 16, 59), "ok"),  # and Wednesday
        (at(19, 17), "late"),  # and Thursday
        (at(24, 16, 59), "late"),  # Friday, Monday; Tuesday is not over
        (at(24, 17), "silent"),  # the sixth working day; by the clock it were silent since Sunday
    ],
)
def test_a_daily_file_is_late_after_three_working_days_and_silent_after_six(moment: datetime, state: str) -> None:
    assert judged(daily(at(16, 16, 50)), moment).state == state


def test_tet_a_holiday_and_a_weekend_expect_no_daily_file_and_no_daily_reading() -> None:
    # Monday 16/2 to Friday 20/2/2026 is Tết; the last file has records of Friday 13/2, 16:50
    last = datetime(2026, 2, 13, 9, 50, tzinfo=UTC)
    assert not any(CALENDAR.is_working(date(2026, 2, day)) for day in range(16, 21))
    first_morning = datetime(2026, 2, 23, 2, tzinfo=UTC)  # by the clock: nine days, silent
    assert judged(daily(last), first_morning).state is State.OK
    assert judged(source(last, 1440), first_morning).state is State.OK
    assert judged(daily(last), datetime(2026, 2, 25, 11, tzinfo=UTC)).state is State.LATE  # 23, 24, 25
    # a record of Friday whose hour is not told, asked on Monday morning
    assert judged(daily(at(20, 0)), at(23, 9)).state is State.OK


@pytest.mark.parametrize(
    ("minutes", "days"), [(60, 1), (1440, 3), (2 * 1440, 6), (7 * 1440, 15), (14 * 1440, 30), (30 * 1440, 65)]
)
def test_intervals_of_days_are_working_days_and_a_week_is_five(minutes: int, days: int) -> None:
    assert late_after_days(minutes) == days  # three intervals: 30 days are 21 3/7 worked ones, three times that 64 2/7


def test_a_folder_that_is_filled_every_hour_is_judged_by_its_working_days() -> None:
    friday = daily(at(13, 16, 50), 60)
    assert [judged(friday, moment).state for moment in (at(16, 16), at(16, 17), at(17, 17))] == ["ok", "late", "silent"]


def test_what_answers_every_ten_minutes_answers_on_holidays_too() -> None:
    saturday = at(14, 8)
    assert judged(source(saturday, 10), saturday + timedelta(minutes=61)).state is State.SILENT


def test_a_file_without_a_rhythm_is_never_late() -> None:
    assert judged(source(at(1, 8), None), at(30, 8)).state is State.OK


def test_a_source_not_heard_yet_is_never_well_and_silent_once_a_reading_failed() -> None:
    assert judged(source(None, tried=False), at(17, 8)).state is State.NEVER
    assert judged(source(None, None, tried=False), at(17, 8)).state is State.NEVER
    found = judged(source(None, tried=True), at(17, 8))
    assert (found.state, found.until) == (State.SILENT, None)


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (at(17, 16, 59), "ok"),  # Tuesday is not over
        (at(17, 17), "late"),  # Tuesday ended without a word
        (at(18, 16, 59), "late"),
        (at(18, 17), "silent"),  # two working days
    ],
)
def test_a_unit_that_speaks_every_day_is_late_after_one_and_silent_after_two(moment: datetime, state: str) -> None:
    assert judged(unit(at(16, 10)), moment).state == state


def test_a_weekend_and_a_holiday_expect_nothing_of_a_unit() -> None:
    # heard on Friday 13/11: on Monday before its close nothing is missing yet
    assert judged(unit(at(13, 10)), at(16, 16)).state is State.OK
    # Tuesday 1/9/2026 and Wednesday 2/9 are off, Monday 31/8 is swapped: heard on Friday 28/8, asked on Wednesday
    friday = datetime(2026, 8, 28, 3, tzinfo=UTC)
    assert [CALENDAR.is_working(date(2026, 8, 31)), CALENDAR.is_working(date(2026, 9, 1))] == [False, False]
    assert judged(unit(friday), datetime(2026, 9, 2, 11, tzinfo=UTC)).state is State.OK
    assert judged(unit(friday), datetime(2026, 9, 3, 11, tzinfo=UTC)).state is State.LATE


def test_a_unit_of_five_days_is_given_five() -> None:
    heard = at(2, 10)  # a Monday
    states = [judged(unit(heard, 5), at(day, 18)).state for day in (6, 9, 13, 16)]
    # Friday 6: four days; Monday 9: five; Friday 13: nine; Monday 16: ten
    assert states == ["ok", "late", "late", "silent"]


@pytest.mark.parametrize(
    ("heard", "until"),
    [
        (at(17, 16, 59), date(2026, 11, 16)),  # before Tuesday's close: heard to the end of Monday
        (at(17, 17), date(2026, 11, 17)),
        (at(16, 9), date(2026, 11, 13)),  # Monday morning: to the end of Friday
        (at(15, 20), date(2026, 11, 13)),  # Sunday
    ],
)
def test_a_source_is_heard_to_the_end_of_the_last_day_closed_before_it_was_read(heard: datetime, until: date) -> None:
    assert judged(source(heard), at(30, 8)).until == until


def test_a_past_evening_is_judged_at_its_close_and_today_now() -> None:
    now = at(17, 10, 30)
    assert moment_of(date(2026, 11, 16), now, ZONE) == at(16, 17)
    assert moment_of(date(2026, 11, 17), now, ZONE) == now
    # read since: nothing is missing of yesterday
    assert judged(source(at(17, 10)), moment_of(date(2026, 11, 16), now, ZONE)).state is State.OK


def test_a_unit_of_a_silent_source_is_silent_with_it_once() -> None:
    told = [source(at(16, 8)), unit(at(10, 8)), Told("dat-dai", "Sở Y tế", at(10, 8), ZONE, cadence_days=1)]
    found = silent(standings(told, at(17, 18), CALENDAR))
    assert found == (
        Silent("mot-cua", None, date(2026, 11, 13), at(16, 8)),
        Silent("dat-dai", "Sở Y tế", date(2026, 11, 9), at(10, 8)),
    )


def test_late_is_not_silent() -> None:
    assert silent(standings([source(at(17, 8))], at(17, 10), CALENDAR)) == ()
