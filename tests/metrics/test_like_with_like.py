"""Like with like, reductions, and the breaks of a chart: numbers worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from config.procedures import Allowed
from config.units import Known, Units
from metrics import alike, cuts
from metrics.charts_of_control import begun_at
from metrics.rulebook import Rulebook, load

DUE = pl.DataFrame(
    {
        "procedure": ["P1", "P2", "P3", "P1", "P1", "P2", "P4", None],
        "department": ["A", "A", "A", "B", "C", "B", "B", "B"],
        "due": [10, 30, 5, 60, 40, 50, 90, 7],
        "due_met": [9, 24, 5, 60, 35, 45, 90, 7],
    }
)


def test_the_others_are_told_as_if_they_had_the_work_of_this_unit() -> None:
    found = alike.beside(DUE, "A", fewest=20, others=1)
    assert (found.met, found.due) == (33, 40)  # P1 and P2; nobody else does P3
    assert found.others_share == pytest.approx((10 * 95 / 100 + 30 * 45 / 50) / 40)  # 91,25 %, not 140/150
    assert found.other_due == 150
    assert (found.left_procedures, found.left_due) == (1, 5)
    assert found.units == ("B", "C")
    assert found.procedures.rows() == [("P2", 30, 24, 50, 45, 1), ("P1", 10, 9, 100, 95, 2)]


def test_a_procedure_of_which_the_others_did_too_few_is_left_out() -> None:
    found = alike.beside(DUE, "A", fewest=60, others=1)
    assert found.procedures["procedure"].to_list() == ["P1"]
    assert (found.left_procedures, found.left_due) == (2, 35)
    assert found.units == ("B", "C")


def test_a_unit_whose_work_nobody_shares_is_beside_nobody() -> None:
    found = alike.beside(DUE, "A", fewest=1000, others=1)
    assert (found.others_share, found.due, found.units) == (None, 0, ())
    assert alike.beside(DUE, "Z", fewest=1, others=1).others_share is None


def test_a_reader_of_several_units_cannot_take_them_away_from_the_others() -> None:
    """P1 is done by A, B, C and D: whoever sees A and B would have left C and D, whoever sees A to D nothing hidden."""
    more = pl.DataFrame({"procedure": ["P1"], "department": ["D"], "due": [50], "due_met": [41]})
    told = {
        seen: alike.beside(pl.concat([DUE, more]), "A", fewest=20, others=3, seen=seen)
        .procedures["procedure"]
        .to_list()
        for seen in ((), ("A",), ("A", "B"), ("A", "B", "C"), ("A", "B", "C", "D"))
    }
    assert told == {
        (): ["P1"], ("A",): ["P1"], ("A", "B"): [], ("A", "B", "C"): [], ("A", "B", "C", "D"): ["P1"],
    }  # fmt: skip


def limits(*lines: tuple[str, str, str, str]) -> pl.DataFrame:
    told = tuple(
        Allowed(source, procedure, date(1990, 1, 1), statutory, committed, None, None, "", "")
        for source, procedure, statutory, committed in lines
    )
    book = load()
    return Rulebook(book.time, book.rules, told, book.units).limits


def test_a_reduction_is_the_mean_over_procedures() -> None:
    known = limits(
        ("", "P1", "10wd", "6wd"), ("", "P2", "20d", "15d"), ("", "P3", "0wd", ""), ("", "P4", "10wd", "16wh"),
        ("", "P5", "8wd", ""),
    )  # fmt: skip
    asked = pl.DataFrame({"source": ["s"] * 6, "procedure": [f"P{i}" for i in range(1, 7)], "received": [1] * 6})
    found = cuts.cut(cuts.in_force(asked, known, date(2026, 11, 20)))
    assert found.share == pytest.approx((0.4 + 0.25 + 0) / 3)
    assert (found.limited, found.shortened, found.odd) == (4, 2, 1)  # within the day there is nothing to cut


def test_where_sources_differ_the_limit_is_that_of_the_source_with_the_most_receipts() -> None:
    known = limits(("a", "P", "10wd", ""), ("b", "P", "20wd", ""))
    asked = pl.DataFrame({"source": ["a", "b"], "procedure": ["P", "P"], "received": [3, 9]})
    assert cuts.in_force(asked, known, date(2026, 1, 1))["statutory"].to_list() == [{"size": 20, "unit": "wd"}]


def test_no_limit_is_no_reduction() -> None:
    asked = pl.DataFrame({"source": ["a"], "procedure": ["P"], "received": [3]})
    assert cuts.cut(cuts.in_force(asked, limits(), date(2026, 1, 1))).share is None


MONDAYS = [date(2025, 6, 2) + timedelta(weeks=i) for i in range(10)]  # the sixth holds 7/7/2025


@pytest.mark.parametrize(
    ("at", "breaks", "first"),
    [
        (9, [], 0),
        (9, [date(2025, 7, 7)], 5),  # the break opens a week: that week is its first
        (9, [date(2025, 7, 9)], 6),  # it cuts a week through: only the next is whole
        (5, [date(2025, 7, 9)], 5),  # and the cut week itself has nothing before it
        (4, [date(2025, 7, 9)], 0),  # what is still to come breaks nothing
        (9, [date(2025, 6, 16), date(2025, 7, 7)], 5),
    ],
)
def test_limits_restart_at_the_last_break(at: int, breaks: list[date], first: int) -> None:
    assert begun_at(MONDAYS, at, 7, breaks) == first


def test_the_breaks_of_a_unit_are_those_of_what_it_took_over() -> None:
    last = date(2025, 6, 30)
    known = (Known("Xã C", "commune", "Huyện"), Known("Xã C", "commune", "Tỉnh", from_on=date(2025, 7, 1)))
    units = Units({"C": "Xã C"}, {"Xã A": (last, "Xã B"), "Xã B": (date(2026, 1, 1), "Xã C"), "X": (last, "Y")}, known)
    assert units.breaks_of("Xã C") == {
        date(2025, 7, 1): ("Xã A", "Xã C"),  # through B it is C's today; and C itself was told anew
        date(2026, 1, 2): ("Xã B",),
    }
    assert units.breaks_of("Y") == {date(2025, 7, 1): ("X",)}
    assert units.breaks_of("Z") == {}
    assert sum(len(names) for names in units.breaks_of(None).values()) == 3
