"""Spark counts what polars counts, to the last dossier: the same parts, and the same answer to every question."""

from __future__ import annotations

import operator
import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, cast

import polars as pl
import pytest

from benchmarks.province import Province
from config.errors import StoreError
from config.settings import settings
from dashboard import data
from jobs import spark
from jobs.deriving import Given, Seen
from jobs.rebuild import rebuild
from metrics.scope import Period, Scope
from store import snapshot
from store.database import Store
from store.snapshot import Piece
from tests.equality import province as troubled
from tests.spark.cluster import Cluster
from tests.spark.compared import (
    CATALOGUE,
    Asked,
    Laid,
    answered,
    by_polars,
    by_spark,
    difference,
    observed,
    ours_of,
    questions,
    theirs_of,
)

# What pyspark leaves open, and what it says of a pandas that it finds, is not ours.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]
PROVINCE = Province(rows=200_000, months=12)
PIECES: Final[tuple[Piece, ...]] = ("cube", "durations")
YEAR = Period(date(2016, 1, 11), date(2016, 12, 30))
SPRING = Period(YEAR.start, date(2016, 3, 31))
AS_OF = date(2016, 11, 24)


@pytest.fixture(scope="module")
def both(session: Any, folder: Path) -> tuple[Laid, Laid]:
    """200,000 dossiers in twelve Parquet parts, derived by polars and by the two workers."""
    seen = list(observed(PROVINCE, folder / "observed"))
    return by_polars(seen, folder / "here"), by_spark(session, seen, folder / "there")


def test_two_workers_derive_the_same_files_to_the_byte(both: tuple[Laid, Laid]) -> None:
    here, there = both
    assert len(here.parts) == 12
    assert here.parts == there.parts  # a file's name tells its content


@pytest.mark.parametrize("asked", questions(YEAR, AS_OF, "Đơn vị 07"), ids=lambda asked: asked.words)
def test_every_figure_of_the_catalogue_is_the_same(both: tuple[Laid, Laid], session: Any, asked: Asked) -> None:
    here, there = both
    asked = replace(asked, period=SPRING) if len(asked.by) == 3 else asked  # make test-spark asks for all weeks
    right = answered(ours_of(here, "cube"), ours_of(here, "durations"), asked)
    assert set(right.columns) >= CATALOGUE | set(asked.by)
    found = answered(theirs_of(session, there, "cube"), theirs_of(session, there, "durations"), asked)
    assert difference(right, found, asked) == ""
    assert right["received"].sum() > 1_000


def test_a_row_that_is_lost_on_the_way_is_noticed_and_named(both: tuple[Laid, Laid], session: Any) -> None:
    asked = Asked(SPRING, AS_OF, ("department",))
    cube, durations = (ours_of(both[0], piece) for piece in PIECES)
    right = answered(cube, durations, asked)
    one = cube.filter(pl.col("event") == "received", pl.col("day") == date(2016, 3, 2)).head(1).collect()
    rest = theirs_of(session, both[1], "cube")
    same = [rest[name].eqNullSafe(one[name].cast(pl.String)[0]) for name in snapshot.GROUPED]
    lost = rest["day"].eqNullSafe(date(2016, 3, 2)) & (rest["event"] == "received")
    for each in same:
        lost &= each
    short = answered(rest.filter(~lost), durations, asked)
    named = difference(right, short, asked)
    assert f"{one['department'][0]}: received is" in named


def test_a_question_about_nobody_and_one_about_the_future_have_the_same_answer(session: Any, folder: Path) -> None:
    laid = by_polars(observed(Province(rows=300, months=1), folder / "few"), folder / "few-made")
    ahead = Period(date(2030, 1, 1), date(2030, 3, 31))
    for asked in (
        Asked(YEAR, AS_OF, ("week",), scope=Scope.of()),
        Asked(ahead, AS_OF, ("quarter",)),
    ):
        right = answered(ours_of(laid, "cube"), ours_of(laid, "durations"), asked)
        found = answered(theirs_of(session, laid, "cube"), theirs_of(session, laid, "durations"), asked)
        assert difference(right, found, asked) == ""


# ---------- what goes wrong on a worker ----------


def test_a_worker_that_is_killed_half_way_loses_nothing(
    both: tuple[Laid, Laid], at_spark: Cluster, session: Any, folder: Path
) -> None:
    killed = []

    def seen() -> Iterator[Seen]:
        for month, rows in observed(PROVINCE, folder / "observed"):
            if month == "2016-04":
                killed.extend(at_spark.executors()[:1])
                os.kill(killed[0], signal.SIGKILL)
            yield month, rows

    again = by_spark(session, seen(), folder / "again")
    assert len(killed) == 1
    assert again.parts == both[0].parts


class Unreadable:
    """What a worker cannot take out of its parcel."""

    def __reduce__(self) -> tuple[Any, ...]:
        return operator.truediv, (1, 0)


def test_what_breaks_on_every_worker_is_told_with_the_month_and_the_reason(session: Any, tmp_path: Path) -> None:
    seen, broken = Province(rows=30, months=1).parts(), cast("Given", Unreadable())
    with pytest.raises(StoreError) as error:
        list(spark.parts(session, spark.Folder(tmp_path), seen, broken))
    assert error.value.place.startswith("Spark at spark://127.0.0.1:")
    assert error.value.found == "no worker could derive 2016-01 (ZeroDivisionError: division by zero)."
    assert not (tmp_path / "cube").exists()


# ---------- a store with every trouble, derived again by the other engine ----------


@pytest.fixture
def unlucky(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Waits, letters, moved promises, merged units, dossiers handed on; derived by polars."""
    (tmp_path / "units.toml").write_text(troubled.UNITS, encoding="utf-8")
    monkeypatch.setenv("DUNGHAN_CONFIG", str(tmp_path))
    monkeypatch.setenv("DUNGHAN_ENGINE", "polars")
    data.book.cache_clear()
    data.calendar.cache_clear()
    troubled.fill(store, weeks=16)
    return store


def test_a_rebuild_on_spark_gives_the_same_state_of_the_figures(
    unlucky: Store, at_spark: Cluster, session: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = snapshot.read_manifest(unlucky)
    assert here is not None
    shutil.rmtree(unlucky.derived)
    for name, value in (("ENGINE", "spark"), ("SPARK_MASTER", at_spark.master), ("SPARK_ABOVE", "400")):
        monkeypatch.setenv(f"DUNGHAN_{name}", value)  # the first months here, those beyond 400 dossiers there
    settings.cache_clear()
    steps: list[tuple[int, int]] = []
    there = rebuild(unlucky, progress=lambda *step: steps.append(step))
    assert (there.data_version, there.parts) == (here.data_version, here.parts)
    assert steps == [(n, len(here.parts)) for n in range(1, len(here.parts) + 1)]
    assert snapshot.damaged(unlucky, there, content=True) == set()

    quarter = Period(troubled.TODAY - timedelta(days=90), troubled.TODAY)
    asked = Asked(quarter, troubled.TODAY, ("department", "friday_week"), "then")
    right = answered(snapshot.cube(unlucky, there), snapshot.durations(unlucky, there), asked)
    cube, durations = (spark.frame(session, unlucky, there.parts.values(), piece) for piece in PIECES)
    assert difference(right, answered(cube, durations, asked), asked) == ""
    seldom = ("supplements", "letters_issued", "letters_owed", "extensions_not_counted", "transferred_in", "withdrawn")
    assert [name for name in seldom if not right[name].sum()] == []
