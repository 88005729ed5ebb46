"""A day's volume is held against the same weekdays before it; the bands are worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from config.calendar import load
from metrics.calendar import WorkingCalendar
from metrics.completeness import same_weekdays, volumes

CALENDAR = WorkingCalendar(load())
TUESDAY = date(2026, 11, 17)


def came(counts: dict[date, int], source: str = "mot-cua", department: str | None = "Sở Xây dựng") -> pl.DataFrame:
    """Lay counts by day out as metrics.completeness.received does."""
    rows = [{"day": day, "source": source, "department": department, "n": n} for day, n in counts.items()]
    return pl.DataFrame(rows, schema={"day": pl.Date, "source": pl.String, "department": pl.String, "n": pl.Int64})


def weeks_before(day: date, *counts: int) -> dict[date, int]:
    """Put counts on the same weekday of the weeks before, the newest first."""
    return {day - timedelta(weeks=i): n for i, n in enumerate(counts, start=1)}


def judged(today: int, *before: int, day: date = TUESDAY) -> dict[str, Any]:
    """Judge one source's day; 0 today: no row at all."""
    counts = weeks_before(day, *before) | ({day: today} if today else {})
    (row,) = volumes(came(counts), day, CALENDAR, ["source"]).to_dicts()
    return row


def test_a_steady_history_is_as_wide_as_chance_makes_it() -> None:
    # median 50; deviations 0 0 1 1 2 2 3 3, their median 1.5, × 1.4826 = 2.2; √50 = 7.07 is wider: 50 ± 21.2
    row = judged(12, 50, 48, 52, 51, 49, 50, 47, 53)
    assert (row["usual"], row["low"], row["high"], row["volume"]) == (50, 29, 71, "low")


@pytest.mark.parametrize(("today", "volume"), [(28, "low"), (29, "usual"), (71, "usual"), (72, "high")])
def test_both_ends_of_the_band_are_usual(today: int, volume: str) -> None:
    assert judged(today, 50, 48, 52, 51, 49, 50, 47, 53)["volume"] == volume


def test_a_restless_history_is_as_wide_as_it_was() -> None:
    # median of 20 40 60 … 160 is 90; deviations 10 10 30 30 50 50 70 70, their median 40; × 1.4826 × 3 = 178
    row = judged(1, 20, 40, 60, 80, 100, 120, 140, 160)
    assert (row["usual"], row["low"], row["high"], row["volume"]) == (90, 0, 267, "usual")


def test_one_lost_week_does_not_move_the_band() -> None:
    # median 50 still; deviations 0 0 0 0 0 0 0 50, their median 0: √50 × 3 = 21.2
    row = judged(25, 50, 50, 0, 50, 50, 50, 50, 50)
    assert (row["low"], row["high"], row["volume"]) == (29, 71, "low")


def test_nothing_at_all_on_a_day_that_brings_fifty_is_low() -> None:
    assert judged(0, 50, 48, 52, 51, 49, 50, 47, 53)["volume"] == "low"


def test_a_small_unit_is_never_alarmed() -> None:
    row = judged(0, 4, 5, 4, 3, 4, 6, 4, 4)
    assert (row["usual"], row["low"], row["volume"]) == (4, None, "untold")
    # at a median of 5 there is a band, and it reaches to zero: 5 − 3 × √5 < 0
    row = judged(0, 5, 5, 5, 5, 5, 5, 5, 5)
    assert (row["low"], row["high"], row["volume"]) == (0, 11, "usual")


def test_a_short_history_says_nothing() -> None:
    assert judged(1, 50, 50, 50)["volume"] == "untold"
    assert judged(1, 50, 50, 50, 50)["volume"] == "low"


def test_a_holiday_expects_nothing_and_is_no_history() -> None:
    # Wednesday 2/9/2026 is a holiday; so is the day beside it
    holiday = date(2026, 9, 2)
    assert not CALENDAR.is_working(holiday)
    assert judged(0, 50, 50, 50, 50, 50, 50, 50, 50, day=holiday)["volume"] == "untold"
    before = same_weekdays(date(2026, 9, 16), CALENDAR)
    assert holiday not in before
    assert before[:2] == [date(2026, 9, 9), date(2026, 8, 26)]
    assert len(before) == 8
    assert {day.weekday() for day in before} == {2}


def test_a_make_up_saturday_has_no_history_and_says_nothing() -> None:
    saturday = date(2026, 8, 22)
    assert CALENDAR.is_working(saturday)
    assert same_weekdays(saturday, CALENDAR) == []  # the last one, 10/1/2026, is more than sixteen weeks back
    assert judged(3, day=saturday)["volume"] == "untold"


def test_a_worked_day_without_a_dossier_is_a_zero_but_not_before_the_first() -> None:
    # first dossier four weeks ago: history 50, 0, 50, 50; median 50, deviations 0 0 0 50: their median 0
    counts = weeks_before(TUESDAY, 50, 0, 50, 50)
    counts = {day: n for day, n in counts.items() if n} | {TUESDAY: 40}
    (row,) = volumes(came(counts), TUESDAY, CALENDAR, ["source"]).to_dicts()
    assert (row["usual"], row["low"], row["volume"]) == (50, 29, "usual")


def test_each_unit_of_a_source_is_judged_by_itself_and_the_source_by_their_sum() -> None:
    steady = weeks_before(TUESDAY, *[30] * 8) | {TUESDAY: 30}
    lost = weeks_before(TUESDAY, *[30] * 8)
    both = pl.concat([came(steady), came(lost, department="UBND xã Hòa Lam"), came(lost, department=None)])
    by_unit = {
        r["department"]: r["volume"] for r in volumes(both, TUESDAY, CALENDAR, ["source", "department"]).to_dicts()
    }
    # 30 − 3 × √30 = 13.6
    assert by_unit == {"Sở Xây dựng": "usual", "UBND xã Hòa Lam": "low", None: "low"}
    (whole,) = volumes(both, TUESDAY, CALENDAR, ["source"]).to_dicts()
    # 90 − 3 × √90 = 61.5: thirty of ninety is low
    assert (whole["n"], whole["usual"], whole["low"], whole["volume"]) == (30, 90, 62, "low")


def test_what_came_later_is_not_known_on_the_day() -> None:
    counts = weeks_before(TUESDAY, *[50] * 8) | {TUESDAY: 50, TUESDAY + timedelta(days=1): 1_000}
    (row,) = volumes(came(counts), TUESDAY, CALENDAR, ["source"]).to_dicts()
    assert (row["n"], row["high"]) == (50, 71)


def test_nothing_ever_received_says_nothing() -> None:
    assert volumes(came({}), TUESDAY, CALENDAR, ["source"]).is_empty()
