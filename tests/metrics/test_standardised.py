"""Like with like over the province, and where parts and whole contradict each other: worked by hand, and its laws."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.decomposition import Cell, of_rate
from metrics.intervals import wilson
from metrics.standardised import Standardised, Stratum, reversal, standardised, weighed

RULES = {"nearly": 0.9, "gap": 0.005}


def counts(*rows: tuple[str | None, str | None, int, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["department", "procedure", "due", "due_met"], orient="row")


#: Four units; P1 is easy, P2 hard. A does mostly hard work, D mostly easy work.
FOUR = counts(
    ("A", "P1", 20, 20), ("A", "P2", 80, 64), ("B", "P1", 100, 95), ("B", "P2", 50, 35),
    ("C", "P1", 100, 95), ("C", "P2", 50, 35), ("D", "P1", 180, 162), ("D", "P2", 20, 12),
)  # fmt: skip


def of(
    name: str, frame: pl.DataFrame = FOUR, *, fewest: int = 20, others: int = 3, covered: float = 0.1
) -> Standardised:
    return {each.department: each for each in standardised(frame, fewest=fewest, others=others, covered=covered)}[name]


def test_a_unit_of_hard_work_is_told_by_the_mix_of_the_province() -> None:
    """400 of the province's 600 are P1: A keeps 2/3 × 100 % + 1/3 × 80 % = 93,3 %, raw 84 %; D 80 %, raw 87 %."""
    a, d = of("A"), of("D")
    assert a.told is not None and d.told is not None
    assert (a.met, a.due, d.met, d.due) == (84, 100, 174, 200)
    assert a.told.share == pytest.approx((400 + 160) / 600)
    assert d.told.share == pytest.approx((400 * 0.9 + 200 * 0.6) / 600)
    assert a.told.province == d.told.province == pytest.approx((372 + 146) / 600)
    assert (a.covered, a.left_procedures, a.few_procedures) == (1.0, 0, 0)


def test_the_interval_is_put_together_from_those_of_the_procedures() -> None:
    told = of("A").told
    assert told is not None
    easy, hard = wilson(20, 20), wilson(64, 80)
    below = sqrt((2 / 3 * (1 - easy[0])) ** 2 + (1 / 3 * (0.8 - hard[0])) ** 2)
    assert told.low == pytest.approx(14 / 15 - below)
    assert told.low < told.share < told.high <= 1


def test_small_procedures_are_told_as_one_and_those_of_too_few_others_are_left_out() -> None:
    frame = pl.concat([
        FOUR,
        counts(
            ("A", "P3", 12, 12), ("B", "P3", 30, 15), ("C", "P3", 30, 15), ("D", "P3", 28, 14),
            ("A", "P4", 8, 0), ("B", "P4", 10, 10), ("C", "P4", 10, 10), ("D", "P4", 10, 10),
            ("A", "P5", 500, 0), ("B", "P5", 500, 500), (None, "P1", 5, 5), ("A", None, 9, 9),
        ),
    ])  # fmt: skip
    a = of("A", frame)
    assert (a.few_procedures, a.few_due) == (2, 20)  # P3 and P4
    assert (a.left_procedures, a.left_due) == (2, 509)  # P5, which one other unit does, and what names none
    whole = 600 + 5 + 100 + 38 + 1000 + 9
    assert a.covered == pytest.approx((605 + 138) / whole)
    assert a.told is not None
    weights = 405 * 1 + 200 * 0.8 + 138 * (12 / 20)
    assert a.told.share == pytest.approx(weights / 743)
    assert of("A", frame, covered=0.9).told is None
    assert of("A", frame, fewest=25).few_procedures == 3  # P1 joins them


def test_too_few_small_ones_together_are_left_out() -> None:
    frame = pl.concat(
        [FOUR, counts(("A", "P3", 12, 12), ("B", "P3", 30, 15), ("C", "P3", 30, 15), ("D", "P3", 28, 14))]
    )
    a = of("A", frame)
    assert (a.few_procedures, a.left_procedures, a.left_due) == (0, 1, 12)


def test_no_neighbour_can_be_reckoned() -> None:
    """Of three units each has two others: what the province keeps less one's own would be near to a neighbour's."""
    three = FOUR.filter(pl.col("department") != "D")
    assert all(
        each.told is None and each.covered == 0 for each in standardised(three, fewest=20, others=3, covered=0.0)
    )
    assert standardised(three.clear(), fewest=20, others=3, covered=0.0) == []


def test_a_reader_of_several_units_cannot_take_them_away_from_the_province() -> None:
    for seen, told in ((("A",), True), (("A", "B"), False), (("A", "B", "C"), False), (("A", "B", "C", "D"), True)):
        found = standardised(FOUR, fewest=20, others=3, covered=0.1, seen=seen)
        assert [each.told is not None for each in found if each.department in seen] == [told] * len(seen)


PAIRS = st.lists(st.integers(0, 500).flatmap(lambda due: st.tuples(st.integers(0, due), st.just(due))), max_size=20)


@given(PAIRS)
def test_the_standardised_rate_of_the_province_is_its_raw_rate(pairs: list[tuple[int, int]]) -> None:
    told = weighed([Stratum(pair, pair) for pair in pairs])
    due = sum(due for _, due in pairs)
    assert (told is None) == (due == 0)
    if told is not None:
        raw = sum(met for met, _ in pairs) / due
        assert told.share == pytest.approx(raw, abs=1e-12) and told.province == pytest.approx(raw, abs=1e-12)
        assert 0 <= told.low <= told.share + 1e-12 and told.share - 1e-12 <= told.high <= 1


@given(st.integers(1, 40), st.lists(st.integers(1, 60), min_size=4, max_size=8))
def test_units_that_keep_the_same_of_each_procedure_are_alike_whatever_their_mix(scale: int, mixes: list[int]) -> None:
    """P1 is kept in all cases, P2 in half: by their own mix they differ, by the province's they do not."""
    easy = [(f"U{i}", "P1", mix * 20, mix * 20) for i, mix in enumerate(mixes)]
    frame = counts(*easy, *((f"U{i}", "P2", scale * 20, scale * 10) for i in range(len(mixes))))
    shares = [each.told for each in standardised(frame, fewest=20, others=3, covered=0.0)]
    province = int(frame["due_met"].sum()) / int(frame["due"].sum())
    assert [told and told.share for told in shares] == pytest.approx([province] * len(mixes))


#: Berkeley 1973, the six largest departments (Bickel, Hammel, O'Connell, Science 187, 1975): women and men admitted.
BERKELEY = [
    Cell("A", (89, 108), (512, 825)), Cell("B", (17, 25), (353, 560)), Cell("C", (202, 593), (120, 325)),
    Cell("D", (131, 375), (138, 417)), Cell("E", (94, 393), (53, 191)), Cell("F", (24, 341), (22, 373)),
]  # fmt: skip


def test_the_published_example_is_found() -> None:
    """Women were admitted more often in four of six departments, and less often in all: 30,4 % against 44,5 %."""
    assert reversal(BERKELEY, fewest=20, **RULES) is None  # four of six is not nearly all
    found = reversal(BERKELEY, fewest=20, nearly=0.6, gap=0.005)
    assert found is not None
    assert (found.better, found.parts, found.of, found.own, found.other) == (True, 4, 6, (557, 1835), (1198, 2691))
    change = of_rate(BERKELEY)
    assert change is not None and change.mix < change.change < 0 < change.performance  # and by the split: it is the mix


def test_the_reverse_is_found_too_and_few_dossiers_say_nothing() -> None:
    turned = [Cell(cell.name, cell.before, cell.now) for cell in BERKELEY]
    found = reversal(turned, fewest=20, nearly=0.6, gap=0.005)
    assert found is not None and (found.better, found.parts) == (False, 4)
    kidney = [Cell("small", (81, 87), (234, 270)), Cell("large", (192, 263), (55, 80))]  # Charig et al., BMJ 292 (1986)
    assert reversal(kidney, fewest=20, **RULES) is not None
    assert reversal(kidney, fewest=85, **RULES) is None  # 80 are too few: one part alone proves nothing
    assert reversal(kidney, fewest=20, nearly=0.9, gap=0.05) is None  # 78 % and 82,6 %
    assert reversal([], fewest=1, **RULES) is None


@given(st.lists(st.tuples(st.integers(20, 300), st.integers(20, 300)), min_size=2, max_size=8))
def test_with_one_mix_there_is_no_reversal(sizes: list[tuple[int, int]]) -> None:
    """The same shares of each part on both sides: what is better in each is better in the whole."""
    cells = [Cell(str(i), (met_of(due), 3 * due), (met_of(due) // 3, due)) for i, (due, _) in enumerate(sizes)]
    found = reversal(cells, fewest=1, **RULES)
    own = Fraction(sum(c.now[0] for c in cells), sum(c.now[1] for c in cells))
    other = Fraction(sum(c.before[0] for c in cells), sum(c.before[1] for c in cells))
    assert found is None and own >= other


def met_of(due: int) -> int:
    return 2 * due + 1
