"""The state's periods, by the words of Thông tư 01/2020/TT-VPCP."""

from __future__ import annotations

from datetime import date

import pytest

from metrics import state_year
from metrics.scope import Period


def test_quarter_one_runs_from_15_december_to_14_march() -> None:
    assert state_year.period(2026, 3, 3) == Period(date(2025, 12, 15), date(2026, 3, 14))


@pytest.mark.parametrize(
    ("day", "months", "start", "end"),
    [
        (date(2026, 11, 14), 1, date(2026, 10, 15), date(2026, 11, 14)),
        (date(2026, 11, 15), 1, date(2026, 11, 15), date(2026, 12, 14)),
        (date(2026, 12, 15), 1, date(2026, 12, 15), date(2027, 1, 14)),
        (date(2026, 12, 14), 3, date(2026, 9, 15), date(2026, 12, 14)),
        (date(2026, 12, 15), 3, date(2026, 12, 15), date(2027, 3, 14)),
        (date(2026, 12, 15), 12, date(2026, 12, 15), date(2027, 12, 14)),
        (date(2026, 6, 14), 6, date(2025, 12, 15), date(2026, 6, 14)),
    ],
)
def test_every_day_lies_in_one_period_of_each_length(day: date, months: int, start: date, end: date) -> None:
    assert state_year.containing(day, months) == Period(start, end)


def test_the_month_is_named_after_the_one_it_ends_in() -> None:
    assert state_year.month_of(date(2025, 12, 15)) == (2026, 1)
    assert state_year.month_of(date(2026, 1, 14)) == (2026, 1)
