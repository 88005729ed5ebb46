"""Slips counted by hand: shares of those who answered, response only where it is known, intervals as published."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from metrics.intervals import interval
from metrics.satisfaction import Response, counts, response
from metrics.scope import Filters, Period, Scope

NOVEMBER, ALL = Period(date(2026, 11, 1), date(2026, 11, 30)), Scope.province()
SLIPS = {
    "survey": pl.String, "slip": pl.String, "answered_on": pl.Date, "department": pl.String, "field": pl.String,
    "procedure": pl.String, "code": pl.String, "way": pl.String, "score": pl.Int64, "parts": pl.String,
}  # fmt: skip
ASKED = {"survey": pl.String, "from_on": pl.Date, "to_on": pl.Date, "department": pl.String, "asked": pl.Int64}


def slips(*told: tuple[int, str | None, int]) -> pl.DataFrame:
    """Make slips of (day of November 2026, unit, score); day 0 is 31 October, day 31 is 1 December."""
    rows = [
        {"survey": "kiosk", "slip": str(n), "answered_on": date.fromordinal(date(2026, 10, 31).toordinal() + day),
         "department": unit, "field": "Đất đai" if unit else None, "score": score}
        for n, (day, unit, score) in enumerate(told)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=SLIPS)


def asked(*told: tuple[str, date, date, str | None, int]) -> pl.DataFrame:
    return pl.DataFrame(told, schema=ASKED, orient="row")


MADE = slips((0, "A", 1), (1, "A", 5), (1, "A", 4), (15, "B", 3), (30, "B", 2), (30, None, 1), (31, "A", 1))


def test_a_period_holds_its_first_and_its_last_day_and_satisfied_begins_at_four() -> None:
    assert counts(MADE, NOVEMBER, ALL).row(0) == (5, 2, 1, 1, 1, 1, 1)


def test_units_are_told_apart_and_slips_without_one_stand_last() -> None:
    told = counts(MADE, NOVEMBER, ALL, ["department"])
    assert told.select("department", "n", "satisfied").rows() == [("A", 2, 2), ("B", 2, 0), (None, 1, 0)]


def test_a_reader_counts_the_slips_of_the_own_units_alone() -> None:
    assert counts(MADE, NOVEMBER, Scope.of("B"))["n"].item() == 2
    assert counts(MADE, NOVEMBER, Scope.of())["n"].item() == 0
    assert counts(MADE, NOVEMBER, ALL, filters=Filters(department=("A",)))["n"].item() == 2


def test_of_no_slips_there_are_noughts_and_no_lines() -> None:
    assert counts(slips(), NOVEMBER, ALL).row(0) == (0, 0, 0, 0, 0, 0, 0)
    assert counts(slips(), NOVEMBER, ALL, ["department"]).is_empty()


@given(some.lists(some.tuples(some.integers(0, 31), some.sampled_from(["A", "B", None]), some.integers(1, 5))))
def test_levels_units_and_the_whole_add_up(told: list[tuple[int, str | None, int]]) -> None:
    made = slips(*told)
    whole = counts(made, NOVEMBER, ALL).row(0, named=True)
    assert sum(whole[f"score_{score}"] for score in range(1, 6)) == whole["n"]
    assert whole["score_4"] + whole["score_5"] == whole["satisfied"]
    assert counts(made, NOVEMBER, ALL, ["department"])["n"].sum() == whole["n"]


FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


def test_a_response_is_of_the_stretches_of_which_it_is_known_how_many_were_asked() -> None:
    assert response(MADE, asked(), NOVEMBER) is None
    told = asked(("kiosk", FIRST, date(2026, 11, 15), None, 30))
    assert response(MADE, told, NOVEMBER) == Response(3, 30)  # the slips of 30 November are of no such stretch
    assert response(MADE, asked(("web", FIRST, LAST, None, 30)), NOVEMBER) == Response(0, 30)
    assert Response(3, 30).rate == 0.1


def test_a_stretch_that_reaches_out_of_the_period_says_nothing_of_it() -> None:
    assert response(MADE, asked(("kiosk", FIRST, date(2026, 12, 1), None, 30)), NOVEMBER) is None
    assert response(MADE, asked(("kiosk", date(2026, 10, 31), LAST, None, 30)), NOVEMBER) is None


def test_what_is_said_of_all_together_goes_before_what_is_said_of_single_units() -> None:
    told = asked(("kiosk", FIRST, LAST, None, 50), ("kiosk", FIRST, LAST, "A", 8), ("kiosk", FIRST, LAST, "B", 9))
    assert response(MADE, told, NOVEMBER) == Response(5, 50)
    assert response(MADE, told, NOVEMBER, "A") == Response(2, 8)
    assert response(MADE, told.tail(2), NOVEMBER) == Response(4, 17)  # the slip without a unit is of neither
    assert response(MADE, told.head(1), NOVEMBER, "A") is None


def test_a_slip_of_units_that_merged_answers_once_however_many_of_them_asked() -> None:
    whole, half = ("kiosk", FIRST, LAST, "A", 8), ("kiosk", FIRST, date(2026, 11, 15), "A", 9)
    assert response(MADE, asked(whole, whole, half), NOVEMBER) == Response(2, 25)
    assert response(MADE, asked(half, whole), NOVEMBER, "A") == Response(2, 17)


def test_more_answers_than_people_asked_is_no_rate() -> None:
    assert Response(5, 4).rate is None
    assert Response(0, 0).rate is None
    assert Response(4, 4).rate == 1.0


@pytest.mark.parametrize(
    ("satisfied", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0),
    ],
)
def test_the_interval_is_wilsons_as_published(satisfied: int, n: int, low: float, high: float) -> None:
    found = interval(satisfied, n, below=400)
    assert found is not None
    assert found[0] == pytest.approx(low, abs=5e-5)
    assert found[1] == pytest.approx(high, abs=5e-5)


def test_of_none_and_of_many_no_interval_is_said() -> None:
    assert interval(0, 0, below=400) is None
    assert interval(390, 400, below=400) is None
    assert interval(390, 399, below=400) is not None


def test_what_is_no_part_of_its_whole_has_no_interval() -> None:
    assert interval(45, 30, below=400) is None  # asked for papers this week, most of them received before it
    assert interval(-3, 30, below=400) is None  # more days were used than the promises had
    assert interval(30, 30, below=400) is not None
