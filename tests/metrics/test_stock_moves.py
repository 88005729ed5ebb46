"""How a dossier comes into the overdue stock and leaves it, and the law that both together are what the stock moved."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics import stock_moves
from metrics.stock_moves import CAME, NEEDED, Way, moves
from tests.metrics.province import cube_of, day, dossier, facts_of, halt, letter
from tests.metrics.test_figures import DAYS, START, dossiers

WEEK = (date(2026, 3, 9), date(2026, 3, 15))


def ways(*rows: dict[str, Any]) -> dict[str, Way]:
    found = moves(facts_of(*rows), *WEEK)
    return {
        f"{code} {on}": Way(way) for code, on, way in found.select("code", pl.col("event_on").dt.day(), "way").rows()
    }


def test_each_way_in_and_out_by_hand() -> None:
    assert ways(
        dossier("due", "processing", received="2026-03-02", due="2026-03-10"),
        dossier("due-and-done", "resolved", received="2026-03-02", due="2026-03-10", resolved="2026-03-13"),
        dossier("old-done", "resolved", received="2026-02-02", due="2026-02-10", resolved="2026-03-12"),
        dossier("old-withdrawn", "withdrawn", received="2026-02-02", due="2026-02-10", resolved="2026-03-12"),
        dossier("in-time", "resolved", received="2026-03-02", due="2026-03-10", resolved="2026-03-10"),
        dossier("last-week", "processing", received="2026-03-02", due="2026-03-06"),
        dossier("on-the-eve", "processing", received="2026-03-02", due="2026-03-08"),
        dossier("next-week", "processing", received="2026-03-02", due="2026-03-15"),
        dossier("late-at-once", "processing", received="2026-03-11", due="2026-03-04"),
    ) == {
        "on-the-eve 9": Way.FELL_DUE, "due 11": Way.FELL_DUE,
        "due-and-done 11": Way.FELL_DUE, "due-and-done 13": Way.RESOLVED,
        "old-done 12": Way.RESOLVED, "old-withdrawn 12": Way.WITHOUT_RESULT, "late-at-once 11": Way.RECEIVED_LATE,
    }  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(dossiers(), st.integers(-3, DAYS), st.integers(0, 20))
def test_what_came_less_what_left_is_what_the_stock_moved(rows: list[dict[str, Any]], begin: int, days: int) -> None:
    first = START + timedelta(days=begin)
    last = first + timedelta(days=days)
    frame, book = cube_of(*rows), moves(facts_of(*rows), first, last)
    late = pl.col("event").cast(pl.String).is_in(["overdue_1_3", "overdue_4_10", "overdue_11_30", "overdue_over_30"])
    counted = frame.filter(
        late, pl.col("day").is_between(first, last), pl.col("map").is_null() | (pl.col("map") == "today")
    )
    net = book.select(pl.when(pl.col("way").is_in([w.value for w in CAME])).then(1).otherwise(-1).sum()).item()
    assert (net or 0) == counted["n"].sum()


def test_a_pause_and_a_new_promise_take_a_dossier_out() -> None:
    paused = dossier("paused", "supplement", received="2026-02-20", due="2026-03-12", halts=[halt("2026-03-11", None)])
    assert ways(paused) == {}  # it stood still before its day came
    told = dossier(
        "told",
        "processing",
        received="2026-02-20",
        due="2026-03-20",
        letters=[letter("2026-03-04", "2026-03-06", "2026-03-20")],
    )
    assert ways(told) == {}
    assert day("2026-03-09") == WEEK[0]


@settings(max_examples=60, deadline=None)
@given(dossiers(), st.integers(-3, DAYS), st.integers(0, 20))
def test_leaving_out_what_cannot_have_moved_changes_nothing(rows: list[dict[str, Any]], begin: int, days: int) -> None:
    """The slow twin looks at every promise of every dossier."""
    first = START + timedelta(days=begin)
    last, facts = first + timedelta(days=days), facts_of(*rows)
    quick = told(moves(facts, first, last))
    assert quick == told(moves(facts.select("source", "code", *NEEDED), first, last))
    with pytest.MonkeyPatch.context() as patched:
        for name in ("maybe", "touched"):
            patched.setattr(stock_moves, name, lambda *days: pl.lit(True))
        assert quick == told(moves(facts, first, last))


def told(found: pl.DataFrame) -> list[tuple[Any, ...]]:
    return sorted(found.select("source", "code", "event_on", "way").rows())


@settings(max_examples=40, deadline=None)
@given(dossiers(), st.integers(0, DAYS))
def test_of_those_whose_promise_never_moved_only_what_happened_is_looked_at(
    rows: list[dict[str, Any]], at: int
) -> None:
    day_of, facts = START + timedelta(days=at), facts_of(*rows).filter(pl.col("spans").is_null())
    kept = facts.filter(stock_moves.maybe(day_of, day_of)).filter(stock_moves.touched(day_of, day_of))
    on = pl.max_horizontal("closed_on", "received_on")
    late = pl.col("due_on") + pl.when("to_the_minute").then(timedelta()).otherwise(timedelta(days=1))
    assert kept.filter((on != day_of) & (late != day_of) & (pl.col("received_on") != day_of)).is_empty()
