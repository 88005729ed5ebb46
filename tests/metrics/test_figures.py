"""Laws of the figures: they add up, over groups and over time, and a past day keeps what stood on it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from metrics.cube import cube
from metrics.definitions import AGES, COUNTS, RATES, rates
from metrics.evaluate import figures, since
from metrics.form_ii06 import form
from metrics.scope import Filters, Period, Scope
from metrics.standing import Standing, standing
from tests.metrics.province import BOOK, CALENDAR, cube_of, day, dossier, facts_of, halt, letter

ALL = Scope.province()
START = date(2026, 1, 26)  # the weeks of Tết lie inside
DAYS = 60


_FEW = st.none() | st.integers(0, 3)
#: What hangs on a dossier; a source may say any part of it, and more papers digitised than there are.
AMOUNTS = st.fixed_dictionaries(
    {
        "fee": st.sampled_from([None, 0, 15_000, 3_000_000_000]),
        "payment": st.sampled_from([None, "online", "direct"]),
        "components": _FEW,
        "components_digitised": _FEW,
        "components_reused": _FEW,
        "results": _FEW,
    }
)


def on(n: int) -> str:
    return (START + timedelta(days=n)).isoformat()


@st.composite
def dossiers(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Random histories: promises moved in time and too late, repeated suspensions, letters, every way to end."""
    return [_dossier(draw, f"D{n}") for n in range(draw(st.integers(1, 12)))]


def _dossier(draw: st.DrawFn, code: str) -> dict[str, Any]:
    some_day = st.integers(0, DAYS - 1)
    received = draw(some_day)
    status = draw(
        st.sampled_from(
            ["processing", "resolved", "returned", "withdrawn", "stopped", "supplement", "submitted", "not_accepted"]
        )
    )
    told: dict[str, Any] = {
        "submitted": on(max(0, received - draw(st.integers(0, 3)))),
        "department": draw(st.sampled_from(["Sở X", "Sở Y", None])),
        "field": draw(st.sampled_from(["Đất đai", "Xây dựng"])),
        "channel": draw(st.sampled_from(["online", "counter", None])),
        "procedure": draw(st.sampled_from(["1.000001", "1.000002"])),
        **draw(AMOUNTS),
    }
    if status == "not_accepted":
        return dossier(code, status, rejected=on(received), **told)
    if status != "submitted":
        told["received"] = on(received)
    if draw(st.integers(0, 9)):
        told["due"] = on(received + draw(st.integers(-2, 20)))
    if status in ("resolved", "returned", "withdrawn", "stopped"):
        told["resolved"] = on(received + draw(st.integers(-2, 25)))
    if "due" in told and draw(st.booleans()):
        told |= _moved(draw, received, told["due"])
    return dossier(code, status, seen=on(draw(st.integers(received, DAYS + 30))), **told)


def _moved(draw: st.DrawFn, received: int, due: str) -> dict[str, Any]:
    first = (day(due) - START).days
    kind = draw(st.sampled_from(["promises", "halts", "letters"]))
    if kind == "promises":
        later = sorted(draw(st.lists(st.integers(received, DAYS), min_size=1, max_size=3, unique=True)))
        moves = [(on(n), on(first + draw(st.integers(-3, 25)))) for n in later]
        return {"promises": [(on(received), due), *moves], "due": moves[-1][1]}
    if kind == "letters":
        asked = draw(st.integers(received, DAYS))
        return {"letters": [letter(on(asked), due, on(first + 10))], "due": on(first + 10)}
    some = st.integers(received, DAYS)
    a, b, c, d = (*sorted((draw(some), draw(some))), *sorted((draw(some), draw(some))))  # they may overlap
    return {
        "halts": [halt(on(a), on(b), due, on(first + b - a)), halt(on(c), draw(st.sampled_from([on(d), None])))],
        "due": on(first + b - a),
    }


def asked(frame: pl.DataFrame, start: str, end: str, **told: Any) -> pl.DataFrame:
    return figures(
        frame,
        period=Period(day(start), day(end)),
        as_of=told.pop("as_of", day(end)),
        scope=told.pop("scope", ALL),
        **told,
    )


def add_up(row: dict[str, Any]) -> None:
    assert row["carried_over"] + row["received"] == row["resolved"] + row["pending"]
    assert row["resolved"] == sum(row[f"resolved_{s}"] for s in ("early", "on_time", "overdue", "undetermined"))
    assert row["pending"] == row["pending_in_term"] + row["pending_overdue"] + row["pending_undetermined"]
    assert row["pending_overdue"] == sum(row[a] for a in AGES)
    assert row["withdrawn"] + row["refused"] + row["stopped"] <= row["resolved"]
    assert 0 <= row["pending_suspended"] <= row["pending"]
    assert 0 <= row["due_met"] <= row["due"]
    assert all(row[c] >= 0 for c in (*COUNTS, *AGES))


@settings(max_examples=60, deadline=None)
@given(dossiers())
def test_every_day_adds_up_and_hands_its_stock_to_the_next(rows: list[dict[str, Any]]) -> None:
    frame = cube_of(*rows)
    days = asked(frame, on(-5), on(DAYS), by=["day"]).rows(named=True)
    for row in days:
        add_up(row)
    known = {row["day"]: row for row in days}
    for today, row in known.items():
        if tomorrow := known.get(today + timedelta(days=1)):
            assert tomorrow["carried_over"] == row["pending"]


@settings(max_examples=40, deadline=None)
@given(
    dossiers(),
    st.integers(0, DAYS),
    st.integers(0, 20),
    st.sampled_from([[], ["week"], ["department", "field"], ["day", "channel"]]),
)
def test_what_was_before_is_added_up_and_every_later_period_is_counted_the_same(
    rows: list[dict[str, Any]], first: int, later: int, by: list[str]
) -> None:
    frame = cube_of(*rows)
    few = since(frame, day(on(first)))
    assert few.height <= frame.height
    for start, end in ((first, DAYS + 30), (first + later, first + later + 6)):
        assert_frame_equal(asked(few, on(start), on(end), by=by), asked(frame, on(start), on(end), by=by))


@settings(max_examples=60, deadline=None)
@given(dossiers(), st.integers(0, DAYS + 30))
def test_the_number_and_the_list_behind_it_are_the_same(rows: list[dict[str, Any]], n: int) -> None:
    told = facts_of(*rows)
    today = START + timedelta(days=n)
    row = figures(cube(told, BOOK), period=Period(START - timedelta(days=30), today), as_of=today, scope=ALL).row(
        0, named=True
    )
    listed = standing(told.lazy(), today, CALENDAR).collect()
    stands = dict(listed["standing"].value_counts().iter_rows())
    names = {
        "pending_overdue": Standing.OVERDUE, "pending_in_term": Standing.IN_TERM,
        "pending_undetermined": Standing.UNDETERMINED,
        "awaiting_acceptance": Standing.AWAITING,
        "not_accepted": Standing.NOT_ACCEPTED,
        "resolved_early": Standing.RESOLVED_EARLY, "resolved_on_time": Standing.RESOLVED_ON_TIME,
        "resolved_overdue": Standing.RESOLVED_OVERDUE, "resolved_undetermined": Standing.RESOLVED_UNDETERMINED,
    }  # fmt: skip
    assert {c: row[c] for c in names} == {c: stands.get(s.value, 0) for c, s in names.items()}
    assert row["pending_suspended"] == listed["suspended"].sum()
    assert row["acceptance_overdue"] == listed["answer_overdue"].sum()


@settings(max_examples=40, deadline=None)
@given(dossiers())
def test_groups_add_up_to_the_whole_and_cohorts_of_days_to_longer_ones(rows: list[dict[str, Any]]) -> None:
    frame = cube_of(*rows)
    whole = asked(frame, on(0), on(DAYS)).row(0, named=True)
    for by in (["department"], ["field", "channel"], ["procedure"]):
        parts = asked(frame, on(0), on(DAYS), by=by).sum().row(0, named=True)
        assert {c: parts[c] or 0 for c in COUNTS} == {c: whole[c] for c in COUNTS}
    single = asked(frame, on(0), on(DAYS), by=["day"]).sum().row(0, named=True)
    assert [single[c] or 0 for c in ("due", "due_met", "received", "resolved")] == [
        whole[c] for c in ("due", "due_met", "received", "resolved")
    ]


@settings(max_examples=40, deadline=None)
@given(dossiers(), st.sampled_from(["department", "field"]))
def test_the_form_balances(rows: list[dict[str, Any]], by: Any) -> None:
    filled = form(cube_of(*rows), period=Period(day(on(10)), day(on(30))), as_of=day(on(30)), rows=by, scope=ALL)
    assert filled.balanced
    following = form(cube_of(*rows), period=Period(day(on(31)), day(on(40))), as_of=day(on(40)), rows=by, scope=ALL)
    assert following.total["c6"] == filled.total["c11"]


@settings(max_examples=30, deadline=None)
@given(dossiers(), st.randoms())
def test_the_order_of_rows_changes_nothing(rows: list[dict[str, Any]], random: Any) -> None:
    mixed = list(rows)
    random.shuffle(mixed)
    assert cube_of(*rows).equals(cube_of(*mixed))


@settings(max_examples=30, deadline=None)
@given(dossiers())
def test_one_more_overdue_dossier_never_raises_a_rate_that_counts_it(rows: list[dict[str, Any]]) -> None:
    late = dossier("LATE", "processing", received=on(0), due=on(5), department="Sở X", field="Đất đai")
    before, after = (
        rates(asked(cube_of(*given), on(-5), on(DAYS))).row(0, named=True) for given in (rows, [*rows, late])
    )
    excluding = {
        "on_time_resolved",
        "early_of_on_time",
        "online_share",
    }  # their base is what was resolved, or the channel
    for rate in set(RATES) - excluding:
        if before[rate]["value"] is not None:
            assert after[rate]["value"] <= before[rate]["value"]


def test_a_share_of_nothing_is_null() -> None:
    empty = rates(asked(cube_of(dossier("A", "submitted", submitted=on(0))), on(0), on(5))).row(0, named=True)
    assert {rate: empty[rate]["value"] for rate in RATES} == dict.fromkeys(RATES)


def test_dossiers_of_no_known_channel_are_in_no_share_of_a_channel() -> None:
    """One online and one at the counter make a half each; three that nobody knows of change neither."""
    told = [
        dossier(code, "processing", received=on(0), due=on(9), channel=channel)
        for code, channel in (("A", "online"), ("B", "counter"), ("C", None), ("D", None), ("E", None))
    ]
    some = rates(asked(cube_of(*told), on(0), on(5))).row(0, named=True)
    none = rates(asked(cube_of(*told[2:]), on(0), on(5))).row(0, named=True)
    assert (some["received_unknown"], some["online_share"]["denominator"], some["online_share"]["value"]) == (3, 2, 0.5)
    assert (some["counter_share"]["value"], some["post_share"]["value"]) == (0.5, 0.0)
    assert [none[rate]["value"] for rate in ("online_share", "counter_share", "post_share")] == [None, None, None]


def test_a_department_head_counts_only_their_own() -> None:
    rows = [
        dossier(c, "processing", received=on(0), due=on(1), department=d)
        for c, d in (("A", "Sở X"), ("B", "Sở Y"), ("C", None))
    ]
    frame = cube_of(*rows)
    told = {
        s: asked(frame, on(0), on(9), scope=s).row(0, named=True)["pending_overdue"]
        for s in (ALL, Scope.of("Sở X"), Scope.of())
    }
    assert list(told.values()) == [3, 1, 0]
    assert asked(frame, on(0), on(9), filters=Filters(department=("Sở Y",))).row(0, named=True)["pending"] == 1


@pytest.mark.parametrize(
    ("by", "first"),
    [
        ("week", "2026-11-16"),
        ("friday_week", "2026-11-20"),
        ("month", "2026-11-01"),
        ("state_month", "2026-11-15"),
        ("quarter", "2026-10-01"),
        ("year", "2026-01-01"),
    ],
)
def test_stretches_of_time_begin_where_people_say_they_do(by: str, first: str) -> None:
    frame = cube_of(dossier("A", "processing", received="2026-11-21", due="2026-12-01"))
    found = asked(frame, "2026-01-01", "2026-11-30", by=[by]).filter(pl.col("received") == 1)
    assert found[by].to_list() == [day(first)]


def test_an_unknown_grouping_is_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        asked(cube_of(dossier("A", "submitted", submitted=on(0))), on(0), on(5), by=["colour"])


@pytest.mark.parametrize("stretch", ["week", "friday_week", "month"])
@pytest.mark.parametrize("plain", [[], ["department"]])
def test_what_stands_is_told_of_weeks_in_which_nothing_happened(stretch: str, plain: list[str]) -> None:
    waiting = cube_of(dossier("A", "processing", received=on(0), due=on(2), department="Sở X"))
    period = Period(day(on(0)), day(on(59)))
    told = figures(waiting, period=period, as_of=period.end, scope=ALL, by=[*plain, stretch])
    assert told["pending"].to_list() == [1] * told.height
    whole = figures(waiting, period=Period(day(on(56)), day(on(59))), as_of=period.end, scope=ALL)
    assert told["pending"][-1] == whole["pending"].item() == 1
    assert max(told[stretch].to_list()) >= day(on(59 - 31)), "the last stretch is there"
