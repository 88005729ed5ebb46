"""Why a figure changed: worked by hand, and the law that the parts sum to the change without anything left over."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.cube import COLUMNS, DIMENSIONS
from metrics.decomposition import Cell, Change, asked, cells_of, merged, of_count, of_rate
from metrics.heard import Question
from metrics.maps import MAP
from metrics.scope import Period, Scope
from metrics.stock_moves import CAME, Way, moves
from tests.metrics.province import cube_of, day, dossier, facts_of, halt, letter
from tests.metrics.test_figures import DAYS, START, dossiers

ZERO = Fraction(0)
EASY, HARD, NEW = "Sở Dễ", "Sở Khó", "Sở Mới"


def test_only_performance_changed() -> None:
    found = of_rate([Cell(EASY, (45, 50), (50, 50)), Cell(HARD, (40, 50), (40, 50))])
    assert found is not None
    assert (found.change, found.performance, found.mix, found.volume) == (
        Fraction(-1, 20),
        Fraction(-1, 20),
        ZERO,
        ZERO,
    )
    assert [part.performance for part in found.parts] == [Fraction(-1, 20), 0]


def test_only_the_mix_changed() -> None:
    """Easy work keeps all its promises, hard work half of them; a fifth of all moves from easy to hard."""
    found = of_rate([Cell(EASY, (60, 60), (80, 80)), Cell(HARD, (20, 40), (10, 20))])
    assert found is not None
    assert (found.change, found.mix, found.performance) == (
        Fraction(-1, 10),
        Fraction(-1, 10),
        ZERO,
    )
    # The middle of the two rates is 85 %: easy lies 15 points above and lost a fifth; hard 35 below and gained it.
    assert [part.mix for part in found.parts] == [
        Fraction(-1, 5) * Fraction(15, 100),
        Fraction(1, 5) * Fraction(-35, 100),
    ]


def test_more_of_the_same_work_does_not_move_a_rate() -> None:
    found = of_rate([Cell(EASY, (160, 200), (80, 100)), Cell(HARD, (20, 40), (10, 20))])
    assert found is not None
    assert [part.total for part in found.parts] == [0, 0]


def test_both_changed_worked_by_hand() -> None:
    found = of_rate([Cell(EASY, (54, 60), (80, 80)), Cell(HARD, (24, 40), (10, 20))])
    assert found is not None
    easy, hard = found.parts  # 90/100 before, 78/100 now
    assert easy.performance == Fraction(7, 10) * Fraction(-1, 10) and hard.performance == Fraction(3, 10) * Fraction(
        1, 10
    )
    assert easy.mix == Fraction(-1, 5) * (Fraction(95, 100) - Fraction(84, 100)) and hard.mix == Fraction(1, 5) * (
        Fraction(55, 100) - Fraction(84, 100)
    )
    assert found.mix + found.performance == found.change == Fraction(-12, 100)


def test_a_new_procedure_and_one_that_went_are_mix_alone() -> None:
    found = of_rate([Cell(EASY, (50, 50), (50, 50)), Cell(NEW, (10, 50), (0, 0)), Cell(HARD, (0, 0), (10, 20))])
    assert found is not None
    assert found.performance == 0
    assert found.mix == found.change == Fraction(60, 100) - Fraction(60, 70)


def test_what_stands_above_the_line_alone_is_not_lost() -> None:
    """Supplements asked this week of dossiers received in another: a cell with a numerator and nothing under it."""
    found = of_rate([Cell(EASY, (5, 50), (5, 50)), Cell(HARD, (3, 0), (0, 0))])
    assert found is not None
    assert (found.mix, found.change) == (Fraction(3, 50), Fraction(3, 50))


def test_a_rate_of_nothing_has_no_change() -> None:
    assert of_rate([Cell(EASY, (0, 0), (5, 9))]) is None
    assert of_rate([]) is None


def test_only_volume_changed() -> None:
    found = of_count([Cell(EASY, (10, 200), (5, 100)), Cell(HARD, (40, 100), (20, 50))])
    assert (found.change, found.volume, found.mix, found.performance) == (
        Fraction(25),
        Fraction(25),
        ZERO,
        ZERO,
    )


def test_a_count_worked_by_hand() -> None:
    """100 due, 10 late → 200 due, 40 late: in one cell there is no mix. Volume 100 × (0,1 + 0,2)/2, performance
    0,1 × (100 + 200)/2."""
    found = of_count([Cell(EASY, (40, 200), (10, 100))])
    assert (found.volume, found.mix, found.performance) == (Fraction(15), ZERO, Fraction(15))


def test_each_cell_of_a_count_sums_to_its_own_change() -> None:
    cells = [Cell(EASY, (3, 60), (0, 80)), Cell(HARD, (20, 40), (10, 20)), Cell(NEW, (4, 9), (0, 0))]
    found = of_count(cells)
    assert [part.total for part in found.parts] == [3, 10, 4]
    assert found.parts[2].performance == 0  # what is new has not become worse


def test_a_count_from_nothing_is_volume() -> None:
    found = of_count([Cell(EASY, (4, 20), (0, 0)), Cell(HARD, (0, 5), (0, 0))])
    assert [(part.volume, part.mix, part.performance) for part in found.parts] == [
        (Fraction(4), ZERO, ZERO),
        (ZERO, ZERO, ZERO),
    ]


def test_a_count_outside_its_base_is_refused() -> None:
    with pytest.raises(ValueError, match="Sở Dễ"):
        of_count([Cell(EASY, (3, 0), (0, 5))])


@st.composite
def shares(draw: st.DrawFn) -> tuple[int, int]:
    base = draw(st.integers(0, 5_000))
    return draw(st.integers(0, base)), base


SOME = st.lists(st.tuples(shares(), shares()), max_size=30)


@given(SOME)
def test_the_parts_sum_to_the_change(pairs: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    cells = [Cell(f"C{i}", *pair) for i, pair in enumerate(pairs)]
    rate, count = of_rate(cells), of_count(cells)
    now, before = ([sum(pair[i][j] for pair in pairs) for j in (0, 1)] for i in (0, 1))
    assert (rate is None) == (not now[1] or not before[1])
    if rate is not None:
        assert (
            sum(part.total for part in rate.parts)
            == rate.change
            == Fraction(now[0], now[1]) - Fraction(before[0], before[1])
        )
        assert abs(float(rate.mix) + float(rate.performance) - float(rate.change)) < 1e-12
    assert sum(part.total for part in count.parts) == count.change == now[0] - before[0]
    assert [part.total for part in count.parts] == [n - n0 for (n, _), (n0, _) in pairs]


@given(SOME)
def test_turned_round_the_parts_change_their_sign(pairs: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Neither period is the yardstick."""
    there = [Cell(None, now, before) for now, before in pairs]
    back = [Cell(None, before, now) for now, before in pairs]
    assert [(p.volume, p.mix, p.performance) for p in of_count(there).parts] == [
        (-p.volume, -p.mix, -p.performance) for p in of_count(back).parts
    ]
    one, other = of_rate(there), of_rate(back)
    assert (one is None) == (other is None)
    if one and other:
        assert [(p.mix, p.performance) for p in one.parts] == [(-p.mix, -p.performance) for p in other.parts]


@given(SOME, st.integers(2, 50))
def test_small_cells_together_change_nothing_of_the_whole(
    pairs: list[tuple[tuple[int, int], tuple[int, int]]], fewest: int
) -> None:
    cells = [Cell(f"C{i}", *pair) for i, pair in enumerate(pairs)]
    few = merged(cells, fewest)
    assert sum(cell.several for cell in few) == len(cells)
    assert of_count(few).change == of_count(cells).change
    whole, together = of_rate(cells), of_rate(few)
    assert (whole and whole.change) == (together and together.change)


def test_one_small_cell_keeps_its_name() -> None:
    cells = [Cell(EASY, (40, 50), (1, 2)), Cell(HARD, (1, 2), (1, 3))]
    assert merged(cells, 20) == cells
    assert merged([*cells, Cell(None, (0, 1), (0, 0))], 20) == [cells[0], Cell(None, (1, 3), (1, 3), 2)]


# Planted truth: two weeks of daily counts in which one thing alone was changed, found again through the cube.

FIRST, SECOND = Period(date(2026, 3, 2), date(2026, 3, 8)), Period(date(2026, 3, 9), date(2026, 3, 15))


def planted(*weeks: dict[tuple[str, str], tuple[int, int]]) -> pl.DataFrame:
    """Count (met, due) of each unit and procedure on the Wednesday of each week."""
    rows = [
        (period.start + timedelta(days=2), unit, procedure, event, n)
        for period, week in zip((FIRST, SECOND), weeks, strict=True)
        for (unit, procedure), (met, due) in week.items()
        for event, n in (("due", due), ("due_met", met), ("received", due))
        if n
    ]
    told = pl.DataFrame(rows, schema=["day", "department", "procedure", "event", "n"], orient="row")
    plain = {name: pl.lit(None, pl.String) for name in DIMENSIONS if name not in ("department", "procedure")}
    return told.with_columns(**plain, map=pl.lit(None, MAP), has_due=pl.lit(True)).select(COLUMNS)


CALM = {("Sở A", "P1"): (90, 100), ("Sở A", "P2"): (20, 40), ("Sở B", "P1"): (54, 60)}


@pytest.mark.parametrize(
    ("week", "which"),
    [
        ({key: (3 * met, 3 * due) for key, (met, due) in CALM.items()}, "volume"),
        (CALM | {("Sở A", "P2"): (10, 40)}, "performance"),
        ({("Sở A", "P1"): (36, 40), ("Sở A", "P2"): (50, 100), ("Sở B", "P1"): (54, 60)}, "mix"),
    ],
)
def test_what_was_planted_is_found(week: dict[tuple[str, str], tuple[int, int]], which: str) -> None:
    count, rate = split(week, "procedure", "due_missed"), split(week, "procedure", "on_time_due")
    assert {name for name in ("volume", "mix", "performance") if getattr(count, name)} == {which}
    assert {name for name in ("mix", "performance") if getattr(rate, name)} == {which} - {"volume"}


def test_work_that_moves_within_a_unit_is_seen_by_procedure_alone() -> None:
    week = {("Sở A", "P1"): (36, 40), ("Sở A", "P2"): (50, 100), ("Sở B", "P1"): (54, 60)}
    found = split(week, "department", "on_time_due")
    assert (found.mix, found.performance) == (ZERO, found.change)


def split(week: dict[tuple[str, str], tuple[int, int]], by: str, metric: str) -> Change:
    frame, day_after = planted(CALM, week), SECOND.end + timedelta(days=9)
    now, before = (Question(period, day_after, Scope.province()) for period in (SECOND, FIRST))
    cells = asked(frame, now, before, by, metric)
    found = of_count(cells) if metric == "due_missed" else of_rate(cells)
    assert found is not None
    return found


def test_a_figure_that_cannot_be_split_is_named() -> None:
    empty = pl.DataFrame({"department": []}, schema={"department": pl.String})
    with pytest.raises(ValueError, match='cannot split "pending"; known: on_time_due'):
        cells_of(empty, empty, "department", "pending")


def test_cells_of_two_periods_lie_side_by_side_also_where_no_name_is_known() -> None:
    now = pl.DataFrame({"field": [None, "A"], "due": [3, 9], "due_met": [1, 9]})
    before = pl.DataFrame({"field": ["B", None], "due": [4, 5], "due_met": [4, 0]})
    assert cells_of(now, before, "field", "on_time_due") == [
        Cell("A", (9, 9), (0, 0)), Cell(None, (1, 3), (0, 5)), Cell("B", (0, 0), (4, 4)),
    ]  # fmt: skip


# The overdue stock.

WEEK = (date(2026, 3, 9), date(2026, 3, 15))


def ways(*rows: dict[str, Any]) -> dict[str, Way]:
    found = moves(facts_of(*rows), *WEEK)
    return {
        f"{code} {on}": Way(way) for code, on, way in found.select("code", pl.col("event_on").dt.day(), "way").rows()
    }


def test_each_way_in_and_out_by_hand() -> None:
    assert ways(
        dossier("due", "processing", received="2026-03-02", due="2026-03-10"),
        dossier("due-and-done", "resolved", received="2026-03-02", due="2026-03-10", resolved="2026-03-13"),
        dossier("old-done", "resolved", received="2026-02-02", due="2026-02-10", resolved="2026-03-12"),
        dossier("old-withdrawn", "withdrawn", received="2026-02-02", due="2026-02-10", resolved="2026-03-12"),
        dossier("in-time", "resolved", received="2026-03-02", due="2026-03-10", resolved="2026-03-10"),
        dossier("last-week", "processing", received="2026-03-02", due="2026-03-06"),
        dossier("next-week", "processing", received="2026-03-02", due="2026-03-15"),
        dossier("late-at-once", "processing", received="2026-03-11", due="2026-03-04"),
    ) == {
        "due 11": Way.FELL_DUE, "due-and-done 11": Way.FELL_DUE, "due-and-done 13": Way.RESOLVED,
        "old-done 12": Way.RESOLVED, "old-withdrawn 12": Way.WITHOUT_RESULT, "late-at-once 11": Way.RECEIVED_LATE,
    }  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(dossiers(), st.integers(-3, DAYS), st.integers(0, 20))
def test_what_came_less_what_left_is_what_the_stock_moved(rows: list[dict[str, Any]], begin: int, days: int) -> None:
    first = START + timedelta(days=begin)
    last = first + timedelta(days=days)
    frame, book = cube_of(*rows), moves(facts_of(*rows), first, last)
    late = pl.col("event").cast(pl.String).is_in(["overdue_1_3", "overdue_4_10", "overdue_11_30", "overdue_over_30"])
    counted = frame.filter(
        late, pl.col("day").is_between(first, last), pl.col("map").is_null() | (pl.col("map") == "today")
    )
    net = book.select(pl.when(pl.col("way").is_in([w.value for w in CAME])).then(1).otherwise(-1).sum()).item()
    assert (net or 0) == counted["n"].sum()


def test_a_pause_and_a_new_promise_take_a_dossier_out() -> None:
    paused = dossier("paused", "supplement", received="2026-02-20", due="2026-03-12", halts=[halt("2026-03-11", None)])
    assert ways(paused) == {}  # it stood still before its day came
    told = dossier(
        "told",
        "processing",
        received="2026-02-20",
        due="2026-03-20",
        letters=[letter("2026-03-04", "2026-03-06", "2026-03-20")],
    )
    assert ways(told) == {}
    assert day("2026-03-09") == WEEK[0]
