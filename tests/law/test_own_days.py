"""Half days, seasons, closures and limits that begin anew: deadlines worked out by hand, every counted day typed out.

How a row is written: tests.law.table.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from config import calendar as days_file
from config import hours as hours_file
from metrics import reckoning
from metrics.calendar import WorkingCalendar
from metrics.worktime import WorkTime
from tests.law.table import Row, lines, name, quick, read, slow, written

CALENDAR = """
confirmed_to = 2026-12-31

[[day]]
day = 2026-01-02
kind = "off"
why = "hoán đổi"
[[day]]
day = 2026-03-04
kind = "half"
worked = "morning"
why = "họp toàn cơ quan"
decision = "15/TB"
[[day]]
day = 2026-03-14
kind = "half"
worked = "morning"
why = "làm bù nửa ngày"
[[day]]
day = 2026-06-05
kind = "half"
worked = "afternoon"
why = "mất điện buổi sáng"

[[closure]]
units = ["Bão"]
from = 2026-03-05
to = 2026-03-06
why = "đóng cửa vì bão"
decision = "77/QĐ"
[[closure]]
units = ["Lụt", "Bão"]
from = 2026-09-03
to = 2026-09-07
why = "đóng cửa vì lụt"
"""

HOURS = """
[default]
sessions = ["07:30-11:30", "13:00-17:00"]

[[unit]]
name = "Hè"
sessions = ["07:30-11:30", "13:00-17:00"]
[[unit.season]]
from = "04-16"
to = "10-15"
sessions = ["07:00-11:00", "13:30-17:30"]

[[unit]]
name = "Đông"
sessions = ["07:00-11:00", "13:30-17:30"]
[[unit.season]]
from = "11-01"
to = "02-28"
sessions = ["08:00-12:00", "13:00-16:00"]

[[unit]]
name = "Ngày"
sessions = ["07:30-11:30", "13:00-17:00"]
[[unit.season]]
from = "04-15"
to = "04-15"
sessions = ["08:00-10:00"]

[[unit]]
name = "Trạm"
sessions = ["08:00-15:00"]
"""

TABLE = """
# half days count whole: Wednesday 4/3 in the morning only, Saturday 14/3 worked in the morning
2026-03-02T09:00 | 3wd | | 5/3/2026 | 3 4 5/3/2026
2026-03-03T09:00 | 1wd | | 4/3/2026 | 4/3/2026
2026-03-12T09:00 | 3wd | | 16/3/2026 | 13 14 16/3/2026
2026-03-13T09:00 | 1wd | | 14/3/2026 | 14/3/2026
2026-03-09T09:00 | 5d | | 14/3/2026 | 10 11 12 13 14/3/2026
2026-03-13T16:00 | 1wd | 15:00 | 16/3/2026 | 16/3/2026
2026-03-02T09:00 | 5wd | 2026-03-03..2026-03-05 | 11/3/2026 | 3 6 9 10 11/3/2026
# hours over half days: through one, received in its closed half, to its end, into a closed morning, over a Saturday
2026-03-03T15:00 | 8wh | | 09:30 5/3/2026 | 3:120 4:240 5:120/3/2026
2026-03-04T12:00 | 1wh | | 08:30 5/3/2026 | 5:60/3/2026
2026-03-03T17:00 | 4wh | | 11:30 4/3/2026 | 4:240/3/2026
2026-06-04T16:00 | 3wh | | 15:00 5/6/2026 | 4:60 5:120/6/2026
2026-06-05T08:00 | 4wh | | 17:00 5/6/2026 | 5:240/6/2026
2026-03-13T16:00 | 8wh | | 10:30 16/3/2026 | 13:60 14:240 16:180/3/2026
# hours suspended into a half day, and while it is closed
2026-03-03T09:00 | 8wh | 2026-03-03T11:00..2026-03-04T09:30 | 11:30 5/3/2026 | 3:120 4:120 5:240/3/2026
2026-03-04T09:00 | 4wh | 2026-03-04T13:00..2026-03-04T17:00 | 09:00 5/3/2026 | 4:150 5:90/3/2026
# a unit that worked straight through has its half day cut at twelve
2026-03-04T11:00 | 2wh | @Trạm | 09:00 5/3/2026 | 4:60 5:60/3/2026
2026-06-05T09:00 | 3wh | @Trạm | 15:00 5/6/2026 | 5:180/6/2026
# closed on 5/3 and 6/3 where the storm was, open elsewhere; flooded from 3/9 to 7/9, in both
2026-03-03T09:00 | 3wd | @Bão | 10/3/2026 | 4 9 10/3/2026
2026-03-03T09:00 | 3wd | | 6/3/2026 | 4 5 6/3/2026
2026-03-03T09:00 | 3wd | @Lụt | 6/3/2026 | 4 5 6/3/2026
2026-09-02T09:00 | 2wd | @Lụt | 9/9/2026 | 8 9/9/2026
2026-09-02T09:00 | 2wd | | 4/9/2026 | 3 4/9/2026
2026-09-01T09:00 | 3d | @Bão | 8/9/2026 | 2 3 4/9/2026
2026-03-04T16:00 | 1wd | 15:00 @Bão | 10/3/2026 | 10/3/2026
2026-03-04T10:30 | 2wh | @Bão | 08:30 9/3/2026 | 4:60 9:60/3/2026
2026-03-02T09:00 | 5wd | 2026-03-04..2026-03-09 @Bão | 12/3/2026 | 3 4 10 11 12/3/2026
# summer from 16/4 to 15/10: into it, at its noon, out of it; a half day in it
2026-04-15T16:00 | 2wh | @Hè | 08:00 16/4/2026 | 15:60 16:60/4/2026
2026-04-16T11:00 | 1wh | @Hè | 14:30 16/4/2026 | 16:60/4/2026
2026-10-15T16:30 | 2wh | @Hè | 08:30 16/10/2026 | 15:60 16:60/10/2026
2026-06-04T17:00 | 2wh | @Hè | 15:00 5/6/2026 | 4:30 5:90/6/2026
# a season of one day
2026-04-14T16:00 | 4wh | @Ngày | 08:30 16/4/2026 | 14:60 15:120 16:60/4/2026
# winter from 1/11 to 28/2, seven hours a day: into it, over the new year, out of it
2026-10-30T16:30 | 2wh | @Đông | 09:00 2/11/2026 | 30:60/10/2026; 2:60/11/2026
2025-12-31T15:00 | 8wh | @Đông | 16:00 5/1/2026 | 31:60/12/2025; 5:420/1/2026
2026-02-27T15:00 | 2wh | @Đông | 08:00 2/3/2026 | 27:60/2/2026; 2:60/3/2026
# begins anew at the return: once, from a Sunday, asked on the due day, asked after it, twice
2026-03-09T09:00 | 5wd | 2026-03-11..2026-03-16 restart | 23/3/2026 | 17 18 19 20 23/3/2026
2026-03-16T09:00 | 2wd | 2026-03-17..2026-03-22 restart | 24/3/2026 | 23 24/3/2026
2026-03-16T09:00 | 2wd | 2026-03-18..2026-03-20 restart | 24/3/2026 | 23 24/3/2026
2026-03-16T09:00 | 2wd | 2026-03-19..2026-03-20 restart | 18/3/2026 | 17 18/3/2026
2026-03-16T09:00 | 3wd | 2026-03-17..2026-03-18 2026-03-20..2026-03-23 restart | 26/3/2026 | 24 25 26/3/2026
2026-03-16T09:00 | 3wd | 2026-03-17..2026-03-20 2026-03-18..2026-03-23 restart | 26/3/2026 | 24 25 26/3/2026
# anew within the day, in calendar days, in hours; asked in the very minute it ended; returns know no cut-off
2026-03-16T09:00 | 0wd | 2026-03-16..2026-03-18 restart | 18/3/2026 |
2026-03-16T09:00 | 5d | 2026-03-18..2026-03-20 restart | 25/3/2026 | 21 22 23 24 25/3/2026
2026-03-16T09:00 | 8wh | 2026-03-16T14:00..2026-03-17T10:00 restart | 10:00 18/3/2026 | 17:330 18:150/3/2026
2026-03-16T07:30 | 4wh | 2026-03-16T11:30..2026-03-17T10:00 restart | 11:30 16/3/2026 | 16:240/3/2026
2026-03-16T09:00 | 2wd | 15:00 2026-03-17T09:00..2026-03-18T16:00 restart | 20/3/2026 | 19 20/3/2026
# a wait that is over before the clock starts on Tuesday 17/3 costs nothing, and nothing begins anew
2026-03-16T16:00 | 1wd | 15:00 2026-03-16T16:10..2026-03-16T16:40 restart | 18/3/2026 | 18/3/2026
2026-03-16T16:00 | 1wd | 15:00 2026-03-16..2026-03-17 | 18/3/2026 | 18/3/2026
2026-03-16T16:00 | 8wh | 15:00 2026-03-16T16:10..2026-03-16T16:40 | 17:00 17/3/2026 | 17:480/3/2026
"""
#: The same half days, were they no working days: nothing but hours counts on them.
HALF_DAYS_OFF = """
2026-03-02T09:00 | 3wd | | 6/3/2026 | 3 5 6/3/2026
2026-03-03T09:00 | 1d | | 5/3/2026 | 4/3/2026
2026-03-13T16:00 | 0wd | 15:00 | 16/3/2026 |
2026-03-03T15:00 | 8wh | | 09:30 5/3/2026 | 3:120 4:240 5:120/3/2026
"""
LINES, OFF_LINES = lines(TABLE), lines(HALF_DAYS_OFF)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> WorkTime:
    folder = tmp_path_factory.mktemp("office")
    days, hours = folder / "calendar.toml", folder / "hours.toml"
    days.write_text(CALENDAR, encoding="utf-8")
    hours.write_text(HOURS, encoding="utf-8")
    return WorkTime(WorkingCalendar(days_file.load(days)), hours_file.load(hours))


@pytest.fixture(scope="module")
def strict(office: WorkTime) -> WorkTime:
    """Count no half day as a working day."""
    return WorkTime(WorkingCalendar(replace(office.calendar.days, half_day_counts=False)), office.hours)


@pytest.mark.parametrize("line", LINES, ids=name)
def test_a_deadline_is_what_a_hand_on_the_calendar_finds(line: str, office: WorkTime) -> None:
    _found_by_hand(read(line), office)


@pytest.mark.parametrize("line", OFF_LINES, ids=name)
def test_half_days_may_be_told_to_be_no_working_days(line: str, strict: WorkTime) -> None:
    _found_by_hand(read(line), strict)


def _found_by_hand(row: Row, office: WorkTime) -> None:
    found = slow(row, office)
    assert written(found.due_on, found.due_at) == row.due
    assert tuple((c.day, c.minutes) for c in found.counted) == row.counted
    told = [*(c.day for c in found.counted), *(s.day for s in found.skipped)]
    assert len(told) == len(set(told)) and all(s.reason and s.rule for s in found.skipped)


def test_whole_columns_find_what_the_hand_finds(office: WorkTime, strict: WorkTime) -> None:
    rows, off_rows = [read(line) for line in LINES], [read(line) for line in OFF_LINES]
    assert quick(rows, office) == [row.due for row in rows]
    assert quick(off_rows, strict) == [row.due for row in off_rows]


def test_a_day_counted_or_skipped_names_its_reason_decision_and_rule(office: WorkTime) -> None:
    found = slow(read("2026-03-03T09:00 | 3wd | @Bão | |"), office)
    assert [(s.day.day, s.reason, s.decision, s.rule) for s in found.skipped] == [
        (3, "ngày tiếp nhận", None, reckoning.DAY_ZERO),
        (5, "đóng cửa vì bão", "77/QĐ", reckoning.DECIDED),
        (6, "đóng cửa vì bão", "77/QĐ", reckoning.DECIDED),
        (7, "cuối tuần", None, reckoning.WEEK),
        (8, "cuối tuần", None, reckoning.WEEK),
    ]
    assert [(c.day.day, c.note, c.decision) for c in found.counted] == [
        (4, "nửa ngày, buổi sáng (họp toàn cơ quan)", "15/TB"), (9, "", None), (10, "", None),
    ]  # fmt: skip


def test_a_half_day_that_does_not_count_says_which_half_was_worked(strict: WorkTime) -> None:
    found = slow(read("2026-03-03T09:00 | 1wd | | |"), strict)
    assert found.skipped[1] == reckoning.Skipped(
        date(2026, 3, 4), "chỉ làm việc buổi sáng (họp toàn cơ quan), không tính là ngày làm việc", "15/TB",
        reckoning.HALF_DAY,
    )  # fmt: skip


def test_a_limit_that_begins_anew_tells_the_days_given_up(office: WorkTime) -> None:
    found = slow(read("2026-03-09T09:00 | 5wd | 2026-03-11..2026-03-16 restart | |"), office)
    assert [(s.day.day, s.reason) for s in found.skipped] == [
        (9, "ngày tiếp nhận"), (10, "tính lại từ đầu"), (11, "tính lại từ đầu"), (12, "tạm dừng"), (13, "tạm dừng"),
        (14, "tạm dừng"), (15, "cuối tuần"), (16, "ngày nộp lại"), (21, "cuối tuần"), (22, "cuối tuần"),
    ]  # fmt: skip


def test_a_wait_inside_a_day_is_told_beside_the_minutes_that_count(office: WorkTime) -> None:
    found = slow(read("2026-03-16T09:00 | 4wh | 2026-03-16T10:00..2026-03-16T14:00 | |"), office)
    assert [(c.minutes, c.note) for c in found.counted] == [(240, "tạm dừng 10:00–14:00")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2026-03-13T17:30 | 1wh | | |", "ngày tiếp nhận, sau giờ làm việc"),
        ("2026-03-16T09:00 | 4wh | 2026-03-16..2026-03-17T18:00 | |", "tạm dừng"),
        ("2026-06-05T09:00 | 1wh | @Sáng | |", "không có giờ làm việc"),
        ("2026-03-07T09:00 | 1wh | | |", "cuối tuần"),
    ],
)
def test_a_day_without_a_minute_that_counts_says_why(office: WorkTime, line: str, reason: str) -> None:
    mornings = hours_file.YearHours(hours_file.read_sessions(("07:30-11:30",)))
    hours = replace(office.hours, units={**office.hours.units, "Sáng": mornings})
    told = slow(read(line), replace(office, hours=hours)).skipped
    assert reason in [s.reason for s in told]


def test_a_closure_keeps_the_name_of_a_holiday_inside_it(office: WorkTime) -> None:
    flood = replace(office.calendar.days.closures[1], from_on=date(2026, 9, 2))
    closed = WorkingCalendar(replace(office.calendar.days, closures=(flood,))).of("Lụt")
    assert closed.reason(date(2026, 9, 2)) == "Quốc khánh"
    assert closed.reason(date(2026, 9, 3)) == "đóng cửa vì lụt"
    assert not closed.is_working(date(2026, 9, 7)) and closed.is_working(date(2026, 9, 8))
