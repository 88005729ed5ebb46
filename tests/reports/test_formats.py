"""Numbers, days and times in Vietnamese."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from reports import formats

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (0, 0, "0"),
        (1234, 0, "1.234"),
        (1234.5, 1, "1.234,5"),
        (1_234_567, 0, "1.234.567"),
        (-13.6, 1, "−13,6"),
        (0.25, 1, "0,3"),
        (-0.04, 1, "0,0"),
    ],
)
def test_numbers_take_points_between_thousands_and_a_comma_before_decimals(
    value: float, places: int, text: str
) -> None:
    assert formats.number(value, places) == text


@pytest.mark.parametrize(("value", "text"), [(1.2, "+1,2"), (-0.3, "−0,3"), (0.0, "0,0"), (0.04, "0,0")])
def test_a_change_in_a_table_shows_its_sign(value: float, text: str) -> None:
    assert formats.signed(value, 1) == text


@pytest.mark.parametrize(
    ("n", "d", "places", "text"),
    [
        (39, 40, 1, "97,5"),
        (1, 8, 1, "12,5"),
        (2775, 3068, 1, "90,4"),
        (132728, 132850, 1, "99,9"),
        (132728, 132850, 2, "99,91"),
        (19999, 20000, 1, "99,9"),
        (199_999, 200_000, 2, "99,99"),
        (20000, 20000, 1, "100,0"),
        (1, 20000, 1, "0,1"),
        (0, 20000, 1, "0,0"),
    ],
)
def test_a_share_that_is_not_whole_never_prints_as_a_hundred(n: int, d: int, places: int, text: str) -> None:
    assert formats.percent(n, d, places) == f"{text}{NBSP}%"


def test_a_share_of_nothing_is_no_number() -> None:
    assert formats.percent(0, 0) == "không có số liệu"
    assert formats.share(0, 0) is None


def test_rates_all_above_ninety_nine_take_two_decimals() -> None:
    assert formats.places_for([(995, 1000), (1000, 1000)]) == 2
    assert formats.places_for([(990, 1000), (1000, 1000)]) == 1
    assert formats.places_for([(0, 0)]) == 1


def test_days_and_times() -> None:
    assert formats.day(date(2018, 11, 9)) == "09/11/2018"
    assert formats.long_day(date(2026, 2, 5)) == "ngày 05 tháng 02 năm 2026"
    assert formats.long_day(date(2018, 11, 9)) == "ngày 09 tháng 11 năm 2018"
    assert formats.clock(datetime(2026, 11, 17, 9, 40)) == "09 giờ 40"  # noqa: DTZ001 - already local
