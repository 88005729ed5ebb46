"""Letters of apology that people recorded: they count from the day they were, and once, every number by hand."""

from __future__ import annotations

from datetime import date

import polars as pl

from metrics.explain import explain
from metrics.terms import Terms
from tests.metrics.asked import counted, one
from tests.metrics.province import BOOK, day, dossier, facts_of, letter, part

#: Received on Monday 2/3/2026, due on Thursday 12/3.
TOLD = {"received": "2026-03-02", "due": "2026-03-12", "seen": "2026-03-02"}
NUMBER = "7/XL-SXD"


def test_recorded_the_day_before_the_due_day_it_moves_the_promise_and_was_in_time() -> None:
    row = dossier("A", "processing", recorded=[("2026-03-11", "2026-03-10", "2026-03-20", NUMBER)], **TOLD)
    assert one(row)["due_on"] == day("2026-03-20")
    found = counted("2026-03-02", "2026-03-31", row)
    assert (found["letters_issued"], found["letters_owed"], found["extensions"]) == (1, 1, 1)
    assert found["letters_in_time_rate"] == {"numerator": 1, "denominator": 1, "value": 1.0}


def test_recorded_later_than_it_was_dated_it_counts_from_the_day_of_the_record() -> None:
    # Dated 10/3, which would have been in time; recorded on the due day 12/3, when the promise was no longer movable.
    on_the_day = dossier("A", "processing", recorded=[("2026-03-12", "2026-03-10", "2026-03-20", NUMBER)], **TOLD)
    late = dossier("B", "processing", recorded=[("2026-03-16", "2026-03-10", "2026-03-20", NUMBER)], **TOLD)
    assert [one(row)["due_on"] for row in (on_the_day, late)] == [day("2026-03-12")] * 2
    found = counted("2026-03-02", "2026-03-31", on_the_day, late)
    # Owed: A on 12/3 (its letter came first), B on Friday 13/3, the first day overdue; only A's was there by then.
    assert (found["letters_issued"], found["letters_owed"], found["extensions_not_counted"]) == (2, 2, 2)
    assert found["letters_in_time_rate"] == {"numerator": 1, "denominator": 2, "value": 0.5}


def test_told_by_the_source_and_recorded_here_with_the_same_number_and_day_it_counts_once() -> None:
    told = letter("2026-03-10", "2026-03-12", "2026-03-20")  # number 1/XL
    same = [("2026-03-16", "2026-03-10", "2026-03-20", " 1/ xl")]
    row = dossier("A", "processing", letters=[told], recorded=same, **TOLD)
    assert counted("2026-03-02", "2026-03-31", row)["letters_issued"] == 1
    assert one(row)["letters"] == [
        {"on": day("2026-03-10"), "due_on": day("2026-03-20"), "letter": "1/XL", "valid": True}
    ]
    for other in (
        ("2026-03-16", "2026-03-10", "2026-03-20", "2/XL"),
        ("2026-03-16", "2026-03-11", "2026-03-20", "1/XL"),
    ):
        both = dossier("A", "processing", letters=[told], recorded=[other], **TOLD)
        assert counted("2026-03-02", "2026-03-31", both)["letters_issued"] == 2


def test_recorded_twice_it_is_one_letter_and_another_due_date_holds_from_its_own_day() -> None:
    first, again = (
        ("2026-03-09", "2026-03-09", "2026-03-20", NUMBER),
        ("2026-03-11", "2026-03-09", "2026-03-20", NUMBER),
    )
    other = ("2026-03-11", "2026-03-09", "2026-03-25", NUMBER)
    twice = dossier("A", "processing", recorded=[first, again], **TOLD)
    assert one(twice)["letters"] == one(dossier("A", "processing", recorded=[first], **TOLD))["letters"]
    assert counted("2026-03-02", "2026-03-31", twice)["letters_issued"] == 1
    mended = one(dossier("A", "processing", recorded=[first, other], **TOLD))["letters"]
    assert [(x["on"], x["due_on"]) for x in mended] == [(day("2026-03-11"), day("2026-03-25"))]
    between = ("2026-03-10", "2026-03-10", "2026-03-18", "8/XL")  # another letter takes no part in it
    three = one(dossier("A", "processing", recorded=[first, between, again], **TOLD))["letters"]
    assert [(x["on"], x["letter"]) for x in three] == [(day("2026-03-09"), NUMBER), (day("2026-03-10"), "8/XL")]
    back = one(dossier("A", "processing", recorded=[first, other, ("2026-03-12", *first[1:])], **TOLD))["letters"]
    assert [(x["on"], x["due_on"]) for x in back] == [(day("2026-03-12"), day("2026-03-20"))]


def test_letters_of_both_origins_stand_in_the_order_of_their_days() -> None:
    # One letter may count: that recorded on 9/3 is the first, the source's of 10/3 the second, that of 18/3 the third.
    row = dossier("A", "processing", letters=[letter("2026-03-10", "2026-03-16", "2026-03-20")],
                  recorded=[("2026-03-09", "2026-03-09", "2026-03-16", "1/A"),
                            ("2026-03-18", "2026-03-18", "2026-03-27", "3/A")], **TOLD)  # fmt: skip
    found = one(row)
    assert [x["letter"] for x in found["letters"]] == ["1/A", "1/XL", "3/A"]
    assert [x["valid"] for x in found["letters"]] == [True, False, False]


def test_others_of_the_same_part_keep_what_their_source_told() -> None:
    told = letter("2026-03-10", "2026-03-12", "2026-03-20")
    rows = [
        dossier("A", "processing", **TOLD),
        dossier("B", "processing", letters=[told], **TOLD),
        dossier("C", "processing", recorded=[("2026-03-11", "2026-03-10", "2026-03-20", NUMBER)], **TOLD),
    ]
    letters = {code: told and len(told) for code, told in facts_of(*rows).select("code", "letters").rows()}
    assert letters == {"A": None, "B": 1, "C": 1}


def test_the_dossier_says_why_a_recorded_letter_counts_or_not() -> None:
    def said(on: str) -> str:
        row = dossier("A", "processing", recorded=[(on, "2026-03-10", "2026-03-20", NUMBER)], **TOLD)
        told = explain(part(row), {"test": Terms()}, BOOK, date(2026, 3, 31))
        assert told is not None
        (first, moved) = told.promises
        assert (first.due_on, moved.due_on, moved.note, moved.by) == (
            day("2026-03-12"), day("2026-03-20"), NUMBER, "truongphong",
        )  # fmt: skip
        return moved.why

    assert said("2026-03-11").startswith(
        "Tính: văn bản xin lỗi do truongphong ghi ngày 11/03/2026 và tính từ ngày đó, trước ngày hẹn 12/03/2026"
    )
    assert said("2026-03-13").startswith("Không tính: văn bản xin lỗi do truongphong ghi ngày 13/03/2026")


def test_a_part_without_letters_has_none() -> None:
    assert facts_of(dossier("A", "processing", **TOLD))["letters"].dtype.inner is not None  # type: ignore[attr-defined]
    assert facts_of(dossier("A", "processing", **TOLD)).filter(pl.col("letters").is_not_null()).is_empty()
