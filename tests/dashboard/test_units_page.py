"""Đơn vị và thủ tục: what the registers do not know, to those who may see it; and the mark beside figures."""

from __future__ import annotations

import polars as pl
import pytest

from config.units import Known, Units
from dashboard import data, operated, shapes
from dashboard.answers import units
from metrics import rulebook
from tests.dashboard.conftest import Visit
from tests.dashboard.test_pages import texts


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> None:
    """A register that knows one unit of the province."""
    book = rulebook.load()
    told = rulebook.Rulebook(book.time, book.rules, book.procedures, Units({}, {}, (Known("Sở Xây dựng", "province"),)))
    monkeypatch.setattr(rulebook, "load", lambda: told)
    data.book.cache_clear()
    operated._strange.clear()


def test_the_page_lists_unknown_units_and_procedures(visit: Visit, register: None) -> None:
    app = visit(shapes.UNITS)
    assert not app.exception
    assert "đơn vị chưa có trong danh mục" in texts(app)
    assert [frame.value.columns[0] for frame in app.dataframe] == ["Nguồn ghi", "Nguồn ghi"]
    assert "Sở Xây dựng" not in app.dataframe[0].value["Nguồn ghi"].to_list()


def test_without_a_register_no_unit_is_called_unknown(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    book = rulebook.load()
    bare = rulebook.Rulebook(book.time, book.rules, book.procedures, Units({}, {}, ()))
    monkeypatch.setattr(rulebook, "load", lambda: bare)
    data.book.cache_clear()
    operated._strange.clear()
    app = visit(shapes.UNITS)
    assert "Chưa có danh mục đơn vị." in texts(app)
    assert "dunghan units map" not in texts(app)


def test_where_every_procedure_is_known_nothing_is_to_be_done() -> None:
    assert units.then(pl.DataFrame({"name": []}), units.ADD_PROCEDURE) == []
    assert units.then(pl.DataFrame({"name": ["1.001"]}), units.ADD_PROCEDURE) == [units.ADD_PROCEDURE]


def test_a_head_sees_there_no_unit_of_others(visit: Visit, register: None) -> None:
    mine = visit(shapes.UNITS, who="truongphong")
    every = visit(shapes.UNITS)
    assert mine.dataframe[-1].value["Hồ sơ"].to_list() != every.dataframe[-1].value["Hồ sơ"].to_list()
    assert not set(mine.dataframe[-1].value["Nguồn ghi"]) & set(every.dataframe[0].value["Nguồn ghi"])


def test_figures_mark_the_unknown_and_only_them() -> None:
    assert units.marked(()) == ()
    assert units.marked(("Sở *A*",)) == (r"Sở \*A\*: chưa có trong danh mục, tính dưới tên nguồn ghi.",)
    many = units.marked(tuple(f"Xã {n}" for n in range(7)))
    assert many[0].startswith("Xã 0, Xã 1, Xã 2, Xã 3, Xã 4 và 2 đơn vị khác:")


def test_a_register_that_knows_all_says_so() -> None:
    assert units.summary(pl.DataFrame(schema={"role": pl.String}), what="đơn vị") == (
        "Mọi đơn vị mà các nguồn ghi đều có trong danh mục."
    )
