"""Đối soát: what two sources say of the same dossiers, each number with its list; a head sees the own unit's alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import components, frame, routes, shapes
from dashboard.answers import reconcile
from jobs.rebuild import rebuild
from metrics.scope import Scope
from store import reconciliations
from store.database import Store, open_store
from store.ingest import Source, begin_run
from tests.dashboard import made_up
from tests.dashboard.conftest import NOW, TODAY, Visit

PORTAL = Source("cong-quoc-gia", "Asia/Ho_Chi_Minh", "Cổng quốc gia", kind="rest", cadence_minutes=15)


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The made-up province, and a portal that never heard of every seventh closing and of every eleventh dossier."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('doi-soat') / 'dunghan.db'}")
    made_up.fill(store, TODAY, now=NOW, weeks=6, a_day=12)
    number = pl.col("code").str.slice(-5).cast(pl.Int64)
    rows = made_up.dossiers(TODAY, weeks=6, a_day=12).with_columns(source=pl.lit(PORTAL.name))
    unheard = (number % 7 == 0) & pl.col("resolved_at").is_not_null()
    told = rows.filter(number % 11 != 0).with_columns(
        status=pl.when(unheard).then(pl.lit("processing")).otherwise(pl.col("status").cast(pl.String)),
        resolved_at=pl.when(~unheard).then("resolved_at"),
    )
    with begin_run(store, PORTAL, kind="sync", origin="test", seen_at=NOW) as run:
        run.batch(told)
    rebuild(store)
    yield store
    store.engine.dispose()


def tables(app: AppTest) -> list[pl.DataFrame]:
    return [pl.from_pandas(each.value) for each in app.dataframe]


def words(app: AppTest) -> str:
    return "\n".join(str(e.value) for kind in ("markdown", "caption", "header") for e in getattr(app, kind))


def test_the_page_opens_and_its_classes_add_up(visit: Visit) -> None:
    app = visit(shapes.RECONCILE)
    assert not app.exception
    assert "Chưa hiển thị được bảng này" not in words(app)
    overdue = tables(app)[0]
    by_class = {name: int(n.replace(".", "")) for name, n, _ in overdue.iter_rows() if name[0] != "–"}
    assert by_class["Cộng"] == sum(n for name, n in by_class.items() if name != "Cộng") > 0
    assert by_class["Chưa kết thúc"] > 0
    assert "do đồng bộ hoặc chưa kết thúc" in words(app)


def test_a_list_is_as_long_as_its_number(visit: Visit) -> None:
    app = visit(shapes.RECONCILE, nhom="chua-ket-thuc")
    found = tables(app)[-1]
    number = next(n for name, n, _ in tables(app)[0].iter_rows() if name == "Chưa kết thúc")
    assert found.height == int(number)
    assert f"{number} hồ sơ · {number} chưa ghi nguyên nhân" in words(app)


def test_a_head_sees_the_own_unit_alone(visit: Visit) -> None:
    whole, mine = visit(shapes.RECONCILE), visit(shapes.RECONCILE, who="truongphong")
    assert not mine.exception
    units = tables(mine)[2]["Đơn vị"].to_list()
    assert units == ["Sở Xây dựng"]
    assert len(tables(whole)[2]) > 5
    for code in reconcile.TABS:
        app = visit(shapes.RECONCILE, who="truongphong", nhom=code)
        for table in tables(app)[3:]:
            assert set(table["Đơn vị"]) <= {"Sở Xây dựng"}


def test_the_two_sources_of_the_address_are_those_compared(visit: Visit) -> None:
    app = visit(shapes.RECONCILE, nguon_a="cong-quoc-gia", nguon_b="mot-cua")
    assert app.selectbox(key="_nguon_a").value == "cong-quoc-gia"
    assert app.selectbox(key="_nguon_b").value == "mot-cua"
    assert "Một cửa điện tử tỉnh ghi" in words(app)


def test_with_one_source_there_is_nothing_to_compare(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconcile, "pairs", lambda sources: {})
    app = visit(shapes.RECONCILE)
    assert not app.exception
    assert "Chưa có hai nguồn để đối soát" in words(app)


def test_a_source_without_dossiers_is_not_offered() -> None:
    sources = pl.DataFrame({"name": ["a", "b"], "title": ["A", ""], "dossiers": [5, 0]})
    assert reconcile.pairs(sources) == {}
    assert reconcile.pairs(sources.with_columns(dossiers=pl.Series([5, 7]))) == {"b": "b", "a": "A"}


def test_on_a_phone_lists_are_cards_and_a_cause_is_recorded_there(
    visit: Visit, in_use: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("components", "tables", "reconciling"):
        monkeypatch.setattr(f"dashboard.{module}.phone", lambda: True)
    app = visit(shapes.RECONCILE, nhom="chua-ket-thuc")
    assert not app.exception
    assert components.phone()
    assert not app.dataframe
    app.selectbox(key="chon_chua-ket-thuc").select_index(0).run()
    app.selectbox[-1].select("N04")
    app.button[-1].click().run()
    assert not app.exception
    (row,) = reconciliations.recorded(in_use, Scope.province(), "mot-cua", "cong-quoc-gia").to_dicts()
    assert (row["cause"], row["recorded_by"], row["class"]) == ("N04", "giamdoc", "not_closed")


def test_the_page_has_an_address_behind_the_gate(tmp_path: Path) -> None:
    assert "/doi-soat" in routes.PAGES
    assert any(entry[0] == shapes.RECONCILE for entries in frame.PAGES.values() for entry in entries)
