"""A silence of a source stands in the charts of those whom it feeds, in words too; nobody else learns of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from dashboard import charts, dots, shapes
from dashboard.answers import analysis, outages
from dashboard.answers.analysis import Mark
from dashboard.template import PALETTES
from jobs.rebuild import rebuild
from metrics.dossier import PLAIN
from metrics.outages import Outage
from metrics.scope import Period
from store.database import Store, open_store
from store.ingest import Source, begin_run
from tests.dashboard import made_up
from tests.dashboard.conftest import NOW, TODAY, Visit
from tests.dashboard.test_analysis import CHOICE, weeks
from tests.dashboard.test_pages import texts
from tests.dashboard.test_wall import told as of_wall
from tests.fresh import Databases

LAND = Source("dat-dai", "Asia/Ho_Chi_Minh", "Đất đai", kind="rest", cadence_minutes=15)
SHOWN = Period(date(2026, 9, 7), date(2026, 11, 22))
TITLES = {"mot-cua": "Một cửa điện tử tỉnh"}


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Any:
    """The made-up province, fed by two sources: the one of all was last read nine days before, that of land matters,
    which the Sở Xây dựng has none of, on Monday 2/11."""
    folder = tmp_path_factory.mktemp("silences")
    store = open_store(databases.migrated(folder), home=folder)
    for source, days in ((LAND, 18), (made_up.SOURCE, 9)):
        _read(store, source, NOW - timedelta(days=days))
    lately = NOW - timedelta(minutes=10)
    _read(store, LAND, lately)
    made_up.fill(store, TODAY, now=lately)
    yield store
    store.engine.dispose()


def _read(store: Store, source: Source, at: datetime) -> None:
    row = {"source": source.name, "code": f"{at}", "status": "processing", "department": "UBND phường Tân Vân"}
    with begin_run(store, source, kind="sync", origin="test", seen_at=at) as run:
        run.batch(pl.DataFrame([row | {"received_at": at}], schema=PLAIN))
    rebuild(store)


OF_LAND = "Nguồn Đất đai không nghe được từ 02/11/2026 đến 20/11/2026"
OF_ALL = "Nguồn Một cửa điện tử tỉnh không nghe được từ 11/11/2026 đến 20/11/2026"


def test_the_province_sees_the_silences_of_all_its_sources(visit: Visit) -> None:
    app = visit(shapes.OVERVIEW)
    assert not app.exception
    assert f"{OF_LAND}." in texts(app) and f"{OF_ALL}." in texts(app)
    assert "Dải xám: không nghe được nguồn" in texts(app)
    assert of_wall(app).count('"không nghe được nguồn"') == 2  # in the chart itself


def test_a_head_sees_those_of_the_sources_that_feed_his_unit_alone(visit: Visit) -> None:
    for page in (shapes.OVERVIEW, shapes.DEPARTMENTS):
        shown = of_wall(visit(page, who="truongphong"))
        assert OF_ALL in shown
        assert "Đất đai không nghe" not in shown and shown.count('"không nghe được nguồn"') == 1


def test_a_unit_that_is_chosen_has_those_of_its_own_sources(visit: Visit) -> None:
    assert OF_LAND in texts(visit(shapes.DEPARTMENTS, don_vi="UBND phường Tân Vân"))
    assert OF_LAND not in texts(visit(shapes.DEPARTMENTS, don_vi="Sở Tư pháp"))


def test_the_wall_shows_the_newest(visit: Visit) -> None:
    shown = of_wall(visit(shapes.WALL))
    assert "không nghe được Một cửa điện tử tỉnh" in shown
    assert "không nghe được Đất đai" not in shown


def test_a_week_before_the_silence_does_not_speak_of_it(visit: Visit) -> None:
    assert "không nghe được" not in texts(visit(shapes.OVERVIEW, tuan="2026-W44"))


def test_a_silence_is_said_by_its_days_and_cut_to_what_is_shown() -> None:
    found = [
        Outage("mot-cua", date(2026, 8, 31), date(2026, 9, 4)), Outage("mot-cua", date(2026, 9, 4), date(2026, 9, 8)),
        Outage("mot-cua", date(2026, 10, 1), date(2026, 10, 1)), Outage("la", date(2026, 11, 20), None),
    ]  # fmt: skip
    told = outages.marks(found, TITLES, SHOWN)
    assert [(mark.day, mark.last) for mark in told] == [
        (date(2026, 9, 7), date(2026, 9, 8)), (date(2026, 10, 1), date(2026, 10, 1)),
        (date(2026, 11, 20), date(2026, 11, 22)),
    ]  # fmt: skip
    assert [mark.said for mark in told] == [
        "Nguồn Một cửa điện tử tỉnh không nghe được từ 04/09/2026 đến 08/09/2026",
        "Nguồn Một cửa điện tử tỉnh không nghe được ngày 01/10/2026", "Nguồn la không nghe được từ 20/11/2026 đến nay",
    ]  # fmt: skip


def test_limits_go_on_through_a_silence_and_its_band_lies_behind_the_line() -> None:
    quiet = Mark(date(2026, 9, 8), "không nghe được A", is_break=False, last=date(2026, 9, 11), said="Nguồn A im")
    calm = analysis.trend(CHOICE, weeks(40), (), narrow=False)
    told = analysis.trend(CHOICE, weeks(40), (), narrow=False, outages=[quiet])
    assert told.points == calm.points
    assert told.text == f"{calm.text}; Nguồn A im"
    spec = dots.with_breaks(charts.control_chart(told.points, target=None, theme="light"), told.marks, theme="light")
    band = spec["layout"]["shapes"][-1]
    assert (band["type"], band["x0"], band["x1"], band["layer"]) == ("rect", "2026-09-08", "2026-09-12", "below")
    assert band["fillcolor"] == PALETTES["light"].muted
    words = spec["layout"]["annotations"][-1]
    assert (words["text"], words["xanchor"], words["y"]) == ("không nghe được A", "right", 0.09)


def test_of_many_silences_the_newest_three_are_shown() -> None:
    days = [date(2026, 11, n) for n in (2, 4, 6, 10, 12)]
    many = [Mark(day, f"{day.day}", is_break=False, last=day, said=f"ngày {day.day}") for day in days]
    told = analysis.trend(CHOICE, weeks(40), (), narrow=False, outages=many)
    assert [mark.words for mark in told.marks] == ["6", "10", "12"]
