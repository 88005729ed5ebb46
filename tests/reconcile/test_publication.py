"""What of the one-stop system's dossiers the national portal has: by A's own day of receipt, pairing as reconciled."""

from __future__ import annotations

from metrics.publication import Publication, counted, of_period, published
from metrics.scope import Period
from tests.reconcile.made import day, one, side_by_side

WEEK = Period(day(9), day(13))


def test_a_dossier_that_the_portal_has_under_either_code_is_published() -> None:
    ours = [one("1", 18, received=9), one("2", 18, received=10, other_code="QG-2026-2"), one("3", 18, received=13)]
    theirs = [one("1", 18, received=9), one("QG-2026-2", 18, received=12), one("9", 18, received=10)]
    assert published(side_by_side(ours, theirs), WEEK) == Publication(published=2, missing=1, undecided=0)


def test_the_day_of_receipt_is_that_of_the_one_stop_system() -> None:
    ours = [one("1", 18, received=6), one("2", 18, received=9), one("3", 20, received=16)]
    theirs = [one(code, 18, received=11) for code in ("1", "2", "3")]
    assert published(side_by_side(ours, theirs), WEEK) == Publication(1, 0, 0)


def test_what_was_never_received_is_in_neither_part() -> None:
    waiting = one("1", None, standing="awaiting_acceptance", status="submitted") | {"received_on": None}
    found = published(side_by_side([waiting, one("2", 18, received=9)], [one("1", 18)]), WEEK)
    assert (found.published, found.received) == (0, 1)


def test_a_dossier_whose_codes_lead_to_several_is_told_beside_and_not_counted_as_published() -> None:
    ours = [one("1", 18, received=9, other_code="X-2026"), one("2", 18, received=9, other_code="X-2026")]
    found = published(side_by_side(ours, [one("3", 18, other_code="X-2026")]), WEEK)
    assert (found.published, found.undecided, found.received, found.share) == (0, 2, 2, 0.0)


def test_a_share_of_nothing_is_none() -> None:
    assert published(side_by_side([], [one("1", 18, received=9)]), WEEK).share is None


def test_units_add_up_to_the_whole() -> None:
    ours = [one(str(n), 18, received=9 + n % 3, department=f"Sở {n % 2}") for n in range(9)]
    rows = of_period(side_by_side(ours, ours[:5]), WEEK)
    assert counted(rows, ["department"]).rows() == [("Sở 0", 3, 2, 0), ("Sở 1", 2, 2, 0)]
    assert counted(rows, []).rows() == [(5, 4, 0)]
