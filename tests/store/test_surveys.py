"""Satisfaction slips in the store: kept once, never rewritten, refused aloud, and seen within the reader's scope."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from config.errors import StoreError
from metrics.scope import Period, Scope
from store import intakes, surveys, tables
from store.database import Store, writing
from store.intakes import Counts, Intake
from store.surveys import Asked
from tests.access import planted

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
ALL = Scope.province()
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
NONE_REFUSED = pl.DataFrame(schema=intakes.REFUSED)


def slips(*told: tuple[str, str, str | None, int]) -> pl.DataFrame:
    """Make slips of (number, day, unit, score)."""
    rows = [
        {"slip": slip, "place": f"a.csv, row {n}", "answered_on": day, "department": unit, "score": score}
        for n, (slip, day, unit, score) in enumerate(told, 2)
    ]
    return pl.DataFrame(rows, schema=surveys.SLIPS)


def take(store: Store, told: pl.DataFrame, refused: pl.DataFrame = NONE_REFUSED, *, sha: str | None = "x") -> Counts:
    return surveys.take(store, "kiosk", told, refused, intake=Intake("surveys", "a.csv", "worker", NOW, sha))


TWO = slips(("1", "2026-11-20", "Sở Y tế", 5), ("2", "2026-11-21", None, 2))


def test_good_rows_are_kept_and_refused_ones_beside_them_with_their_reasons(store: Store) -> None:
    bad = pl.DataFrame(
        [{"place": "a.csv, row 9", "reasons": ["no_score", "no_day"], "found": "—", "raw": '{"score": null}'}],
        schema=intakes.REFUSED,
    )
    assert take(store, TWO, bad) == Counts(new=2, refused=1)
    assert surveys.read(store, ALL).select("survey", "slip", "answered_on", "department", "score").rows() == [
        ("kiosk", "1", date(2026, 11, 20), "Sở Y tế", 5), ("kiosk", "2", date(2026, 11, 21), None, 2),
    ]  # fmt: skip
    reading = intakes.history(store, "surveys").row(0, named=True)
    assert (reading["read"], reading["new"], reading["unchanged"], reading["refused"]) == (3, 2, 0, 1)
    assert intakes.refused(store, reading["id"]).rows() == [
        ("a.csv, row 9", '["no_score", "no_day"]', "—", '{"score": null}')
    ]


def test_the_same_file_twice_brings_nothing_new(store: Store) -> None:
    take(store, TWO)
    assert take(store, TWO) == Counts(unchanged=2)
    assert surveys.read(store, ALL).height == 2


def test_a_longer_file_brings_what_is_new_in_it(store: Store) -> None:
    take(store, TWO)
    longer = pl.concat([TWO, slips(("3", "2026-11-22", "Sở Y tế", 4))])
    assert take(store, longer, sha="y") == Counts(new=1, unchanged=2)


def test_a_slip_that_is_told_otherwise_is_refused_and_the_first_word_stays(store: Store) -> None:
    take(store, TWO)
    other = slips(("1", "2026-11-20", "Sở Y tế", 1), ("2", "2026-11-21", None, 2))
    assert take(store, other, sha="y") == Counts(unchanged=1, refused=1)
    assert surveys.read(store, ALL)["score"].to_list() == [5, 2]
    newest = intakes.history(store, "surveys")["id"][0]
    assert intakes.refused(store, newest).row(0)[:3] == (
        "a.csv, row 2", '["slip_told_otherwise"]', "slip 1 is kept with another content",
    )  # fmt: skip


def test_one_number_in_two_surveys_is_two_slips(store: Store) -> None:
    take(store, TWO)
    web = Intake("surveys", "b.csv", "worker", NOW, "z")
    assert surveys.take(store, "web", TWO, NONE_REFUSED, intake=web) == Counts(new=2)


def test_a_file_whose_slips_had_other_numbers_before_is_refused_whole(store: Store) -> None:
    take(store, TWO)
    renumbered = TWO.with_columns(slip=pl.col("slip") + "-a")
    with pytest.raises(StoreError, match="2 of its slips had other numbers then") as refused:
        take(store, renumbered)
    assert "another name" not in str(refused.value)
    assert surveys.read(store, ALL).height == 2
    assert intakes.history(store, "surveys").height == 1


def test_a_file_that_was_loaded_as_another_survey_is_refused_whole(store: Store) -> None:
    take(store, TWO)
    same = Intake("surveys", "b.csv", "worker", NOW, "x")
    renumbered = TWO.with_columns(slip=pl.col("slip") + "-a")
    for told in (TWO, renumbered):
        with pytest.raises(StoreError, match='loaded before as survey "kiosk".*count twice') as refused:
            surveys.take(store, "web", told, NONE_REFUSED, intake=same)
        assert "another name" not in str(refused.value)
    assert surveys.read(store, ALL).height == 2
    assert take(store, TWO) == Counts(unchanged=2)


def test_two_loads_of_one_file_at_once_keep_each_slip_once(store: Store) -> None:
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda _: take(store, TWO), range(2)))
    assert sorted(counts.new for counts in told) == [0, 2]


def test_nothing_that_was_taken_in_can_be_changed_or_deleted(store: Store) -> None:
    take(store, TWO)
    for said in (sa.update(tables.surveys).values(score=5), sa.delete(tables.surveys)):
        with pytest.raises(StoreError, match="what was taken in is append-only"), writing(store) as connection:
            connection.execute(said)


def test_a_reader_sees_the_slips_of_the_own_units_under_the_names_of_today(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted.register(tmp_path)
    monkeypatch.setenv("DUNGHAN_CONFIG", str(tmp_path))
    take(
        store,
        slips(("1", "2026-11-20", "Sở Aquila", 5), ("2", "2026-11-20", "Sở Cygnus", 4), ("3", "2026-11-20", None, 3)),
    )
    assert surveys.read(store, Scope.of("Sở Cygnus"))["slip"].to_list() == ["2"]
    assert surveys.read(store, ALL).height == 3
    assert surveys.read(store, Scope.of()).is_empty()


def test_slips_of_a_period_are_those_answered_on_its_days_both_ends_included(store: Store) -> None:
    take(store, slips(*((str(n), f"2026-11-{n:02}", None, 5) for n in range(9, 13))))
    told = surveys.read(store, ALL, Period(date(2026, 11, 10), date(2026, 11, 11)))
    assert told["answered_on"].to_list() == [date(2026, 11, 10), date(2026, 11, 11)]


def ask(store: Store, number: int, period: Period = NOVEMBER, unit: str | None = None) -> Counts:
    told = Asked("kiosk", period, number, unit)
    return surveys.ask(store, told, intake=Intake("surveys", "asked", "worker", NOW))


def test_the_last_word_on_how_many_were_asked_holds(store: Store) -> None:
    assert ask(store, 400) == Counts(new=1)
    assert ask(store, 400) == Counts(unchanged=1)
    assert ask(store, 380) == Counts(new=1)
    assert ask(store, 90, unit="Sở Y tế") == Counts(new=1)
    assert sorted(surveys.asked(store, ALL)["asked"].to_list()) == [90, 380]
    assert surveys.asked(store, Scope.of("Sở Y tế"))["asked"].to_list() == [90]


def test_stretches_that_overlap_and_numbers_that_nobody_asked_are_refused(store: Store) -> None:
    ask(store, 400)
    with pytest.raises(StoreError, match="people would count twice"):
        ask(store, 100, Period(date(2026, 11, 30), date(2026, 12, 5)))
    assert ask(store, 100, Period(date(2026, 12, 1), date(2026, 12, 5))) == Counts(new=1)
    for number in (-1, 1_000_000_001, 2**63):
        with pytest.raises(StoreError, match='survey "kiosk": .* cannot have been asked.* from 0 to 1000000000'):
            ask(store, number, Period(date(2027, 1, 1), date(2027, 1, 5)))
    assert ask(store, 1_000_000_000, Period(date(2027, 1, 1), date(2027, 1, 5))) == Counts(new=1)
