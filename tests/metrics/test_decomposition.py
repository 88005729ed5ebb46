"""Why a figure changed: worked by hand, and the law that the parts sum to the change without anything left over."""

from __future__ import annotations

from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.decomposition import Cell, cells_of, merged, of_count, of_rate

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
