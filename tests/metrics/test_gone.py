"""A dossier that vanished from its source is no result in time: nobody's rate gets better by a deletion."""

from __future__ import annotations

from typing import Any

import pytest

from tests.metrics.asked import counted, one
from tests.metrics.province import day, dossier, halt

KEPT = dossier("K", "resolved", received="2026-03-02", due="2026-03-16", resolved="2026-03-13")


def vanished(on: str, **told: Any) -> dict[str, Any]:
    return dossier("G", "gone", received="2026-03-02", due="2026-03-16", resolved=on, **told)


def test_what_vanished_before_its_day_is_undetermined_and_in_no_rate() -> None:
    told = counted("2026-03-01", "2026-03-31", KEPT, vanished("2026-03-12"))
    assert (told["resolved"], told["resolved_early"], told["resolved_undetermined"], told["gone"]) == (2, 1, 1, 1)
    assert (told["on_time_resolved"]["numerator"], told["on_time_resolved"]["denominator"]) == (1, 1)
    assert (told["on_time_due"]["numerator"], told["on_time_due"]["denominator"]) == (1, 1)


def test_what_was_overdue_when_it_vanished_stays_overdue() -> None:
    told = counted("2026-03-01", "2026-03-31", KEPT, vanished("2026-03-20"))
    assert (told["resolved_early"], told["resolved_overdue"], told["gone"]) == (1, 1, 1)
    assert (told["on_time_due"]["numerator"], told["on_time_due"]["denominator"]) == (1, 2)


def test_the_evening_before_it_vanished_it_is_still_in_the_overdue_stock() -> None:
    for last, n in (("2026-03-19", 1), ("2026-03-20", 0)):
        assert counted("2026-03-01", last, vanished("2026-03-20"))["pending_overdue"] == n


@pytest.mark.parametrize("on", ["2026-03-12", "2026-03-16", "2026-03-20"])
def test_what_comes_in_goes_out_or_stands(on: str) -> None:
    waited = vanished(on) | {
        "code": "H",
        "suspensions": vanished(on, halts=[halt("2026-03-05", "2026-03-10")])["suspensions"],
    }
    told = counted("2026-03-01", "2026-03-31", KEPT, vanished(on), waited)
    assert told["carried_over"] + told["received"] == told["resolved"] + told["pending"] == 3
    assert told["gone"] == 2


def test_a_moved_promise_counts_for_the_one_that_vanished_too() -> None:
    # 2/3 + 10 working days = 16/3; asked 5/3, back 10/3: three working days more, 19/3.
    moved = vanished("2026-03-18", halts=[halt("2026-03-05", "2026-03-10", "2026-03-16", "2026-03-19")])
    assert one(moved)["due_on"] is None  # in time on 18/3
    late = vanished("2026-03-20", halts=[halt("2026-03-05", "2026-03-10", "2026-03-16", "2026-03-19")])
    assert one(late)["due_on"] == day("2026-03-19")


def test_what_vanished_before_anybody_accepted_it_waits_no_longer() -> None:
    asked = dossier("S", "gone", submitted="2026-03-02", resolved="2026-03-12", channel="online")
    for last, n in (("2026-03-11", 1), ("2026-03-12", 0)):
        assert counted("2026-03-01", last, asked)["awaiting_acceptance"] == n
