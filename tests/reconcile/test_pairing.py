"""Rows are one dossier when one code says so, and none when the codes say more than one; no code is ever parsed."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.pairing import paired
from tests.reconcile.made import day, frame, one

Codes = Sequence[tuple[str, str | None]]


def pairs(a: Codes, b: Codes) -> set[tuple[str | None, str | None]]:
    """Pair rows given as (code, other code); gives (code in A, code in B)."""
    ours, theirs = (frame(*(one(code, 12, other_code=other) for code, other in side)) for side in (a, b))
    return set(paired(ours, theirs).select("a_code", "b_code").rows())


def test_the_same_code_is_one_dossier() -> None:
    assert pairs([("H99-1", None), ("H99-2", None)], [("H99-2", None), ("H99-3", None)]) == {
        ("H99-1", None), ("H99-2", "H99-2"), (None, "H99-3"),
    }  # fmt: skip


def test_either_source_may_know_the_other_code() -> None:
    assert pairs([("H99-1", "000.H99-1")], [("000.H99-1", None)]) == {("H99-1", "000.H99-1")}
    assert pairs([("H99-1", None)], [("000.H99-1", "H99-1")]) == {("H99-1", "000.H99-1")}
    assert pairs([("H99-1", "QG-2026-7")], [("000.H99-1", "QG-2026-7")]) == {("H99-1", "000.H99-1")}


def test_codes_that_look_alike_are_not_one() -> None:
    assert len(pairs([("000.00.00.H01-210101-0001", None)], [("H01-210101-0001", None), ("H01-210101-1", None)])) == 3


def test_decomposed_letters_and_blanks_make_no_other_code() -> None:
    code = "HĐ-Ấp-1"
    assert pairs([(code, None)], [(f" {unicodedata.normalize('NFD', code)} ", None)]) == {
        (code, f" {unicodedata.normalize('NFD', code)} ")
    }


def test_an_empty_other_code_pairs_nothing() -> None:
    assert len(pairs([("1", ""), ("2", " ")], [("3", ""), ("4", None)])) == 4


def test_one_dossier_twice_in_one_source_is_one_and_its_copies_are_counted() -> None:
    ours = frame(one("NEW-1", 12, other_code="OLD-1"), one("OLD-1", 12, closed=11))
    theirs = frame(one("NEW-1", 12))
    (row,) = paired(ours, theirs).to_dicts()
    assert (row["copies_a"], row["copies_b"]) == (2, 1)
    assert (row["a_code"], row["a_closed_on"]) == ("OLD-1", day(11))  # the closed one stands for both


def linked(a: Codes, b: Codes) -> dict[str, tuple[str | None, str | None]]:
    """Give the first code of each dossier → link, link_code."""
    ours, theirs = (frame(*(one(code, 12, other_code=other) for code, other in side)) for side in (a, b))
    rows = paired(ours, theirs).select(pl.coalesce("a_code", "b_code"), "link", "link_code")
    return {code: (link, by) for code, link, by in rows.rows()}


def test_every_pair_says_by_which_code_it_is_one() -> None:
    ours = [("H99-1", "H99-77"), ("H99-2", "H77-2"), ("H99-3", "QG-2026-3"), ("H99-4", None)]
    theirs = [("H99-1", None), ("H77-2", None), ("000-3", "QG-2026-3"), ("H99-9", "H99-99")]
    assert linked(ours, theirs) == {
        "H99-1": ("code", "H99-1"), "H99-2": ("named", "H77-2"), "H99-3": ("shared", "QG-2026-3"),
        "H99-4": (None, None), "H99-9": (None, None),
    }  # fmt: skip


def test_two_dossiers_that_name_one_code_of_the_other_source_stay_two_and_the_open_one_is_seen() -> None:
    ours = frame(one("H99-1", 12, other_code="QG-77"), one("H99-2", 12, closed=11, other_code="QG-77"))
    rows = paired(ours, frame(one("QG-77", 12)))
    assert rows.select("a_code", "b_code", "copies_a", "copies_b", "link", "link_code").rows() == [
        ("H99-1", None, 1, 0, "ambiguous", "QG-77"), ("H99-2", None, 1, 0, "ambiguous", "QG-77"),
        (None, "QG-77", 0, 1, "ambiguous", "QG-77"),
    ]  # fmt: skip


def test_one_own_code_in_both_sources_is_sure_whoever_else_names_it() -> None:
    ours = [("H99-1", None), ("H99-2", "H99-1"), ("H99-3", "H99-1")]
    assert linked(ours, [("H99-1", None)]) == {
        "H99-1": ("code", "H99-1"), "H99-2": ("ambiguous", "H99-1"), "H99-3": ("ambiguous", "H99-1"),
    }  # fmt: skip
    # without a second source there is nothing to be ambiguous about, and three dossiers stay three
    assert linked(ours, []) == dict.fromkeys(("H99-1", "H99-2", "H99-3"), (None, None))


def test_a_third_row_does_not_tie_two_dossiers_of_one_source_together() -> None:
    # A: 1 (names 2), B: 2 (names 3), A: 3. Whether 1 and 3 are one dossier nobody says.
    ours, theirs = [("H99-1", "H99-2"), ("H99-3", None)], [("H99-2", "H99-3"), ("H99-9", None)]
    assert linked(ours, theirs) == {
        "H99-1": ("ambiguous", "H99-2"), "H99-2": ("ambiguous", "H99-2"), "H99-3": ("ambiguous", "H99-3"),
        "H99-9": (None, None),
    }  # fmt: skip


def test_a_dossier_that_was_given_another_code_twice_is_followed() -> None:
    ours = frame(one("H99-3", 12, other_code="H99-2"), one("H99-2", 12, other_code="H99-1"), one("H99-1", 12))
    (row,) = paired(ours, frame(one("H99-1", 12))).to_dicts()
    assert (row["copies_a"], row["copies_b"], row["link"], row["link_code"]) == (3, 1, "code", "H99-1")


NOBODY = ("0", "-", "N/A", "n/a", "không", "không có", "null", "0000", "00-00-00", "X1", "....1", "chưa có 2026")


@pytest.mark.parametrize("filler", NOBODY)
def test_what_is_written_where_there_is_no_other_code_pairs_no_strangers(filler: str) -> None:
    assert linked([("H99-1", filler)], [("H99-2", filler)]) == {"H99-1": (None, None), "H99-2": (None, None)}
    assert linked([("H99-1", filler), ("H99-2", filler)], [("H99-3", None)]).keys() == {"H99-1", "H99-2", "H99-3"}


def test_a_filler_that_is_somebodys_code_pairs_nothing_either() -> None:
    assert linked([("H99-1", "0")], [("0", None)]) == {"H99-1": (None, None), "0": (None, None)}
    # a real code with a blank in it does
    assert linked([("H99-1", "QG 2026 1")], [("QG 2026 1", None)]) == {"H99-1": ("named", "QG 2026 1")}


def test_a_word_on_many_rows_that_is_nobodys_code_names_nobody() -> None:
    ours = [(f"H99-{i}", "LO-2026-11") for i in range(3)]
    assert set(linked(ours, [("H77-1", "LO-2026-11")]).values()) == {(None, None)}
    # on two rows it may be the code of a third system: nobody can tell whose
    assert set(linked(ours[:2], [("H77-1", "LO-2026-11")]).values()) == {("ambiguous", "LO-2026-11")}


CODES = st.sampled_from(["H99-1", "H99-2", "H99-3", "H77-1", "H77-2", "QG-2026-1", "QG-2026-2"])
OTHERS = st.one_of(st.none(), CODES, st.sampled_from(["0", "N/A", "LO-2026-11"]))
SOURCE = st.dictionaries(CODES, OTHERS, max_size=6)


@given(SOURCE, SOURCE)
def test_whatever_the_codes_are_nothing_is_lost_and_no_stranger_hides_another(
    a: dict[str, str | None], b: dict[str, str | None]
) -> None:
    ours, theirs = (frame(*(one(code, 12, other_code=other) for code, other in s.items())) for s in (a, b))
    rows = paired(ours, theirs)
    assert (rows["copies_a"].sum(), rows["copies_b"].sum()) == (len(a), len(b)), "every row is in one dossier"
    assert set(rows.filter(pl.col("copies_a") > 0)["a_code"]) <= set(a)
    for row in rows.to_dicts():
        _explained(row, a, b)


def _explained(row: dict[str, Any], a: dict[str, str | None], b: dict[str, str | None]) -> None:
    """Hold one dossier to the rule: a code that says why, and more rows than one only where one names the other."""
    mine, theirs, by = row["a_code"], row["b_code"], row["link_code"]
    for code, source, copies in ((mine, a, row["copies_a"]), (theirs, b, row["copies_b"])):
        named = code is not None and (source[code] in source or code in source.values())
        assert copies <= 1 or named, f"{code} stands for {copies} rows that do not name each other"
    if row["link"] in (None, "ambiguous"):
        assert (mine is None) != (theirs is None), "alone"
        assert row["link"] is None or row["copies_a"] + row["copies_b"] == 1
        return
    has = {"code": by in a and by in b, "shared": by in a.values() and by in b.values()}
    has["named"] = (by in a and by in b.values()) or (by in b and by in a.values())
    assert mine is not None, row
    assert theirs is not None, row
    assert has[row["link"]], f"paired by {by}, which does not tie {mine} and {theirs}"


@given(SOURCE, SOURCE)
def test_the_order_of_the_rows_and_of_the_sources_changes_no_pair(
    a: dict[str, str | None], b: dict[str, str | None]
) -> None:
    forth, back = list(a.items()), list(b.items())
    assert pairs(forth, back) == pairs(forth[::-1], back[::-1])
    assert pairs(forth, back) == {(mine, theirs) for theirs, mine in pairs(back, forth)}


def test_nothing_pairs_with_nothing() -> None:
    assert paired(frame(), frame()).is_empty()
    assert paired(frame(one("1", 12)), frame()).select("a_code", "copies_b").rows() == [("1", 0)]
    assert isinstance(paired(frame(), frame(one("1", 12))), pl.DataFrame)
