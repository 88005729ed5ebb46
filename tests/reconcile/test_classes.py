"""Every dossier that a source calls overdue is in one class; cases worked out by hand, asked on Friday 20/11/2026."""

from __future__ import annotations

import itertools
from typing import Any

import polars as pl
import pytest

from metrics.reconcile import BY, CLASS_OF, LISTS, Overdue, Why, counted, listed
from tests.reconcile.made import at, day, frame, later, one, side_by_side

AWAITING = one("X", due=None, standing="awaiting_acceptance")
TURNED_DOWN = one("X", due=None, standing="not_accepted")


def told(a: dict[str, Any] | None, b: dict[str, Any] | None) -> tuple[str | None, str | None]:
    """Give class and case of one dossier."""
    rows = side_by_side([a] if a else [], [b] if b else [])
    return rows.select("overdue", "why").row(0)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        # finished late in A: late, whatever B says
        (one("X", due=12, closed=13), one("X", due=12, closed=13), ("real", "late_in_both")),
        (one("X", due=12, closed=13), one("X", due=12), ("real", "late_in_both")),
        (one("X", due=12, closed=13), one("X", due=12, closed=11), ("real", "late_in_a_only")),
        (one("X", due=12, closed=13), one("X", due=None), ("real", "late_in_a_only")),
        # open past its due day in A
        (one("X", due=12), one("X", due=12), ("real", "late_in_both")),
        (one("X", due=12), one("X", due=30), ("real", "late_in_a_only")),
        (one("X", due=12), one("X", due=12, closed=13), ("real", "late_in_both")),  # late by its finish too
        (one("X", due=12), one("X", due=30, closed=13), ("real", "late_in_a_only")),
        (one("X", due=12), one("X", due=12, closed=12), ("not_closed", "open_in_a")),
        (one("X", due=12), one("X", due=10, closed=11), ("not_closed", "open_in_a")),  # B's own due day was another
        # finished in time in A
        (one("X", due=12, closed=12), one("X", due=12, closed=13), ("synchronisation", "told_late")),
        (one("X", due=12, closed=12), one("X", due=12), ("not_closed", "open_in_b")),
        (one("X", due=19, closed=19), one("X", due=19), ("synchronisation", "on_its_way")),
        (one("X", due=19, closed=18), one("X", due=19), ("not_closed", "open_in_b")),  # two working days ago
        (one("X", due=19, closed=19), one("X", due=16, closed=19), ("synchronisation", "other_promise")),
        (one("X", due=None, closed=19), one("X", due=16, closed=19), ("unconfirmed", "no_promise_in_a")),
        # running in A, and not late there
        (one("X", due=30), one("X", due=12), ("synchronisation", "other_promise")),
        (one("X", due=30), one("X", due=12, closed=13), ("synchronisation", "other_promise")),
        (one("X", due=None), one("X", due=12), ("unconfirmed", "no_promise_in_a")),
        (one("X", due=12, standing="in_term", suspended=True), one("X", due=12), ("synchronisation", "pause_not_told")),
        (AWAITING, one("X", due=12), ("synchronisation", "not_received_in_a")),
        (TURNED_DOWN, one("X", due=12), ("synchronisation", "not_received_in_a")),
        # in one source only
        (one("X", due=12), None, ("real", "only_in_a")),
        (one("X", due=12, closed=13), None, ("real", "only_in_a")),
        (None, one("X", due=12), ("unconfirmed", "only_in_b")),
        # nobody calls it overdue: due today is in time
        (one("X", due=20), one("X", due=20), (None, None)),
        (one("X", due=12, closed=12), one("X", due=12, closed=10), (None, None)),
        (one("X", due=30), None, (None, None)),
    ],
)  # fmt: skip
def test_a_case_is_in_its_class(
    a: dict[str, Any] | None, b: dict[str, Any] | None, expected: tuple[str | None, str | None]
) -> None:
    assert told(a, b) == expected


def test_late_the_day_before_yesterday_is_a_weekend_away_from_its_way() -> None:
    # closed on Friday 13/11, asked on Monday 16/11: one working day later, over the weekend
    rows = side_by_side([one("X", due=13, closed=13)], [one("X", due=13)], on_its_way_days=5)
    assert rows["why"].to_list() == ["on_its_way"]  # 16 17 18 19 20: five working days
    rows = side_by_side([one("X", due=13, closed=13)], [one("X", due=13)], on_its_way_days=4)
    assert rows["why"].to_list() == ["open_in_b"]


def every_pair() -> list[tuple[dict[str, Any] | None, dict[str, Any] | None]]:
    """Give every way in which two sources can put one dossier: due, closed, paused, awaiting, absent."""
    ways: list[dict[str, Any] | None] = [None]
    for due, closed in itertools.product((None, 10, 12, 19, 30), (None, 9, 12, 13, 19, 20)):
        ways.append(one("X", due=due, closed=closed))
    ways += [one("X", due=12, standing="in_term", suspended=True), one("X", due=None, standing="awaiting_acceptance")]
    ways += [one("X", due=None, standing="left_before_receipt"), one("X", due=12, closed=13, status="gone")]
    return [(a, b) for a, b in itertools.product(ways, ways) if a or b]


@pytest.fixture(scope="module")
def whole() -> pl.DataFrame:
    """Every way at once, each pair a dossier of its own."""
    pairs = [(a and a | {"code": f"{i:04d}"}, b and b | {"code": f"{i:04d}"}) for i, (a, b) in enumerate(every_pair())]
    return side_by_side([a for a, _ in pairs if a], [b for _, b in pairs if b])


def test_the_classes_leave_nothing_out_and_nothing_twice(whole: pl.DataFrame) -> None:
    late = whole.filter(pl.col("late_a") | pl.col("late_b"))
    assert late.height > 300
    assert late["overdue"].null_count() == 0
    assert set(late["overdue"]) == {each.value for each in Overdue}
    assert set(late["why"]) == {each.value for each in Why} - {"ambiguous_codes"}, "each has one code"
    assert whole.filter(~pl.col("late_a"), ~pl.col("late_b"))["overdue"].null_count() == whole.height - late.height


def test_every_case_belongs_to_a_class() -> None:
    assert set(CLASS_OF) == set(Why)


def test_what_only_b_calls_overdue_is_never_real_and_what_a_finished_late_always_is(whole: pl.DataFrame) -> None:
    assert "real" not in whole.filter(~pl.col("late_a"))["overdue"].to_list()
    finished_late = pl.col("a_standing") == "resolved_overdue"
    assert whole.filter(finished_late)["overdue"].unique().to_list() == ["real"]


def test_the_counts_add_up_and_are_the_length_of_their_lists(whole: pl.DataFrame) -> None:
    (counts,) = counted(whole).to_dicts()
    assert counts == {name: listed(whole, name).height for name in LISTS}
    assert counts["dossiers"] == counts["both"] + counts["only_a"] + counts["only_b"] == whole.height
    assert counts["ambiguous_a"] == counts["ambiguous_b"] == 0
    assert counts["overdue"] == sum(counts[each] for each in Overdue)
    for told_as in Overdue:
        assert counts[told_as] == sum(counts[why] for why in Why if CLASS_OF[why] is told_as)
    beside = whole.filter(pl.col("late_b"), pl.col("overdue") == "unconfirmed").height
    assert counts["late_b"] == counts["real_b"] + counts["not_real_b"] + beside


def test_what_cannot_be_paired_is_a_kind_of_its_own_and_the_parts_add_up() -> None:
    # A: two name QG-77, one closed in time and one open past its day; one pairs; B: QG-77 late, one of its own
    rows = side_by_side(
        [one("H99-1", due=12, other_code="QG-77"), one("H99-2", due=12, closed=11, other_code="QG-77"),
         one("H99-3", due=12)],
        [one("QG-77", due=12), one("H99-3", due=12), one("H99-4", due=12)],
    )  # fmt: skip
    (counts,) = counted(rows).to_dicts()
    told = {name: counts[name] for name in ("dossiers", "both", "only_a", "only_b", "ambiguous_a", "ambiguous_b")}
    assert told == {"dossiers": 5, "both": 1, "only_a": 0, "only_b": 1, "ambiguous_a": 2, "ambiguous_b": 1}
    # late: H99-1 in A, H99-3 in both, QG-77 and H99-4 in B; of the disputed ones nobody says what lies behind
    assert (counts["late_a"], counts["late_b"], counts["overdue"]) == (2, 3, 4)
    assert (counts["real"], counts["unconfirmed"], counts["ambiguous_codes"], counts["only_in_b"]) == (1, 3, 2, 1)
    assert listed(rows, "ambiguous_a")["code"].to_list() == ["H99-1", "H99-2"]


def test_groups_add_up_to_the_whole_and_a_dossier_is_in_the_unit_that_works_it() -> None:
    rows = side_by_side(
        [one("1", due=12), one("2", due=12, department="Sở Y tế"), one("3", due=30, department=None)],
        [one("1", due=12, department="Sở Y tế"), one("4", due=12, department="Sở Y tế")],
    )
    by = {row["department"]: row["dossiers"] for row in counted(rows, ["department"]).to_dicts()}
    assert by == {"Sở Xây dựng": 1, "Sở Y tế": 2, None: 1}
    (whole,) = counted(rows).to_dicts()
    for grouping in BY:
        assert counted(rows, [grouping]).drop(grouping).sum().to_dicts() == [whole]


def test_nothing_against_nothing_counts_nothing() -> None:
    rows = side_by_side([], [])
    assert counted(rows).to_dicts() == [dict.fromkeys(LISTS, 0)]
    assert counted(rows, ["department"]).is_empty()


def test_days_are_compared_and_a_minute_is_no_difference() -> None:
    rows = side_by_side(
        [one("1", due=12, closed=11), one("2", due=12, closed=11), one("3", due=12), one("4", due=12, closed=11)],
        [
            one("1", due=12, closed=11, received_at=at(day(2), 15), resolved_at=at(day(11), 16)),
            one("2", due=13, closed=12, received=3),
            one("3", due=None),
            one("4", due=12),
        ],
    )
    differs = rows.sort("code").select("received_differs", "due_differs", "finish_differs", "stage_differs").rows()
    assert differs == [
        (False, False, False, False),
        (True, True, True, False),
        (False, True, False, False),
        (False, False, True, True),
    ]


@pytest.mark.parametrize(("minutes", "differs"), [(30, False), (31, True), (-30, False), (-31, True)])
def test_with_a_tolerance_the_instants_are_compared_also_over_midnight(minutes: int, differs: bool) -> None:
    ours = one("1", due=12, closed=11, resolved_at=at(day(11), 23, 50))
    stamp = later(at(day(11), 23, 50), minutes)
    theirs = one("1", due=12, closed=12, resolved_at=stamp)
    rows = side_by_side([ours], [theirs], tolerance_minutes=30)
    assert rows["finish_differs"].to_list() == [differs]
    assert rows["received_differs"].to_list() == [False]


def test_with_a_tolerance_what_only_one_source_tells_differs() -> None:
    rows = side_by_side([one("1", due=12)], [one("1", due=None)], tolerance_minutes=30)
    assert rows.select("due_differs", "finish_differs").row(0) == (True, False)


def test_a_dossier_that_a_source_no_longer_has_is_absent_from_it() -> None:
    rows = side_by_side([one("1", due=12)], [one("1", due=12, closed=13, status="gone")])
    assert rows["presence"].to_list() == ["only_a"]
    # vanished after the day that is asked for: it was still there
    rows = side_by_side([one("1", due=12)], [one("1", due=12, status="gone")])
    assert rows["presence"].to_list() == ["both"]


def test_what_was_closed_only_later_is_open_on_the_day_that_is_asked_for() -> None:
    """The standing of a past day keeps the closing day of now; the reconciliation of that day does not know it."""
    open_then = one("1", due=12) | {"closed_on": day(25), "resolved_at": at(day(25))}
    rows = side_by_side([open_then], [one("1", due=12)])
    assert rows.select("a_closed_on", "finish_differs", "a_stage").row(0) == (None, False, "open")


def test_frames_made_by_hand_have_the_columns_that_are_read() -> None:
    assert frame().height == 0
