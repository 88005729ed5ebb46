"""Rows are one dossier when they share a code, the own one or the other one; no code is ever parsed."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import polars as pl

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
    assert pairs([("H99-1", "QG-7")], [("000.H99-1", "QG-7")]) == {("H99-1", "000.H99-1")}


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


def test_rows_hang_together_through_others() -> None:
    # A: 1 (other 2), B: 2 (other 3), A: 3 – and a fourth row of B that shares nothing
    rows = paired(frame(one("1", 12, other_code="2"), one("3", 12)), frame(one("2", 12, other_code="3"), one("9", 12)))
    assert set(rows.select("a_code", "b_code", "copies_a", "copies_b").rows()) == {("1", "2", 2, 1), (None, "9", 0, 1)}


def test_an_other_code_that_many_carry_names_nobody() -> None:
    ours = [(f"A{i}", "0") for i in range(3)]
    assert len(pairs(ours, [("B1", "0"), ("0", None)])) == 5
    # two with one other code are one dossier sent twice
    assert pairs(ours[:2], [("0", None)]) == {("A0", "0")}


def test_a_long_chain_is_followed_to_its_end() -> None:
    chain = [(str(i), str(i + 1)) for i in range(0, 40, 2)]
    between = [(str(i), str(i + 1)) for i in range(1, 41, 2)]
    ours = frame(*(one(code, 12, other_code=other) for code, other in chain))
    theirs = frame(*(one(code, 12, other_code=other) for code, other in between))
    (row,) = paired(ours, theirs).to_dicts()
    assert (row["copies_a"], row["copies_b"]) == (20, 20)


def test_nothing_pairs_with_nothing() -> None:
    assert paired(frame(), frame()).is_empty()
    assert paired(frame(one("1", 12)), frame()).select("a_code", "copies_b").rows() == [("1", 0)]
    assert isinstance(paired(frame(), frame(one("1", 12))), pl.DataFrame)
