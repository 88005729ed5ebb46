"""``dunghan risk backtest``: what it prints, that it beats the base rate on planted risk, and when it is silent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from config.errors import StoreError
from jobs import flows, insight_risk, insights
from jobs.rebuild import rebuild
from metrics.risk_tables import BACKTEST, EXPECTED, OPEN
from store import insight
from store.database import Store, open_store
from tests.jobs.shell import Shell
from tests.truth.test_real_sets import BOSTON, HOUSTON, SEEN, WABO, load

KEYS = ["source", "n", "brier", "brier_base", "calibration", "hidden"]


def tried(shell: Shell) -> list[dict[str, Any]]:
    code, said, _ = shell("risk", "backtest", "--json")
    assert code == 0
    told: list[dict[str, Any]] = json.loads(said)
    return told


@pytest.fixture(scope="module")
def overload(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Store]:
    """The flow in which one of two wards with the same work loses an appraiser in March."""
    folder = tmp_path_factory.mktemp("qua-tai")
    url = f"sqlite:///{folder / 'store.sqlite'}"
    store = open_store(url)
    flows.play(store, flows.Flow("qua-tai"))
    rebuild(store)
    return url, store


def test_planted_risk_is_told_better_than_by_the_base_rate(shell: Shell, overload: tuple[str, Store]) -> None:
    shell.store = overload[0]
    (one,) = tried(shell)
    assert list(one) == KEYS
    assert (one["source"], one["hidden"]) == ("qua-tai", False)
    assert one["n"] > 3000
    assert one["brier"] < 0.25 * one["brier_base"]
    assert [list(tenth) for tenth in one["calibration"]] == [["predicted", "observed", "n"]] * len(one["calibration"])
    assert sum(tenth["n"] for tenth in one["calibration"]) == one["n"]
    code, said, _ = shell("risk", "backtest")
    assert code == 0
    assert "qua-tai" in said and "base rate" in said


def test_the_ward_that_lacks_an_appraiser_is_the_one_whose_dossiers_are_likely_to_be_late(
    overload: tuple[str, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, store = overload
    monkeypatch.setattr(insights, "MAKERS", {"risk": insight_risk.make})
    made = insights.make(store, now=SEEN)
    assert made is not None and made.failed == ()
    open_, expected, backtest = (insight.table(store, made, name) for name in (OPEN, EXPECTED, BACKTEST))
    assert open_ is not None and expected is not None and backtest is not None
    rows = open_.collect()
    by = dict(rows.group_by("department").agg(pl.col("chance").mean()).iter_rows())
    assert by["UBND phường Thiếu Người"] > 3 * by["UBND phường Đủ Người"]
    for row in expected.collect().to_dicts():
        mine = rows.filter(department=row["department"]).filter(pl.col("days_left") <= row["ahead"])
        assert (row["n"], row["expected"]) == (mine.height, pytest.approx(mine["chance"].sum()))
    assert backtest.collect()["hidden"].to_list() == [False]
    # The desk that lacks an officer is the appraiser's: what waits for it has left the assignment.
    here = dict(rows.filter(department="UBND phường Thiếu Người").group_by("step").agg(pl.col("chance").mean()).rows())
    assert here["Phân công"] > 0.8 > 4 * here["Tiếp nhận"]


def test_since_when_a_source_is_hidden_is_kept_over_nights(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(insights, "MAKERS", {"risk": insight_risk.make})
    flows.play(store, flows.Flow("qua-tai", rows=60))
    rebuild(store)
    first = insights.make(store, now=SEEN)
    assert first is not None
    told = insight.table(store, first, BACKTEST)
    assert told is not None
    row = told.collect().row(0, named=True)
    assert (row["hidden"], row["why"], row["hidden_since"]) == (True, "few", row["evening"])
    since = {"qua-tai": row["hidden_since"].replace(day=1)}
    monkeypatch.setattr(insight_risk, "_hidden_since", lambda _: since)
    second = insights.make(store, now=SEEN)
    again = insight.table(store, second, BACKTEST) if second else None
    assert again is not None
    assert again.collect()["hidden_since"].to_list() == [since["qua-tai"]]
    open_ = insight.table(store, second, OPEN) if second else None
    assert open_ is not None and open_.collect().is_empty()


def test_a_store_with_little_history_is_hidden_and_no_error(shell: Shell) -> None:
    shell.load()
    (one,) = tried(shell)
    assert one["n"] < 5
    assert one["hidden"]
    assert shell("risk", "backtest")[0] == 0


def test_a_store_without_dossiers_says_what_to_do(store: Store) -> None:
    from jobs.answers import ready

    with pytest.raises(StoreError, match="holds no dossiers yet"):
        ready(store)


@pytest.mark.real
@pytest.mark.parametrize(
    ("file", "name", "better"), [(WABO, "receipt_wabo", True), (BOSTON, "boston", True), (HOUSTON, "houston", True)]
)
def test_on_real_sets_both_scores_are_told_and_what_is_not_better_is_hidden(
    store: Store, shared_data: Path, file: str, name: str, *, better: bool
) -> None:
    load(store, shared_data, file, name)
    state = rebuild(store)
    (found,) = insight_risk.of_world(insights.world_of(store, state, SEEN))
    told = found.tried
    assert told.n > 1000
    assert told.brier is not None and told.brier_base is not None
    assert (told.brier < told.brier_base) == better == (not told.hidden)


@pytest.mark.real
def test_steps_that_are_told_when_they_are_done_make_the_forecast_of_a_real_log_better(
    store: Store, shared_data: Path
) -> None:
    load(store, shared_data, WABO, "receipt_wabo")
    world = insights.world_of(store, rebuild(store), SEEN)
    (found,) = insight_risk.of_world(world)
    evening, by = insight_risk.evening_of(world), world.settings
    (without,) = insight_risk.forecasts(world.facts(), evening, world.book.calendar, by)
    assert found.tried.n == without.tried.n
    assert found.tried.brier is not None and without.tried.brier is not None
    assert found.tried.brier < without.tried.brier - 0.005
    assert without.open["step"].null_count() == without.open.height
    assert found.open["step"].drop_nulls().str.starts_with("sau ").all()
    assert found.open["step"].null_count() < found.open.height
