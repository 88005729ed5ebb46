"""Deadlines worked out by hand from the calendar on the wall, every counted day typed out; no row comes from the code.

How a row is written: tests.law.table.
"""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import pytest

from config import calendar as days_file
from config import hours as hours_file
from config.place import SHIPPED
from metrics.calendar import WorkingCalendar
from metrics.limits import parse_limit
from metrics.reckoning import DECIDED, Skipped, deadline
from metrics.worktime import WorkTime
from tests.law.table import Row, lines, name, quick, read, slow, suspension, written

OFFICE = WorkTime(WorkingCalendar(days_file.load(SHIPPED / "calendar.toml")), hours_file.load(SHIPPED / "hours.toml"))

TABLE = """
# plain weeks
2026-03-02T09:00 | 10wd | | 16/3/2026 | 3 4 5 6 9 10 11 12 13 16/3/2026
2026-03-02T09:00 | 1wd | | 3/3/2026 | 3/3/2026
2026-03-06T09:00 | 1wd | | 9/3/2026 | 9/3/2026
2026-03-06T09:00 | 5wd | | 13/3/2026 | 9 10 11 12 13/3/2026
2026-03-02T07:30 | 15wd | | 23/3/2026 | 3 4 5 6 9 10 11 12 13 16 17 18 19 20 23/3/2026
2026-06-01T14:00 | 20wd | | 29/6/2026 | 2 3 4 5 8 9 10 11 12 15 16 17 18 19 22 23 24 25 26 29/6/2026
2026-06-25T10:00 | 5wd | | 2/7/2026 | 26 29 30/6/2026; 1 2/7/2026
2025-06-30T10:00 | 3wd | | 3/7/2025 | 1 2 3/7/2025
# the hour of receipt does not matter to days: midnight and half past eleven at night
2026-03-02T00:00 | 1wd | | 3/3/2026 | 3/3/2026
2026-03-02T23:30 | 1wd | | 3/3/2026 | 3/3/2026
# Tết Ất Tỵ: off from Monday 27/1 to Friday 31/1/2025
2025-01-24T09:00 | 1wd | | 3/2/2025 | 3/2/2025
2025-01-23T09:00 | 3wd | | 4/2/2025 | 24/1/2025; 3 4/2/2025
2025-01-20T09:00 | 10wd | | 10/2/2025 | 21 22 23 24/1/2025; 3 4 5 6 7 10/2/2025
2025-01-27T09:00 | 1wd | | 3/2/2025 | 3/2/2025
2025-01-29T09:00 | 5wd | | 7/2/2025 | 3 4 5 6 7/2/2025
2025-01-25T09:00 | 2wd | | 4/2/2025 | 3 4/2/2025
# Tết Bính Ngọ: off from Monday 16/2 to Friday 20/2/2026; Tết Giáp Thìn from Thursday 8/2 to Wednesday 14/2/2024
2026-02-13T09:00 | 1wd | | 23/2/2026 | 23/2/2026
2026-02-13T09:00 | 5wd | | 27/2/2026 | 23 24 25 26 27/2/2026
2026-02-10T09:00 | 10wd | | 3/3/2026 | 11 12 13 23 24 25 26 27/2/2026; 2 3/3/2026
2026-02-17T09:00 | 3wd | | 25/2/2026 | 23 24 25/2/2026
2026-02-14T09:00 | 1wd | | 23/2/2026 | 23/2/2026
2026-02-12T09:00 | 2wd | | 23/2/2026 | 13 23/2/2026
2024-02-07T09:00 | 3wd | | 19/2/2024 | 15 16 19/2/2024
# Monday 31/12/2018 for Saturday 5/1/2019
2018-12-28T09:00 | 3wd | | 4/1/2019 | 2 3 4/1/2019
2018-12-28T09:00 | 4wd | | 5/1/2019 | 2 3 4 5/1/2019
2019-01-04T09:00 | 1wd | | 5/1/2019 | 5/1/2019
2019-01-04T09:00 | 2wd | | 7/1/2019 | 5 7/1/2019
2019-01-05T09:00 | 1wd | | 7/1/2019 | 7/1/2019
# Monday 29/4 for Saturday 4/5, in 2019 and again in 2024
2019-04-26T09:00 | 1wd | | 2/5/2019 | 2/5/2019
2019-04-26T09:00 | 4wd | | 6/5/2019 | 2 3 4 6/5/2019
2024-04-26T09:00 | 1wd | | 2/5/2024 | 2/5/2024
2024-04-26T09:00 | 3wd | | 4/5/2024 | 2 3 4/5/2024
2024-05-03T09:00 | 2wd | | 6/5/2024 | 4 6/5/2024
# Friday 2/5/2025 for Saturday 26/4/2025
2025-04-25T09:00 | 1wd | | 26/4/2025 | 26/4/2025
2025-04-25T09:00 | 4wd | | 5/5/2025 | 26 28 29/4/2025; 5/5/2025
2025-04-29T09:00 | 1wd | | 5/5/2025 | 5/5/2025
2025-05-02T09:00 | 2wd | | 6/5/2025 | 5 6/5/2025
# Friday 2/1/2026 for Saturday 10/1/2026
2025-12-31T09:00 | 2wd | | 6/1/2026 | 5 6/1/2026
2025-12-31T09:00 | 7wd | | 12/1/2026 | 5 6 7 8 9 10 12/1/2026
2026-01-08T09:00 | 2wd | | 10/1/2026 | 9 10/1/2026
2026-01-02T09:00 | 6wd | | 10/1/2026 | 5 6 7 8 9 10/1/2026
2026-01-10T09:00 | 5wd | | 16/1/2026 | 12 13 14 15 16/1/2026
# Monday 31/8/2026 for Saturday 22/8/2026
2026-08-21T09:00 | 1wd | | 22/8/2026 | 22/8/2026
2026-08-22T09:00 | 1wd | | 24/8/2026 | 24/8/2026
2026-08-28T09:00 | 1wd | | 3/9/2026 | 3/9/2026
2026-08-20T09:00 | 10wd | | 7/9/2026 | 21 22 24 25 26 27 28/8/2026; 3 4 7/9/2026
2026-08-31T09:00 | 2wd | | 4/9/2026 | 3 4/9/2026
# Giỗ Tổ on a Sunday gives Monday 27/4/2026; 30/4 and 1/5; Giỗ Tổ on Monday 7/4/2025; five days in 2023
2026-04-24T09:00 | 3wd | | 4/5/2026 | 28 29/4/2026; 4/5/2026
2026-04-29T09:00 | 10wd | | 15/5/2026 | 4 5 6 7 8 11 12 13 14 15/5/2026
2025-04-04T09:00 | 2wd | | 9/4/2025 | 8 9/4/2025
2023-04-28T09:00 | 2wd | | 5/5/2023 | 4 5/5/2023
# Quốc khánh: two days since 2021, one before, Monday for Sunday in 2018
2025-08-29T09:00 | 2wd | | 4/9/2025 | 3 4/9/2025
2020-09-01T09:00 | 2wd | | 4/9/2020 | 3 4/9/2020
2018-08-31T09:00 | 1wd | | 4/9/2018 | 4/9/2018
# 24/11 is not confirmed, so it is worked
2026-11-23T09:00 | 1wd | | 24/11/2026 | 24/11/2026
# 29 February on a Thursday, on a Saturday, and in a year without one
2024-02-28T09:00 | 2wd | | 1/3/2024 | 29/2/2024; 1/3/2024
2024-02-29T09:00 | 1wd | | 1/3/2024 | 1/3/2024
2020-02-28T09:00 | 1wd | | 2/3/2020 | 2/3/2020
2025-02-28T09:00 | 1wd | | 3/3/2025 | 3/3/2025
# ends of years; in 2023 New Year is a Sunday and Monday 2/1 is off for it
2024-12-31T09:00 | 1wd | | 2/1/2025 | 2/1/2025
2024-12-27T09:00 | 5wd | | 6/1/2025 | 30 31/12/2024; 2 3 6/1/2025
2022-12-30T09:00 | 2wd | | 4/1/2023 | 3 4/1/2023
2023-12-29T09:00 | 1wd | | 2/1/2024 | 2/1/2024
# received at the weekend: that day is 0
2026-03-07T09:00 | 1wd | | 9/3/2026 | 9/3/2026
2026-03-08T23:59 | 5wd | | 13/3/2026 | 9 10 11 12 13/3/2026
# within the day, also when the day is a Saturday
2026-03-02T09:00 | 0wd | | 2/3/2026 |
2026-03-07T09:00 | 0wd | | 7/3/2026 |
2026-03-02T16:00 | 0wd | 15:00 | 3/3/2026 |
2026-03-06T15:01 | 0wd | 15:00 | 9/3/2026 |
2026-04-29T15:30 | 0wd | 15:00 | 4/5/2026 |
# the cut-off minute itself is in time; after it day 0 is the next working day, be it a make-up Saturday
2026-03-02T15:00 | 2wd | 15:00 | 4/3/2026 | 3 4/3/2026
2026-03-02T15:01 | 2wd | 15:00 | 5/3/2026 | 4 5/3/2026
2026-03-06T16:00 | 1wd | 15:00 | 10/3/2026 | 10/3/2026
2026-02-13T16:30 | 1wd | 15:00 | 24/2/2026 | 24/2/2026
2026-08-21T16:00 | 1wd | 15:00 | 24/8/2026 | 24/8/2026
2026-03-07T10:00 | 1wd | 15:00 | 9/3/2026 | 9/3/2026
2026-03-07T16:00 | 1wd | 15:00 | 10/3/2026 | 10/3/2026
# the cut-off before and on days off: 30/4, Tết, a holiday itself, a make-up Saturday as day 0; in all three units
2026-04-29T15:01 | 2wd | 15:00 | 6/5/2026 | 5 6/5/2026
2026-02-13T15:01 | 0wd | 15:00 | 23/2/2026 |
2026-04-30T16:00 | 1wd | 15:00 | 5/5/2026 | 5/5/2026
2026-04-30T10:00 | 1wd | 15:00 | 4/5/2026 | 4/5/2026
2025-04-25T16:00 | 1wd | 15:00 | 28/4/2025 | 28/4/2025
2026-04-29T15:01 | 2d | 15:00 | 6/5/2026 | 5 6/5/2026
2026-04-29T15:01 | 4wh | 15:00 | 11:30 4/5/2026 | 4:240/5/2026
# suspended: asked Thursday 5/3, back Tuesday 10/3, three days; the same day; over a weekend; ending on a Saturday
2026-03-02T09:00 | 10wd | 2026-03-05..2026-03-10 | 19/3/2026 | 3 4 5 11 12 13 16 17 18 19/3/2026
2026-03-02T09:00 | 10wd | 2026-03-05..2026-03-05 | 16/3/2026 | 3 4 5 6 9 10 11 12 13 16/3/2026
2026-03-02T09:00 | 10wd | 2026-03-06..2026-03-08 | 16/3/2026 | 3 4 5 6 9 10 11 12 13 16/3/2026
2026-03-02T09:00 | 10wd | 2026-03-05..2026-03-07 | 17/3/2026 | 3 4 5 9 10 11 12 13 16 17/3/2026
2026-03-02T09:00 | 10wd | 2026-03-07..2026-03-09 | 17/3/2026 | 3 4 5 6 10 11 12 13 16 17/3/2026
2026-03-02T09:00 | 10wd | 2026-03-02..2026-03-04 | 18/3/2026 | 5 6 9 10 11 12 13 16 17 18/3/2026
# suspended twice; overlapping; over Tết; wholly inside Tết; over 30/4; over a make-up Saturday
2026-03-02T09:00 | 10wd | 2026-03-03..2026-03-04 2026-03-10..2026-03-12 | 19/3/2026 | 3 5 6 9 10 13 16 17 18 19/3/2026
2026-03-02T09:00 | 10wd | 2026-03-04..2026-03-06 2026-03-05..2026-03-10 | 20/3/2026 | 3 4 11 12 13 16 17 18 19 20/3/2026
2026-02-10T09:00 | 10wd | 2026-02-12..2026-02-24 | 6/3/2026 | 11 12 25 26 27/2/2026; 2 3 4 5 6/3/2026
2026-02-10T09:00 | 5wd | 2026-02-13..2026-02-20 | 24/2/2026 | 11 12 13 23 24/2/2026
2026-04-24T09:00 | 5wd | 2026-04-28..2026-05-05 | 11/5/2026 | 28/4/2026; 6 7 8 11/5/2026
2026-08-20T09:00 | 5wd | 2026-08-21..2026-08-24 | 28/8/2026 | 21 25 26 27 28/8/2026
# asked for on the due day itself it moves the due day, a day later it does not
2026-03-02T09:00 | 10wd | 2026-03-16..2026-03-18 | 18/3/2026 | 3 4 5 6 9 10 11 12 13 16/3/2026
2026-03-02T09:00 | 10wd | 2026-03-16..2026-03-21 | 20/3/2026 | 3 4 5 6 9 10 11 12 13 16/3/2026
2026-03-02T09:00 | 10wd | 2026-03-17..2026-03-20 | 16/3/2026 | 3 4 5 6 9 10 11 12 13 16/3/2026
2026-03-02T09:00 | 4wd | 2026-03-06..2026-03-08 | 6/3/2026 | 3 4 5 6/3/2026
2026-03-02T09:00 | 0wd | 2026-03-02..2026-03-04 | 4/3/2026 |
2026-03-07T09:00 | 0wd | 2026-03-07..2026-03-08 | 7/3/2026 |
2026-03-07T09:00 | 0wd | 2026-03-07..2026-03-09 | 9/3/2026 |
# two waits that touch are one, though the first alone, asked on the last day, waits no working day
2026-03-02T09:00 | 4wd | 2026-03-06T09..2026-03-07T09 2026-03-07T09..2026-03-10T09 | 10/3/2026 | 3 4 5 6/3/2026
# calendar days; ending on Saturday, Sunday, a holiday, inside Tết, on a swapped day, on a make-up Saturday
2026-03-02T09:00 | 10d | | 12/3/2026 | 3 4 5 6 7 8 9 10 11 12/3/2026
2026-03-02T09:00 | 5d | | 9/3/2026 | 3 4 5 6 7/3/2026
2026-03-02T09:00 | 6d | | 9/3/2026 | 3 4 5 6 7 8/3/2026
2026-04-20T09:00 | 10d | | 4/5/2026 | 21 22 23 24 25 26 27 28 29 30/4/2026
2026-02-06T09:00 | 10d | | 23/2/2026 | 7 8 9 10 11 12 13 14 15 16/2/2026
2025-04-22T09:00 | 10d | | 5/5/2025 | 23 24 25 26 27 28 29 30/4/2025; 1 2/5/2025
2026-08-12T09:00 | 10d | | 22/8/2026 | 13 14 15 16 17 18 19 20 21 22/8/2026
2026-01-05T09:00 | 5d | | 10/1/2026 | 6 7 8 9 10/1/2026
2024-02-28T09:00 | 2d | | 1/3/2024 | 29/2/2024; 1/3/2024
2025-12-22T09:00 | 10d | | 5/1/2026 | 23 24 25 26 27 28 29 30 31/12/2025; 1/1/2026
2026-03-07T09:00 | 0d | | 9/3/2026 |
2026-03-07T09:00 | 3d | | 10/3/2026 | 8 9 10/3/2026
2026-03-02T15:01 | 5d | 15:00 | 9/3/2026 | 4 5 6 7 8/3/2026
# calendar days suspended: every day of the wait is left out; the new end may again be a day off
2026-03-02T09:00 | 10d | 2026-03-05..2026-03-10 | 17/3/2026 | 3 4 5 11 12 13 14 15 16 17/3/2026
2026-03-02T09:00 | 10d | 2026-03-05..2026-03-07 | 16/3/2026 | 3 4 5 8 9 10 11 12 13 14/3/2026
# ended Saturday 7/3, due Monday 9/3: asked on Saturday or Sunday, Monday is still owed; asked on Monday, nothing is
2026-03-02T09:00 | 5d | 2026-03-07..2026-03-11 | 12/3/2026 | 3 4 5 6 7/3/2026
2026-03-02T09:00 | 5d | 2026-03-08..2026-03-11 | 12/3/2026 | 3 4 5 6 7/3/2026
2026-03-02T09:00 | 5d | 2026-03-09..2026-03-11 | 11/3/2026 | 3 4 5 6 7/3/2026
# months: the day of the same number, or the last of the month; 28/2/2026 is a Saturday; a leap year; 30/4; a wait
2026-03-02T09:00 | 1m | | 2/4/2026 | 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30
+ 31/3/2026; 1 2/4/2026
2026-01-31T09:00 | 1m | | 2/3/2026 | 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27
+ 28/2/2026
2024-01-31T09:00 | 1m | | 29/2/2024 | 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28
+ 29/2/2024
2025-11-30T09:00 | 1m | | 30/12/2025 | 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29
+ 30/12/2025
2026-03-30T09:00 | 1m | | 4/5/2026 | 31/3/2026; 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26
+ 27 28 29 30/4/2026
2026-03-02T09:00 | 1m | 2026-03-05..2026-03-10 | 7/4/2026 | 3 4 5 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27
+ 28 29 30 31/3/2026; 1 2 3 4 5 6 7/4/2026
2026-03-02T15:01 | 1m | 15:00 | 3/4/2026 | 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29
+ 30 31/3/2026; 1 2 3/4/2026
2025-12-31T09:00 | 2m | | 2/3/2026 | 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29
+ 30 31/1/2026; 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28/2/2026
# half a working day is four working hours
2026-03-02T09:00 | 1.5wd | | 14:30 3/3/2026 | 2:390 3:330/3/2026
# hours: over nights, to the minute of closing, to the noon pause, over it, from within it
2026-03-02T09:00 | 16wh | | 09:00 4/3/2026 | 2:390 3:480 4:90/3/2026
2026-03-02T07:30 | 8wh | | 17:00 2/3/2026 | 2:480/3/2026
2026-03-02T07:30 | 4wh | | 11:30 2/3/2026 | 2:240/3/2026
2026-03-02T07:30 | 5wh | | 14:00 2/3/2026 | 2:300/3/2026
2026-03-02T11:00 | 1wh | | 13:30 2/3/2026 | 2:60/3/2026
2026-03-02T11:30 | 1wh | | 14:00 2/3/2026 | 2:60/3/2026
2026-03-02T12:15 | 2wh | | 15:00 2/3/2026 | 2:120/3/2026
2026-03-02T12:30 | 8wh | | 11:30 3/3/2026 | 2:240 3:240/3/2026
2026-03-02T16:00 | 2wh | | 08:30 3/3/2026 | 2:60 3:60/3/2026
2026-03-02T16:59 | 1wh | | 08:29 3/3/2026 | 2:1 3:59/3/2026
2026-03-02T09:00:59 | 8wh | | 09:00 3/3/2026 | 2:390 3:90/3/2026
2026-03-02T07:30 | 40wh | | 17:00 6/3/2026 | 2:480 3:480 4:480 5:480 6:480/3/2026
# hours: received at closing, after it, before opening
2026-03-02T17:00 | 8wh | | 17:00 3/3/2026 | 3:480/3/2026
2026-03-02T18:45 | 1wh | | 08:30 3/3/2026 | 3:60/3/2026
2026-03-02T06:00 | 1wh | | 08:30 2/3/2026 | 2:60/3/2026
# hours over a weekend, a holiday, Tết, into a make-up Saturday, over New Year
2026-03-06T14:00 | 8wh | | 14:00 9/3/2026 | 6:180 9:300/3/2026
2026-03-06T16:30 | 1wh | | 08:00 9/3/2026 | 6:30 9:30/3/2026
2026-03-07T10:00 | 8wh | | 17:00 9/3/2026 | 9:480/3/2026
2026-04-29T15:00 | 8wh | | 15:00 4/5/2026 | 29:120/4/2026; 4:360/5/2026
2026-02-13T16:00 | 4wh | | 10:30 23/2/2026 | 13:60 23:180/2/2026
2026-08-21T15:00 | 8wh | | 15:00 22/8/2026 | 21:120 22:360/8/2026
2025-12-31T13:00 | 8wh | | 11:30 5/1/2026 | 31:240/12/2025; 5:240/1/2026
# hours: after the cut-off; whole days waited; a wait that ends at closing; over noon only; that ends on a Sunday
2026-03-02T16:00 | 8wh | 15:00 | 17:00 3/3/2026 | 3:480/3/2026
2026-03-02T09:00 | 16wh | 2026-03-02..2026-03-04 | 09:00 6/3/2026 | 2:390 5:480 6:90/3/2026
2026-03-02T09:00 | 16wh | 2026-03-02T10:00..2026-03-03T17:00 | 16:00 5/3/2026 | 2:60 4:480 5:420/3/2026
2026-03-02T09:00 | 4wh | 2026-03-02T11:30..2026-03-02T13:00 | 14:30 2/3/2026 | 2:240/3/2026
2026-03-06T15:00 | 4wh | 2026-03-06T16:00..2026-03-08T10:00 | 10:30 9/3/2026 | 6:60 9:180/3/2026
# long ones: a quarter over Tết, 90 days from a spring into a summer, and 260, more than a year
2026-01-05T09:00 | 60wd | | 3/4/2026 | 6 7 8 9 10 12 13 14 15 16 19 20 21 22 23 26 27 28 29 30/1/2026;
+ 2 3 4 5 6 9 10 11 12 13 23 24 25 26 27/2/2026;
+ 2 3 4 5 6 9 10 11 12 13 16 17 18 19 20 23 24 25 26 27 30 31/3/2026; 1 2 3/4/2026
2025-03-31T09:00 | 90wd | | 7/8/2025 | 1 2 3 4 8 9 10 11 14 15 16 17 18 21 22 23 24 25 26 28 29/4/2025;
+ 5 6 7 8 9 12 13 14 15 16 19 20 21 22 23 26 27 28 29 30/5/2025;
+ 2 3 4 5 6 9 10 11 12 13 16 17 18 19 20 23 24 25 26 27 30/6/2025;
+ 1 2 3 4 7 8 9 10 11 14 15 16 17 18 21 22 23 24 25 28 29 30 31/7/2025; 1 4 5 6 7/8/2025
2025-12-31T09:00 | 260wd | | 15/1/2027 | 5 6 7 8 9 10 12 13 14 15 16 19 20 21 22 23 26 27 28 29 30/1/2026;
+ 2 3 4 5 6 9 10 11 12 13 23 24 25 26 27/2/2026;
+ 2 3 4 5 6 9 10 11 12 13 16 17 18 19 20 23 24 25 26 27 30 31/3/2026;
+ 1 2 3 6 7 8 9 10 13 14 15 16 17 20 21 22 23 24 28 29/4/2026;
+ 4 5 6 7 8 11 12 13 14 15 18 19 20 21 22 25 26 27 28 29/5/2026;
+ 1 2 3 4 5 8 9 10 11 12 15 16 17 18 19 22 23 24 25 26 29 30/6/2026;
+ 1 2 3 6 7 8 9 10 13 14 15 16 17 20 21 22 23 24 27 28 29 30 31/7/2026;
+ 3 4 5 6 7 10 11 12 13 14 17 18 19 20 21 22 24 25 26 27 28/8/2026;
+ 3 4 7 8 9 10 11 14 15 16 17 18 21 22 23 24 25 28 29 30/9/2026;
+ 1 2 5 6 7 8 9 12 13 14 15 16 19 20 21 22 23 26 27 28 29 30/10/2026;
+ 2 3 4 5 6 9 10 11 12 13 16 17 18 19 20 23 24 25 26 27 30/11/2026;
+ 1 2 3 4 7 8 9 10 11 14 15 16 17 18 21 22 23 24 25 28 29 30 31/12/2026; 4 5 6 7 8 11 12 13 14 15/1/2027
"""


LINES = lines(TABLE)


def test_there_are_at_least_eighty_rows() -> None:
    assert len(LINES) >= 80


@pytest.mark.parametrize("line", LINES, ids=name)
def test_a_deadline_is_what_a_hand_on_the_calendar_finds(line: str) -> None:
    row = read(line)
    found = slow(row, OFFICE)
    assert written(found.due_on, found.due_at) == row.due
    assert tuple((c.day, c.minutes) for c in found.counted) == row.counted


def test_whole_columns_find_what_the_hand_finds() -> None:
    rows = [read(line) for line in LINES]
    assert quick(rows, OFFICE) == [row.due for row in rows]


@pytest.mark.parametrize("line", LINES, ids=name)
def test_every_day_from_receipt_to_due_is_either_counted_or_explained(line: str) -> None:
    row = read(line)
    found = slow(row, OFFICE)
    told = [c.day for c in found.counted] + [s.day for s in found.skipped]
    first, last = row.received.date().toordinal(), found.due_on.toordinal()
    untold = {date.fromordinal(n) for n in range(first, last + 1)} - set(told)
    assert len(told) == len(set(told))
    assert min(told) == row.received.date() and max(told) <= found.due_on
    closing = {found.due_on} if row.limit[-2].isdigit() else set()  # where điều 148 lets it close
    assert untold <= closing
    assert all(s.reason and s.rule for s in found.skipped)


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
