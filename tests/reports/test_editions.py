"""Which days a report covers, on which day it is issued, and what it is called."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from config.calendar import load
from metrics.calendar import WorkingCalendar
from metrics.scope import Period
from reports import editions
from reports.editions import Edition

CALENDAR = WorkingCalendar(load())
FRIDAYS, MONDAYS = Edition(), Edition(week_starts="monday")
MONTH, QUARTER, YEAR = Edition("month"), Edition("quarter"), Edition("year")


def test_the_report_of_9_november_2018_covers_2_to_8_november() -> None:
    assert FRIDAYS.covered(date(2018, 11, 9), CALENDAR) == Period(date(2018, 11, 2), date(2018, 11, 8))


@pytest.mark.parametrize("issued", [date(2018, 11, 9), date(2018, 11, 12), date(2018, 11, 15)])
def test_until_the_next_friday_the_last_whole_week_stays_the_same(issued: date) -> None:
    assert FRIDAYS.covered(issued, CALENDAR).end == date(2018, 11, 8)


def test_monday_weeks_end_on_sunday_and_are_reported_on_friday() -> None:
    week = MONDAYS.covered(date(2018, 11, 9), CALENDAR)
    assert week == Period(date(2018, 10, 29), date(2018, 11, 4))
    assert MONDAYS.issue_day(week, CALENDAR) == date(2018, 11, 9)


def test_thirteen_weeks_are_charted_and_the_last_is_the_reported_one() -> None:
    week = FRIDAYS.covered(date(2018, 11, 9), CALENDAR)
    charted = FRIDAYS.charted(week)
    assert len(charted) == 13
    assert charted[-1] == week
    assert charted[0] == Period(date(2018, 8, 10), date(2018, 8, 16))


def test_a_dossier_due_on_the_last_day_can_be_judged_the_day_after() -> None:
    assert editions.judged_on(FRIDAYS.covered(date(2018, 11, 9), CALENDAR)) == date(2018, 11, 9)


def test_a_friday_off_moves_the_report_to_thursday_and_it_covers_the_same_week() -> None:
    # Friday 1/5/2026 is a holiday, and Thursday 30/4 too: the report goes out on Wednesday 29/4
    week = Period(date(2026, 4, 24), date(2026, 4, 30))
    assert FRIDAYS.issue_day(week, CALENDAR) == date(2026, 4, 29)
    assert FRIDAYS.covered(date(2026, 4, 29), CALENDAR) == week
    assert FRIDAYS.covered(date(2026, 5, 2), CALENDAR) == week
    assert FRIDAYS.covered(date(2026, 4, 28), CALENDAR) == FRIDAYS.before(week)
    # what people recorded on that Wednesday counts
    assert editions.known_before(week, date(2026, 4, 29), CALENDAR) == date(2026, 4, 30)


def test_a_friday_swapped_for_a_saturday_is_off_and_the_saturday_changes_nothing() -> None:
    # Friday 2/1/2026 was worked on Saturday 10/1/2026 instead; Thursday 1/1 is New Year's Day
    week = Period(date(2025, 12, 26), date(2026, 1, 1))
    assert FRIDAYS.issue_day(week, CALENDAR) == date(2025, 12, 31)
    after = Period(date(2026, 1, 2), date(2026, 1, 8))
    assert FRIDAYS.issue_day(after, CALENDAR) == date(2026, 1, 9)
    assert FRIDAYS.covered(date(2026, 1, 10), CALENDAR) == after


def test_the_week_of_tet_is_reported_on_the_first_working_day_after_it() -> None:
    # Tết 2026: off from Saturday 14/2 to Sunday 22/2; the working day before Friday 20/2 is Friday 13/2, which has its
    # own report
    before, tet = Period(date(2026, 2, 6), date(2026, 2, 12)), Period(date(2026, 2, 13), date(2026, 2, 19))
    assert FRIDAYS.issue_day(before, CALENDAR) == date(2026, 2, 13)
    assert FRIDAYS.issue_day(tet, CALENDAR) == date(2026, 2, 23)
    assert FRIDAYS.covered(date(2026, 2, 23), CALENDAR) == tet
    assert FRIDAYS.covered(date(2026, 2, 13), CALENDAR) == before


def test_no_two_weeks_of_ten_years_share_a_day_of_issue_and_each_covers_its_week() -> None:
    weeks = [FRIDAYS.containing(date(2017, 1, 6) + timedelta(weeks=k)) for k in range(520)]
    days = [FRIDAYS.issue_day(week, CALENDAR) for week in weeks]
    assert days == sorted(set(days))
    assert all(CALENDAR.is_working(day) for day in days)
    assert [FRIDAYS.covered(day, CALENDAR) for day in days] == weeks


def test_month_quarter_and_year_are_the_states() -> None:
    assert MONTH.covered(date(2026, 11, 16), CALENDAR) == Period(date(2026, 10, 15), date(2026, 11, 14))
    assert QUARTER.covered(date(2026, 12, 15), CALENDAR) == Period(date(2026, 9, 15), date(2026, 12, 14))
    assert YEAR.covered(date(2026, 12, 15), CALENDAR) == Period(date(2025, 12, 15), date(2026, 12, 14))
    assert YEAR.covered(date(2026, 12, 14), CALENDAR).end == date(2025, 12, 14)


def test_a_month_is_issued_on_the_15th_or_the_working_day_before() -> None:
    # 15/10/2026 is a Thursday; 15/11/2026 a Sunday, so Friday the 13th, and no day after it is worked
    assert MONTH.issue_day(Period(date(2026, 9, 15), date(2026, 10, 14)), CALENDAR) == date(2026, 10, 15)
    november = Period(date(2026, 10, 15), date(2026, 11, 14))
    assert MONTH.issue_day(november, CALENDAR) == date(2026, 11, 13)
    assert MONTH.covered(date(2026, 11, 13), CALENDAR) == november
    assert MONTH.covered(date(2026, 11, 12), CALENDAR).end == date(2026, 10, 14)


def test_a_period_is_compared_with_the_one_before_of_its_own_kind() -> None:
    assert QUARTER.before(Period(date(2025, 12, 15), date(2026, 3, 14))) == Period(
        date(2025, 9, 15), date(2025, 12, 14)
    )
    assert [p.start for p in YEAR.charted(Period(date(2025, 12, 15), date(2026, 12, 14)))][:2] == [
        date(2013, 12, 15),
        date(2014, 12, 15),
    ]
    assert len(MONTH.charted(Period(date(2026, 2, 15), date(2026, 3, 14)))) == 13


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        # 31/12/2026 is a Thursday: week 53 belongs to 2026; the next week ends on 7/1/2027
        (date(2026, 12, 25), date(2026, 12, 31), "2026-W53"),
        (date(2027, 1, 1), date(2027, 1, 7), "2027-W01"),
        # 1/1/2026 is a Thursday: the week that begins on 26/12/2025 is the first of 2026
        (date(2025, 12, 26), date(2026, 1, 1), "2026-W01"),
        (date(2020, 12, 25), date(2020, 12, 31), "2020-W53"),
    ],
)
def test_a_week_belongs_to_the_year_of_its_thursday(start: date, end: date, code: str) -> None:
    assert FRIDAYS.code(Period(start, end)) == code


def test_every_edition_is_titled_with_its_days() -> None:
    month, quarter = Period(date(2026, 10, 15), date(2026, 11, 14)), Period(date(2026, 9, 15), date(2026, 12, 14))
    year = Period(date(2025, 12, 15), date(2026, 12, 14))
    week = Period(date(2018, 11, 2), date(2018, 11, 8))
    assert FRIDAYS.title(week) == "tuần từ ngày 02/11/2018 đến ngày 08/11/2018"
    assert MONTH.title(month) == "tháng 11/2026 (từ 15/10/2026 đến 14/11/2026)"
    assert QUARTER.title(quarter) == "quý IV/2026 (từ 15/09/2026 đến 14/12/2026)"
    assert YEAR.title(year) == "năm 2026 (từ 15/12/2025 đến 14/12/2026)"
    assert [e.tick(p) for e, p in ((FRIDAYS, week), (MONTH, month), (QUARTER, quarter), (YEAR, year))] == [
        "08/11", "11/26", "IV/26", "2026",
    ]  # fmt: skip


def test_files_of_two_editions_and_two_units_never_have_one_name() -> None:
    week, quarter = Period(date(2018, 11, 2), date(2018, 11, 8)), Period(date(2026, 9, 15), date(2026, 12, 14))
    assert FRIDAYS.file_stem(week) == "BaoCao_45_2018-11-08"
    assert QUARTER.file_stem(quarter) == "BaoCao_2026-Q4_2026-12-14"
    own = editions.for_unit(FRIDAYS, "Sở Tài nguyên và Môi trường")
    assert own.file_stem(week) == "BaoCao_45_2018-11-08_So-Tai-nguyen-va-Moi-truong"
    assert (own.key, FRIDAYS.key) == ("friday:Sở Tài nguyên và Môi trường", "friday")
