"""Which days a report covers."""

from __future__ import annotations

from datetime import date

import pytest

from metrics.scope import Period
from reports import weeks


def test_the_report_of_9_november_2018_covers_2_to_8_november() -> None:
    assert weeks.week_before(date(2018, 11, 9)) == Period(date(2018, 11, 2), date(2018, 11, 8))


@pytest.mark.parametrize("issued", [date(2018, 11, 9), date(2018, 11, 12), date(2018, 11, 15)])
def test_until_the_next_friday_the_last_whole_week_stays_the_same(issued: date) -> None:
    assert weeks.week_before(issued).end == date(2018, 11, 8)


def test_monday_weeks_end_on_sunday() -> None:
    assert weeks.week_before(date(2018, 11, 9), "monday") == Period(date(2018, 10, 29), date(2018, 11, 4))


def test_thirteen_weeks_are_charted_and_the_last_is_the_reported_one() -> None:
    week = weeks.week_before(date(2018, 11, 9))
    charted = weeks.charted(week)
    assert len(charted) == 13
    assert charted[-1] == week
    assert charted[0] == Period(date(2018, 8, 10), date(2018, 8, 16))


def test_a_dossier_due_on_the_last_day_can_be_judged_the_day_after() -> None:
    assert weeks.judged_on(weeks.week_before(date(2018, 11, 9))) == date(2018, 11, 9)
