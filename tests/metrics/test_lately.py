"""Lists of a period are the same of all facts and of those that anything may be told of in it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from metrics import behind, cohorts, lately, standing, stock_moves
from metrics.scope import Period
from tests.metrics.province import CALENDAR, dossier, facts_of, halt, letter
from tests.metrics.test_figures import DAYS, START, dossiers

LATER = 120


@given(rows=dossiers(), old=dossiers(), begin=st.integers(0, DAYS), days=st.integers(0, 30))
@settings(max_examples=25)
def test_every_list_of_a_period_is_that_of_all_dossiers(
    rows: list[dict[str, Any]], old: list[dict[str, Any]], begin: int, days: int
) -> None:
    """Of dossiers of the same weeks, and as many that begin months before."""
    facts = facts_of(*rows)
    first, today = START + timedelta(days=begin), START + timedelta(days=DAYS + 30)
    _same(facts, Period(first, first + timedelta(days=days)), today)
    _same(facts_of(*old), Period(first + timedelta(days=LATER), today + timedelta(days=LATER)), today)


def _same(facts: pl.DataFrame, period: Period, today: date) -> None:
    few = facts.filter(lately.since(period.start))
    assert_frame_equal(facts.filter(lately.maybe(period.start)).filter(lately.since(period.start)), few)
    for told in (
        cohorts.due, cohorts.received, cohorts.resolved, behind.of_form, stock_moves.came, stock_moves.left
    ):  # fmt: skip
        _equal(told(facts, period, today), told(few, period, today))
    for event in behind.EVENTS:
        _equal(behind.behind(facts, event, period, today), behind.behind(few, event, period, today))
    for day in (period.start, period.end):
        _equal(*(standing.opened(some.lazy(), day, CALENDAR).collect() for some in (facts, few)))


def _equal(one: pl.DataFrame, other: pl.DataFrame) -> None:
    order = ["code", *(name for name in ("event_on", "cohort_on") if name in one.columns)]
    assert_frame_equal(one.sort(order), other.sort(order))


def test_what_is_over_and_told_of_no_more_is_left_out() -> None:
    rows = [
        dossier("open", "processing", received="2016-01-04", due="2016-01-20"),
        dossier("over", "resolved", received="2016-01-04", due="2016-01-20", resolved="2016-01-19"),
        dossier("due later", "resolved", received="2016-01-04", due="2018-11-12", resolved="2016-01-19"),
        dossier("refused", "not_accepted", submitted="2016-01-04", rejected="2016-01-05"),
        dossier("now", "resolved", received="2016-01-04", due="2016-01-20", resolved="2018-11-19"),
        dossier(
            "halted", "resolved", received="2016-01-04", due="2016-03-20", resolved="2016-03-19",
            halts=[halt("2016-01-10", "2016-02-10")],
        ),
        dossier(
            "put off", "resolved", received="2016-01-04", due="2016-01-19", resolved="2016-01-19",
            letters=[letter("2016-01-10", "2018-11-12", "2016-01-19")],
        ),
    ]  # fmt: skip
    facts = facts_of(*rows)
    kept = facts.filter(lately.since(date(2018, 11, 8)))["code"].to_list()
    assert sorted(kept) == ["due later", "now", "open", "put off"]
    more = facts.filter(lately.maybe(date(2018, 11, 8)))["code"].to_list()
    assert sorted(more) == ["due later", "halted", "now", "open", "put off"]
