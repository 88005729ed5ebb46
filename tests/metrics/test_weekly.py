"""Weekly counts answer as the daily ones do, whatever is asked of them; what they cannot answer they say."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final, get_args

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from benchmarks.ours import derive
from benchmarks.province import Province
from metrics import heard, weekly
from metrics.cube import DIMENSIONS
from metrics.evaluate import STRETCHES, Map, figures
from metrics.events import FLOWS, Event
from metrics.freshness import Silent
from metrics.happened import happened
from metrics.heard import Question
from metrics.scope import Filters, Period, Scope
from metrics.weekly import Counts, fits, torn, weeks, weeks_of_durations
from tests.metrics.province import CALENDAR, cube_of
from tests.metrics.test_figures import DAYS, START, dossiers

ALL = Scope.province()
PROVINCE = Province(2_500, 14, 7)
BY: Final = ("source", "department", "field", "week", "month", "quarter", "year", "state_month")


@pytest.fixture(scope="module")
def pieces() -> dict[str, pl.DataFrame]:
    """All parts of a province as a store keeps them: weeks of each month of receipt, one after the other."""
    made = [derive(observed) for _, observed in PROVINCE.parts()]
    told = {name: pl.concat([part[name] for part in made]) for name in ("cube", "durations", "weeks", "weeks_taken")}
    return {
        name: rows.with_columns(pl.col(d).cast(pl.Categorical) for d in DIMENSIONS if d in rows.columns)
        for name, rows in told.items()
    }


def questions(cube: pl.DataFrame, seed: int, many: int) -> Iterator[tuple[Question, list[Silent]]]:
    """Ask at random, and let some be silent."""
    chance = random.Random(seed)
    known: dict[str, list[Any]] = {
        name: cube[name].cast(pl.String).unique().sort().to_list() for name in weekly.KEPT
    }  # fmt: skip

    def chosen(name: str, share: float) -> tuple[str, ...]:
        return tuple(v or "" for v in chance.sample(known[name], 2)) if chance.random() < share else ()

    for _ in range(many):
        start = PROVINCE.as_of - timedelta(days=chance.randrange(500))
        period = Period(start, start + timedelta(days=chance.choice([0, 3, 6, 30, 90, 364]) + chance.randrange(3)))
        as_of = PROVINCE.as_of + timedelta(days=chance.choice([0, 0, 1, 40, -7, -90, -200]))
        if chance.random() < 0.3:  # whole weeks, looked at on their last day
            period = Period(start - timedelta(days=start.weekday()), start + timedelta(days=20 - start.weekday()))
            as_of = period.end
        stretch = chance.choice([None, *BY[3:]])
        by = (*chance.sample(BY[:3], chance.randrange(3)), *([stretch] if stretch else []))
        filters = Filters(**{name: chosen(name, 0.2) for name in weekly.KEPT})
        scope = Scope.of(*chosen("department", 1)) if chance.random() < 0.3 else ALL
        silent = [
            Silent(source, chance.choice([None, *known["department"][:3]]), chance.choice([None, start, as_of]), None)
            for source in known["source"][:1] * chance.randrange(2)
        ]
        yield Question(period, as_of, scope, tuple(by), filters, chance.choice(get_args(Map))), silent


@pytest.mark.parametrize("seed", range(4))
def test_weeks_answer_as_days_do(pieces: dict[str, pl.DataFrame], seed: int) -> None:
    cube, taken = pieces["cube"], pieces["durations"]
    counts, lengths = (
        Counts(rows.lazy(), pieces[name].lazy()) for rows, name in ((cube, "weeks"), (taken, "weeks_taken"))
    )
    for asked, silent in questions(cube, seed, 25):
        assert fits(asked)
        few = counts.of(asked).collect()
        assert few.height < cube.height
        assert_frame_equal(heard.told(few, asked, silent, CALENDAR), heard.told(cube, asked, silent, CALENDAR))
        assert heard.left_out(few, asked, silent, CALENDAR) == heard.left_out(cube, asked, silent, CALENDAR)
        days = lengths.of(asked).collect()
        assert_frame_equal(heard.lasted(days, asked, silent, CALENDAR), heard.lasted(taken, asked, silent, CALENDAR))


def test_one_frame_answers_several_questions(pieces: dict[str, pl.DataFrame]) -> None:
    asked = [one for one, _ in questions(pieces["cube"], 11, 5)]
    rows = Counts(pieces["cube"].lazy(), pieces["weeks"].lazy()).of(*asked).collect()
    for one in asked:
        assert_frame_equal(heard.told(rows, one, [], CALENDAR), heard.told(pieces["cube"], one, [], CALENDAR))


@pytest.mark.parametrize("seed", range(2))
def test_a_few_events_alone_count_as_all_figures_do(pieces: dict[str, pl.DataFrame], seed: int) -> None:
    chance = random.Random(seed)
    counts = Counts(pieces["cube"].lazy(), pieces["weeks"].lazy())
    some = 0
    for asked, _ in questions(pieces["cube"], 20 + seed, 25):
        events = chance.sample(FLOWS, 4)
        right = figures(
            pieces["cube"], period=asked.period, as_of=asked.as_of, scope=asked.scope, by=asked.by,
            filters=asked.filters, on_map=asked.on_map,
        ).select(*asked.by, *events)  # fmt: skip
        right = right.filter(pl.any_horizontal(pl.col(events) != 0)) if asked.by else right
        assert_frame_equal(happened(counts.of(asked), asked, events), right)
        some += right.height
    assert some > 50


def test_a_stock_does_not_happen(pieces: dict[str, pl.DataFrame]) -> None:
    asked = _asked("2026-01-05", "2026-01-11", "2026-01-20")
    with pytest.raises(ValueError, match=r"a stock does not happen in a period: pending_suspended$"):
        happened(pieces["cube"].lazy(), asked, [Event.RECEIVED, Event.SUSPENDED])


@settings(max_examples=30, deadline=None)
@given(
    dossiers(),
    st.integers(-20, DAYS + 20),
    st.sampled_from([0, 6, 13, 40]),
    st.integers(-10, 60),
    st.sampled_from([(), ("week",), ("department", "field"), ("field", "month"), ("department", "state_month")]),
    st.sampled_from(get_args(Map)),
)
def test_weeks_of_any_history_answer_as_its_days_do(
    rows: list[dict[str, Any]], start: int, length: int, after: int, by: tuple[str, ...], on_map: Map
) -> None:
    cube = cube_of(*rows)
    period = Period(first := START + timedelta(days=start), first + timedelta(days=length))
    asked = Question(period, first + timedelta(days=after), ALL, by, on_map=on_map)
    few = Counts(cube.lazy(), weeks(cube).lazy()).of(asked)
    told = [figures(frame, period=period, as_of=asked.as_of, scope=ALL, by=by, on_map=on_map) for frame in (few, cube)]
    assert_frame_equal(*told)


def _asked(start: str, end: str, as_of: str, by: tuple[str, ...] = (), **filters: tuple[str, ...]) -> Question:
    period = Period(date.fromisoformat(start), date.fromisoformat(end))
    return Question(period, date.fromisoformat(as_of), ALL, by, Filters(**filters))


@pytest.mark.parametrize("name", [*sorted(set(DIMENSIONS).difference(weekly.KEPT)), "day", "friday_week"])
def test_what_weeks_do_not_tell_apart_is_asked_of_all_days(pieces: dict[str, pl.DataFrame], name: str) -> None:
    days = pieces["cube"].lazy()
    counts, plain = Counts(days, pieces["weeks"].lazy()), _asked("2026-01-05", "2026-01-11", "2026-01-20")
    fine = [_asked("2026-01-05", "2026-01-11", "2026-01-20", ("field", name))]
    if name not in STRETCHES:
        fine.append(_asked("2026-01-05", "2026-01-11", "2026-01-20", **{name: ("x",)}))
    for asked in fine:
        assert not fits(asked)
        assert counts.of(asked) is counts.of(plain, asked) is days


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (_asked("2026-01-05", "2026-01-18", "2026-01-20"), []),
        (_asked("2026-01-05", "2026-01-18", "2026-01-20", ("week",)), []),
        # Sunday's own cohorts are judged on Monday.
        (_asked("2026-01-05", "2026-01-18", "2026-01-18"), ["2026-01-12"]),
        (_asked("2026-01-05", "2026-01-19", "2026-01-19"), ["2026-01-19"]),
        (_asked("2026-01-07", "2026-01-18", "2026-01-20"), ["2026-01-05"]),
        (_asked("2026-01-05", "2026-01-30", "2026-01-30", ("month",)), ["2026-01-26"]),
        (_asked("2026-01-05", "2026-03-01", "2026-03-09", ("month",)), ["2026-01-26", "2026-02-23"]),
        (_asked("2026-06-01", "2026-06-28", "2026-07-30", ("quarter",)), []),
        (_asked("2026-01-05", "2026-01-18", "2025-01-20"), ["2025-01-20"]),
    ],
)
def test_a_week_of_which_some_days_count_otherwise_is_torn(asked: Question, found: list[str]) -> None:
    assert [f"{day}" for day in torn(asked)] == found


def test_weeks_are_the_days_added_up(pieces: dict[str, pl.DataFrame]) -> None:
    month, observed = next(iter(PROVINCE.parts()))
    made = derive(observed)
    told = made["weeks"]
    assert tuple(told.columns) == weekly.WEEKS
    assert set(told["week"].dt.weekday()) == {1}
    assert 0 not in told["n"]
    assert not told.select(pl.exclude("n")).is_duplicated().any()
    assert told["event"].to_physical().is_sorted()
    assert told.filter(pl.col("channel").is_not_null())["event"].unique().to_list() == ["received"]
    sums = [rows.group_by("event").agg(pl.col("n").sum()).filter(pl.col("n") != 0) for rows in (told, made["cube"])]
    assert_frame_equal(*sums, check_row_order=False)
    assert tuple(made["weeks_taken"].columns) == weekly.WEEKS_TAKEN
    assert made["weeks_taken"]["n"].sum() == made["durations"]["n"].sum()
    assert weeks(made["cube"].clear()).schema == told.schema
    assert weeks_of_durations(made["durations"].clear()).schema == made["weeks_taken"].schema
