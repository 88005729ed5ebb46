"""Every period that a report may be written for: its days, its name, its code in the address."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dashboard import periods
from dashboard.filters import Choice
from dashboard.periods import KINDS, Kind
from metrics.scope import Period


@pytest.mark.parametrize(
    ("kind", "day", "code", "start", "end"),
    [
        # A week belongs to the year of its Thursday: 2026 begins on 29/12/2025 and has 53 weeks.
        ("tuan", date(2025, 12, 29), "2026-W01", date(2025, 12, 29), date(2026, 1, 4)),
        ("tuan", date(2027, 1, 3), "2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("tuan", date(2027, 1, 4), "2027-W01", date(2027, 1, 4), date(2027, 1, 10)),
        ("thang", date(2028, 2, 29), "2028-T02", date(2028, 2, 1), date(2028, 2, 29)),
        ("thang", date(2026, 12, 31), "2026-T12", date(2026, 12, 1), date(2026, 12, 31)),
        # The state's month ends on the 14th and is named after the month it ends in.
        ("ky", date(2026, 11, 14), "2026-K11", date(2026, 10, 15), date(2026, 11, 14)),
        ("ky", date(2026, 11, 15), "2026-K12", date(2026, 11, 15), date(2026, 12, 14)),
        ("ky", date(2026, 12, 14), "2026-K12", date(2026, 11, 15), date(2026, 12, 14)),
        ("ky", date(2026, 12, 15), "2027-K01", date(2026, 12, 15), date(2027, 1, 14)),
        ("ky", date(2027, 2, 28), "2027-K03", date(2027, 2, 15), date(2027, 3, 14)),
        # Quarter I is 15/12 to 14/3 (Thông tư 01/2020/TT-VPCP).
        ("quy", date(2025, 12, 15), "2026-Q1", date(2025, 12, 15), date(2026, 3, 14)),
        ("quy", date(2026, 3, 14), "2026-Q1", date(2025, 12, 15), date(2026, 3, 14)),
        ("quy", date(2026, 3, 15), "2026-Q2", date(2026, 3, 15), date(2026, 6, 14)),
        ("quy", date(2026, 12, 14), "2026-Q4", date(2026, 9, 15), date(2026, 12, 14)),
        ("6t", date(2026, 11, 20), "2026-6T", date(2025, 12, 15), date(2026, 6, 14)),
        ("9t", date(2026, 11, 20), "2026-9T", date(2025, 12, 15), date(2026, 9, 14)),
        ("nam", date(2026, 12, 14), "2026", date(2025, 12, 15), date(2026, 12, 14)),
        ("nam", date(2026, 12, 15), "2027", date(2026, 12, 15), date(2027, 12, 14)),
    ],
)
def test_the_days_of_a_period(kind: Kind, day: date, code: str, start: date, end: date) -> None:
    named = periods.containing(kind, day)
    assert (named.code, named.period) == (code, Period(start, end))


@pytest.mark.parametrize("kind", KINDS)
def test_a_code_gives_its_period_back_and_periods_follow_without_gap(kind: Kind) -> None:
    for day in (date(2024, 1, 1) + timedelta(days=11 * i) for i in range(100)):
        named = periods.containing(kind, day)
        earlier = periods.before(named)
        assert periods.of_code(named.code) == named
        assert earlier.kind == kind and earlier.period.end < named.period.end
        if kind not in ("6t", "9t"):  # these leave the rest of their year out
            assert named.period.start <= day <= named.period.end
            assert earlier.period.end == named.period.start - timedelta(days=1)


@pytest.mark.parametrize("code", ["", "2026-W54", "2025-W53", "2026-T13", "2026-K00", "2026-Q5", "1026", "2026-W4.7"])
def test_what_names_no_period_is_none(code: str) -> None:
    assert periods.of_code(code) is None


def test_a_period_is_named_with_its_days() -> None:
    told = {code: periods.of_code(code) for code in ("2026-W47", "2026-T11", "2026-K01", "2026-Q3", "2026-6T", "2026")}
    assert [periods.words(named) for named in told.values() if named] == [
        "Tuần 47/2026 · 16–22/11/2026",
        "Tháng 11/2026 · 01–30/11/2026",
        "Kỳ tháng 1/2026 · 15/12/2025–14/01/2026",
        "Quý III/2026 · 15/06–14/09/2026",
        "6 tháng đầu năm 2026 · 15/12/2025–14/06/2026",
        "Năm 2026 · 15/12/2025–14/12/2026",
    ]


def test_the_periods_offered_begin_with_the_running_one_and_end_where_the_data_begin() -> None:
    found = periods.recent("ky", date(2026, 8, 20), date(2026, 11, 20))
    assert [named.code for named in found] == ["2026-K12", "2026-K11", "2026-K10", "2026-K09"]


def test_a_view_of_a_period_keeps_it_in_the_address_and_not_the_week() -> None:
    named = periods.of_code("2026-Q3")
    choice = Choice(date(2026, 11, 20), date(2026, 11, 9), department="A", named=named, level="commune")
    assert choice.query() == {"ky": "2026-Q3", "don_vi": "A", "cap": "commune"}
    assert (choice.period, choice.as_of) == (Period(date(2026, 6, 15), date(2026, 9, 14)), date(2026, 9, 14))
