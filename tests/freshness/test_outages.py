"""When a source was not heard is told by its own rule, over working time, and by the days that it took."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from metrics import rulebook
from metrics.dossier import INSTANT
from metrics.freshness import Told
from metrics.outages import Outage, outages

ZONE = "Asia/Ho_Chi_Minh"
TIME = rulebook.load().time
HALF_A_DAY = 4 * 60
Moment = tuple[int, int, int]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Give an instant of November 2026 as clocks in Hà Nội show it; the 16th is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=7)


LATER = at(27, 9)


def found(
    *gaps: tuple[Moment, Moment], cadence: int | None = 30, least: int = HALF_A_DAY, by_record: bool = False
) -> list[Outage]:
    """Find the outages of source A, which is heard now."""
    rows = [("a", at(*before), at(*after)) for before, after in gaps]
    frame = pl.DataFrame(rows, {"source": pl.String, "before": INSTANT, "after": INSTANT}, orient="row")
    told = Told("a", None, LATER, ZONE, cadence, by_record=by_record)
    return list(outages(frame, [told], LATER, TIME, least=least))


def days(first: int, last: int) -> Outage:
    return Outage("a", date(2026, 11, first), date(2026, 11, last))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        # hours 07:30–11:30 and 13:00–17:00; read every half hour, it is silent after three hours
        ((17, 8, 0), (17, 13, 29), []),  # 3:30 and 0:29 of working time: a minute short of half a day
        ((17, 8, 0), (17, 13, 30), [days(17, 17)]),
        ((16, 17, 0), (17, 7, 30), []),  # a night
        ((20, 17, 30), (23, 7, 0), []),  # Friday evening to Monday morning
        ((17, 15, 0), (19, 9, 0), [days(17, 19)]),
        ((18, 23, 0), (25, 1, 0), [days(19, 24)]),  # heard late on Wednesday, again a week later in the night
        ((20, 17, 0), (23, 12, 0), [days(23, 23)]),  # the weekend is nobody's loss, Monday morning is
    ],
)
def test_a_gap_is_told_by_the_working_days_it_took(before: Moment, after: Moment, told: list[Outage]) -> None:
    assert found((before, after)) == told


def test_who_speaks_seldom_is_not_missed_before_his_own_rule_says_so() -> None:
    day = ((17, 8, 0), (18, 8, 0))
    assert found(day) == [days(17, 18)]
    assert found(day, cadence=240) == []  # every four hours: silent after a whole day of clocks, not at it
    assert found(((17, 8, 0), (18, 8, 1)), cadence=240) == [days(17, 18)]
    # once a day: late after three working days that ended without a word, silent after six: Tuesday to Tuesday
    assert found(((16, 17, 0), (24, 16, 59)), cadence=1440) == []
    assert found(((16, 17, 0), (24, 17, 0)), cadence=1440) == [days(17, 24)]
    assert found(((9, 10, 0), (24, 17, 0)), cadence=None) == []  # files put in by hand: nothing is expected
    assert found(((9, 10, 0), (10, 16, 59)), by_record=True) == []  # a file tells as far as its day
    assert found(((9, 10, 0), (11, 17, 0)), by_record=True) == [days(9, 11)]  # two days ended without a record


def test_less_than_the_settings_ask_for_is_not_told_and_the_oldest_goes_first() -> None:
    gaps = ((24, 8, 0), (24, 16, 0)), ((17, 8, 0), (17, 16, 0))  # six and a half hours each
    assert found(*gaps) == [days(17, 17), days(24, 24)]
    assert found(*gaps, least=6 * 60 + 30) == [days(17, 17), days(24, 24)]
    assert found(*gaps, least=6 * 60 + 31) == []


def test_one_that_lasts_has_no_last_day_and_a_source_that_was_never_heard_has_none() -> None:
    none = pl.DataFrame(schema={"source": pl.String, "before": INSTANT, "after": INSTANT})
    told = [
        Told("b", None, at(25, 17), ZONE, 30), Told("c", None, at(26, 16), ZONE, 30),
        Told("d", None, None, ZONE, 30), Told("a", "UBND xã A", at(2, 9), ZONE, cadence_days=1),
    ]  # fmt: skip
    assert outages(none, told, LATER, TIME, least=HALF_A_DAY) == (Outage("b", date(2026, 11, 26), None),)
