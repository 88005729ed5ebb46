"""The analyses of the night: made once for a state, kept beside the snapshot, told of within scope."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from config.errors import ConfigError
from jobs import doctor, insights
from jobs.insight_world import World
from jobs.rebuild import rebuild
from store import insight
from store.database import Store
from tests.store.test_ingest import NOON, load, rows

NIGHT = datetime(2026, 11, 19, 19, 30, tzinfo=UTC)  # 02:30 of the office on the 20th


def _counted(world: World) -> Mapping[str, pl.DataFrame]:
    return {"all": world.facts().select("code", "department").collect()}


def _refuses(world: World) -> Mapping[str, pl.DataFrame]:
    raise ConfigError("insight.toml", f"nothing is right on {world.as_of}.", "Mend it.")


@pytest.fixture(autouse=True)
def makers(monkeypatch: pytest.MonkeyPatch) -> dict[str, insights.Maker]:
    told: dict[str, insights.Maker] = {"counted": _counted}
    monkeypatch.setattr(insights, "MAKERS", told)
    return told


def _codes(store: Store) -> list[str]:
    made = insight.read_made(store)
    table = insight.table(store, made, "all") if made else None
    return [] if table is None else sorted(table.collect()["code"])


def test_nothing_is_made_of_a_store_without_dossiers(store: Store) -> None:
    assert (insights.is_due(store, now=NIGHT), insights.make(store, now=NIGHT)) == (False, None)


def test_what_was_made_tells_of_the_state_it_was_made_from(store: Store) -> None:
    load(store, rows("A", "B"))
    state = rebuild(store)
    made = insights.make(store, now=NIGHT)
    assert made is not None
    assert insight.read_made(store) == made
    assert (made.data_version, made.as_of, list(made.seconds), made.failed) == (
        state.data_version, date(2026, 10, 21), ["counted"], (),
    )  # fmt: skip
    assert _codes(store) == ["A", "B"]


def test_an_analysis_that_fails_is_said_and_keeps_what_it_found(
    store: Store, makers: dict[str, insights.Maker]
) -> None:
    load(store, rows("A"))
    rebuild(store)
    insights.make(store, now=NIGHT)
    makers |= {"counted": _refuses, "other": lambda world: {"more": world.facts().select("code").collect()}}
    made = insights.make(store, now=NIGHT + timedelta(days=1))
    assert made is not None
    assert (made.failed, sorted(made.tables)) == (("counted",), ["all", "more"])
    assert _codes(store) == ["A"]


def test_files_of_two_states_stay_and_older_ones_go(store: Store) -> None:
    for day, code in enumerate("ABC"):
        load(store, rows(code), seen_at=NOON + timedelta(hours=day))
        rebuild(store)
        insights.make(store, now=NIGHT + timedelta(days=day))
    assert len(list((store.derived / insight.FOLDER).iterdir())) == 2
    shutil.rmtree(store.derived / insight.FOLDER)
    assert _codes(store) == []


def test_a_damaged_note_of_what_was_made_is_none(store: Store) -> None:
    load(store, rows("A"))
    rebuild(store)
    insights.make(store, now=NIGHT)
    (store.derived / insight.NAME).write_text("{", encoding="utf-8")
    assert insight.read_made(store) is None
    assert insights.is_due(store, now=NIGHT)


@pytest.mark.parametrize(
    ("after", "due"),
    [
        (timedelta(seconds=44), False),  # it rests
        (timedelta(hours=20), False),  # the same night
        (timedelta(hours=24), True),  # the next one has begun
        (timedelta(hours=-2), True),  # the clock was set back behind what was made
    ],
)
def test_each_night_has_its_own(store: Store, after: timedelta, *, due: bool) -> None:
    load(store, rows("A"))
    rebuild(store)
    insights.make(store, now=NIGHT)
    assert insights.is_due(store, now=NIGHT + after) is due


def test_much_that_is_new_is_not_left_to_the_night(store: Store) -> None:
    load(store, rows(*(f"A{n}" for n in range(40))))
    rebuild(store)
    insights.make(store, now=NIGHT)
    load(store, rows("B"), seen_at=NOON + timedelta(hours=1))
    rebuild(store)
    assert not insights.is_due(store, now=NIGHT + timedelta(hours=1))
    load(store, rows("C", "D", "E"), seen_at=NOON + timedelta(hours=2))
    rebuild(store)
    assert insights.is_due(store, now=NIGHT + timedelta(hours=1))
    assert not insights.is_due(store, now=NIGHT + timedelta(seconds=30))


def _said(store: Store, now: datetime) -> list[tuple[str, str]]:
    return [(each.verdict, each.found) for each in doctor._analyses(store, now)]


def test_the_doctor_says_how_the_analyses_stand(store: Store, makers: dict[str, insights.Maker]) -> None:
    assert _said(store, NIGHT) == []  # no dossiers, nothing to make
    load(store, rows("A"))
    rebuild(store)
    assert _said(store, NIGHT) == [("look", "none were made yet")]
    insights.make(store, now=NIGHT)
    ((verdict, found),) = _said(store, NIGHT + timedelta(hours=36))
    assert (verdict, found.startswith("of 2026-10-21, ")) == ("ok", True)
    ((verdict, found),) = _said(store, NIGHT + timedelta(hours=37))
    assert (verdict, found) == ("look", "made at 2026-11-19 19:30 UTC, of 2026-10-21: no night since")
    makers["counted"] = _refuses
    insights.make(store, now=NIGHT)
    assert _said(store, NIGHT) == [("wrong", "not made: counted")]
