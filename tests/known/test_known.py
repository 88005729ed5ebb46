"""What was known on a past evening: no more than was seen by then, and exactly what the store held then."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from jobs.answers import Asked, answer
from jobs.difference import difference
from jobs.known import past
from jobs.rebuild import rebuild
from store import snapshot
from store.database import reading
from store.observed import months
from tests.known.histories import START, Empty, Told, at, histories, loaded

#: Every example fills two stores and works its figures out twice.
SLOW = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
STAMPED = {"known_at", "rules"}


@given(runs=histories(), data=st.data())
@SLOW
def test_what_was_known_then_is_what_a_store_holds_that_heard_no_more(
    runs: list[Told], data: st.DataObject, empty: Empty, tmp_path: Path
) -> None:
    upto = data.draw(st.integers(1, len(runs)))
    ready = data.draw(st.integers(0, len(runs)))
    moment, day = at(runs[upto - 1], hours=1), data.draw(st.dates(START.date(), (START + timedelta(days=60)).date()))
    asked = Asked(start=(START - timedelta(days=30)).date(), end=day, as_of=day.isoformat(), by=("department",))
    with (
        loaded(empty, tmp_path / "all", runs, derived_after=ready) as whole,
        loaded(empty, tmp_path / "some", runs[:upto]) as some,
    ):
        state = rebuild(some)
        with past(whole, moment) as then:
            assert_frame_equal(snapshot.facts(then.store, then.state).collect(), snapshot.facts(some, state).collect())
            assert then.state.data_version == state.data_version
            assert then.state.parts == state.parts
        known = answer(whole, Asked(asked.start, asked.end, asked.as_of, asked.by, known_at=moment))
        now = answer(some, asked)
        assert {name: value for name, value in known.items() if name not in STAMPED} == now


@given(runs=histories())
@SLOW
def test_the_ledger_and_the_table_of_dossiers_tell_the_same_of_now(
    runs: list[Told], empty: Empty, tmp_path: Path
) -> None:
    with loaded(empty, tmp_path / "all", runs) as store, reading(store) as connection:
        for month in months(connection):
            known = snapshot.observe(connection, month, runs[-1].seen_at)
            assert_frame_equal(known, snapshot.observe(connection, month))


@given(runs=histories(), data=st.data())
@SLOW
def test_the_dossiers_listed_add_up_to_the_difference_of_every_count(
    runs: list[Told], data: st.DataObject, empty: Empty, tmp_path: Path
) -> None:
    upto = data.draw(st.integers(1, len(runs)))
    day = data.draw(st.dates(START.date(), (START + timedelta(days=60)).date()))
    start = data.draw(st.dates((START - timedelta(days=30)).date(), day))
    asked = Asked(start, day, day.isoformat(), known_at=at(runs[upto - 1], hours=1))
    with loaded(empty, tmp_path / "all", runs) as store:
        found = difference(store, asked)
        summed = {name: sum(one["counts"].get(name, 0) for one in found["dossiers"]) for name in found["counts"]}
        assert summed == {name: count["difference"] for name, count in found["counts"].items()}
        assert all(one["changes"] for one in found["dossiers"])
        for moment, side in ((asked.known_at, "then"), (None, "now")):
            (whole,) = answer(store, Asked(start, day, day.isoformat(), known_at=moment))["groups"]
            assert {name: found["counts"][name][side] for name in whole["counts"]} == whole["counts"]
    if upto == len(runs):
        assert found["dossiers"] == []
