"""Season and pace: worked by hand, told with how many years they rest on, and silent where too little is known."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.insight_risk import Capacity
from metrics.capacity import around, by_month, clearance, new_years, tets
from tests.metrics.risks import CALENDAR

SETTINGS = Capacity(fewest_weeks=4)


def came(first: date, last: date, busy: dict[int, int] | None = None, usual: int = 10) -> pl.DataFrame:
    """Give what came on working days: ``usual``, or as many as ``busy`` says of a month."""
    days = [day for day in pl.date_range(first, last, eager=True) if CALENDAR.is_working(day)]
    return pl.DataFrame({"day": days, "n": [(busy or {}).get(day.month, usual) for day in days]})


def week(received: int, resolved: int, worked: int = 5) -> dict[str, int]:
    return {"received": received, "resolved": resolved, "worked": worked}


def test_a_month_with_holidays_is_no_weak_month() -> None:
    found = by_month(came(date(2023, 1, 1), date(2025, 12, 31)), CALENDAR, date(2025, 12, 31))
    assert found["place"].to_list() == list(range(1, 13))
    assert found["years"].unique().to_list() == [3]
    assert found["index"].to_list() == pytest.approx([1.0] * 12)


def test_a_busy_december_stands_out_by_as_much_as_it_is() -> None:
    """Ten a day, in December thirty: the year has 10 · (W − D) + 30 · D over W working days."""
    rows = came(date(2024, 1, 1), date(2025, 12, 31), {12: 30})
    found = by_month(rows, CALENDAR, date(2026, 1, 15)).filter(place=12).row(0, named=True)
    whole = []
    for year in (2024, 2025):
        all_days = CALENDAR.between(date(year - 1, 12, 31), date(year, 12, 31))
        december = CALENDAR.between(date(year, 11, 30), date(year, 12, 31))
        whole.append(30 / ((10 * (all_days - december) + 30 * december) / all_days))
    assert (found["index"], found["low"], found["high"]) == pytest.approx((sum(whole) / 2, min(whole), max(whole)))
    assert found["years"] == 2


def test_only_whole_years_of_whole_months_speak() -> None:
    rows = came(date(2024, 3, 11), date(2026, 3, 20))
    assert by_month(rows, CALENDAR, date(2026, 3, 20))["years"].to_list() == [1] * 12  # April 2024 to February 2026
    assert by_month(rows, CALENDAR, date(2025, 3, 20)).is_empty()
    assert by_month(rows.clear(), CALENDAR, date(2026, 3, 20)).is_empty()


def test_tet_is_found_wherever_it_lies_and_its_weeks_are_laid_beside_each_other() -> None:
    starts = [day for day in tets(CALENDAR) if day.year in (2024, 2025, 2026)]
    assert [day.month for day in starts] == [2, 1, 2]
    rows = came(date(2023, 6, 1), date(2026, 6, 30))
    before = pl.any_horizontal(pl.lit(False), *(
        pl.col("day").is_in([d for d in rows["day"] if d < start][-5:]) for start in starts
    ))  # fmt: skip
    rows = rows.with_columns(n=pl.when(before).then(20).otherwise(10))
    found = around(rows, CALENDAR, date(2026, 6, 30), starts, 6)
    assert found["place"].to_list() == [-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6]
    assert found["years"].unique().to_list() == [3]
    index = dict(found.select("place", "index").iter_rows())
    assert index[-1] == pytest.approx(2 * index[1])
    assert index[1] == pytest.approx(0.98, abs=0.03)


def test_a_tet_whose_weeks_are_not_all_known_is_left_out() -> None:
    starts = [day for day in tets(CALENDAR) if day.year in (2025, 2026)]
    rows = came(date(2025, 1, 10), date(2026, 6, 30))
    assert around(rows, CALENDAR, date(2026, 6, 30), starts, 6)["years"].unique().to_list() == [1]
    assert around(rows, CALENDAR, date(2026, 3, 1), starts, 6).is_empty()


def test_what_came_on_a_day_off_belongs_to_the_next_working_day() -> None:
    rows = came(date(2024, 1, 1), date(2025, 12, 31))
    sunday = pl.DataFrame({"day": [date(2025, 6, 1)], "n": [1000]})  # a Sunday: Monday 2/6
    plain, more = (by_month(r, CALENDAR, date(2025, 12, 31)) for r in (rows, pl.concat([rows, sunday])))
    assert more.filter(place=6)["index"].item() > plain.filter(place=6)["index"].item()
    assert new_years(rows) == [date(2025, 1, 1)]


def test_the_backlog_worked_by_hand() -> None:
    """Four weeks, 100 a week come, 110, 120, 110 and 120 leave: 0.15 · 100 / 5 = 3 more a day; 300 last 100 days."""
    weeks = pl.DataFrame([week(100, n) for n in (110, 120, 110, 120)])
    found = clearance(weeks, 300, SETTINGS)
    assert found is not None
    assert (found.received, found.resolved, found.days) == pytest.approx((20.0, 23.0, 100.0))
    assert found.work == pytest.approx(300 / 23)
    # Weekly net a day 2, 4, 2, 4: spread √(1/3), t(3) = 2.35 → 3 ± 1.36.
    assert found.soonest == pytest.approx(300 / 4.36, rel=0.01)
    assert found.latest == pytest.approx(300 / 1.64, rel=0.02)


def test_a_backlog_that_does_not_fall_has_no_end() -> None:
    found = clearance(pl.DataFrame([week(100, 90)] * 6), 300, SETTINGS)
    assert found is not None
    assert (found.falls, found.days, found.soonest, found.latest) == (False, None, None, None)
    perhaps = clearance(pl.DataFrame([week(100, n) for n in (60, 150, 60, 160)]), 300, SETTINGS)
    assert perhaps is not None
    assert perhaps.falls and perhaps.latest is None and perhaps.soonest is not None


def test_weeks_without_work_are_no_weeks_and_too_few_say_nothing() -> None:
    rows = [week(100, 110)] * 4 + [week(5, 0, worked=0)]
    found = clearance(pl.DataFrame(rows), 300, SETTINGS)
    assert found is not None and found.weeks == 4
    assert clearance(pl.DataFrame(rows[:3]), 300, SETTINGS) is None


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), min_size=4, max_size=10), st.integers(0, 10_000))
def test_the_end_lies_within_its_interval(told: list[tuple[int, int]], pending: int) -> None:
    found = clearance(pl.DataFrame([week(*one) for one in told]), pending, SETTINGS)
    assert found is not None
    if found.days is not None:
        assert found.falls
        assert found.soonest is not None and found.soonest <= found.days + 1e-6
        assert found.latest is None or found.latest >= found.days - 1e-6
    assert found.latest is None or found.days is not None
